package dev.retrap.trace;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.boot.Probe;
import dev.retrap.trace.file.ProbeItem;
import dev.retrap.trace.file.ProbeRow;
import java.util.List;

/**
 * Takes {@code pt_regs} out of a machine standing at a probe, as far as it is not as it was when the machine stood there
 * before; without allocation.
 */
final class ProbeReader {
    private final Point[] points;
    private final long[] mask = new long[1];
    private final byte[] word = new byte[4];
    private int words;

    ProbeReader(List<ProbeSite> sites) {
        points = sites.stream().map(Point::new).toArray(Point[]::new);
    }

    /** Everything is new again. */
    void forget() {
        for (Point p : points) {
            p.seen = 0;
        }
    }

    /** Whether the probe is where a C handler is entered. */
    boolean handler(int index) {
        return points[index].handler;
    }

    /** Linear address of {@code pt_regs} at a probe. */
    long address(int index, Machine m) {
        Point p = points[index];
        return m.general(p.register) + p.offset & p.addressMask;
    }

    /** Address of the return address in {@code pt_regs}. */
    long returnAddress(int index, long address) {
        return address + points[index].returnAddress;
    }

    /** Words of {@code pt_regs} that {@link #read} could read. */
    int words() {
        return words;
    }

    /** Fills a {@link ProbeItem} from {@link ProbeItem#CHANGED} on. */
    void read(int index, Machine m, long address, long[] a) {
        Point p = points[index];
        int v = ProbeItem.VALUES;
        long changed = 0;
        if (p.address != address || p.seen == 0) {
            p.address = address;
            changed = ProbeItem.ADDRESS_BIT;
            a[v++] = address;
        }
        if (p.hasFlags) {
            long flags = p.flagsRegister >= 0 ? m.general(p.flagsRegister) & 0xffff_ffffL : word(m, address + p.flagsOffset);
            if (p.flags != flags || p.seen == 0) {
                p.flags = flags;
                changed |= ProbeItem.FLAGS_BIT;
                a[v++] = flags;
            }
        }
        if (p.live > 0) {
            readLive(p, m, address, a, v, changed);
            return;
        }
        int bytes = m.readChanges(address, p.bytes, p.last, p.seen, a, v, mask);
        words = bytes == p.bytes ? p.words : bytes / p.wordBytes;
        p.seen = Math.max(p.seen, bytes + 7 >> 3);
        a[ProbeItem.CHANGED] = changed | mask[0];
    }

    /** The same where the first members are not stored yet but in registers. */
    private void readLive(Point p, Machine m, long address, long[] a, int from, long changes) {
        int v = from;
        long changed = changes;
        for (int i = 0; i < p.live; i++) {
            long value = p.registers[i] < 0 ? 0 : m.general(p.registers[i]);
            if (p.head[i] != value || p.seen == 0) {
                p.head[i] = value;
                changed |= 1L << i;
                a[v++] = value;
            }
        }
        int skipped = p.live * p.wordBytes;
        int bytes = m.readChanges(address + skipped, p.bytes - skipped, p.last, Math.max(0, p.seen - p.live), a, v, mask);
        words = p.live + bytes / p.wordBytes;
        p.seen = Math.max(p.seen, p.live + (bytes + 7 >> 3));
        a[ProbeItem.CHANGED] = changed | mask[0] << p.live;
    }

    private long word(Machine m, long address) {
        m.read(address, word, 0, 4);
        return (word[0] & 0xff) | (word[1] & 0xff) << 8 | (word[2] & 0xff) << 16 | (word[3] & 0xffL) << 24;
    }

    /** A probe point, and what was there the last time. */
    private static final class Point {
        final boolean handler;
        /** Number of the register that {@code pt_regs} is found by. */
        final int register;
        final long offset;
        final long addressMask;
        final int returnAddress;
        final int wordBytes;
        final int words;
        final int bytes;
        final boolean hasFlags;
        /** Number of the register that holds the thread flags, -1 if they are in memory, so far from pt_regs. */
        final int flagsRegister;
        final int flagsOffset;
        /** First members that are not in memory, the registers they are in (-1: they are 0), and what was in those. */
        final int live;
        final int[] registers = {15, 14, 13, 12, Reg.RBP.ordinal(), Reg.RBX.ordinal(), -1, -1, -1, -1};
        final long[] head = new long[10];
        final long[] last = new long[ProbeRow.MAX_WORDS];
        /** Longs of {@link #last} that mean something. */
        int seen;
        long address;
        long flags;

        Point(ProbeSite s) {
            Probe p = s.location();
            handler = s.handler();
            register = p.location() == Probe.STACK_POINTER ? Reg.RSP.ordinal() : p.location();
            offset = p.offset();
            addressMask = s.layout() == PtRegs.Layout.I386 ? 0xffff_ffffL : -1;
            returnAddress = s.layout().returnAddress();
            wordBytes = s.layout().wordBytes();
            bytes = s.layout().bytes();
            words = bytes / wordBytes;
            hasFlags = s.threadFlags();
            flagsRegister = hasFlags && p.extraLocation() >= 0 ? p.extraLocation() : -1;
            flagsOffset = p.extraOffset();
            live = (p.kind() & Probe.EXTRA_REGISTERS_LIVE) == 0 ? 0 : (p.kind() & Probe.R8_TO_R11_ZERO) != 0 ? 10 : 6;
            if ((p.kind() & Probe.BP_IN_R9) != 0) {
                registers[4] = 9;
            }
        }
    }
}
