package dev.retrap.cpu.memory;

import dev.retrap.cpu.Watch;
import java.util.Collection;
import java.util.Objects;

/** The watched ranges, checked on the slow path only: their pages have no valid tags. */
final class WatchList {
    private Watch[] list = {};
    /** What DR0 to DR3 watch, null for nothing. */
    private final Watch[] debug = new Watch[4];
    private boolean debugging;
    private Watch last;
    private long lastAddress;

    void replace(Collection<Watch> watches) {
        list = watches.toArray(new Watch[0]);
    }

    /** True if a watched byte may be in the page at {@code la}, whose frame is {@code pfn}. */
    boolean touchesPage(long la, int pfn) {
        for (Watch w : list) {
            long page = w.space() == Watch.Space.PHYSICAL ? (long) pfn << 12 : la & ~0xFFFL;
            if (w.overlaps(page, PhysicalMemory.PAGE)) {
                return true;
            }
        }
        if (debugging) {
            for (Watch w : debug) {
                if (w != null && w.overlaps(la & ~0xFFFL, PhysicalMemory.PAGE)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Sets what a debug register watches; false if it did so already. */
    boolean setDebug(int n, Watch watch) {
        if (Objects.equals(debug[n], watch)) {
            return false;
        }
        debug[n] = watch;
        debugging = debug[0] != null || debug[1] != null || debug[2] != null || debug[3] != null;
        return true;
    }

    /** Debug registers that watch for this access, bit n for DRn. */
    int debugHits(long la, int size, boolean write) {
        int hits = 0;
        if (debugging) {
            for (int n = 0; n < 4; n++) {
                if (debug[n] != null && debug[n].counts(write) && debug[n].overlaps(la, size)) {
                    hits |= 1 << n;
                }
            }
        }
        return hits;
    }

    /** {@code size} bytes at {@code la} are touched, those of the page being in frame {@code pfn}. */
    boolean hit(long la, int pfn, int size, boolean write) {
        int off = (int) la & 0xFFF;
        int here = Math.min(size, PhysicalMemory.PAGE - off);
        for (Watch w : list) {
            boolean physical = w.space() == Watch.Space.PHYSICAL;
            long a = physical ? (long) pfn << 12 | off : la;
            if (w.counts(write) && w.overlaps(a, physical ? here : size)) {
                last = w;
                lastAddress = la + Math.max(0, w.address() - a);
                return true;
            }
        }
        return false;
    }

    /** A page table entry of 4 bytes at a physical address is written by a walk: it has no linear address. */
    boolean hitPhysical(int pfn, int off) {
        long at = (long) pfn << 12 | off;
        for (Watch w : list) {
            if (w.space() == Watch.Space.PHYSICAL && w.counts(true) && w.overlaps(at, 4)) {
                last = w;
                lastAddress = Math.max(w.address(), at);
                return true;
            }
        }
        return false;
    }

    Watch last() {
        return last;
    }

    long lastAddress() {
        return lastAddress;
    }
}
