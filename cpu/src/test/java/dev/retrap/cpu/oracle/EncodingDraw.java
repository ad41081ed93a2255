package dev.retrap.cpu.oracle;

import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Decoder;
import dev.retrap.cpu.isa.Encoding;
import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.OpcodeMap;
import dev.retrap.cpu.isa.Operand;
import dev.retrap.cpu.isa.Operand.Place;
import java.util.Arrays;

/** Draws encodings of a form from its row in the instruction table: prefixes, registers, addressing, immediates. */
final class EncodingDraw {
    /**
     * An encoding.
     *
     * @param insn as decoded at the address given
     * @param code its bytes
     * @param dispAt offset of the displacement of ModRM, or -1
     * @param dispSize bytes of it
     */
    record Encoded(Insn insn, byte[] code, int dispAt, int dispSize) {}

    private static final int TRIES = 200;
    private static final int[] SEGMENT_PREFIXES = {0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65};

    private final CodeMode mode;
    private final Draw draw;
    private final byte[] bytes = new byte[64];
    private int at;
    private int dispAt;
    private int dispSize;
    private boolean address16;

    EncodingDraw(CodeMode mode, Draw draw) {
        this.mode = mode;
        this.draw = draw;
    }

    /** An encoding that decodes to the form, or null if none was found: then the mode has none. */
    Encoded draw(Form form, long ip) {
        for (int i = 0; i < TRIES; i++) {
            write(form);
            Insn insn = Decoder.decode(mode, true, bytes, 0, Decoder.MAX_LENGTH, ip);
            if (insn != null && insn.form == form) {
                return new Encoded(insn, Arrays.copyOf(bytes, insn.length), dispAt, dispSize);
            }
        }
        return null;
    }

    /** Bytes without regard to the table. */
    Encoded drawAny(long ip) {
        draw.fill(bytes, 0, Decoder.MAX_LENGTH);
        if (draw.percent(50)) {
            bytes[0] = (byte) 0x0F;
        }
        Insn insn = Decoder.decode(mode, true, bytes, 0, Decoder.MAX_LENGTH, ip);
        return new Encoded(insn, Arrays.copyOf(bytes, insn.length), -1, 0);
    }

    private void write(Form form) {
        Encoding e = form.encoding();
        at = 0;
        dispAt = -1;
        dispSize = 0;
        boolean memory = e.modrm() && e.mod() != Encoding.Mod.REGISTER && (e.mod() == Encoding.Mod.MEMORY || draw.percent(60));
        int mandatory = mandatory(e);
        legacyPrefixes(form, mandatory, memory);
        int opcode = draw.between(e.opcode(), e.opcodeLast());
        if (e.vex()) {
            vex(form, mandatory);
        } else {
            rex(e);
            escape(e.map());
        }
        if (e.map() != OpcodeMap.MAP_0F0F) {
            put(opcode);
        }
        if (e.modrm()) {
            modrm(e, memory);
        }
        if (e.map() == OpcodeMap.MAP_0F0F) {
            put(opcode);
        }
        for (int end = at + 12; at < end; ) {
            long v = Numbers.integer(draw);
            int n = draw.pick(1, 1, 2, 4, 4, 8);
            for (int i = 0; i < n; i++) {
                put((int) (v >>> 8 * i));
            }
        }
    }

    private void put(int b) {
        bytes[at++] = (byte) b;
    }

    /** One of the mandatory prefixes that select the form, or ANY_PREFIX if they do not select. */
    private int mandatory(Encoding e) {
        int set = e.prefixes();
        if (set == Encoding.ANY_PREFIX) {
            return set;
        }
        while (true) {
            int one = 1 << draw.below(4);
            if ((set & one) != 0) {
                return one;
            }
        }
    }

