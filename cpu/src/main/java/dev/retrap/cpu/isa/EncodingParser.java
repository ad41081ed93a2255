package dev.retrap.cpu.isa;

import java.util.List;

/** Reads the encoding column of a table row; {@link RowParser} describes the notation. */
final class EncodingParser {
    /** True if the opcode stands for sixteen, one for each condition. */
    final boolean conditional;

    private OpcodeMap map = OpcodeMap.ONE_BYTE;
    private boolean vex;
    private int prefixes = Encoding.ANY_PREFIX;
    private int opcode;
    private int opcodeLast;
    private boolean modrm;
    private Encoding.Mod mod = Encoding.Mod.ANY;
    private int reg = -1;
    private int rm = -1;
    private int w = -1;
    private int l = -1;

    EncodingParser(String text) {
        List<String> word = RowParser.split(text, ' ');
        int at = 0;
        if (word.get(at).startsWith("VEX.")) {
            vex(word.get(at++));
        } else {
            int set = prefixSet(word.get(at));
            if (set != 0) {
                prefixes = set;
                at++;
            }
            if (word.get(at).equals("0F")) {
                at++;
                map = escape(word.get(at));
                at += map == OpcodeMap.MAP_0F ? 0 : 1;
            }
        }
        conditional = word.get(at).endsWith("+cc");
        opcode(word.get(at++));
        while (at < word.size()) {
            modifier(word.get(at++));
        }
    }

    private static OpcodeMap escape(String second) {
        return switch (second) {
            case "38" -> OpcodeMap.MAP_0F38;
            case "3A" -> OpcodeMap.MAP_0F3A;
            case "0F" -> OpcodeMap.MAP_0F0F;
            default -> OpcodeMap.MAP_0F;
        };
    }

    private void vex(String word) {
        vex = true;
        List<String> part = RowParser.split(word, '.');
        l = switch (part.get(1)) {
            case "L0" -> 0;
            case "L1" -> 1;
            case "LIG" -> -1;
            default -> throw new IllegalArgumentException("VEX.L " + part.get(1));
        };
        prefixes = prefixSet(part.get(2));
        map = switch (part.get(3)) {
            case "0F" -> OpcodeMap.MAP_0F;
            case "0F38" -> OpcodeMap.MAP_0F38;
            case "0F3A" -> OpcodeMap.MAP_0F3A;
            default -> throw new IllegalArgumentException("VEX map " + part.get(3));
        };
    }

    private static int prefixSet(String word) {
        int set = 0;
        for (String name : RowParser.split(word, '/')) {
            switch (name) {
                case "NP" -> set |= Encoding.NP;
                case "66" -> set |= Encoding.P66;
                case "F3" -> set |= Encoding.F3;
                case "F2" -> set |= Encoding.F2;
                default -> {
                    return 0;
                }
            }
        }
        return set;
    }

    private void opcode(String word) {
        opcode = Integer.parseInt(word.substring(0, 2), 16);
        opcodeLast = switch (word.substring(2)) {
            case "", "+cc" -> opcode;
            case "+r" -> opcode + 7;
            default -> {
                if (word.charAt(2) != '-') {
                    throw new IllegalArgumentException("opcode " + word);
                }
                yield Integer.parseInt(word.substring(3), 16);
            }
        };
    }

    private void modifier(String word) {
        switch (word) {
            case "/r" -> modrm = true;
            case "mem" -> mod = Encoding.Mod.MEMORY;
            case "reg" -> mod = Encoding.Mod.REGISTER;
            case "W0" -> w = 0;
            case "W1" -> w = 1;
            default -> {
                modrm = true;
                if (word.charAt(0) == '/') {
                    reg = word.charAt(1) - '0';
                } else {
                    int fixed = Integer.parseInt(word.substring(0, 2), 16);
                    mod = Encoding.Mod.REGISTER;
                    reg = fixed >> 3 & 7;
                    rm = word.endsWith("+i") ? -1 : fixed & 7;
                }
            }
        }
    }

    /** {@return the encoding, of one condition if the row has sixteen} */
    Encoding encoding(int cc) {
        return new Encoding(map, vex, opcode + cc, opcodeLast + cc, prefixes, modrm, mod, reg, rm, w, l);
    }
}
