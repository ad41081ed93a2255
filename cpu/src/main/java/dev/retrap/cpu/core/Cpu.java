package dev.retrap.cpu.core;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.SystemFeature;
import dev.retrap.cpu.Watch;
import dev.retrap.cpu.device.Devices;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.memory.MemoryEvents;
import dev.retrap.cpu.memory.Mmu;
import dev.retrap.cpu.memory.Paging;
import dev.retrap.cpu.memory.PhysicalMemory;

/**
 * The architectural state of the processor and the accesses every instruction is made of: registers by encoding number,
 * lazy arithmetic flags, memory through segment and page. Fields are public to the machine's own packages; the module
 * does not export this one.
 *
 * <p>General registers are 64 bits wide in all modes; a 32-bit write clears the upper half (in legacy modes the upper
 * half is then always zero).
 */
public final class Cpu {
    public static final long CR0_PE = 1, CR0_MP = 2, CR0_EM = 4, CR0_TS = 8, CR0_ET = 16, CR0_NE = 32, CR0_WP = 1 << 16,
            CR0_AM = 1 << 18, CR0_PG = 1L << 31;
    public static final long CR4_VME = 1, CR4_PVI = 2, CR4_TSD = 4, CR4_DE = 8, CR4_PSE = 16, CR4_PAE = 32, CR4_MCE = 64,
            CR4_PGE = 128, CR4_PCE = 256, CR4_OSFXSR = 512, CR4_OSXMMEXCPT = 1024, CR4_UMIP = 2048,
            CR4_FSGSBASE = 1 << 16, CR4_OSXSAVE = 1 << 18, CR4_SMEP = 1 << 20, CR4_SMAP = 1 << 21;
    private static final int DR7_WRITE = 1, DR7_IO = 2;
    public static final long EFER_SCE = 1, EFER_LME = 1 << 8, EFER_LMA = 1 << 10, EFER_NXE = 1 << 11;

    public final CpuModel model;
    public final Mmu mmu;
    public final Paging paging;
    public final PhysicalMemory memory;
    public final Devices devices;

    /**
     * General registers 0..15. Slot 31 is always zero: a missing base or index register (-1) of a memory operand reads it
     * after masking with 31.
     */
    public final long[] r = new long[32];
    /** The model has 64-bit mode, without which R8..R15 stay zero. */
    public final boolean registers64;
    /** Offset of the next instruction in CS; during an instruction, of what follows its block. */
    public long rip;
    /** Sign-extended result of the last flag-setting instruction, see {@link Flags}. */
    public long flagRes = 1;
    /** Rest of the arithmetic flags, see {@link Flags}. */
    public int flagAux;
    /** EFLAGS without the arithmetic flags and without bit 1. */
    public int flagRest;

    /** Selectors: ES CS SS DS FS GS LDTR TR. */
    public final int[] sel = new int[8];
    public final long[] base = new long[8];
    /** Limits in bytes, unsigned. */
    public final int[] limit = new int[8];
    /** Attributes, see {@link Seg}. */
    public final int[] attr = new int[8];
    /** Segment can be read, at base 0, with limit 4 GiB: no check needed. Derived from the three above. */
    public final boolean[] flatR = new boolean[6];
    /** Likewise for writing. */
    public final boolean[] flatW = new boolean[6];

    /** x87, MMX and SSE registers. */
    public final FpuState fpu = new FpuState();

    public int cpl;
    public long cr0;
    public long cr2;
    public long cr3;
    public long cr4;
    public long cr8;
    public long efer;
    public long gdtrBase;
    public int gdtrLimit;
    public long idtrBase;
    public int idtrLimit = 0xFFFF;
    /** DR0..DR3, unused, unused, DR6, DR7. */
    public final long[] dr = new long[8];

    public long sysenterCs;
    public long sysenterEsp;
    public long sysenterEip;
    public long star;
    public long lstar;
    public long cstar;
    public long fmask;
    public long kernelGsBase;
    public long tscAux;
    /** TSC minus virtual nanoseconds: what WRMSR to the TSC left. */
    public long tscOffset;

