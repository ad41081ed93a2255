package dev.retrap.cpu;

import dev.retrap.cpu.boot.BootLoader;
import dev.retrap.cpu.boot.BootState;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.CpuState;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Registers;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.device.Devices;
import dev.retrap.cpu.engine.Interpreter;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Decoder;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.memory.PageTree;
import dev.retrap.cpu.memory.PhysicalMemory;
import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;
import dev.retrap.cpu.simd.FxImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Collection;
import java.util.List;

/**
 * An x86 machine: one processor, RAM, 8259 pair, 8254, 16550 console, power-off port. Deterministic: the state at a
 * position depends on {@link MachineConfig}, {@link BootImage} and the inputs with their positions only, not on how the
 * machine was run, stopped, snapshotted or watched.
 *
 * <p>Not thread-safe: one thread at a time, except {@link #interrupt()}.
 */
public final class Machine {
    private final MachineConfig config;
    private final Cpu c;
    private final Interpreter engine;

    private Machine(MachineConfig config) {
        this.config = config;
        PhysicalMemory memory = new PhysicalMemory(config.ramBytes());
        c = new Cpu(config.cpu(), memory, new Devices(this::console, config.ramBytes()));
        engine = new Interpreter(c);
        engine.attach(this);
    }

    private void console(int octet) {
        MachineObserver o = c.boundary.observer();
        if (o != null) {
            o.console(octet);
        }
    }

    /** A machine at position 0 with the image loaded, about to run the kernel's first instruction. */
    public static Machine boot(MachineConfig config, BootImage image) {
        BootState start = BootLoader.load(image, config.ramBytes());
        Machine m = new Machine(config);
        for (BootState.Chunk chunk : start.chunks()) {
            m.c.mmu.physicalStore(chunk.physical(), chunk.data(), 0, chunk.data().length);
        }
        switch (start.protocol()) {
            case MULTIBOOT -> Registers.multiboot(m.c, start.entry(), start.eax(), start.ebx());
            case PVH -> Registers.pvh(m.c, start.entry(), start.ebx());
        }
        return m;
    }

    /** The configuration given to {@link #boot}. */
    public MachineConfig config() {
        return config;
    }

    /** Steps since power-on: retired instructions plus delivered interrupts and exceptions. */
    public long position() {
        return c.position;
    }

    /** Modelled cycles since power-on, by the model's cost table. A model: no cache, no pipeline. */
    public long cycles() {
        return c.cycles;
    }

    /** Virtual time since power-on in nanoseconds, derived from position and halts. */
    public long nanos() {
        return c.nanos();
    }

    /**
     * Runs forward. At least one step is made if {@code until > position()}, so a breakpoint at the current instruction
     * does not stop a run that starts on it.
     *
     * @param until position to stop at, at the latest
     */
    public Stop run(long until) {
        return engine.run(until);
    }

    /** Goes on with a run that was divided: as {@link #run}, but a breakpoint at the current instruction counts. */
    public Stop resume(long until) {
        return engine.run(until, -1);
    }

    /**
     * True if the next step is the instruction at {@link #linearIp()}, not the delivery of an interrupt or a trap, and
     * the processor runs: then a breakpoint there would stop {@link #resume}.
     */
    public boolean instructionNext() {
        settle();
        boolean inhibited = c.position == c.inhibitAt;
        boolean trap = c.pendingDebug != 0 && !(inhibited && c.inhibitDebug);
        boolean interrupt = !inhibited && c.flag(Flags.IF) && c.devices.intr();
        return !trap && !interrupt && !c.halted && !c.shutdown && c.devices.powerOffStatus() < 0;
    }

    /** Who decides whether a breakpoint or a watch stops the machine; null: they always do. */
    public void setStopCondition(StopCondition condition) {
        engine.setStopCondition(condition);
    }

    /**
     * Adds what is touched from now on to an empty footprint; null ends that. The one set before this call is complete
     * with it. Costs some microseconds, and the run after it little more than one without.
     */
    public void trackFootprint(Footprint footprint) {
        engine.trackFootprint(footprint);
    }

    /** Makes {@link #run} return {@link Stop.Interrupted} soon; any thread. A call while nothing runs counts for the next run. */
    public void interrupt() {
        engine.interrupt();
    }

