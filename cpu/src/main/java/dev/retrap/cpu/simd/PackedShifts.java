package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import java.util.function.LongBinaryOperator;

/** Shifts of lanes by an immediate or by the low quadword of a register or memory operand; shifts by bytes. */
final class PackedShifts {
    private PackedShifts() {}

    static Exec bind(Op op, Insn i) {
        return switch (op) {
            case PSLLW -> shift(i, Lane.WORD::shiftLeft);
            case PSLLD -> shift(i, Lane.DWORD::shiftLeft);
            case PSLLQ -> shift(i, Lane.QWORD::shiftLeft);
            case PSRLW -> shift(i, Lane.WORD::shiftRight);
            case PSRLD -> shift(i, Lane.DWORD::shiftRight);
            case PSRLQ -> shift(i, Lane.QWORD::shiftRight);
            case PSRAW -> shift(i, Lane.WORD::shiftRightSigned);
            case PSRAD -> shift(i, Lane.DWORD::shiftRightSigned);
            case PSLLDQ -> left((int) Math.min(i.imm, 16));
            case PSRLDQ -> right((int) Math.min(i.imm, 16));
            default -> null;
        };
    }

    private static Exec shift(Insn i, LongBinaryOperator f) {
        boolean immediate = i.r1 < 0 && i.memAt < 0;
        if (Access.onMm(i)) {
            return immediate ? (c, n) -> {
                Access.mmx(c);
                FpuState p = c.fpu;
                Access.setMm(p, n.r0, f.applyAsLong(p.significand[n.r0], n.imm));
            } : Shapes.mm(f);
        }
        return immediate ? (c, n) -> {
            Access.sse(c);
            long[] x = c.fpu.xmm;
            int d = n.r0 << 1;
            x[d] = f.applyAsLong(x[d], n.imm);
            x[d + 1] = f.applyAsLong(x[d + 1], n.imm);
        } : Shapes.wide((x, d, lo, hi) -> {
            x[d] = f.applyAsLong(x[d], lo);
            x[d + 1] = f.applyAsLong(x[d + 1], lo);
        });
    }

    private static Exec left(int bytes) {
        return Shapes.alone((x, d, lo, hi) -> {
            long a = x[d];
            long b = x[d + 1];
            x[d] = Shuffles.window(0, 0, a, b, 16 - bytes);
            x[d + 1] = Shuffles.window(0, 0, a, b, 24 - bytes);
        });
    }

    private static Exec right(int bytes) {
        return Shapes.alone((x, d, lo, hi) -> {
            long a = x[d];
            long b = x[d + 1];
            x[d] = Shuffles.window(a, b, 0, 0, bytes);
            x[d + 1] = Shuffles.window(a, b, 0, 0, bytes + 8);
        });
    }
}
