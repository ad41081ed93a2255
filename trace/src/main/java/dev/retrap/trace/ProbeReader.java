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

    /** Fills a {@link ProbeItem} from {@link ProbeItem#CHANGED} on; index of its end. */
    int read(int index, Machine m, long address, long[] a, int at) {
        Point p = points[index];
        int v = at + ProbeItem.VALUES;
        long changed = 0;
        if (p.address != address || p.seen == 0) {
            p.address = address;
            changed = ProbeItem.ADDRESS_BIT;
            a[v++] = address;
        }
        if (p.flagsRegister >= 0) {
            long flags = m.general(p.flagsRegister) & 0xffff_ffffL;
            if (p.flags != flags || p.seen == 0) {
                p.flags = flags;
                changed |= ProbeItem.FLAGS_BIT;
                a[v++] = flags;
            }
        }
        int bytes = m.readChanges(address, p.bytes, p.last, p.seen, a, v, mask);
        words = bytes == p.bytes ? p.words : bytes / p.wordBytes;
        p.seen = Math.max(p.seen, bytes + 7 >> 3);
        a[at + ProbeItem.CHANGED] = changed | mask[0];
        return v + Long.bitCount(mask[0]);
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
        /** Number of the register that holds the thread flags, -1 for none. */
        final int flagsRegister;
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
            flagsRegister = s.threadFlags() ? p.extraLocation() : -1;
        }
    }
}
