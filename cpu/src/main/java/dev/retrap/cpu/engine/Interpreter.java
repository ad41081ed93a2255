package dev.retrap.cpu.engine;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Footprint;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Stop;
import dev.retrap.cpu.StopCondition;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.engine.compile.Region;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;
import dev.retrap.cpu.transfer.Interrupts;
import java.util.Collection;

/**
 * Engine 1: runs decoded blocks. The outer loop ({@link #run}) decides at each position whether an interrupt, a trap or
 * an instruction is the next step; the inner loop runs blocks that end before anything can happen.
 *
 * <p>An instruction whose slow-path access would change code, page tables or hit a watch is rolled back and run again
 * alone ({@link Fault#RESYNC}), so that what follows it sees the change.
 */
public final class Interpreter {
    /** Timer edges without an interrupt after which a halted processor counts as asleep for good. */
    private static final int IDLE_EDGES = 100_000;

    /** Most steps between two looks at what other threads want. */
    private static final long LONGEST = 1 << 26;

    private static final long DR7_GD = 1 << 13;

    private final Cpu c;
    private final Hooks hooks = new Hooks();
    private final CodeCache cache;
    private final Tiering tiering;
    private volatile boolean interrupted;
    private boolean asleep;
    private String shutdownReport = "";
    private boolean faulted;
    private long probedAt = -1;
    private long refusedAt = -1;
    private StopCondition stopCondition;
    private dev.retrap.cpu.Machine machine;

    public Interpreter(Cpu c) {
        this(c, EngineMode.fromProperty(), Tiering.threshold());
    }

    /** @param threshold runs after which tiered mode compiles a block, about */
    Interpreter(Cpu c, EngineMode mode, int threshold) {
        this.c = c;
        tiering = new Tiering(c, mode, threshold);
        cache = new CodeCache(c, new Binder(c), hooks, tiering);
        tiering.attach(cache);
        c.attach(cache);
        c.probes = this::probe;
    }

    /** Regions compiled and taken into use so far. */
    int compiledRegions() {
        return tiering.compiledRegions();
    }

    /** The machine that probes are told of. */
    public void attach(dev.retrap.cpu.Machine m) {
        machine = m;
    }

    public void interrupt() {
        interrupted = true;
    }

    public void clearInterrupt() {
        interrupted = false;
    }

    public void setBreakpoints(Collection<Long> addresses) {
        long[] old = hooks.breakpoints();
        hooks.setBreakpoints(addresses);
        changed(old, hooks.breakpoints());
    }

    public void setProbes(long[] addresses) {
        long[] old = hooks.probes();
        hooks.setProbes(addresses);
        changed(old, NONE); // blocks know probes by number
        changed(NONE, hooks.probes());
    }

    private static final long[] NONE = {};

    private void changed(long[] before, long[] after) {
        c.attention();
        for (long a : before) {
            if (java.util.Arrays.binarySearch(after, a) < 0) {
                cache.hooksChanged(a);
            }
        }
        for (long a : after) {
            if (java.util.Arrays.binarySearch(before, a) < 0) {
                cache.hooksChanged(a);
            }
        }
    }

    /** A page frame has other content after a restore. */
    public void pageReplaced(int pfn) {
        cache.replaced(pfn);
    }

    /** The state was replaced: nothing learnt about the present position holds. */
    public void restored() {
        asleep = false;
        probedAt = -1;
        refusedAt = -1;
        c.watchHit = null;
    }

    /** Adds what is touched from now on to a footprint, null for none; also when one has been taken. */
    public void trackFootprint(Footprint f) {
        c.mmu.trackFootprint(f);
        cache.trackFootprint(f == null ? null : f.code());
        c.modeChanged();
    }

    /** Who decides about stops, null for: stop always. */
    public void setStopCondition(StopCondition condition) {
        stopCondition = condition;
    }

    /** Input has arrived that may wake the processor. */
    public void wake() {
        asleep = false;
    }

    /** See {@link dev.retrap.cpu.Machine#run}. */
    public Stop run(long until) {
        return run(until, c.position);
    }

