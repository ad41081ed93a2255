package dev.retrap.cpu.simd;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.device.Devices;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Decoder;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.memory.PhysicalMemory;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * A processor on which single instructions are tried: CPL 3 (or 0), flat segments, paging on, SSE enabled. Pages of
 * 4 KiB are mapped to themselves: {@link #RW} and the next two can be written, {@link #RO} behind them only read.
 */
final class Trial {
    /** First of three writable pages. */
    static final int RW = 0x8000;
    /** A page that can only be read. */
    static final int RO = 0xB000;
    /** First byte that is not mapped. */
    static final int HOLE = 0xC000;
    /** No exception. */
    static final int OK = -1;

    private static final int TABLES = 0x1000;
    private static final int RAM = 0x20000;

    final PhysicalMemory memory = new PhysicalMemory(RAM);
    final Cpu c;
    private final CodeMode mode;

    /** A processor of a catalogue model with all that this package executes. */
    Trial(CodeMode mode, String model) {
        this(mode, withAll(CpuModels.named(model)));
    }

    Trial(CodeMode mode, CpuModel model) {
        this.mode = mode;
        c = new Cpu(model, memory, new Devices(b -> {}, RAM));
        c.attach(pfn -> {});
        c.cpl = 3;
        for (int s = 0; s < 6; s++) {
            c.limit[s] = -1;
            c.attr[s] = Seg.P | Seg.S | Seg.DPL | Seg.RW | (s == Seg.CS ? Seg.CODE : 0) | Seg.DB;
        }
        boolean wide = mode == CodeMode.CODE64;
        if (wide) {
            c.attr[Seg.CS] = c.attr[Seg.CS] & ~Seg.DB | Seg.L;
            poke(TABLES, TABLES + 0x1000 | 7, 8);
            poke(TABLES + 0x1000, TABLES + 0x2000 | 7, 8);
            poke(TABLES + 0x2000, TABLES + 0x3000 | 7, 8);
        } else {
            poke(TABLES, TABLES + 0x3000 | 7, 4);
        }
        for (int page = RW; page < HOLE; page += 0x1000) {
            poke(TABLES + 0x3000 + (page >>> 12) * (wide ? 8 : 4), page | (page < RO ? 7 : 5), wide ? 8 : 4);
        }
        c.setControl(Cpu.CR0_PE | Cpu.CR0_PG | Cpu.CR0_WP | Cpu.CR0_NE, TABLES,
                Cpu.CR4_OSFXSR | Cpu.CR4_OSXMMEXCPT | Cpu.CR4_OSXSAVE | (wide ? Cpu.CR4_PAE : 0),
                wide ? Cpu.EFER_LME | Cpu.EFER_LMA : 0);
        c.r[4] = RW + 0x1800;
    }

    /** What the silicon has of this package's features, implemented or not. */
    private static CpuModel withAll(CpuModel m) {
        Set<Feature> features = EnumSet.copyOf(m.features());
        features.addAll(m.pending());
        return new CpuModel(m.name(), m.description(), m.vendor(), m.behaviour(), features, m.system(), Set.of(),
                Set.of(), m.cpuid(), m.costs());
    }

    void control(long cr0Set, long cr0Clear, long cr4Set, long cr4Clear) {
        c.setControl(c.cr0 & ~cr0Clear | cr0Set, c.cr3, c.cr4 & ~cr4Clear | cr4Set, c.efer);
    }

    /** Executes one instruction given in hexadecimal; its vector, or {@link #OK}. */
    int run(String hex) {
        byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
        return run(Decoder.decode(mode, code, 0, code.length, 0x1000));
    }

    int run(Insn i) {
        try {
            c.rip = i.next;
            Simd.bind(i).exec(c, i);
            return OK;
        } catch (Fault f) {
            return f.vector;
        }
    }

    long peek(int at, int size) {
        long v = 0;
        for (int k = 0; k < size; k++) {
            v |= (long) memory.read8(at + k) << 8 * k;
        }
        return v;
    }

    void poke(int at, long v, int size) {
        byte[] b = new byte[size];
        for (int k = 0; k < size; k++) {
            b[k] = (byte) (v >>> 8 * k);
        }
        c.mmu.physicalStore(at, b, 0, size);
    }

    /** Fills memory with one byte. */
    void fill(int at, int size, int value) {
        byte[] b = new byte[size];
        java.util.Arrays.fill(b, (byte) value);
        c.mmu.physicalStore(at, b, 0, size);
    }

    void xmm(int n, long lo, long hi) {
        c.fpu.xmm[2 * n] = lo;
        c.fpu.xmm[2 * n + 1] = hi;
    }
}
