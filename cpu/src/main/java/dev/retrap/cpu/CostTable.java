package dev.retrap.cpu;

import dev.retrap.cpu.Crossing.Kind;
import dev.retrap.cpu.isa.Op;
import java.util.Arrays;

/**
 * The cycle model: what an instruction, or a passage through the user/kernel boundary, costs on a family of processors.
 *
 * <p><b>It is a model.</b> An instruction costs its latency in its register form, 1 if nothing else is said; there is
 * no pipeline, no cache, no TLB, no branch prediction, and a REP string instruction counts once. Good for comparing one
 * entry path with another on the same model, not for predicting time on a machine.
 *
 * <p><b>Sources and how sure they are.</b> K8: <i>Software Optimization Guide for AMD64 Processors</i>, 25112 rev.
 * 3.06, appendix C, table 13, exact for AAA, AAD, AAM, AAS, ARPL, BOUND, BSF, BSR, BTC, LEAVE, LGDT, LIDT, LLDT, LMSW,
 * LODS, LOOP, LSL, MOV to segment register, VERR, VERW, SYSCALL (27) and SYSRET (35); it gives "~" for SYSENTER and
 * SYSEXIT. K7 is taken to be like K8 where the AMD Athlon guide (22007) is not at hand. Multiplication, division, bit
 * scans, flag and identification instructions of the others are rounded after published measurements (A. Fog,
 * <i>Instruction tables</i>; Intel 64 and IA-32 <i>Optimization Reference Manual</i>, appendix on latencies) and not
 * measured again: within about 30 %. Instructions that talk to the bus or to microcode (IN, OUT, MSRs, control
 * registers, INVLPG, LTR, WBINVD) are orders of magnitude. Crossings but for AMD's SYSCALL and SYSRET are estimates
 * within about 50 %, made so that the known relations hold: SYSENTER well below INT, SYSRET about 30 cycles below
 * SYSEXIT on Intel (Linux commit "Use SYSRETL to return from compat mode SYSENTER", 2015), an interrupt gate and IRETQ
 * about 600 cycles there and back on a recent Intel processor (J. Stecklina, <i>Kernel entry microbenchmarks</i>,
 * 2019).
 */
public final class CostTable {
    /** Families with costs of their own. */
    enum Family { P6, K7, CORE2, HASWELL, K8, ZEN }

    private final int[] ops = new int[Op.values().length];
    private final int[] crossings = new int[Kind.values().length];
    private final int column;

    private CostTable(Family family) {
        column = family.ordinal();
        Arrays.fill(ops, 1);
        arithmetic();
        dataMovement();
        segmentsAndFlags();
        system();
        crossings();
    }

    static CostTable of(Family family) {
        return new CostTable(family);
    }

    /** Cycles of an instruction, without the transfer if it crosses the boundary. */
    public int cost(Op op) {
        return ops[op.ordinal()];
    }

    /**
     * Cycles that the processor needs to cross the boundary (read the gate, check, switch stacks, push, flush), on top
     * of {@link #cost(Op)}.
     */
    public int crossing(Kind kind) {
        return crossings[kind.ordinal()];
    }

    /** Columns in the order of {@link Family}: P6, K7, Core 2, Haswell, K8, Zen. */
    private void row(Op op, int... cycles) {
        ops[op.ordinal()] = cycles[column];
    }

    private void same(int cycles, Op... all) {
        for (Op op : all) {
            ops[op.ordinal()] = cycles;
        }
    }

    private void row(Kind kind, int... cycles) {
        crossings[kind.ordinal()] = cycles[column];
    }

    private void arithmetic() {
        row(Op.MUL, 4, 6, 5, 4, 3, 3);
        row(Op.IMUL, 4, 4, 3, 3, 3, 3);
        row(Op.DIV, 39, 42, 34, 26, 42, 22);
        row(Op.IDIV, 39, 43, 34, 26, 43, 22);
        row(Op.BSF, 2, 8, 2, 3, 8, 3);
        row(Op.BSR, 2, 10, 2, 3, 11, 4);
        row(Op.LZCNT, 3, 3, 3, 3, 3, 1);
        row(Op.TZCNT, 3, 3, 3, 3, 3, 2);
        row(Op.POPCNT, 3, 3, 3, 3, 3, 1);
        row(Op.PDEP, 3, 3, 3, 3, 3, 18);
        row(Op.PEXT, 3, 3, 3, 3, 3, 18);
        row(Op.SHLD, 2, 6, 3, 3, 6, 3);
        row(Op.SHRD, 2, 6, 3, 3, 6, 3);
        row(Op.BTC, 1, 2, 1, 1, 2, 2);
        row(Op.BTR, 1, 2, 1, 1, 2, 2);
        row(Op.BTS, 1, 2, 1, 1, 2, 2);
        row(Op.AAM, 15, 15, 17, 21, 15, 15);
        same(2, Op.RCL, Op.RCR, Op.ADCX, Op.ADOX);
        same(4, Op.MULX);
        same(3, Op.CRC32);
        same(5, Op.AAA, Op.AAS, Op.AAD, Op.DAA, Op.DAS);
    }

