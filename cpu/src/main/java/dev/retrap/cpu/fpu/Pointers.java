package dev.retrap.cpu.fpu;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.cpu.isa.Insn;

/**
 * How a processor keeps the last instruction and operand pointers (SDM vol. 1, 8.1.8 and 8.1.9), the data of the model
 * in which x87 units differ.
 *
 * @param opcodeOfExceptionsOnly the opcode is that of the last instruction with an unmasked exception (Intel from the
 *     Pentium 4 on, fopcode compatibility mode off); if false, of the last non-control instruction
 * @param operandOfExceptionsOnly likewise of the operand pointer (CPUID.(7,0):EBX[6])
 * @param selectorsZero the selectors are saved as 0 (CPUID.(7,0):EBX[13])
 */
record Pointers(boolean opcodeOfExceptionsOnly, boolean operandOfExceptionsOnly, boolean selectorsZero) {
    private static final int FDP_EXCPTN_ONLY = 1 << 6;
    private static final int ZERO_SELECTORS = 1 << 13;

    /** The behaviour of a model. */
    static Pointers of(CpuModel model) {
        int leaf7 = model.cpuid().stream().filter(l -> l.leaf() == 7 && l.subleaf() <= 0).mapToInt(CpuModel.CpuidLeaf::ebx)
                .findFirst().orElse(0);
        boolean pentium4 = model.vendor() == CpuModel.Vendor.INTEL
                && (model.has(Feature.SSE2) || model.pending().contains(Feature.SSE2));
        return new Pointers(pentium4, (leaf7 & FDP_EXCPTN_ONLY) != 0, (leaf7 & ZERO_SELECTORS) != 0);
    }

    /** The 11 bits of the opcode that are kept: the low three of the escape, and ModRM. */
    static int opcode(Insn i) {
        return (i.byteAt(i.prefixLength) & 7) << 8 | i.byteAt(i.prefixLength + 1);
    }

    /** Called after an instruction that is not a control instruction. */
    void record(Cpu c, FpuState f, Insn i, int opcode) {
        boolean exception = (f.status & Status.ES) != 0;
        f.ip = i.ip;
        f.cs = selectorsZero ? 0 : c.sel[Seg.CS];
        if (exception || !opcodeOfExceptionsOnly) {
            f.opcode = opcode;
        }
        if (i.memAt >= 0 && (exception || !operandOfExceptionsOnly)) {
            f.dp = c.ea(i);
            f.ds = selectorsZero ? 0 : c.sel[i.seg];
        }
    }
}