    /**
     * The same from the middle of a run.
     *
     * @param start position at which a breakpoint does not count, -1 for none
     */
    public Stop run(long until, long start) {
        refusedAt = -1;
        c.watchHit = null;
        c.boundary.takeCrossed();
        for (;;) {
            if (c.watchHit != null) {
                if (stopCondition == null
                        || stopCondition.afterAccess(machine, c.watchHit, c.watchAddress, c.watchWrite)) {
                    return watchStop();
                }
                c.watchHit = null;
                c.watchWrite = false;
            }
            if (c.boundary.takeCrossed()) {
                return new Stop.Crossed();
            }
            if (c.shutdown) {
                return new Stop.Shutdown(shutdownReport);
            }
            if (c.devices.powerOffStatus() >= 0) {
                return new Stop.PoweredOff(c.devices.powerOffStatus());
            }
            if (c.position >= until) {
                return new Stop.Reached();
            }
            if (interrupted) {
                interrupted = false;
                return new Stop.Interrupted();
            }
            long now = c.nanos();
            if (now >= c.devices.nextEvent()) {
                c.devices.advance(now);
            }
            boolean inhibited = c.position == c.inhibitAt;
            if (c.pendingDebug != 0 && !(inhibited && c.inhibitDebug)) {
                debugTrap();
                continue;
            }
            if (!inhibited && c.flag(Flags.IF) && c.devices.intr()) {
                external();
                continue;
            }
            if (c.halted) {
                if (!sleep()) {
                    return new Stop.Idle();
                }
                continue;
            }
            long event = c.devices.nextEvent();
            long limit = Math.min(until, c.position + LONGEST);
            if (event != Long.MAX_VALUE) {
                limit = Math.min(limit, event - c.idleNanos);
            }
            boolean single = (c.flagRest & (Flags.TF | Flags.RF)) != 0
                    || inhibited
                    || (c.dr[7] & 0xFF) != 0;
            long before = c.position;
            if (!single) {
                c.limitPosition = limit;
                int why = runBlocks(start);
                if (why == HOOK) {
                    return new Stop.Breakpoint(c.paging.wrap(c.base[Seg.CS] + c.rip));
                }
            }
            if (c.position == before && !faulted) {
                if (hookHere(start)) {
                    return new Stop.Breakpoint(c.paging.wrap(c.base[Seg.CS] + c.rip));
                }
                stepAlone();
            }
            if (faulted) {
                faulted = false;
                raise();
            }
        }
    }

    private Stop watchStop() {
        Stop s = new Stop.Watchpoint(c.watchHit, c.watchAddress, c.watchWrite);
        c.watchHit = null;
        c.watchWrite = false;
        return s;
    }

    private static final int LIMIT = 0, HOOK = 1;

    /** Runs blocks until the limit, a fault, or a breakpoint. */
    private int runBlocks(long start) {
        final Cpu c = this.c;
        Block b;
        try {
            b = cache.find();
        } catch (Fault f) {
            keep(f, c.rip);
            return LIMIT;
        }
        for (;;) {
            if (b.alone) {
                return LIMIT;
            }
            int count = b.execs.length;
            long p = c.position + count;
            if (p > c.limitPosition) {
                return LIMIT;
            }
            if (b.hooked && hook(b.breakpoint, b.probes, b.linear, start)) {
                return HOOK;
            }
            Compiled code = b.code == null ? null : tiering.of(b);
            if (tiering.recording) {
                tiering.ran(b);
                code = null;
            } else if (code == null && (++b.heat & tiering.mask) == 0) {
                code = tiering.hot(b);
            }
            Trial trial = code == null ? null : code.trial;
            if (code != null && (trial == null || trial.enters())) {
                code.entries++;
                boolean whole = trial == null ? code.region.enter(c, Region.LONGEST) : trial.enter(c);
                if (!whole) {
                    keep(code.region.fault(), c.rip);
                    return LIMIT;
                }
                if (c.position >= c.limitPosition || interrupted) {
                    return LIMIT;
                }
                try {
                    b = cache.find();
                } catch (Fault f) {
                    keep(f, c.rip);
                    return LIMIT;
                }
                continue;
            }
            c.position = p;
            c.cycles += b.cycles;
            c.rip = b.end;
            if (!execute(b)) {
                return LIMIT;
            }
            long ip = c.rip;
            Block t = b.next0;
            if (t == null || t.ip != ip || !reachable(b, t)) {
                t = b.next1;
                if (t == null || t.ip != ip || !reachable(b, t)) {
                    if (c.position >= c.limitPosition) {
                        return LIMIT;
                    }
                    try {
                        t = cache.find();
                    } catch (Fault f) {
                        keep(f, ip);
                        return LIMIT;
                    }
                    b.next1 = b.next0;
                    b.next0 = t;
                }
            }
            b = t;
        }
    }

