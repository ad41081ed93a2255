package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of MOV, MOVZX, MOVSX, MOVSXD, LEA, MOVBE, MOVNTI, CMOVcc, SETcc, XLAT and the sign extensions of rAX. */
final class Moves {
    private Moves() {}

    static Exec bind(Op op, Insn i) {
        return switch (op) {
            case MOV, MOVNTI, MOVDIRI -> switch (i.opSize) {
                case 8 -> mov8(i);
                case 16 -> mov16(i);
                case 32 -> mov32(i);
                default -> mov64(i);
            };
            case MOVZX -> movzx(i);
            case MOVSX, MOVSXD -> movsx(i);
            case LEA -> switch (i.opSize) {
                case 16 -> (c, x) -> c.r16(x.r0, (int) c.ea(x));
                case 32 -> (c, x) -> c.r[x.r0] = c.ea(x) & 0xFFFFFFFFL;
                default -> (c, x) -> c.r[x.r0] = c.ea(x);
            };
            case MOVBE -> Moves::movbe;
            case CMOVCC -> i.opSize == 32 && !i.mem() ? Moves::cmov32 : Moves::cmov;
            case SETCC -> i.mem() ? (c, x) -> c.st8(x.seg, c.ea(x), c.condition(x.cond) ? 1 : 0)
                    : (c, x) -> c.r8(x.r0, c.condition(x.cond) ? 1 : 0);
            case XLAT -> Moves::xlat;
            case CBW -> Moves::cbw;
            case CWD -> Moves::cwd;
            default -> null;
        };
    }

    private static Exec mov8(Insn i) {
        return Shape.select(i,
                (c, x) -> c.r8(x.r0, c.r8(x.r1)),
                (c, x) -> c.r8(x.r0, (int) x.imm),
                (c, x) -> c.r8(x.r0, c.ld8(x.seg, c.ea(x))),
                (c, x) -> c.st8(x.seg, c.ea(x), c.r8(x.r1)),
                (c, x) -> c.st8(x.seg, c.ea(x), (int) x.imm));
    }

    private static Exec mov16(Insn i) {
        return Shape.select(i,
                (c, x) -> c.r16(x.r0, (int) c.r[x.r1]),
                (c, x) -> c.r16(x.r0, (int) x.imm),
                (c, x) -> c.r16(x.r0, c.ld16(x.seg, c.ea(x))),
                (c, x) -> c.st16(x.seg, c.ea(x), (int) c.r[x.r1]),
                (c, x) -> c.st16(x.seg, c.ea(x), (int) x.imm));
    }

    private static Exec mov32(Insn i) {
        return Shape.select(i,
                (c, x) -> c.r[x.r0] = c.r[x.r1] & 0xFFFFFFFFL,
                (c, x) -> c.r[x.r0] = x.imm & 0xFFFFFFFFL,
                (c, x) -> c.r[x.r0] = c.ld32(x.seg, c.ea(x)) & 0xFFFFFFFFL,
                (c, x) -> c.st32(x.seg, c.ea(x), (int) c.r[x.r1]),
                (c, x) -> c.st32(x.seg, c.ea(x), (int) x.imm));
    }

    private static Exec mov64(Insn i) {
        return Shape.select(i,
                (c, x) -> c.r[x.r0] = c.r[x.r1],
                (c, x) -> c.r[x.r0] = x.imm,
                (c, x) -> c.r[x.r0] = c.ld64(x.seg, c.ea(x)),
                (c, x) -> c.st64(x.seg, c.ea(x), c.r[x.r1]),
                (c, x) -> c.st64(x.seg, c.ea(x), x.imm));
    }

    private static Exec movzx(Insn i) {
        boolean fromByte = Operands.bits(i, 1) == 8;
        if (i.opSize == 16) {
            return fromByte
                    ? i.mem() ? (c, x) -> c.r16(x.r0, c.ld8(x.seg, c.ea(x))) : (c, x) -> c.r16(x.r0, c.r8(x.r1))
                    : i.mem() ? (c, x) -> c.r16(x.r0, c.ld16(x.seg, c.ea(x))) : (c, x) -> c.r16(x.r0, c.r16(x.r1));
        }
        return fromByte
                ? i.mem() ? (c, x) -> c.r[x.r0] = c.ld8(x.seg, c.ea(x)) : (c, x) -> c.r[x.r0] = c.r8(x.r1)
                : i.mem() ? (c, x) -> c.r[x.r0] = c.ld16(x.seg, c.ea(x)) : (c, x) -> c.r[x.r0] = c.r16(x.r1);
    }

    private static Exec movsx(Insn i) {
        return switch (Operands.bits(i, 1)) {
            case 8 -> i.mem() ? (c, x) -> extended(c, x, (byte) c.ld8(x.seg, c.ea(x)))
                    : (c, x) -> extended(c, x, (byte) c.r8(x.r1));
            case 16 -> i.mem() ? (c, x) -> extended(c, x, (short) c.ld16(x.seg, c.ea(x)))
                    : (c, x) -> extended(c, x, (short) c.r[x.r1]);
            default -> i.mem() ? (c, x) -> extended(c, x, c.ld32(x.seg, c.ea(x)))
                    : (c, x) -> extended(c, x, (int) c.r[x.r1]);
        };
    }

    private static void extended(Cpu c, Insn i, long v) {
        Operands.set(c, i, i.opSize, v);
    }

    private static void movbe(Cpu c, Insn i) {
        int bits = i.opSize;
        long v = i.memAt == 0 ? c.r[i.r1] : Operands.load(c, i.seg, c.ea(i), bits);
        long r = switch (bits) {
            case 16 -> Bits.bswap16((int) v);
            case 32 -> Bits.bswap32((int) v);
            default -> Bits.bswap64(v);
        };
        if (i.memAt == 0) {
            Operands.store(c, i.seg, c.ea(i), bits, r);
        } else {
            Operands.set(c, i, bits, r);
        }
    }

    private static void cmov32(Cpu c, Insn i) {
        // The upper half is cleared even if nothing is moved.
        c.r[i.r0] = c.r[c.condition(i.cond) ? i.r1 : i.r0] & 0xFFFFFFFFL;
    }

    private static void cmov(Cpu c, Insn i) {
        int bits = i.opSize;
        // Memory is read whatever the condition.
        long v = Operands.get(c, i, 1, bits);
        Operands.set(c, i, bits, c.condition(i.cond) ? v : c.r[i.r0]);
    }

    private static void xlat(Cpu c, Insn i) {
        c.r8(0, c.ld8(i.seg, c.ea(i) + c.r8(0) & Operands.addressMask(i)));
    }

    /** CBW, CWDE, CDQE. */
    private static void cbw(Cpu c, Insn i) {
        switch (i.opSize) {
            case 16 -> c.r16(0, (byte) c.r[0]);
            case 32 -> c.r32(0, (short) c.r[0]);
            default -> c.r[0] = (int) c.r[0];
        }
    }

    /** CWD, CDQ, CQO. */
    private static void cwd(Cpu c, Insn i) {
        switch (i.opSize) {
            case 16 -> c.r16(2, (short) c.r[0] >> 15);
            case 32 -> c.r32(2, (int) c.r[0] >> 31);
            default -> c.r[2] = c.r[0] >> 63;
        }
    }
}