    /** Steps completed; during an instruction that ends its block, includes that instruction. */
    public long position;
    /** Modelled cycles of the steps counted in {@link #position}. */
    public long cycles;
    /** Nanoseconds that virtual time ran ahead of position while the processor was halted. */
    public long idleNanos;
    /** HLT has been executed and nothing has woken the processor. */
    public boolean halted;
    /** In shutdown after a triple fault. */
    public boolean shutdown;
    /** At this position maskable interrupts and, after a stack switch, debug traps are held off (STI, MOV SS, POP SS). */
    public long inhibitAt = -1;
    /** True if {@link #inhibitAt} comes from MOV SS or POP SS. */
    public boolean inhibitDebug;
    /** A single-step or breakpoint trap is due before the next instruction: DR6 bits to set, 0 for none. */
    public int pendingDebug;

    /** Debug registers whose watches the step now being made has touched, bit n for DRn; 0 between steps. */
    public int debugHits;

    /** Engines run blocks while {@code position < limitPosition}; 0 makes the outer loop look again. */
    public long limitPosition;
    /** One instruction at a time is being run: slow-path accesses may have their effects. */
    public boolean alone;

    /** Linear address of the page fault last raised; goes to CR2 when the exception is delivered. */
    public long faultAddress;

    private boolean debugPorts;
    private final Fault fault = new Fault();
    private long stackMask = 0xFFFF;
    private CodeMode mode = CodeMode.CODE16;
    private int physicalBits = 36;
    private int codeContext;
    /** Bits 4..9 {@link #flatR}, 10..15 {@link #flatW}. */
    private int flatSegments;
    private CodeSink codeSink;
    /** Where crossings are reported. */
    public final Boundary boundary = new Boundary();
    /** The watch touched by the last step, or null. */
    public Watch watchHit;
    public long watchAddress;
    public boolean watchWrite;

    /** Told when execution reaches probes, for compiled code. */
    public Probes probes;

    /** What is done at probes. */
    public interface Probes {
        /** The next instruction has probes of these numbers; position and registers are those before it. */
        void reached(int[] numbers);
    }

    /** Told of decoded code that is about to change. */
    public interface CodeSink {
        void invalidate(int pfn);
    }

    public Cpu(CpuModel model, PhysicalMemory memory, Devices devices) {
        this.model = model;
        registers64 = model.has(Feature.LM);
        this.memory = memory;
        this.devices = devices;
        paging = new Paging(memory, this::pageFault, this::nonCanonical);
        mmu = new Mmu(memory, paging, new Events());
        paging.attach(mmu);
        paging.allowGigabytePages(model.has(SystemFeature.PAGE1GB));
        dr[6] = 0xFFFF0FF0L;
        dr[7] = 0x400;
    }

    /** The engine, to be told of code being overwritten. */
    public void attach(CodeSink sink) {
        codeSink = sink;
    }

    // ---------------------------------------------------------------- registers

    public int r32(int n) {
        return (int) r[n];
    }

    public void r32(int n, int v) {
        r[n] = v & 0xFFFFFFFFL;
    }

    public int r16(int n) {
        return (int) r[n] & 0xFFFF;
    }

    public void r16(int n, int v) {
        r[n] = r[n] & ~0xFFFFL | v & 0xFFFF;
    }

    /** Byte register: 0..15 the low bytes, 16..19 AH CH DH BH. */
    public int r8(int n) {
        return n < 16 ? (int) r[n] & 0xFF : (int) r[n - 16] >>> 8 & 0xFF;
    }

    public void r8(int n, int v) {
        if (n < 16) {
            r[n] = r[n] & ~0xFFL | v & 0xFF;
        } else {
            r[n - 16] = r[n - 16] & ~0xFF00L | (v & 0xFF) << 8;
        }
    }

    // ---------------------------------------------------------------- flags

    /** Sets the arithmetic flags from a 32-bit (or narrower, sign-extended) result. */
    public void flags(int res, int aux) {
        flagRes = res;
        flagAux = aux;
    }

