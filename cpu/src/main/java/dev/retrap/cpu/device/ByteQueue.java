package dev.retrap.cpu.device;

import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;
import java.util.Arrays;

/** A first-in, first-out queue of bytes that grows as needed. */
final class ByteQueue {
    private byte[] ring = new byte[16];
    private int head;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(int octet) {
        if (size == ring.length) {
            byte[] larger = Arrays.copyOf(toArray(), 2 * size);
            ring = larger;
            head = 0;
        }
        ring[head + size++ & ring.length - 1] = (byte) octet;
    }

    /** The oldest byte, 0..255; there must be one. */
    int remove() {
        int octet = ring[head] & 0xFF;
        head = head + 1 & ring.length - 1;
        size--;
        return octet;
    }

    void clear() {
        size = 0;
    }

    private byte[] toArray() {
        byte[] all = new byte[size];
        for (int i = 0; i < size; i++) {
            all[i] = ring[head + i & ring.length - 1];
        }
        return all;
    }

    void save(StateWriter w) {
        w.blob(toArray());
    }

    void load(StateReader r) {
        clear();
        for (byte b : r.blob()) {
            add(b);
        }
    }
}
