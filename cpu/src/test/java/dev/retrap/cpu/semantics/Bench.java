package dev.retrap.cpu.semantics;

import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.device.Devices;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Decoder;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.memory.PhysicalMemory;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A processor on which single instructions are tried: CPL 3, flat segments, paging on. Pages of 4 KiB are mapped to
 * themselves, all below 64 KiB: {@link #RW} and the next two can be written, {@link #RO} only read, nothing else is
 * there.
 */
final class Bench {
    /** First of three writable pages. */
    static final int RW = 0x8000;
    /** First byte beyond the writable pages, not mapped. */
    static final int HOLE = 0xB000;
    /** A page that can only be read. */
    static final int RO = 0xC000;
    /** No exception. */
    static final int OK = -1;

    private static final int TABLES = 0x1000;
    private static final int RAM = 0x20000;

    final PhysicalMemory memory = new PhysicalMemory(RAM);
    final Cpu c = new Cpu(CpuModels.named("p6"), memory, new Devices(b -> {}, RAM));
    private final CodeMode mode;

    Bench(CodeMode mode) {
        this.mode = mode;
        c.attach(pfn -> {});
        c.cpl = 3;
        for (int s = 0; s < 6; s++) {
            c.limit[s] = -1;
            c.attr[s] = Seg.P | Seg.S | Seg.DPL | Seg.RW | (s == Seg.CS ? Seg.CODE : 0);
        }
        c.attr[Seg.SS] |= mode == CodeMode.CODE16 ? 0 : Seg.DB;
        c.attr[Seg.CS] |= mode == CodeMode.CODE32 ? Seg.DB : mode == CodeMode.CODE64 ? Seg.L : 0;
        boolean wide = mode == CodeMode.CODE64;
        if (wide) {
            poke(TABLES, TABLES + 0x1000 | 7, 8);
            poke(TABLES + 0x1000, TABLES + 0x2000 | 7, 8);
            poke(TABLES + 0x2000, TABLES + 0x3000 | 7, 8);
        } else {
            poke(TABLES, TABLES + 0x3000 | 7, 4);
        }
        for (int page = RW; page < HOLE; page += 0x1000) {
            map(page, 7, wide);
        }
        map(RO, 5, wide);
        c.setControl(Cpu.CR0_PE | Cpu.CR0_PG | Cpu.CR0_WP, TABLES, wide ? Cpu.CR4_PAE : 0,
                wide ? Cpu.EFER_LME | Cpu.EFER_LMA : 0);
        reset();
    }

    private void map(int page, int bits, boolean wide) {
        poke(TABLES + 0x3000 + (page >>> 12) * (wide ? 8 : 4), page | bits, wide ? 8 : 4);
    }

    /** Registers and flags zero, the stack pointer in the middle of the writable pages. */
    void reset() {
        Arrays.fill(c.r, 0);
        c.r[4] = RW + 0x1800;
        c.flagRest = 0x200;
        c.setArith(0);
    }

    Insn decode(byte[] code) {
        return Decoder.decode(mode, code, 0, code.length, 0x1000);
    }

    /** Executes one instruction given in hexadecimal; its vector, or {@link #OK}. */
    int run(String hex) {
        return run(decode(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    int run(Insn i) {
        c.rip = i.next;
        try {
            Semantics.bind(i).exec(c, i);
            return OK;
        } catch (Fault f) {
            c.rip = i.ip;
            return f.vector;
        }
    }

    /** Little-endian value in RAM. */
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
        poke(at, b);
    }

    void poke(int at, byte[] b) {
        c.mmu.physicalStore(at, b, 0, b.length);
    }

    byte[] bytes(int at, int size) {
        byte[] b = new byte[size];
        for (int k = 0; k < size; ) {
            int n = Math.min(size - k, PhysicalMemory.PAGE - (at + k & PhysicalMemory.PAGE - 1));
            System.arraycopy(memory.page(at + k >>> 12), at + k & PhysicalMemory.PAGE - 1, b, k, n);
            k += n;
        }
        return b;
    }
}