    /** Sets the arithmetic flags from a 64-bit result. */
    public void flags64(long res, int aux) {
        flagRes = res;
        flagAux = aux;
    }

    /** CF as 0 or 1. */
    public int cf() {
        return flagAux >>> 31;
    }

    public boolean condition(int cc) {
        return Flags.condition(cc, flagRes, flagAux);
    }

    /** The whole of EFLAGS, bit 1 set. */
    public int eflags() {
        return flagRest | 2 | Flags.arith(flagRes, flagAux);
    }

    /** Sets the arithmetic flags from EFLAGS bits; others in {@code f} are ignored. */
    public void setArith(int f) {
        flagRes = Flags.resOf(f);
        flagAux = Flags.auxOf(f);
    }

    /** The arithmetic flags as EFLAGS bits. */
    public int arith() {
        return Flags.arith(flagRes, flagAux);
    }

    /** Changes the arithmetic flags in {@code mask} to those of {@code f}. */
    public void setArith(int mask, int f) {
        setArith(arith() & ~mask | f & mask);
    }

    /**
     * Sets EFLAGS as a whole, with all that follows from it: no checks of privilege. Makes the outer loop look at
     * interrupts and traps again.
     */
    public void setEflags(int f) {
        setArith(f);
        int old = flagRest;
        flagRest = f & 0x3F7700;
        if (((old ^ flagRest) & (Flags.VM | Flags.AC | Flags.TF)) != 0) {
            modeChanged();
        }
        if ((flagRest & (Flags.TF | Flags.RF)) != 0 || (flagRest & Flags.IF) != 0 && devices.intr()) {
            attention();
        }
    }

    public boolean flag(int bit) {
        return (flagRest & bit) != 0;
    }

    public int iopl() {
        return flagRest >>> 12 & 3;
    }

    /** Ends the run of blocks after this instruction so that the outer loop looks at interrupts, traps and time. */
    public void attention() {
        limitPosition = 0;
    }

    /** After a transfer between levels: {@link #attention} if an interrupt or a trap may be due. */
    public void attentionIfDue() {
        if ((flagRest & (Flags.TF | Flags.RF)) != 0 || pendingDebug != 0
                || (flagRest & Flags.IF) != 0 && devices.intr()) {
            attention();
        }
    }

    // ---------------------------------------------------------------- modes

    public boolean protectedMode() {
        return (cr0 & CR0_PE) != 0;
    }

    /** Virtual-8086 mode. */
    public boolean v86() {
        return (flagRest & Flags.VM) != 0;
    }

    /** Protected mode and not virtual-8086. */
    public boolean isProtected() {
        return (cr0 & CR0_PE) != 0 && (flagRest & Flags.VM) == 0;
    }

    /** EFER.LMA: 64-bit or compatibility mode. */
    public boolean longMode() {
        return (efer & EFER_LMA) != 0;
    }

    /** 64-bit mode proper. */
    public boolean mode64() {
        return mode == CodeMode.CODE64;
    }

    /** Default sizes of the current code segment. */
    public CodeMode mode() {
        return mode;
    }

    /** Mask of the stack pointer: 16, 32 or 64 bits by SS and mode. */
    public long stackMask() {
        return stackMask;
    }

    /**
     * What compiled code takes for granted, in one number: mode, long mode, a stack as wide as the mode, the segments
     * that need no check, whether a footprint is kept. Code compiled under another context is not run.
     */
    public int codeContext() {
        return codeContext;
    }

    private void deriveContext() {
        boolean wide = mode == CodeMode.CODE64;
        codeContext = mode.ordinal() | (int) (efer & EFER_LMA) >>> 8
                | (stackMask == (wide ? -1L : 0xFFFFFFFFL) ? 8 : 0)
                | (mmu.tracksFootprint() ? 1 << 16 : 0)
                | flatSegments;
    }

    /** Recomputes all that is derived from segments, CPL, control registers and EFLAGS.VM/AC. */
    public void modeChanged() {
        deriveMode();
        for (int s = 0; s < 6; s++) {
            deriveFlat(s);
        }
        deriveRights();
    }

