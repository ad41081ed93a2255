package dev.retrap.cpu.engine.compile;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;

/**
 * Compiled blocks; the generated classes extend this one and have the method {@link #run}. Runs until the steps it was
 * given do not reach for the next block, or control leaves its blocks, or an instruction faults; then the processor's
 * state is exactly what the interpreter would have made of the same steps.
 */
public abstract class Region {
    /** Most steps of one run, so that other threads' wishes are seen. */
    public static final int LONGEST = 1 << 26;

    private static final int LEFT = 0, FAULTED = 1;
    /** So many steps left that no block can begin. */
    private static final int NONE = Integer.MIN_VALUE / 2;

    /** {@link Cpu#codeContext} that the code is for. */
    private int context;
    /** The bits of it that matter. */
    private int contextUsed;
    /** Base and limit of CS that the code is for. */
    private long codeBase;
    private int codeLimit;
    /** By number in the region: instructions, steps and cycles from each to its block's end. */
    private Insn[] insns;
    private int[] stepsFrom;
    private int[] cyclesFrom;
    /** By number of the block: numbers of the probes at its start, null for none. */
    private int[][] probes;
    /** Bytes of bytecode. */
    private int size;

    /** Position when no step is left. */
    private long end;
    /** Cycles when no step is left, had each taken one. */
    private long cyclesAtEnd;
    /** What is left in truth when the generated code was told {@link #NONE}. */
    private int held;
    private Fault fault;

    void fill(Plan plan, int bytecodes, int used) {
        int n = plan.pieces().stream().mapToInt(Piece::count).sum();
        contextUsed = used;
        context = plan.context() & used;
        size = bytecodes;
        probes = plan.pieces().stream().map(Piece::probes).toArray(int[][]::new);
        codeBase = plan.pieces().getFirst().linear() - plan.pieces().getFirst().ip();
        codeLimit = plan.limit();
        insns = new Insn[n];
        stepsFrom = new int[n];
        cyclesFrom = new int[n];
        int at = 0;
        for (Piece p : plan.pieces()) {
            int cycles = 0;
            for (int k = p.count() - 1; k >= 0; k--) {
                cycles += p.costs()[k];
                insns[at + k] = p.insns()[k];
                stepsFrom[at + k] = p.count() - k;
                cyclesFrom[at + k] = cycles;
            }
            at += p.count();
        }
    }

    /** The machine is at the start of a block with probes. */
    final void probe(Cpu c, int block) {
        c.probes.reached(probes[block]);
    }

    /** True if the code is for the processor's present context. */
    public final boolean suits(Cpu c) {
        return context == (c.codeContext() & contextUsed);
    }

    /** Bytes of bytecode. */
    public final int size() {
        return size;
    }

    /**
     * Runs from the first instruction of the region, which RIP is at, to position {@link Cpu#limitPosition} at most.
     *
     * @param most steps to make at most
     * @return false if an instruction faulted: RIP is at it, {@link #fault} tells what
     */
    public final boolean enter(Cpu c, int most) {
        int left = (int) Math.min(c.limitPosition - c.position, most);
        end = c.position + left;
        cyclesAtEnd = c.cycles + left;
        if ((int) c.flagRes != c.flagRes && !c.longMode()) {
            // Code outside long mode keeps 32 bits of it.
            c.setArith(c.arith());
        }
        return run(c, left) == LEFT;
    }

    /** Set of the blocks run since this was last asked, by number, at most 64; empty if no footprint is kept. */
    public long takeRan() {
        return 0;
    }

    /** The fault that ended the run. */
    public final Fault fault() {
        return fault;
    }

    /** The generated code; {@code left} steps may be made. */
    abstract int run(Cpu c, int left);

    // ---- called by generated code

    /** Accounts for all steps but {@code left}. */
    final void account(Cpu c, int left, int extra) {
        c.position = end - left;
        c.cycles = cyclesAtEnd - left + extra;
    }

    /** The end of a run: accounts, and sets RIP. */
    final int leave(Cpu c, int remaining, int extra, long rip) {
        int left = remaining < 0 ? held : remaining;
        c.position = end - left;
        c.cycles = cyclesAtEnd - left + extra;
        c.rip = rip;
        return LEFT;
    }

    /** For a class being made: the handler of an instruction by number. */
    static Exec handler(int at) {
        return RegionCompiler.making().handler(at);
    }