    private void legacyPrefixes(Form form, int mandatory, boolean memory) {
        boolean any = mandatory == Encoding.ANY_PREFIX;
        boolean repeats = form.has(Form.REP) || form.has(Form.REPE);
        boolean string = form.operands().stream().anyMatch(EncodingDraw::implied);
        boolean vex = form.encoding().vex();
        int from = at;
        if (mandatory == Encoding.P66 && !vex || any && !vex && draw.percent(30)
                || (mandatory == Encoding.F3 || mandatory == Encoding.F2) && !vex && draw.percent(15)) {
            put(0x66);
        }
        if (!vex && (mandatory == Encoding.F3 || any && draw.percent(repeats ? 35 : 2))) {
            put(0xF3);
        }
        if (!vex && (mandatory == Encoding.F2 || any && draw.percent(repeats ? 20 : 2))) {
            put(0xF2);
        }
        if (draw.percent(memory || string ? 15 : 2)) {
            put(0x67);
        }
        if (draw.percent(memory || string ? 15 : 2)) {
            put(SEGMENT_PREFIXES[draw.below(SEGMENT_PREFIXES.length)]);
        }
        if (draw.percent(form.has(Form.LOCKABLE) && memory ? 15 : 1)) {
            put(0xF0);
        }
        shuffle(from);
        boolean other = Arrays.stream(toInts(from)).anyMatch(b -> b == 0x67);
        address16 = mode == CodeMode.CODE16 ? !other : mode == CodeMode.CODE32 && other;
    }

    private int[] toInts(int from) {
        int[] v = new int[at - from];
        for (int i = 0; i < v.length; i++) {
            v[i] = bytes[from + i] & 0xFF;
        }
        return v;
    }

    private void shuffle(int from) {
        for (int i = at - 1; i > from; i--) {
            int k = draw.between(from, i);
            byte b = bytes[i];
            bytes[i] = bytes[k];
            bytes[k] = b;
        }
    }

    private static boolean implied(Operand o) {
        return switch (o.place()) {
            case STRING_SOURCE, STRING_DESTINATION, OFFSET, TABLE -> true;
            default -> false;
        };
    }

    private void rex(Encoding e) {
        if (mode != CodeMode.CODE64 || e.w() < 0 && draw.percent(35)) {
            return;
        }
        int w = e.w() >= 0 ? e.w() : draw.below(2);
        put(0x40 | w << 3 | draw.below(8));
    }

    private void escape(OpcodeMap map) {
        switch (map) {
            case ONE_BYTE -> { }
            case MAP_0F -> put(0x0F);
            case MAP_0F38 -> {
                put(0x0F);
                put(0x38);
            }
            case MAP_0F3A -> {
                put(0x0F);
                put(0x3A);
            }
            case MAP_0F0F -> {
                put(0x0F);
                put(0x0F);
            }
        }
    }

    private void vex(Form form, int mandatory) {
        Encoding e = form.encoding();
        boolean vvvv = form.operands().stream().anyMatch(o -> o.place() == Place.VEX_REGISTER);
        int notV = vvvv || draw.percent(3) ? draw.below(16) : 15;
        int l = e.l() >= 0 ? e.l() : draw.below(2);
        int pp = mandatory == Encoding.ANY_PREFIX ? draw.below(4) : Integer.numberOfTrailingZeros(mandatory);
        int w = e.w() >= 0 ? e.w() : draw.below(2);
        int notRxb = draw.below(8);
        if (mode != CodeMode.CODE64) {
            notRxb |= 6;
            notV |= 8;
        }
        int last = notV << 3 | l << 2 | pp;
        if (e.map() == OpcodeMap.MAP_0F && w == 0 && draw.percent(50)) {
            put(0xC5);
            put((notRxb & 4) << 5 | last);
        } else {
            put(0xC4);
            put(notRxb << 5 | switch (e.map()) {
                case MAP_0F -> 1;
                case MAP_0F38 -> 2;
                default -> 3;
            });
            put(w << 7 | last);
        }
    }

    private void modrm(Encoding e, boolean memory) {
        int reg = e.reg() >= 0 ? e.reg() : draw.below(8);
        int rm = e.rm() >= 0 ? e.rm() : draw.below(8);
        if (!memory) {
            put(0xC0 | reg << 3 | rm);
            return;
        }
        int mod = draw.below(3);
        put(mod << 6 | reg << 3 | rm);
        boolean absolute;
        if (address16) {
            absolute = mod == 0 && rm == 6;
            dispSize = mod == 1 ? 1 : mod == 2 || absolute ? 2 : 0;
        } else {
            int base = rm;
            if (rm == 4) {
                int sib = draw.below(256);
                put(sib);
                base = sib & 7;
            }
            absolute = mod == 0 && base == 5;
            dispSize = mod == 1 ? 1 : mod == 2 || absolute ? 4 : 0;
        }
        if (dispSize > 0) {
            dispAt = at;
            long v = draw.percent(50) ? draw.between(-128, 127) : draw.next();
            for (int i = 0; i < dispSize; i++) {
                put((int) (v >>> 8 * i));
            }
        }
    }
}
