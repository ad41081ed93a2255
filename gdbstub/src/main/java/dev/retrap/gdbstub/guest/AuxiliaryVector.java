package dev.retrap.gdbstub.guest;

import dev.retrap.cpu.Machine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds the auxiliary vector of a program that has run for long: it lies near the top of its stack, where the kernel put
 * it, and is known by its entry for the size of a page (System V ABI, i386 supplement, section 2.3.1).
 */
final class AuxiliaryVector {
    private static final long AT_PAGESZ = 6;
    private static final int PAGE = 4096;
    /** Types that Linux knows are below 64. */
    private static final long MOST_TYPES = 64;
    /** Strings of arguments and environment lie above it. */
    private static final int MOST_PAGES = 64;

    private AuxiliaryVector() {}

    /**
     * Its bytes in memory, AT_NULL included; empty if there is none.
     *
     * @param addressSpace physical address of the program's root page table
     * @param top where its stack begins, downward
     * @param wordBytes 4 or 8
     */
    static byte[] find(Machine machine, long addressSpace, long top, int wordBytes) {
        long from = top & -PAGE;
        byte[] page = new byte[PAGE];
        byte[] stack = new byte[0];
        for (int i = 0; i < MOST_PAGES; i++) {
            from -= PAGE;
            if (machine.readOf(addressSpace, from, page, 0, PAGE) < PAGE) {
                break;
            }
            byte[] more = Arrays.copyOf(page, PAGE + stack.length);
            System.arraycopy(stack, 0, more, PAGE, stack.length);
            stack = more;
            byte[] vector = in(new Words(stack, wordBytes));
            if (vector.length > 0) {
                return vector;
            }
        }
        return new byte[0];
    }

    /** The end of a stack, word by word. */
    private record Words(byte[] bytes, int size) {
        int count() {
            return bytes.length / size;
        }

        long get(int i) {
            ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            return size == 8 ? b.getLong(8 * i) : Integer.toUnsignedLong(b.getInt(4 * i));
        }

        /** True if an entry that is not the last may begin at a word. */
        boolean isEntry(int i) {
            return get(i) > 0 && get(i) < MOST_TYPES;
        }
    }

    private static byte[] in(Words words) {
        for (int i = 0; i + 3 < words.count(); i++) {
            if (words.get(i) == AT_PAGESZ && words.get(i + 1) == PAGE) {
                int start = i;
                while (start >= 2 && words.isEntry(start - 2)) {
                    start -= 2;
                }
                int end = i;
                while (end + 3 < words.count() && words.isEntry(end)) {
                    end += 2;
                }
                // Before it is the null pointer that ends the environment; if that is not in sight, it may begin earlier.
                if (start >= 1 && words.get(start - 1) == 0 && words.get(end) == InitialStack.AT_NULL) {
                    return Arrays.copyOfRange(words.bytes(), start * words.size(), (end + 2) * words.size());
                }
            }
        }
        return new byte[0];
    }
}
