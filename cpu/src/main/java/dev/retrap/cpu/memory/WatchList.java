package dev.retrap.cpu.memory;

import dev.retrap.cpu.Watch;
import java.util.Collection;

/** The watched ranges, checked on the slow path only: their pages have no valid tags. */
final class WatchList {
    private Watch[] list = {};
    private Watch last;
    private long lastAddress;

    void replace(Collection<Watch> watches) {
        list = watches.toArray(new Watch[0]);
    }

    boolean touchesPage(long la) {
        for (Watch w : list) {
            if (w.overlaps(la & ~0xFFFL, PhysicalMemory.PAGE)) {
                return true;
            }
        }
        return false;
    }

    boolean hit(long la, int size, boolean write) {
        for (Watch w : list) {
            if (w.counts(write) && w.overlaps(la, size)) {
                last = w;
                lastAddress = Math.max(la, w.address());
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