    /** Likewise, if no more than CS, SS, CPL and EFLAGS have changed, as at most crossings of the boundary. */
    public void codeAndStackChanged() {
        boolean was64 = mode == CodeMode.CODE64;
        deriveMode();
        if (was64 != (mode == CodeMode.CODE64)) {
            modeChanged();
            return;
        }
        deriveFlat(Seg.CS);
        deriveFlat(Seg.SS);
        deriveRights();
    }

    private void deriveMode() {
        boolean l = longMode() && (attr[Seg.CS] & Seg.L) != 0;
        mode = l ? CodeMode.CODE64 : (attr[Seg.CS] & Seg.DB) != 0 ? CodeMode.CODE32 : CodeMode.CODE16;
        stackMask = l ? -1L : (attr[Seg.SS] & Seg.DB) != 0 ? 0xFFFFFFFFL : 0xFFFFL;
    }

    private void deriveRights() {
        deriveContext();
        boolean ac = (flagRest & Flags.AC) != 0;
        boolean smap = (cr4 & CR4_SMAP) != 0;
        int supervisor = smap && !ac ? Mmu.SUPERVISOR_SMAP : Mmu.SUPERVISOR;
        mmu.select(cpl == 3 ? ac && (cr0 & CR0_AM) != 0 ? Mmu.USER_ALIGNED : Mmu.USER : supervisor);
        mmu.selectSupervisor(smap ? Mmu.SUPERVISOR_SMAP : Mmu.SUPERVISOR, supervisor);
    }

    /** Recomputes what is derived from one segment register after a load. */
    public void segmentLoaded(int s) {
        if (s == Seg.CS) {
            modeChanged();
        } else if (s < 6) {
            if (s == Seg.SS && mode != CodeMode.CODE64) {
                stackMask = (attr[Seg.SS] & Seg.DB) != 0 ? 0xFFFFFFFFL : 0xFFFFL;
            }
            deriveFlat(s);
            deriveContext();
        }
    }

    private void deriveFlat(int s) {
        int a = attr[s];
        boolean r;
        boolean w;
        if (mode == CodeMode.CODE64) {
            // SS is not: an address that is not canonical raises #SS there, #GP elsewhere.
            r = w = s < Seg.FS && s != Seg.SS || s >= Seg.FS && base[s] == 0;
        } else if (base[s] != 0 || limit[s] != -1 || (a & (Seg.UNUSABLE | Seg.P)) != Seg.P) {
            r = w = false;
        } else {
            boolean code = (a & Seg.CODE) != 0;
            r = code ? (a & Seg.RW) != 0 : (a & Seg.DC) == 0;
            w = !code && (a & (Seg.RW | Seg.DC)) == Seg.RW;
        }
        flatR[s] = r;
        flatW[s] = w;
        flatSegments = flatSegments & ~(0x410 << s) | (r ? 0x10 << s : 0) | (w ? 0x400 << s : 0);
    }

    /** Sets CPL and what follows from it. */
    public void setCpl(int level) {
        cpl = level;
        modeChanged();
    }

    /** Sets control registers and EFER together; drops translations. The caller has checked them. */
    public void setControl(long newCr0, long newCr3, long newCr4, long newEfer) {
        cr0 = newCr0;
        cr3 = newCr3;
        cr4 = newCr4;
        efer = newEfer;
        paging.configure(cr0, cr3, cr4, efer, physicalBits);
        mmu.flush();
        debugChanged();
        modeChanged();
        attention();
    }

    /** Derives what is watched from the debug registers and CR4.DE (SDM vol. 3, 17.2.4 and 17.2.5). */
    public void debugChanged() {
        debugPorts = false;
        for (int n = 0; n < 4; n++) {
            boolean enabled = (dr[7] >>> 2 * n & 3) != 0;
            int kind = (int) (dr[7] >>> 16 + 4 * n) & 3;
            debugPorts |= enabled && kind == DR7_IO && (cr4 & CR4_DE) != 0;
            mmu.setDebugWatch(n, enabled && (kind & 1) != 0
                    ? new Watch(debugAddress(n), debugLength(n),
                            kind == DR7_WRITE ? Watch.Access.WRITE : Watch.Access.ACCESS)
                    : null);
        }
    }

