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
 * A machine in a mode of {@link Kind} with paging on and random registers, about to run a {@link FuzzCode}. Every exception
 * and interrupt goes on at the next encoding, or at some other if control was outside; a shutdown or a halt ends it.
 */
final class FuzzMachine {
    /** Mode of the code, and of the system it runs under. */
    enum Kind {
        LEGACY32(CodeMode.CODE32, false), LEGACY16(CodeMode.CODE16, false), VIRTUAL_8086(CodeMode.CODE16, false),
        LONG64(CodeMode.CODE64, true), COMPATIBILITY32(CodeMode.CODE32, true), COMPATIBILITY16(CodeMode.CODE16, true);

        final CodeMode mode;
        final boolean wide;

        Kind(CodeMode mode, boolean wide) {
            this.mode = mode;
            this.wide = wide;
        }
    }

    private static final int BYTES = 1 << 18;
    private static final int HANDLER = 0x2000, IDT = 0x3000, GDT = 0x2800, TSS = 0x4800, BIAS = 0x5008,
            ELSEWHERE = 0x5100, NEXT = 0xA000, KERNEL_STACK = 0x8000, TABLES = 0x30000;
    /** 16-bit code and data have segments of their own. */
    private static final int BASE16 = 0x10000, DATA16 = 0x20000;
    private static final int DATA = 0x20000, DATA_PAGES = 8;
    /** Counts, sets RIP to the next encoding, clears TF, NT and AC. */
    private static final String HANDLER32 = "6a00501e66b810008ed8ff05005000008b44240c2b05085000003d0010000073100fb7044500a00000"
            + "030508500000eb15ff0504500000a10450000083e03f8b0485005100008944240c81642414ffbefbff1f5883c404cf";
    private static final String HANDLER64 = "6a0050ff042500500000488b442410482b042508500000483d0010000073110fb7044500a00000"
            + "03042508500000eb18ff0425045000008b04250450000083e03f8b048500510000488944241081642420ffbefbff584883c40848cf";

    final Cpu c;
    final Interpreter engine;
    private final PhysicalMemory memory = new PhysicalMemory(BYTES);
    private final Devices devices = new Devices(b -> { }, BYTES);
    private final Kind kind;
    private final int cpl;

