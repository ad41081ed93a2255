package dev.retrap.cpu.system;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;

/** IN, OUT, INS, OUTS with the I/O permission bitmap (SDM vol. 1, chapter 19). */
final class PortIo {
    private PortIo() {}

    /** #GP(0) unless IOPL or the TSS's bitmap allows {@code size} ports from {@code port}. */
    private static void check(Cpu c, int port, int size) {
        if (!c.protectedMode() || !c.v86() && c.cpl <= c.iopl()) {
            return;
        }
        int limit = c.limit[Seg.TR];
        boolean tss32 = (c.attr[Seg.TR] & 8) != 0 && (c.attr[Seg.TR] & Seg.UNUSABLE) == 0;
        if (!tss32 || Integer.compareUnsigned(limit, 0x67) < 0) {
            throw c.gp(0);
        }
        int map = (int) c.mmu.systemLoad(c.paging.wrap(c.base[Seg.TR] + 0x66), 2);
        int at = map + (port >>> 3);
        // Two bytes are always read, so a port range may not reach past the limit even when one byte would do.
        if (Integer.compareUnsigned(at + 1, limit) > 0) {
            throw c.gp(0);
        }
        int bits = (int) c.mmu.systemLoad(c.paging.wrap(c.base[Seg.TR] + at), 2) >>> (port & 7);
        if ((bits & (1 << size) - 1) != 0) {
            throw c.gp(0);
        }
    }

    private static int read(Cpu c, int port, int size) {
        c.debugPort(port, size);
        int v = c.devices.in(port, size, c.nanosInInsn());
        c.attention();
        return v;
    }

    private static void write(Cpu c, int port, int size, int v) {
        c.debugPort(port, size);
        c.devices.out(port, size, v, c.nanosInInsn());
        c.attention();
    }

    /** Port number: the immediate, or DX. */
    private static int port(Cpu c, int reg, Insn i) {
        return reg >= 0 ? c.r16(2) : (int) i.imm & 0xFF;
    }

    static void in(Cpu c, Insn i) {
        int size = i.opSize >> 3;
        int port = port(c, i.r1, i);
        check(c, port, size);
        int v = read(c, port, size);
        switch (size) {
            case 1 -> c.r8(0, v);
            case 2 -> c.r16(0, v);
            default -> c.r32(0, v);
        }
    }

    static void out(Cpu c, Insn i) {
        int size = i.opSize >> 3;
        int port = port(c, i.r0, i);
        check(c, port, size);
        write(c, port, size, switch (size) {
            case 1 -> c.r8(0);
            case 2 -> c.r16(0);
            default -> c.r32(0);
        });
    }

    private static long mask(Insn i) {
        return i.addrSize == 64 ? -1L : i.addrSize == 32 ? 0xFFFFFFFFL : 0xFFFFL;
    }

    private static void advance(Cpu c, int reg, int by, Insn i) {
        long m = mask(i);
        long v = c.r[reg] + by & m;
        c.r[reg] = i.addrSize == 16 ? c.r[reg] & ~m | v : v;
    }

    static void ins(Cpu c, Insn i) {
        int size = i.opSize >> 3;
        int step = c.flag(Flags.DF) ? -size : size;
        check(c, c.r16(2), size);
        while (i.rep == 0 || (c.r[1] & mask(i)) != 0) {
            int port = c.r16(2);
            long ea = c.r[7] & mask(i);
            long la = c.writable(Seg.ES, ea, size);
            c.mmu.checkWrite(la, size);
            int v = read(c, port, size);
            switch (size) {
                case 1 -> c.mmu.store8(la, v);
                case 2 -> c.mmu.store16(la, v);
                default -> c.mmu.store32(la, v);
            }
            advance(c, 7, step, i);
            if (i.rep == 0) {
                return;
            }
            advance(c, 1, -1, i);
            if (c.stopsRepeating() && (c.r[1] & mask(i)) != 0) {
                c.rip = i.ip;
                return;
            }
        }
    }

    static void outs(Cpu c, Insn i) {
        int size = i.opSize >> 3;
        int step = c.flag(Flags.DF) ? -size : size;
        check(c, c.r16(2), size);
        while (i.rep == 0 || (c.r[1] & mask(i)) != 0) {
            int port = c.r16(2);
            long ea = c.r[6] & mask(i);
            int v = switch (size) {
                case 1 -> c.ld8(i.seg, ea);
                case 2 -> c.ld16(i.seg, ea);
                default -> c.ld32(i.seg, ea);
            };
            write(c, port, size, v);
            advance(c, 6, step, i);
            if (i.rep == 0) {
                return;
            }
            advance(c, 1, -1, i);
            if (c.stopsRepeating() && (c.r[1] & mask(i)) != 0) {
                c.rip = i.ip;
                return;
            }
        }
    }
}
