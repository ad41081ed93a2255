package dev.retrap.cpu.engine;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.CpuState;
import dev.retrap.cpu.core.Descriptors;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.device.Devices;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.memory.PhysicalMemory;
import dev.retrap.cpu.memory.StateWriter;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A machine that runs a {@link RandomProgram} at CPL 3, or now and then at CPL 0, with paging on, a timer interrupt, and
 * handlers that let every exception and interrupt go on at the next slot in turn.
 */
final class RandomMachine {
    private static final int BYTES = 1 << 20;
    private static final int HANDLER = 0x2000, TIMER = 0x2080, SYSENTER = 0x2100, SYSCALL = 0x2140,
            IDT = 0x3000, GDT = 0x2800, TSS = 0x4800, SLOT_TABLE = 0x5100, KERNEL_STACK = 0x8000, TABLES = 0x80000;
    private static final String HANDLER32 =
            "6a0050a10050000040a30050000083e00f8b0485005100008944240881642410ffbefbff5883c404cf";
    private static final String TIMER32 = "6a0050b020e620ff0504500000e971ffffff";
    private static final String HANDLER64 =
            "6a00508b042500500000ffc08904250050000083e00f8b04850051000048894424104881642420ffbefbff584883c40848cf";
    private static final String TIMER64 = "6a0050b020e620ff042504500000e970ffffff";

    /** inc dword [5008h]; sti; sysexit */
    private static final String SYSENTER32 = "ff0508500000fb0f35", SYSENTER64 = "ff042508500000fb480f35";
    /** inc dword [5008h]; sysretq */
    private static final String SYSCALL64 = "ff042508500000480f07";

    final Cpu c;
    final Interpreter engine;
    private final PhysicalMemory memory = new PhysicalMemory(BYTES);
    private final Devices devices = new Devices(b -> { }, BYTES);
    private final boolean wide;