    private boolean reachable(Block from, Block to) {
        if (to.epoch != cache.epoch) {
            return false;
        }
        return from.near
                ? to.pfn == from.pfn && (to.linear ^ from.linear) >>> 12 == 0 && to.pfn2 < 0 || cache.mapped(to)
                : cache.inSegment(to) && cache.mapped(to);
    }

    /** Runs all of a block; false if an instruction faulted or must be run alone (then it is the next one). */
    private boolean execute(Block b) {
        final Exec[] execs = b.execs;
        final Insn[] insns = b.insns;
        final Cpu c = this.c;
        int n = 0;
        try {
            do {
                execs[n].exec(c, insns[n]);
            } while (++n < execs.length);
            return true;
        } catch (Fault f) {
            undo(b, n, f);
            return false;
        }
    }

    private void undo(Block b, int n, Fault f) {
        c.position -= b.count() - n;
        for (int k = n; k < b.count(); k++) {
            c.cycles -= c.model.costs().cost(b.insns[k].op);
        }
        keep(f, b.insns[n].ip);
        c.limitPosition = 0;
    }

    private int faultVector;
    private boolean faultHasError;
    private int faultError;

    /**
     * An instruction has faulted, also in its fetch, and nothing of it is done: what {@link #raise} delivers, unless it
     * only has to be run alone.
     */
    private void keep(Fault f, long ip) {
        c.rip = ip;
        if (f.vector == Fault.RESYNC) {
            return;
        }
        faulted = true;
        faultVector = f.vector;
        faultHasError = f.hasError;
        faultError = f.error;
    }

    /** Breakpoint or probe at a block's start: true to stop. A breakpoint where the run began does not count. */
    private boolean hook(boolean breakpoint, int[] probes, long la, long start) {
        if (breakpoint && c.position != start && refusedAt != c.position) {
            if (stopCondition == null || stopCondition.atBreakpoint(machine, la)) {
                return true;
            }
            refusedAt = c.position;
        }
        if (probes != null) {
            probe(probes);
        }
        return false;
    }

    /** Probes are reached: told of once, also if the instruction there is undone and run again. */
    private void probe(int[] numbers) {
        MachineObserver observer = c.boundary.observer();
        if (probedAt != c.position && observer != null) {
            probedAt = c.position;
            for (int number : numbers) {
                observer.probe(number, machine);
            }
        }
    }

    private boolean hookHere(long start) {
        long la = c.paging.wrap(c.base[Seg.CS] + c.rip);
        return hooks.at(la) && hook(hooks.breakpoint(la), hooks.probesAt(la), la, start);
    }

    /** One instruction by itself, with single-step and debug-register semantics. */
    private void stepAlone() {
        boolean tf = c.flag(Flags.TF);
        boolean rf = c.flag(Flags.RF);
        Block b;
        c.alone = true;
        try {
            boolean shadow = c.inhibitDebug && c.inhibitAt == c.position;
            if ((c.dr[7] & 0xFF) != 0 && !rf && !shadow && instructionBreakpoint()) {
                keep(c.fault(Fault.DB), c.rip);
                return;
            }
            b = cache.find();
        } catch (Fault f) {
            keep(f, c.rip);
            return;
        } finally {
            c.alone = false;
        }
        Insn i = b.insns[0];
        int cost = c.model.costs().cost(i.op);
        c.position++;
        c.cycles += cost;
        c.rip = i.next;
        c.alone = true;
        try {
            b.execs[0].exec(c, i);
        } catch (Fault f) {
            if (f.vector == Fault.AGAIN) {
                c.rip = i.ip;
                return;
            }
            c.position--;
            c.cycles -= cost;
            c.rip = i.ip;
            c.debugHits = 0;
            keep(f, i.ip);
            return;
        } finally {
            c.alone = false;
        }
        if (rf && i.op != Op.IRET) {
            c.flagRest &= ~Flags.RF;
        }
        if (i.rep != Insn.REP_NONE && c.rip == i.ip) {
            // Between iterations RF is set, so that an instruction breakpoint counts once (SDM vol. 3, 17.3.1.1).
            c.flagRest |= Flags.RF;
        }
        takeDebugHits();
        if (tf && traps(i)) {
            c.pendingDebug |= 1 << 14;
        }
    }

    /** What debug registers saw during the step becomes a trap before the next one. */
    private void takeDebugHits() {
        if (c.debugHits != 0) {
            c.pendingDebug |= c.debugHits;
            c.debugHits = 0;
        }
    }

