package dev.retrap.cpu.simd;

import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Decoder;
import dev.retrap.cpu.isa.Encoding;
import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.InstructionTable;
import dev.retrap.cpu.isa.OpcodeMap;
import dev.retrap.cpu.isa.Operand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes cases: instructions on registers, every form that {@link Simd} has, and states for them. */
final class Cases {
    /** What the operands are taken for. */
    enum Kind { INTEGER, SINGLE, DOUBLE }

    private Cases() {}

    /** Forms that run on registers alone in 64-bit mode and have an operand in an XMM or MM register. */
    static List<Form> forms() {
        var forms = new ArrayList<Form>();
        for (Form f : InstructionTable.forms()) {
            Encoding e = f.encoding();
            if (f == Form.UNDEFINED || e.vex() || e.map() == OpcodeMap.MAP_0F0F || e.mod() == Encoding.Mod.MEMORY
                    || !media(f)) {
                continue;
            }
            Insn i = decode(code(f, new SplittableRandom(1)));
            boolean masked = switch (f.op()) {
                case MASKMOVQ, MASKMOVDQU -> true;
                default -> false;
            };
            if (i.form == f && !masked && Simd.bind(i) != null) {
                forms.add(f);
            }
        }
        return forms;
    }

    private static boolean media(Form f) {
        return f.operands().stream().anyMatch(o -> switch (o.place()) {
            case MMX, MMX_RM, MMX_RM_REGISTER, XMM, XMM_RM, XMM_RM_REGISTER -> true;
            default -> false;
        });
    }

    static Insn decode(byte[] code) {
        return Decoder.decode(CodeMode.CODE64, code, 0, code.length, 0x1000);
    }

    /** An encoding with register 1 in ModRM.reg, if that is free, and 2 in ModRM.rm; immediates are drawn. */
    static byte[] code(Form f, SplittableRandom d) {
        Encoding e = f.encoding();
        var b = new byte[16];
        int n = 0;
        int prefix = switch (e.prefixes()) {
            case Encoding.P66 -> 0x66;
            case Encoding.F3 -> 0xF3;
            case Encoding.F2 -> 0xF2;
            default -> 0;
        };
        if (prefix != 0) {
            b[n++] = (byte) prefix;
        }
        boolean wide = e.w() == 1 || e.w() < 0 && d.nextInt(4) == 0;
        if (wide) {
            b[n++] = 0x48;
        }
        b[n++] = 0x0F;
        if (e.map() == OpcodeMap.MAP_0F38 || e.map() == OpcodeMap.MAP_0F3A) {
            b[n++] = (byte) (e.map() == OpcodeMap.MAP_0F38 ? 0x38 : 0x3A);
        }
        b[n++] = (byte) e.opcode();
        b[n++] = (byte) (0xC0 | (e.reg() >= 0 ? e.reg() : 1) << 3 | 2);
        for (Operand o : f.operands()) {
            if (o.place() == Operand.Place.IMMEDIATE) {
                b[n++] = (byte) (d.nextInt(3) == 0 ? d.nextInt(256) : d.nextInt(24));
            }
        }
        return Arrays.copyOf(b, n);
    }

    static Kind kind(Form f) {
        String name = f.op().name();
        if (name.startsWith("CVT")) {
            name = name.substring(0, name.indexOf('2'));
        }
        return name.endsWith("PS") || name.endsWith("SS") ? Kind.SINGLE
                : name.endsWith("PD") || name.endsWith("SD") ? Kind.DOUBLE : Kind.INTEGER;
    }

    static RegisterState state(Kind kind, SplittableRandom d) {
        var s = new RegisterState();
        var floats = new FloatDraw(d);
        for (int i = 0; i < 2; i++) {
            long a;
            long b;
            switch (kind) {
                case SINGLE -> {
                    a = 0;
                    b = 0;
                    for (int shift = 0; shift < 64; shift += 32) {
                        long x = floats.number(BinaryFormat.SINGLE);
                        a |= x << shift;
                        b |= floats.partner(BinaryFormat.SINGLE, x) << shift;
                    }
                }
                case DOUBLE -> {
                    a = floats.number(BinaryFormat.DOUBLE);
                    b = floats.partner(BinaryFormat.DOUBLE, a);
                }
                default -> {
                    a = integer(d);
                    b = d.nextInt(4) == 0 ? a ^ 1L << d.nextInt(64) : integer(d);
                }
            }
            s.words[RegisterState.XMM + 2 + i] = a;
            s.words[RegisterState.XMM + 4 + i] = b;
            s.words[RegisterState.XMM + i] = integer(d);
            s.words[RegisterState.MM + i] = integer(d);
        }
        for (int i = 0; i < 3; i++) {
            s.words[RegisterState.GPR + i] = d.nextInt(3) == 0 ? d.nextInt(-20, 20) : integer(d);
        }
        s.mxcsr = floats.mxcsr();
        s.flags = d.nextInt() & dev.retrap.cpu.core.Flags.ARITH;
        return s;
    }

    /** Lanes of all widths at their limits. */
    private static long integer(SplittableRandom d) {
        long v = d.nextLong();
        return switch (d.nextInt(8)) {
            case 0 -> v & d.nextLong() & d.nextLong();
            case 1 -> v | d.nextLong() | d.nextLong();
            case 2 -> bytes(d, 0x80, 0x7F, 0xFF, 0, 1);
            case 3 -> bytes(d, 0x41, 0x42, 0, 0x43, 0x40);
            case 4 -> d.nextInt(200);
            case 5 -> 0x8000800080008000L ^ v & 0x0001000100010001L * d.nextInt(0x10000);
            default -> v;
        };
    }

    private static long bytes(SplittableRandom d, int... choices) {
        long v = 0;
        for (int i = 0; i < 8; i++) {
            v = v << 8 | choices[d.nextInt(choices.length)];
        }
        return v;
    }
}