    RandomMachine(CpuModel model, CodeMode mode, long seed, EngineMode engineMode) {
        wide = mode == CodeMode.CODE64;
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed ^ 0x5EED);
        RandomProgram program = new RandomProgram(model, mode, seed);
        c = new Cpu(model, memory, devices);
        engine = new Interpreter(c, engineMode, 16);
        put(HANDLER, HexFormat.of().parseHex(wide ? HANDLER64 : HANDLER32));
        put(TIMER, HexFormat.of().parseHex(wide ? TIMER64 : TIMER32));
        put(SYSENTER, HexFormat.of().parseHex(wide ? SYSENTER64 : SYSENTER32));
        put(SYSCALL, HexFormat.of().parseHex(SYSCALL64));
        c.sysenterCs = 8;
        c.sysenterEsp = KERNEL_STACK;
        c.sysenterEip = SYSENTER;
        c.star = 0x18L << 48 | 8L << 32;
        c.lstar = SYSCALL;
        // No interrupt and no trap on the user's stack.
        c.fmask = Flags.IF | Flags.TF;
        for (int n = 0; n < RandomProgram.SLOTS; n++) {
            put32(SLOT_TABLE + 4 * n, RandomProgram.slotAt(n));
        }
        for (int v = 0; v < 128; v++) {
            boolean error = v == 8 || v >= 10 && v <= 14 || v == 17;
            int target = v == 0x20 ? TIMER : error ? HANDLER + 2 : HANDLER;
            put32(IDT + (wide ? 16 : 8) * v, 8 << 16 | target);
            put32(IDT + (wide ? 16 : 8) * v + 4, 0xEE00);
        }
        long[] gdt = {0, wide ? 0x00AF9B000000FFFFL : 0x00CF9B000000FFFFL, 0x00CF93000000FFFFL,
            wide ? 0x00AFFB000000FFFFL : 0x00CFFB000000FFFFL, 0x00CFF3000000FFFFL,
            // What SYSEXIT and SYSRET to 64-bit mode take.
            0x00AFFB000000FFFFL, 0x00CFF3000000FFFFL};
        for (int n = 0; n < gdt.length; n++) {
            put32(GDT + 8 * n, (int) gdt[n]);
            put32(GDT + 8 * n + 4, (int) (gdt[n] >>> 32));
        }
        put32(TSS + 4, KERNEL_STACK);
        put32(TSS + 8, wide ? 0 : 0x10);
        put(RandomProgram.CODE, program.code());
        byte[] data = new byte[RandomProgram.DATA_PAGES * 4096];
        random.nextBytes(data);
        put(RandomProgram.DATA, data);
        pages(program.selfModifying);
        control(random.nextInt(5) == 0 ? 0 : 3, gdt);
        for (int r = 0; r < (wide ? 16 : 8); r++) {
            c.r[r] = wide ? random.nextLong() : random.nextInt() & 0xFFFFFFFFL;
        }
        c.r[4] = RandomProgram.STACK_TOP - 0x200;
        c.rip = RandomProgram.CODE;
        c.setEflags(Flags.IF | random.nextInt() & Flags.ARITH);
        timer(2 + random.nextInt(6));
    }

    private void put(int at, byte[] bytes) {
        c.mmu.physicalStore(at, bytes, 0, bytes.length);
    }

    private void put32(int at, int v) {
        put(at, new byte[] {(byte) v, (byte) (v >>> 8), (byte) (v >>> 16), (byte) (v >>> 24)});
    }

    /** Linear is physical: the first 64 KiB for the supervisor, code and data for the user, nothing else. */
    private void pages(boolean writableCode) {
        int leaf = TABLES;
        if (wide) {
            leaf = TABLES + 0x3000;
            for (int level = 0; level < 3; level++) {
                put32(TABLES + 0x1000 * level, TABLES + 0x1000 * (level + 1) | 7);
            }
        } else {
            leaf = TABLES + 0x1000;
            put32(TABLES, leaf | 7);
        }
        for (int page = 0; page < 16; page++) {
            entry(leaf, page, 3);
        }
        for (int n = 0; n < RandomProgram.CODE_PAGES; n++) {
            entry(leaf, (RandomProgram.CODE >>> 12) + n, writableCode ? 7 : 5);
        }
        for (int n = 0; n < RandomProgram.DATA_PAGES; n++) {
            entry(leaf, (RandomProgram.DATA >>> 12) + n, n == 6 ? 5 : 7);
        }
    }

    private void entry(int leaf, int page, int bits) {
        put32(leaf + page * (wide ? 8 : 4), page << 12 | bits);
    }

    private void control(int cpl, long[] gdt) {
        c.gdtrBase = GDT;
        c.gdtrLimit = 8 * gdt.length - 1;
        c.idtrBase = IDT;
        c.idtrLimit = 128 * (wide ? 16 : 8) - 1;
        c.sel[Seg.TR] = 0x28;
        c.base[Seg.TR] = TSS;
        c.limit[Seg.TR] = 0x67;
        c.attr[Seg.TR] = Seg.P | 0xB;
        int code = cpl == 3 ? 3 : 1;
        Descriptors.fill(c, Seg.CS, 8 * code | cpl, gdt[code]);
        for (int s : new int[] {Seg.ES, Seg.SS, Seg.DS, Seg.FS, Seg.GS}) {
            Descriptors.fill(c, s, 8 * (code + 1) | cpl, gdt[code + 1]);
        }
        c.cpl = cpl;
        long cr0 = Cpu.CR0_PE | Cpu.CR0_MP | Cpu.CR0_ET | Cpu.CR0_NE | Cpu.CR0_WP | Cpu.CR0_PG;
        long cr4 = Cpu.CR4_OSFXSR | Cpu.CR4_OSXMMEXCPT;
        c.setControl(cr0, TABLES, wide ? cr4 | Cpu.CR4_PAE : cr4,
                wide ? Cpu.EFER_SCE | Cpu.EFER_LME | Cpu.EFER_LMA : 0);
    }

    /** 8259 at vector 20h with the timer alone, 8254 channel 0 in mode 2. */
    private void timer(int count) {
        int[][] writes = {{0x20, 0x11}, {0x21, 0x20}, {0x21, 4}, {0x21, 1}, {0x21, 0xFE}, {0x43, 0x34},
            {0x40, count & 0xFF}, {0x40, count >>> 8}};
        for (int[] w : writes) {
            devices.out(w[0], 1, w[1], 0);
        }
    }

    /** Processor, devices and memory. */
    String state() {
        if (c.nanos() >= devices.nextEvent()) {
            devices.advance(c.nanos());
        }
        StateWriter w = new StateWriter();
        CpuState.save(c, w);
        devices.save(w);
        w.u64(memory.contentHash());
        c.mmu.flushWrites();
        return HexFormat.of().formatHex(w.toByteArray());
    }

    /** Exceptions and interrupts so far. */
    long events() {
        return counter(0x5000) + counter(0x5004);
    }

    /** A counter, 0 if a program at CPL 0 has written over it. */
    private long counter(int at) {
        int n = memory.read32(at);
        return n >= 0 && n <= c.position ? n : 0;
    }

    /** Fast system calls so far. */
    long calls() {
        return counter(0x5008);
    }

    int compiledRegions() {
        return engine.compiledRegions();
    }
}