    private void dataMovement() {
        row(Op.XCHG, 2, 2, 2, 2, 2, 1);
        row(Op.PUSHA, 8, 9, 8, 11, 9, 9);
        row(Op.POPA, 8, 9, 8, 11, 9, 9);
        row(Op.LEAVE, 3, 3, 3, 3, 3, 2);
        row(Op.LODS, 2, 4, 2, 2, 4, 2);
        row(Op.LOOP, 8, 9, 5, 5, 9, 2);
        row(Op.LOOPE, 8, 9, 5, 5, 9, 2);
        row(Op.LOOPNE, 8, 9, 5, 5, 9, 2);
        same(3, Op.XADD, Op.STOS, Op.XLAT);
        same(4, Op.MOVS, Op.SCAS);
        same(5, Op.CMPXCHG);
        same(6, Op.CMPS, Op.BOUND);
        same(10, Op.CMPXCHG8B);
        same(12, Op.ENTER);
        same(16, Op.CMPXCHG16B);
    }

    private void segmentsAndFlags() {
        row(Op.PUSHF, 16, 4, 9, 3, 4, 9);
        row(Op.POPF, 17, 15, 14, 20, 15, 13);
        row(Op.CLI, 9, 4, 9, 9, 4, 7);
        row(Op.STI, 17, 4, 12, 12, 4, 8);
        row(Op.MOV_TO_SREG, 8, 8, 14, 14, 8, 9);
        row(Op.POP_SREG, 10, 10, 14, 14, 10, 10);
        same(3, Op.MOV_FROM_SREG, Op.PUSH_SREG);
        same(4, Op.STD);
        same(8, Op.CLAC, Op.STAC);
        same(10, Op.RDFSBASE, Op.RDGSBASE, Op.WRFSBASE, Op.WRGSBASE);
        same(20, Op.SWAPGS, Op.LDS, Op.LES, Op.LSS, Op.LFS, Op.LGS);
        same(30, Op.JMP_FAR, Op.JMP_FAR_IND, Op.CALL_FAR, Op.CALL_FAR_IND, Op.RETF);
    }

    private void system() {
        row(Op.CPUID, 60, 41, 200, 130, 45, 130);
        row(Op.RDTSC, 32, 11, 31, 24, 9, 36);
        row(Op.RDTSCP, 32, 11, 31, 32, 9, 37);
        row(Op.PAUSE, 1, 1, 8, 9, 1, 3);
        same(4, Op.SMSW, Op.SLDT, Op.STR);
        same(5, Op.LFENCE, Op.SFENCE);
        same(8, Op.MOV_FROM_CR);
        same(10, Op.CLTS);
        same(11, Op.LMSW, Op.VERR, Op.VERW);
        same(13, Op.ARPL);
        same(15, Op.SGDT, Op.SIDT);
        same(20, Op.LAR, Op.MOV_FROM_DR);
        same(21, Op.LSL);
        same(30, Op.RDPMC, Op.MFENCE);
        same(34, Op.LLDT);
        same(37, Op.LGDT);
        same(40, Op.MOV_TO_DR, Op.CLFLUSH, Op.CLFLUSHOPT, Op.CLWB);
        same(60, Op.MOV_TO_CR, Op.RDMSR);
        same(90, Op.LTR);
        same(100, Op.WRMSR, Op.INVLPG);
        same(148, Op.LIDT);
        same(300, Op.IN, Op.OUT, Op.INS, Op.OUTS, Op.RDRAND, Op.RDSEED);
        same(2000, Op.INVD, Op.WBINVD);
    }

    private void crossings() {
        row(Kind.INT_N, 110, 90, 150, 300, 100, 250);
        row(Kind.INT3, 110, 90, 150, 300, 100, 250);
        row(Kind.INTO, 110, 90, 150, 300, 100, 250);
        row(Kind.ICEBP, 110, 90, 150, 300, 100, 250);
        row(Kind.SYSENTER, 45, 40, 70, 100, 50, 80);
        row(Kind.SYSCALL, 45, 27, 60, 60, 27, 70);
        row(Kind.EXCEPTION, 130, 110, 180, 350, 120, 300);
        row(Kind.INTERRUPT, 180, 160, 250, 450, 180, 400);
        row(Kind.NMI, 180, 160, 250, 450, 180, 400);
        row(Kind.CALL_GATE, 100, 80, 130, 240, 90, 200);
        row(Kind.IRET, 80, 65, 110, 280, 80, 180);
        row(Kind.SYSEXIT, 40, 42, 70, 90, 50, 70);
        row(Kind.SYSRET, 40, 35, 60, 60, 35, 60);
        row(Kind.RETF, 75, 60, 100, 230, 75, 150);
    }
}