    /** LEN of a debug register in bytes: 1, 2, 8 or 4. */
    private int debugLength(int n) {
        int len = (int) (dr[7] >>> 18 + 4 * n) & 3;
        return len == 2 ? 8 : len + 1;
    }

    /** Low address bits below the length do not count. */
    private long debugAddress(int n) {
        return dr[n] & -debugLength(n);
    }

    /** True if a trap is due after the iteration of a repeated instruction that has just been made. */
    public boolean stopsRepeating() {
        return alone && ((flagRest & Flags.TF) != 0 || debugHits != 0);
    }

    /** Ports are about to be accessed: notes which debug registers watch them. */
    public void debugPort(int port, int size) {
        if (!debugPorts) {
            return;
        }
        for (int n = 0; n < 4; n++) {
            boolean watched = (dr[7] >>> 2 * n & 3) != 0 && (dr[7] >>> 16 + 4 * n & 3) == DR7_IO;
            long first = debugAddress(n);
            if (watched && first < port + size && port < first + debugLength(n)) {
                debugHits |= 1 << n;
            }
        }
    }

    // ---------------------------------------------------------------- time

    /** Virtual nanoseconds at the start of the instruction being executed (which must end its block). */
    public long nanosInInsn() {
        return position - 1 + idleNanos;
    }

    /** Virtual nanoseconds between steps. */
    public long nanos() {
        return position + idleNanos;
    }

    // ---------------------------------------------------------------- faults

    /** An exception without error code. */
    public Fault fault(int vector) {
        return fault.set(vector, false, 0);
    }

    /** An exception with error code. */
    public Fault fault(int vector, int error) {
        return fault.set(vector, true, error);
    }

    public Fault ud() {
        return fault.set(Fault.UD, false, 0);
    }

    /** #GP(error). */
    public Fault gp(int error) {
        return fault.set(Fault.GP, true, error);
    }

    private void pageFault(long la, int error) {
        faultAddress = la;
        throw fault.set(Fault.PF, true, error);
    }

    private void nonCanonical(long la) {
        throw gp(0);
    }

    /** The instruction is rolled back and run again with {@link #alone} set. */
    public Fault resync() {
        return fault.set(Fault.RESYNC, false, 0);
    }

    // ---------------------------------------------------------------- memory

    /** Effective address of the memory operand: offset in its segment. */
    public long ea(Insn i) {
        long a = i.disp + r[i.base & 31] + (r[i.index & 31] << i.scale);
        return i.addrSize == 32 ? a & 0xFFFFFFFFL : i.addrSize == 64 ? a : a & 0xFFFF;
    }

    /** Linear address of {@code size} bytes at {@code ea} in a segment, for reading; raises #GP or #SS. */
    public long readable(int seg, long ea, int size) {
        return flatR[seg] ? ea : SegmentAccess.linear(this, seg, ea, size, false);
    }

    /** Likewise for writing. */
    public long writable(int seg, long ea, int size) {
        return flatW[seg] ? ea : SegmentAccess.linear(this, seg, ea, size, true);
    }

    public int ld8(int seg, long ea) {
        return mmu.load8(readable(seg, ea, 1));
    }

    public int ld16(int seg, long ea) {
        return mmu.load16(readable(seg, ea, 2));
    }

    public int ld32(int seg, long ea) {
        return mmu.load32(readable(seg, ea, 4));
    }

    public long ld64(int seg, long ea) {
        return mmu.load64(readable(seg, ea, 8));
    }

    public void st8(int seg, long ea, int v) {
        mmu.store8(writable(seg, ea, 1), v);
    }

    public void st16(int seg, long ea, int v) {
        mmu.store16(writable(seg, ea, 2), v);
    }

    public void st32(int seg, long ea, int v) {
        mmu.store32(writable(seg, ea, 4), v);
    }