    FuzzMachine(CpuModel model, Kind kind, int cpl, FuzzCode code, long seed, EngineMode engineMode) {
        this.kind = kind;
        this.cpl = kind == Kind.VIRTUAL_8086 ? 3 : cpl;
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed ^ 0xF0220);
        c = new Cpu(model, memory, devices);
        engine = new Interpreter(c, engineMode, 1);
        put(HANDLER, HexFormat.of().parseHex(kind.wide ? HANDLER64 : HANDLER32));
        int bias = kind.mode == CodeMode.CODE16 ? BASE16 : 0;
        put32(BIAS, FuzzCode.AT - bias);
        for (int n = 0; n < 64; n++) {
            put32(ELSEWHERE + 4 * n, FuzzCode.AT - bias + code.next(random.nextInt(FuzzCode.SIZE)));
        }
        byte[] next = new byte[2 * FuzzCode.SIZE];
        for (int n = 0; n < FuzzCode.SIZE; n++) {
            int to = code.next(n + 1);
            next[2 * n] = (byte) to;
            next[2 * n + 1] = (byte) (to >>> 8);
        }
        put(NEXT, next);
        for (int v = 0; v < 256; v++) {
            boolean error = v == 8 || v >= 10 && v <= 14 || v == 17;
            put32(IDT + (kind.wide ? 16 : 8) * v, 8 << 16 | (error ? HANDLER + 2 : HANDLER));
            // INT n may not pretend an error code.
            put32(IDT + (kind.wide ? 16 : 8) * v + 4, error ? 0x8E00 : 0xEE00);
        }
        long[] gdt = descriptors();
        for (int n = 0; n < gdt.length; n++) {
            put32(GDT + 8 * n, (int) gdt[n]);
            put32(GDT + 8 * n + 4, (int) (gdt[n] >>> 32));
        }
        put32(TSS + 4, KERNEL_STACK);
        put32(TSS + 8, kind.wide ? 0 : 0x10);
        put32(TSS + 0x64, 0x68 << 16);
        put(FuzzCode.AT, code.bytes());
        byte[] data = new byte[DATA_PAGES * 4096];
        random.nextBytes(data);
        put(DATA, data);
        pages(random.nextInt(4) == 0);
        registers(random);
        c.setEflags(random.nextInt() & (Flags.ARITH | Flags.DF) | (random.nextInt(4) == 0 ? Flags.IOPL : 0));
        turn(0);
    }

    /** Null; code and data of CPL 0 as the handler needs them; code, data, 16-bit code and data of the fuzzed level. */
    private long[] descriptors() {
        long dpl = (long) cpl << 45;
        long base = (long) BASE16 << 16;
        return new long[] {0, kind.wide ? 0x00AF9B000000FFFFL : 0x00CF9B000000FFFFL, 0x00CF93000000FFFFL,
            (kind.mode == CodeMode.CODE64 ? 0x00AF9B000000FFFFL : 0x00CF9B000000FFFFL) | dpl,
            0x00CF93000000FFFFL | dpl, 0x00009B000000FFFFL | dpl | base,
            0x000093000000FFFFL | dpl | (long) DATA16 << 16, 0x00CF93000000FFFFL | dpl};
    }

    private void put(int at, byte[] bytes) {
        c.mmu.physicalStore(at, bytes, 0, bytes.length);
    }

    private void put32(int at, int v) {
        put(at, new byte[] {(byte) v, (byte) (v >>> 8), (byte) (v >>> 16), (byte) (v >>> 24)});
    }

    private void pages(boolean writableCode) {
        int leaf = TABLES + 0x1000;
        if (kind.wide) {
            leaf = TABLES + 0x3000;
            for (int level = 0; level < 3; level++) {
                put32(TABLES + 0x1000 * level, TABLES + 0x1000 * (level + 1) | 7);
            }
        } else {
            put32(TABLES, leaf | 7);
        }
        for (int page = 0; page < 16; page++) {
            entry(leaf, page, 3);
        }
        for (int n = 0; n < FuzzCode.PAGES; n++) {
            entry(leaf, (FuzzCode.AT >>> 12) + n, writableCode ? 7 : 5);
        }
        for (int n = 0; n < DATA_PAGES; n++) {
            entry(leaf, (DATA >>> 12) + n, n == 6 ? 5 : 7);
        }
    }

    private void entry(int leaf, int page, int bits) {
        put32(leaf + page * (kind.wide ? 8 : 4), page << 12 | bits);
    }

    /** The mode of the kind, whatever it is now. */
    private void enter() {
        long[] gdt = descriptors();
        c.flagRest &= ~(Flags.VM | Flags.TF | Flags.NT | Flags.RF | Flags.AC | Flags.IF);
        c.gdtrBase = GDT;
        c.gdtrLimit = 8 * gdt.length - 1;
        c.idtrBase = IDT;
        c.idtrLimit = 256 * (kind.wide ? 16 : 8) - 1;
        c.sel[Seg.TR] = 0x38;
        c.base[Seg.TR] = TSS;
        c.limit[Seg.TR] = 0x67;
        c.attr[Seg.TR] = Seg.P | 0xB;
        c.attr[Seg.LDTR] = Seg.UNUSABLE;
        c.dr[7] = 0x400;
        if (kind == Kind.VIRTUAL_8086) {
            c.flagRest |= Flags.VM;
            for (int s = 0; s < 6; s++) {
                Descriptors.fillReal(c, s, s == Seg.CS ? BASE16 >> 4 : DATA16 >> 4);
            }
        } else {
            boolean narrow = kind.mode == CodeMode.CODE16;
            int code = narrow ? 5 : 3;
            // The handler needs a flat stack, which at CPL 0 is the one it comes from.
            int stack = narrow && cpl != 0 ? 6 : 4;
            Descriptors.fill(c, Seg.CS, 8 * code | cpl, gdt[code]);
            for (int s : new int[] {Seg.ES, Seg.SS, Seg.DS, Seg.FS, Seg.GS}) {
                int d = s == Seg.SS ? stack : narrow ? 6 : 4;
                Descriptors.fill(c, s, 8 * d | cpl, gdt[d]);
            }
        }
        c.cpl = cpl;
        long cr0 = Cpu.CR0_PE | Cpu.CR0_MP | Cpu.CR0_ET | Cpu.CR0_NE | Cpu.CR0_WP | Cpu.CR0_PG;
        long cr4 = Cpu.CR4_OSFXSR | Cpu.CR4_OSXMMEXCPT | (c.model.cr4Bits() & (Cpu.CR4_FSGSBASE | Cpu.CR4_OSXSAVE));
        c.setControl(cr0, TABLES, kind.wide ? cr4 | Cpu.CR4_PAE : cr4,
                kind.wide ? Cpu.EFER_LME | Cpu.EFER_LMA : 0);
    }

    private void registers(RandomGenerator random) {
        boolean narrow = kind.mode == CodeMode.CODE16;
        for (int r = 0; r < (kind.wide ? 16 : 8); r++) {
            c.r[r] = switch (random.nextInt(3)) {
                case 0 -> kind.mode == CodeMode.CODE64 ? random.nextLong() : random.nextInt() & 0xFFFFFFFFL;
                case 1 -> random.nextInt(64);
                default -> (narrow ? 0 : DATA) + random.nextInt(0x5F00);
            };
        }
        for (int n = 0; n < 32; n++) {
            c.fpu.xmm[n] = random.nextLong();
        }
    }

    /** Goes on in the kind's mode at an offset of the code, whatever has become of the machine. */
    void turn(int offset) {
        enter();
        boolean narrow = kind.mode == CodeMode.CODE16;
        c.r[4] = narrow && cpl != 0 ? 0x4000 : DATA + 0x4000;
        c.rip = FuzzCode.AT + offset - (narrow ? BASE16 : 0);
        c.halted = false;
        c.shutdown = false;
        c.pendingDebug = 0;
        engine.wake();
    }

    /** Address of the next instruction. */
    long linear() {
        return c.paging.wrap(c.base[Seg.CS] + c.rip);
    }

    /** The bytes there are at an address, as many as an instruction may have. */
    String bytesAt(long linear) {
        StringBuilder s = new StringBuilder();
        for (int n = 0; n < 15; n++) {
            s.append(String.format("%02x", memory.read8(linear + n)));
        }
        return s.toString();
    }

    /** Processor, devices and memory. */
    String state() {
        StateWriter w = new StateWriter();
        CpuState.save(c, w);
        devices.save(w);
        w.u64(memory.contentHash());
        c.mmu.flushWrites();
        return HexFormat.of().formatHex(w.toByteArray());
    }
}