    /** For a class being made: an instruction by number. */
    static Insn insn(int at) {
        return RegionCompiler.making().insn(at);
    }

    /** True if what the code takes for granted does not hold any more, or the outer loop must look. */
    final boolean changed(Cpu c) {
        return !suits(c) || c.limitPosition == 0;
    }

    /**
     * After a handler: {@code left} if the run may go on, else {@link #NONE}, by which the next block ends it. So
     * this is no branch of its own, which HotSpot would leave out until it is taken for the first time.
     */
    final int settle(Cpu c, int left, long[] readTags) {
        return !changed(c) && c.mmu.readTags() == readTags ? left : hold(left);
    }

    /** True if the run may go on in the middle of a block. */
    final boolean steady(Cpu c, long[] readTags) {
        return !changed(c) && c.mmu.readTags() == readTags;
    }

    /**
     * After a transfer to another level, which costs cycles of its own: {@code left} if the run may go on, as addresses
     * and mode mean the same, else {@link #NONE}.
     */
    final int crossed(Cpu c, int left, int extra) {
        cyclesAtEnd = c.cycles + left - extra;
        return !changed(c) && c.limit[Seg.CS] == codeLimit && c.base[Seg.CS] == codeBase ? left : hold(left);
    }

    private int hold(int left) {
        held = left;
        return NONE;
    }

    /** Leaves after instruction {@code at}, in the middle of its block, whose steps are all counted. */
    final int cut(Cpu c, int at) {
        c.position -= stepsFrom[at] - 1;
        c.cycles -= cyclesFrom[at + 1];
        c.rip = insns[at].next;
        return LEFT;
    }

    /** Instruction {@code at} faulted: takes back it and what follows it in its block. */
    final int faulted(Cpu c, Fault f, int at, int left, int extra) {
        c.position = end - left - stepsFrom[at];
        c.cycles = cyclesAtEnd - left + extra - cyclesFrom[at];
        c.rip = insns[at].ip;
        c.limitPosition = 0;
        fault = f;
        return FAULTED;
    }

    static void spill(Cpu c, int res, int aux, int r0, int r1, int r2, int r3, int r4, int r5, int r6, int r7) {
        long[] r = c.r;
        r[0] = r0 & 0xFFFFFFFFL;
        r[1] = r1 & 0xFFFFFFFFL;
        r[2] = r2 & 0xFFFFFFFFL;
        r[3] = r3 & 0xFFFFFFFFL;
        r[4] = r4 & 0xFFFFFFFFL;
        r[5] = r5 & 0xFFFFFFFFL;
        r[6] = r6 & 0xFFFFFFFFL;
        r[7] = r7 & 0xFFFFFFFFL;
        c.flagRes = res;
        c.flagAux = aux;
    }

    static void spill(Cpu c, long res, int aux, long r0, long r1, long r2, long r3, long r4, long r5, long r6, long r7,
            long r8, long r9, long r10, long r11, long r12, long r13, long r14, long r15) {
        long[] r = c.r;
        r[0] = r0;
        r[1] = r1;
        r[2] = r2;
        r[3] = r3;
        r[4] = r4;
        r[5] = r5;
        r[6] = r6;
        r[7] = r7;
        r[8] = r8;
        r[9] = r9;
        r[10] = r10;
        r[11] = r11;
        r[12] = r12;
        r[13] = r13;
        r[14] = r14;
        r[15] = r15;
        c.flagRes = res;
        c.flagAux = aux;
    }

    // ---- parts of registers

    static int low8(int v, int old) {
        return old & ~0xFF | v & 0xFF;
    }

    static int high8(int v, int old) {
        return old & ~0xFF00 | (v & 0xFF) << 8;
    }

    static int low16(int v, int old) {
        return old & ~0xFFFF | v & 0xFFFF;
    }

    static long low8(int v, long old) {
        return old & ~0xFFL | v & 0xFF;
    }

    static long high8(int v, long old) {
        return old & ~0xFF00L | (v & 0xFF) << 8;
    }

    static long low16(int v, long old) {
        return old & ~0xFFFFL | v & 0xFFFF;
    }

    /** A condition on flags whose origin the compiler does not know. */
    static boolean condition(int cc, long res, int aux) {
        return Flags.condition(cc, res, aux);
    }
}
