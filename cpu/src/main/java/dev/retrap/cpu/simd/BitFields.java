package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/**
 * SSE4a's EXTRQ and INSERTQ (APM vol. 4). A field is a length and an index in bits, six each; length 0 is 64. The high
 * quadword of the destination, which the manual leaves undefined, becomes 0, as on Zen 5.
 */
final class BitFields {
    private BitFields() {}

    static Exec bind(Op op, Insn i) {
        boolean immediate = i.r1 < 0 || op == Op.INSERTQ && i.form.operands().size() > 2;
        if (op == Op.EXTRQ) {
            return immediate ? (c, n) -> extract(c, n, n.imm, n.imm2)
                    : (c, n) -> extract(c, n, c.fpu.xmm[n.r1 << 1], c.fpu.xmm[n.r1 << 1] >>> 8);
        }
        return immediate ? (c, n) -> insert(c, n, n.imm, n.imm2)
                : (c, n) -> insert(c, n, c.fpu.xmm[(n.r1 << 1) + 1], c.fpu.xmm[(n.r1 << 1) + 1] >>> 8);
    }

    private static long mask(long length) {
        return -1L >>> -length;
    }

    private static void extract(Cpu c, Insn n, long length, long index) {
        Access.sse(c);
        int d = n.r0 << 1;
        c.fpu.xmm[d] = c.fpu.xmm[d] >>> index & mask(length);
        c.fpu.xmm[d + 1] = 0;
    }

    private static void insert(Cpu c, Insn n, long length, long index) {
        Access.sse(c);
        int d = n.r0 << 1;
        long mask = mask(length) << index;
        c.fpu.xmm[d] = c.fpu.xmm[d] & ~mask | c.fpu.xmm[n.r1 << 1] << index & mask;
        c.fpu.xmm[d + 1] = 0;
    }
}
