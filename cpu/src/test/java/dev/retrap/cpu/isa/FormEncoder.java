package dev.retrap.cpu.isa;

import java.util.random.RandomGenerator;

/** Writes random encodings of a form, with or without prefixes that do not belong to it. */
public final class FormEncoder {
    private static final byte[] SEGMENTS = {0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65};

    private final RandomGenerator random;
    private byte[] out;
    private int at;

    public FormEncoder(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Writes an encoding of the form to the start of a buffer that holds random bytes, which serve as SIB,
     * displacement and immediates.
     * @return number of bytes up to and including ModRM
     */
    public int encode(Form form, CodeMode mode, byte[] buffer) {
        out = buffer;
        at = 0;
        Encoding e = form.encoding();
        if (e.vex()) {
            legacyPrefixes(true);
            vex(e, mode);
        } else {
            legacyPrefixes(false);
            mandatory(e);
            rex(e, mode);
            switch (e.map()) {
                case ONE_BYTE -> { }
                case MAP_0F -> put(0x0F);
                case MAP_0F38 -> put(0x0F, 0x38);
                case MAP_0F3A -> put(0x0F, 0x3A);
                case MAP_0F0F -> put(0x0F, 0x0F);
            }
        }
        int opcode = e.opcode() + random.nextInt(e.opcodeLast() - e.opcode() + 1);
        if (e.map() == OpcodeMap.MAP_0F0F) {
            put(0xC0 | random.nextInt(64));
        }
        put(opcode);
        if (e.modrm() && e.map() != OpcodeMap.MAP_0F0F) {
            modrm(e);
        }
        return at;
    }

    private void put(int... bytes) {
        for (int b : bytes) {
            out[at++] = (byte) b;
        }
    }

    private void legacyPrefixes(boolean beforeVex) {
        if (random.nextInt(4) == 0) {
            put(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        }
        if (random.nextInt(4) == 0) {
            put(0x67);
        }
        if (!beforeVex) {
            if (random.nextInt(3) == 0) {
                put(0x66);
            }
            if (random.nextInt(16) == 0) {
                put(0xF0);
            }
            if (random.nextInt(16) == 0) {
                put(0xF2 + random.nextInt(2));
            }
        }
    }

    private void mandatory(Encoding e) {
        int set = e.prefixes();
        if (set == Encoding.ANY_PREFIX || (set & Encoding.NP) != 0) {
            return;
        }
        if ((set & Encoding.P66) != 0) {
            put(0x66);
        } else {
            put((set & Encoding.F3) != 0 ? 0xF3 : 0xF2);
        }
    }

    private void rex(Encoding e, CodeMode mode) {
        if (mode != CodeMode.CODE64) {
            return;
        }
        int rex = random.nextInt(3) == 0 ? 0x40 | random.nextInt(16) : 0;
        if (e.w() == 1) {
            rex |= 0x48;
        }
        if (rex != 0) {
            put(rex);
        }
    }

    private void vex(Encoding e, CodeMode mode) {
        int rxb = mode == CodeMode.CODE64 ? random.nextInt(8) << 5 : 0xE0;
        int vvvv = random.nextInt(3) == 0 ? 15 : random.nextInt(mode == CodeMode.CODE64 ? 16 : 8) ^ 15;
        int pp = Integer.numberOfTrailingZeros(e.prefixes());
        int l = e.l() >= 0 ? e.l() : random.nextInt(2);
        int w = e.w() >= 0 ? e.w() : random.nextInt(2);
        if (e.map() == OpcodeMap.MAP_0F && w == 0 && random.nextBoolean()) {
            put(0xC5, rxb & 0x80 | vvvv << 3 | l << 2 | pp);
        } else {
            put(0xC4, rxb | e.map().ordinal(), w << 7 | vvvv << 3 | l << 2 | pp);
        }
    }

    private void modrm(Encoding e) {
        int mod = switch (e.mod()) {
            case ANY -> random.nextInt(4);
            case MEMORY -> random.nextInt(3);
            case REGISTER -> 3;
        };
        int reg = e.reg() >= 0 ? e.reg() : random.nextInt(8);
        int rm = e.rm() >= 0 ? e.rm() : random.nextInt(4) == 0 ? 0 : random.nextInt(8);
        put(mod << 6 | reg << 3 | rm);
    }
}