    /** Forgets an {@link #interrupt()} that no run has seen yet. */
    public void clearInterrupt() {
        engine.clearInterrupt();
    }

    /** The observer, null for none. */
    public void setObserver(MachineObserver observer) {
        c.boundary.setObserver(observer);
    }

    /** Replaces the probes. */
    public void setProbes(List<ProbePoint> probes) {
        engine.setProbes(probes.stream().mapToLong(ProbePoint::address).toArray());
    }

    /** Replaces the execution breakpoints (linear addresses). */
    public void setBreakpoints(Collection<Long> addresses) {
        engine.setBreakpoints(addresses);
    }

    /** Replaces the watched ranges. */
    public void setWatches(Collection<Watch> watches) {
        c.mmu.setWatches(watches);
    }

    /** If on, {@link #run} returns {@link Stop.Crossed} after every crossing. */
    public void stopAtCrossings(boolean on) {
        c.boundary.stopAtCrossings(on);
    }

    /** Value of a register, 64 bits, zero-extended. */
    public long get(Reg r) {
        return Registers.get(c, r);
    }

    /** Value of the general register with a number in encodings, 0..15. */
    public long general(int number) {
        return c.r[number & 15];
    }

    /**
     * Sets a register as a debugger would. Selectors are loaded with their descriptor when it can be read, flat otherwise.
     *
     * @throws IllegalArgumentException if this register cannot be written
     */
    public void set(Reg r, long value) {
        Registers.set(c, r, value);
    }

    /** Copies all registers, {@link Reg#COUNT} slots. */
    public void capture(long[] into) {
        for (int n = 0; n < Reg.COUNT; n++) {
            into[n] = Registers.get(c, Reg.ofSlot(n));
        }
    }

    /**
     * x87, MMX and SSE state as an FXSAVE image of 512 bytes (SDM vol. 1, tables 10-2 and 10-3): in 64-bit mode with
     * 64-bit pointers, else with selectors; always all sixteen XMM registers, and the pointers as they are.
     */
    public byte[] fxsave() {
        return FxImage.save(c);
    }

    /**
     * Replaces that state. Reserved bits of the control words are ignored, not refused.
     *
     * @throws IllegalArgumentException if the image is not of 512 bytes
     */
    public void fxrstor(byte[] image) {
        FxImage.load(c, image);
    }

    /** Default operand and address size of the code segment now. */
    public CodeMode codeMode() {
        return c.mode();
    }

    /** Linear address of the next instruction. */
    public long linearIp() {
        return c.paging.wrap(c.base[Seg.CS] + c.rip);
    }

    /** The instruction at a linear address, decoded as the current mode would, or null if its bytes cannot be read. */
    public Insn decodeAt(long linear) {
        byte[] bytes = new byte[15];
        int n = read(linear, bytes, 0, 15);
        long ip = c.paging.wrap(linear - c.base[Seg.CS]);
        return n == 0 ? null
                : Decoder.decode(c.mode(), c.model.behaviour().nearBranchHonours66(), bytes, 0, n, ip);
    }

    /**
     * Physical address of a linear one by the current page tables, or -1 if unmapped. No side effects (no A/D bits).
     */
    public long translate(long linear) {
        return c.paging.probe(linear);
    }

    /**
     * Reads memory at linear addresses through the current page tables, whatever the privilege, without side effects.
     *
     * @return bytes read: less than {@code length} if an unmapped page comes first
     */
    public int read(long linear, byte[] into, int offset, int length) {
        return copy(linear, into, offset, length, false);
    }

    /**
     * Reads memory at linear addresses of an address space that need not be the present one.
     *
     * @param cr3 what CR3 holds while it is in use
     * @return bytes read: less than {@code length} if an unmapped page comes first
     */
    public int readOf(long cr3, long linear, byte[] into, int offset, int length) {
        int done = 0;
        while (done < length) {
            long pa = c.paging.probe(linear + done, cr3);
            int n = Math.min(length - done, PhysicalMemory.PAGE - ((int) pa & 0xFFF));
            if (pa < 0 || readPhysical(pa, into, offset + done, n) < n) {
                break;
            }
            done += n;
        }
        return done;
    }