    public void st64(int seg, long ea, long v) {
        mmu.store64(writable(seg, ea, 8), v);
    }

    /**
     * The read of a read-modify-write: like a load, but raises what the write would raise. Follow with a store through
     * {@link Mmu} to the linear address {@link #writable} gives, which then cannot fault.
     */
    public int rmw8(int seg, long ea) {
        long la = writable(seg, ea, 1);
        mmu.checkWrite(la, 1);
        return mmu.load8(la);
    }

    public int rmw16(int seg, long ea) {
        long la = writable(seg, ea, 2);
        mmu.checkWrite(la, 2);
        return mmu.load16(la);
    }

    public int rmw32(int seg, long ea) {
        long la = writable(seg, ea, 4);
        mmu.checkWrite(la, 4);
        return mmu.load32(la);
    }

    public long rmw64(int seg, long ea) {
        long la = writable(seg, ea, 8);
        mmu.checkWrite(la, 8);
        return mmu.load64(la);
    }

    // ---------------------------------------------------------------- stack

    /** The stack pointer, masked to the stack's width. */
    public long sp() {
        return r[4] & stackMask;
    }

    /** Sets the stack pointer, keeping the bits of RSP above the stack's width. */
    public void sp(long v) {
        r[4] = stackMask == 0xFFFFL ? r[4] & ~0xFFFFL | v & 0xFFFF : v & stackMask;
    }

    public void push16(int v) {
        long sp = r[4] - 2 & stackMask;
        st16(Seg.SS, sp, v);
        sp(sp);
    }

    public void push32(int v) {
        long sp = r[4] - 4 & stackMask;
        st32(Seg.SS, sp, v);
        sp(sp);
    }

    public void push64(long v) {
        long sp = r[4] - 8 & stackMask;
        st64(Seg.SS, sp, v);
        sp(sp);
    }

    /** Pushes {@code v} in the given operand size (16, 32, 64). */
    public void push(int size, long v) {
        switch (size) {
            case 16 -> push16((int) v);
            case 32 -> push32((int) v);
            default -> push64(v);
        }
    }

    /** Reads the stack at {@code sp() + offset} in an operand size, without moving the pointer. */
    public long peek(int size, int offset) {
        long at = r[4] + offset & stackMask;
        return switch (size) {
            case 16 -> ld16(Seg.SS, at);
            case 32 -> ld32(Seg.SS, at) & 0xFFFFFFFFL;
            default -> ld64(Seg.SS, at);
        };
    }

    /** Pops an operand of the given size, zero-extended. */
    public long pop(int size) {
        long v = peek(size, 0);
        sp(r[4] + (size >> 3));
        return v;
    }

    // ---------------------------------------------------------------- control transfer

    /**
     * Near jump: checks that the target is within the code segment (#GP(0)) and sets RIP.
     *
     * @param target offset, already truncated to the operand size
     */
    public void jump(long target) {
        if (mode == CodeMode.CODE64) {
            if (target << 16 >> 16 != target) {
                throw gp(0);
            }
        } else if (Long.compareUnsigned(target, limit[Seg.CS] & 0xFFFFFFFFL) > 0) {
            throw gp(0);
        }
        rip = target;
    }

    private final class Events implements MemoryEvents {
        @Override
        public void watched(Watch watch, long address, boolean write) {
            if (!alone) {
                throw resync();
            }
            if (watchHit == null || write && !watchWrite) {
                watchHit = watch;
                watchAddress = address;
                watchWrite = write;
            }
        }

        @Override
        public void debugged(int registers) {
            if (!alone) {
                throw resync();
            }
            debugHits |= registers;
        }

        @Override
        public void misaligned() {
            throw fault(Fault.AC, 0);
        }

        @Override
        public void codeWritten(int pfn) {
            if (!alone) {
                throw resync();
            }
            codeSink.invalidate(pfn);
        }

        @Override
        public void tableWritten() {
            if (!alone) {
                throw resync();
            }
            mmu.flush();
        }
    }
}
