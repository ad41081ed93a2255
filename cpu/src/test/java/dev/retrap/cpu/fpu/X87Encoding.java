package dev.retrap.cpu.fpu;

import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Decoder;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * An encoding to be tested, with what its operands are.
 *
 * @param code the bytes; a memory operand is at [rDI]
 * @param insn what the decoder makes of it
 * @param other the i of ST(i), or -1
 * @param memory what the memory operand is
 */
record X87Encoding(byte[] code, Insn insn, int other, Memory memory) {
    /** Memory operands. */
    enum Memory { NONE, SINGLE, DOUBLE, EXTENDED, INTEGER, DECIMAL, ENVIRONMENT }

    static X87Encoding of(int... bytes) {
        byte[] code = new byte[bytes.length];
        for (int n = 0; n < bytes.length; n++) {
            code[n] = (byte) bytes[n];
        }
        Insn i = Decoder.decode(CodeMode.CODE32, code, 0, code.length, 0);
        int modrm = bytes[bytes.length - 1];
        return new X87Encoding(code, i, modrm >= 0xC0 ? modrm & 7 : -1, memory(i));
    }

    /** All of D8 to DF: each register form, each memory form, and those whose image depends on 66 with it. */
    static List<X87Encoding> all() {
        List<X87Encoding> list = new ArrayList<>();
        for (int escape = 0xD8; escape <= 0xDF; escape++) {
            for (int reg = 0; reg < 8; reg++) {
                list.add(of(escape, reg << 3 | 7));
            }
            for (int modrm = 0xC0; modrm <= 0xFF; modrm++) {
                list.add(of(escape, modrm));
            }
        }
        for (int[] image : new int[][] {{0xD9, 0x27}, {0xD9, 0x37}, {0xDD, 0x27}, {0xDD, 0x37}}) {
            list.add(of(0x66, image[0], image[1]));
        }
        list.add(of(0x9B));
        return list;
    }

    /** {@link #all}, by {@link #name}. */
    static Map<String, List<X87Encoding>> byName() {
        Map<String, List<X87Encoding>> operations = new LinkedHashMap<>();
        for (X87Encoding e : all()) {
            operations.computeIfAbsent(e.name(), k -> new ArrayList<>()).add(e);
        }
        return operations;
    }

    /** What results are counted under: operation and form. */
    String name() {
        if (insn.op == Op.INVALID) {
            return "invalid";
        }
        return insn.op + (insn.mem() ? " m" + insn.opSize : insn.form.operands().isEmpty() ? ""
                : " " + insn.form.operands().stream().map(Object::toString).collect(Collectors.joining(",")))
                + (code.length == 3 ? " 66" : "");
    }

    /** True of an operation whose result processors may have another last bit of than the correctly rounded one. */
    boolean approximate() {
        return switch (insn.op) {
            case FSIN, FCOS, FSINCOS, FPTAN, FPATAN, F2XM1, FYL2X, FYL2XP1 -> true;
            default -> false;
        };
    }

    private static Memory memory(Insn i) {
        if (!i.mem()) {
            return Memory.NONE;
        }
        return switch (i.op) {
            case FLDENV, FRSTOR -> Memory.ENVIRONMENT;
            case FILD, FIADD, FIMUL, FICOM, FICOMP, FISUB, FISUBR, FIDIV, FIDIVR, FLDCW -> Memory.INTEGER;
            case FBLD -> Memory.DECIMAL;
            case FADD, FMUL, FCOM, FCOMP, FSUB, FSUBR, FDIV, FDIVR, FLD -> switch (i.opSize) {
                case 32 -> Memory.SINGLE;
                case 64 -> Memory.DOUBLE;
                default -> Memory.EXTENDED;
            };
            default -> Memory.NONE;
        };
    }

    /** A biased exponent that suits the operation, of ST(n) or, for n = 2, of memory. */
    int exponent(RandomGenerator random, int n) {
        return switch (insn.op) {
            case FST, FSTP -> insn.opSize == 80 ? random.nextInt(0x7FFF)
                    : 16383 + random.nextInt(300) - 150 + (insn.opSize == 32 ? 0 : (random.nextInt(3) - 1) * 1000);
            case FIST, FISTP, FISTTP, FBSTP, FRNDINT -> 16383 - 3 + random.nextInt(70);
            case FSCALE -> n == 0 ? random.nextInt(0x7FFF) : 16383 + random.nextInt(17);
            case FPREM, FPREM1 -> 16383 + random.nextInt(n == 0 ? 100 : 40);
            case FSIN, FCOS, FSINCOS, FPTAN -> 16383 - 40 + random.nextInt(110);
            case F2XM1 -> 16383 - random.nextInt(70);
            case FYL2X -> n == 0 ? 16383 + random.nextInt(5) - 2 : 16383 - 40 + random.nextInt(80);
            case FYL2XP1 -> n == 0 ? 16383 - 2 - random.nextInt(70) : 16383 - 40 + random.nextInt(80);
            case FPATAN -> 16383 - 40 + random.nextInt(80);
            default -> 16383 - 70 + random.nextInt(140);
        };
    }
}