    /**
     * Compares memory at linear addresses, read as {@link #read} does, with what it was: made for being called often.
     *
     * @param bytes how many, a multiple of 4, at most 512; they are looked at as little-endian longs, the missing half of
     *     the last as zero
     * @param known longs as they were; brought up to date as far as memory could be read
     * @param seen how many of those mean something; all behind count as different
     * @param different receives, from an index on, the longs that are different
     * @param masks bit i of the first is set if long i is different
     * @return bytes read, less than {@code bytes} if an unmapped page comes first
     */
    public int readChanges(long linear, int bytes, long[] known, int seen, long[] different, int at, long[] masks) {
        if (c.mmu.peekChanges(linear, bytes, known, seen, different, at, masks)) {
            return bytes;
        }
        byte[] data = new byte[bytes + 7 & ~7];
        int done = read(linear, data, 0, bytes);
        LongBuffer longs = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        long mask = 0;
        int to = at;
        for (int i = 0; i < done + 7 >> 3; i++) {
            long w = longs.get(i);
            if (known[i] != w || i >= seen) {
                known[i] = w;
                different[to++] = w;
                mask |= 1L << i;
            }
        }
        masks[0] = mask;
        return done;
    }

    /** Writes memory at linear addresses as a debugger would (read-only pages too); returns the bytes written. */
    public int write(long linear, byte[] from, int offset, int length) {
        return copy(linear, from, offset, length, true);
    }

    /** Reads physical memory; returns the bytes read, less than {@code length} at the end of RAM. */
    public int readPhysical(long physical, byte[] into, int offset, int length) {
        long end = Math.min(physical + length, config.ramBytes());
        for (long pa = physical; pa < end; ) {
            int off = (int) pa & 0xFFF;
            int n = (int) Math.min(end - pa, PhysicalMemory.PAGE - off);
            System.arraycopy(c.memory.page((int) (pa >>> 12)), off, into, offset + (int) (pa - physical), n);
            pa += n;
        }
        return (int) Math.max(0, end - physical);
    }

    /** Console input: the bytes arrive at the serial port at the current position. The caller logs them. */
    public void consoleInput(byte[] bytes) {
        settle();
        c.devices.consoleInput(bytes, c.nanos());
        engine.wake();
    }

    /** The state now. */
    public Snapshot snapshot() {
        byte[] state = state();
        PageTree pages = c.memory.share();
        c.mmu.flushWrites();
        return new Snapshot(c.position, state, pages);
    }

    /** Goes to a state of a machine with the same config. Observer, probes, breakpoints and watches stay. */
    public void restore(Snapshot snapshot) {
        StateReader in = new StateReader(snapshot.state());
        c.memory.adopt(snapshot.pages(), engine::pageReplaced);
        CpuState.load(c, in);
        c.devices.load(in);
        in.end();
        engine.restored();
    }

    /** A digest of the whole architectural state (registers, RAM, devices): equal states, equal digests. */
    public long digest() {
        long h = c.memory.contentHash();
        c.mmu.flushWrites();
        for (byte b : state()) {
            h = (h ^ b & 0xFF) * 0x9E3779B97F4A7C15L;
            h ^= h >>> 29;
        }
        return h;
    }

    /** Devices as of now: what they would be whoever asked before. */
    private void settle() {
        if (c.nanos() >= c.devices.nextEvent()) {
            c.devices.advance(c.nanos());
        }
    }

    private byte[] state() {
        settle();
        StateWriter w = new StateWriter();
        CpuState.save(c, w);
        c.devices.save(w);
        return w.toByteArray();
    }

    /** Moves bytes page by page up to the first that is not mapped or not RAM. */
    private int copy(long linear, byte[] data, int offset, int length, boolean write) {
        int done = 0;
        while (done < length) {
            long pa = c.paging.probe(linear + done);
            if (pa < 0 || pa >= config.ramBytes()) {
                break;
            }
            int off = (int) pa & 0xFFF;
            int n = Math.min(length - done, PhysicalMemory.PAGE - off);
            if (write) {
                c.alone = true;
                try {
                    // Code decoded from there is dropped at once.
                    c.mmu.physicalStore(pa, data, offset + done, n);
                } finally {
                    c.alone = false;
                }
            } else {
                System.arraycopy(c.memory.page((int) (pa >>> 12)), off, data, offset + done, n);
            }
            done += n;
        }
        return done;
    }
}
