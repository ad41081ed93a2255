package dev.retrap.cpu.memory;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * The pages of RAM by number, immutable, in two levels: trees made one from the other share all but what was changed,
 * so that copying and comparing them costs about as much as the difference.
 */
public final class PageTree {
    private static final int BITS = 6;
    private static final int WIDTH = 1 << BITS;
    private static final byte[][] NONE = new byte[WIDTH][];

    private final byte[][][] directories;
    private final int count;

    private PageTree(byte[][][] directories, int count) {
        this.directories = directories;
        this.count = count;
    }

    /** All zeros. */
    public static PageTree zeros(int count) {
        byte[][][] d = new byte[(count + WIDTH - 1) / WIDTH][][];
        Arrays.fill(d, NONE);
        return new PageTree(d, count);
    }

    /** The given pages, null for those of zeros. */
    public static PageTree of(byte[][] pages) {
        Edit e = zeros(pages.length).edit();
        for (int i = 0; i < pages.length; i++) {
            if (pages[i] != null) {
                e.set(i, pages[i]);
            }
        }
        return e.done();
    }

    /** Number of pages. */
    public int count() {
        return count;
    }

    /** A page, null if it is all zeros. */
    public byte[] page(int n) {
        return directories[n >>> BITS][n & WIDTH - 1];
    }

    /** Tells of each page that is not the same array as in {@code other}, which has as many; ascending. */
    public void differing(PageTree other, IntConsumer page) {
        for (int d = 0; d < directories.length; d++) {
            byte[][] mine = directories[d];
            byte[][] theirs = other.directories[d];
            if (mine != theirs) {
                for (int i = 0; i < WIDTH; i++) {
                    if (mine[i] != theirs[i]) {
                        page.accept(d << BITS | i);
                    }
                }
            }
        }
    }

    /** A changed copy in the making. */
    public Edit edit() {
        return new Edit(this);
    }

    /** A changed copy in the making; not thread-safe. */
    public static final class Edit {
        private final PageTree from;
        private final byte[][][] directories;

        private Edit(PageTree from) {
            this.from = from;
            directories = from.directories.clone();
        }

        /** Puts a page in; null for zeros. */
        public void set(int n, byte[] page) {
            int d = n >>> BITS;
            if (directories[d] == from.directories[d]) {
                directories[d] = directories[d].clone();
            }
            directories[d][n & WIDTH - 1] = page;
        }

        /** The copy; the edit ends with it. */
        public PageTree done() {
            return new PageTree(directories, from.count);
        }
    }
}