    /** True if a single-step trap follows the instruction, TF having been set when it began. */
    private boolean traps(Insn i) {
        return switch (i.op) {
            case INT, INT3, INTO, INT1 -> c.flag(Flags.TF);
            case SYSCALL -> c.flag(Flags.TF);
            case MOV_TO_SREG, POP_SREG, LSS -> !(c.inhibitDebug && c.inhibitAt == c.position);
            default -> true;
        };
    }

    /** DR0..DR3 set for execution match the present instruction; sets DR6 (SDM vol. 3, 17.3.1.1). */
    private boolean instructionBreakpoint() {
        long la = c.paging.wrap(c.base[Seg.CS] + c.rip);
        boolean hit = false;
        for (int n = 0; n < 4; n++) {
            boolean enabled = (c.dr[7] >>> 2 * n & 3) != 0;
            boolean execute = (c.dr[7] >>> 16 + 4 * n & 3) == 0;
            if (enabled && execute && c.dr[n] == la) {
                c.dr[6] |= 1L << n;
                hit = true;
            }
        }
        return hit;
    }

    private void debugTrap() {
        int bits = c.pendingDebug;
        c.pendingDebug = 0;
        c.dr[6] |= bits;
        faultVector = Fault.DB;
        faultHasError = false;
        faultError = 0;
        deliverException(c.eflags());
    }

    private void raise() {
        boolean resumable = faultVector != Fault.DF && faultVector != Fault.DB;
        deliverException(resumable ? c.eflags() | Flags.RF : c.eflags());
    }

    private static boolean contributory(int v) {
        return v == Fault.DE || v >= Fault.TS && v <= Fault.GP;
    }

    /** Delivers the kept exception; what goes wrong on the way becomes #DF, then shutdown (SDM vol. 3, 6.15). */
    private void deliverException(int savedFlags) {
        long position = c.position;
        if (faultVector == Fault.DB) {
            c.dr[7] &= ~DR7_GD;
        }
        c.alone = true;
        try {
            int vector = faultVector;
            boolean hasError = faultHasError;
            int error = faultError;
            for (;;) {
                try {
                    Interrupts.deliver(c, Crossing.Kind.EXCEPTION, vector, hasError, error, c.rip, c.rip, savedFlags,
                            position);
                    break;
                } catch (Fault f) {
                    boolean doubled = contributory(vector) && contributory(f.vector)
                            || vector == Fault.PF && (f.vector == Fault.PF || contributory(f.vector));
                    if (vector == Fault.DF) {
                        shutdown(f);
                        break;
                    }
                    c.debugHits = 0;
                    if (f.vector == Fault.PF) {
                        c.cr2 = c.faultAddress;
                    }
                    vector = doubled ? Fault.DF : f.vector;
                    hasError = doubled || f.hasError;
                    error = doubled ? 0 : f.error;
                }
            }
        } finally {
            c.alone = false;
        }
        takeDebugHits();
        c.position++;
    }

    private void shutdown(Fault last) {
        c.shutdown = true;
        shutdownReport = String.format(
                "triple fault: exception %d (first: %d) while delivering a double fault at %04x:%08x, ss:sp %04x:%08x, cr2 %08x",
                last.vector, faultVector, c.sel[Seg.CS], c.rip, c.sel[Seg.SS], c.r[4], c.cr2);
    }

    private void external() {
        int vector = c.devices.acknowledge();
        interruptWith(vector);
    }

    private void interruptWith(int vector) {
        long position = c.position;
        c.alone = true;
        try {
            Interrupts.deliver(c, Crossing.Kind.INTERRUPT, vector, false, 0, c.rip, c.rip, c.eflags(), position);
            c.position++;
            takeDebugHits();
        } catch (Fault f) {
            c.debugHits = 0;
            keep(f, c.rip);
        } finally {
            c.alone = false;
        }
        if (faulted) {
            faulted = false;
            raise();
        }
    }

    /** Lets virtual time pass until an interrupt is there and delivers it; false if none ever comes. */
    private boolean sleep() {
        if (asleep || !c.flag(Flags.IF)) {
            return false;
        }
        long idle = c.idleNanos;
        StateWriter before = new StateWriter();
        c.devices.save(before);
        for (int edges = 0; edges < IDLE_EDGES; edges++) {
            long next = c.devices.nextEvent();
            if (next == Long.MAX_VALUE) {
                break;
            }
            c.idleNanos += next - c.nanos();
            c.devices.advance(next);
            if (c.devices.intr()) {
                external();
                return true;
            }
        }
        // Nothing has happened: one position is one state.
        c.idleNanos = idle;
        c.devices.load(new StateReader(before.toByteArray()));
        asleep = true;
        return false;
    }
}
