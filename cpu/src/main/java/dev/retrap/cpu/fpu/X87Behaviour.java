package dev.retrap.cpu.fpu;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.isa.Feature;

/**
 * Where x87 units differ, as data of the model (design, invariant 4). Of AMD's it is what was measured on a Zen.
 *
 * @param opcodeOfExceptionsOnly the last opcode is that of the last instruction with an unmasked exception (SDM vol. 1,
 *     8.1.9.1: from the Pentium 4 on, fopcode compatibility mode off); if false, of the last non-control instruction
 * @param operandOfExceptionsOnly likewise of the operand pointer (CPUID.(7,0):EBX[6])
 * @param selectorsZero the selectors of the pointers are saved as 0 (CPUID.(7,0):EBX[13])
 * @param invalidComparisonSetsCodes a comparison that raises an unmasked invalid operation sets condition codes or
 *     EFLAGS all the same (AMD); if false it leaves C3 C2 C0, or ZF PF CF (SDM vol. 2, FCOM, FCOMI)
 * @param fcomiKeepsC1 FCOMI and its kin leave C1 alone unless the stack underflows (AMD); if false they clear it (SDM
 *     vol. 2, FCOMI)
 */
record X87Behaviour(boolean opcodeOfExceptionsOnly, boolean operandOfExceptionsOnly, boolean selectorsZero,
        boolean invalidComparisonSetsCodes, boolean fcomiKeepsC1) {
    private static final int FDP_EXCPTN_ONLY = 1 << 6;
    private static final int ZERO_SELECTORS = 1 << 13;

    /** The behaviour of a model. */
    static X87Behaviour of(CpuModel model) {
        int leaf7 = 0;
        for (CpuModel.CpuidLeaf l : model.cpuid()) {
            if (l.leaf() == 7 && l.subleaf() <= 0) {
                leaf7 = l.ebx();
            }
        }
        boolean amd = model.vendor() == CpuModel.Vendor.AMD;
        boolean sse2 = model.has(Feature.SSE2) || model.pending().contains(Feature.SSE2);
        return new X87Behaviour(!amd && sse2, (leaf7 & FDP_EXCPTN_ONLY) != 0, (leaf7 & ZERO_SELECTORS) != 0, amd, amd);
    }
}
