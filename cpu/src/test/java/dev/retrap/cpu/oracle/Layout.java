package dev.retrap.cpu.oracle;

import java.util.List;

/**
 * The address space that tests run in, the same in both modes, in the helper and on our machine: pages that can be
 * executed, written, read, and nothing around them. The only place that says so: the helper is told.
 */
final class Layout {
    static final int PAGE = 4096;

    /** What can be done with a region; the ordinals are the helper's {@code enum region_kind}. */
    enum Kind { CODE, DATA, READ }

    /** Whole pages from a linear address on. */
    record Region(Kind kind, int address, int pages) {
        int bytes() {
            return pages * PAGE;
        }

        int end() {
            return address + bytes();
        }

        boolean holds(long linear) {
            return linear >= address && linear < end();
        }
    }

    static final Region CODE = new Region(Kind.CODE, 0x10000000, 2);
    static final Region WINDOW = new Region(Kind.DATA, 0x20000000, 3);
    /** Follows the window without a gap. */
    static final Region READ_ONLY = new Region(Kind.READ, 0x20003000, 1);
    static final Region STACK = new Region(Kind.DATA, 0x30000000, 2);
    static final List<Region> REGIONS = List.of(CODE, WINDOW, READ_ONLY, STACK);

    /** Bytes of all regions with content, in order: what {@link MemoryImage} holds. */
    static final int DATA_BYTES = WINDOW.bytes() + READ_ONLY.bytes() + STACK.bytes();

    /** Bases of FS and GS that 64-bit tests start with. */
    static final long FS_BASE = 0x20000800L;
    static final long GS_BASE = 0x20001800L;

    /** Selectors of the kernel's flat segments for user mode (arch/x86/include/asm/segment.h). */
    static final int USER32_CS = 0x23;
    static final int USER_DS = 0x2B;
    static final int USER64_CS = 0x33;
    /** Limit of the kernel's GDT. */
    static final int GDT_LIMIT = 0x7F;

    /** A descriptor of the LDT: fields of {@code struct user_desc} of modify_ldt(2), with DPL 3. */
    record Descriptor(int base, int limit, boolean big, int contents, boolean readExecOnly, boolean pages,
            boolean present) {
        /** Linux takes no conforming code segments. */
        static final int DATA = 0, EXPAND_DOWN = 1, CODE = 2;

        /** {@code struct user_desc}'s bit fields. */
        int bits() {
            return (big ? 1 : 0) | contents << 1 | (readExecOnly ? 8 : 0) | (pages ? 16 : 0) | (present ? 0 : 32) | 64;
        }

        /** As the kernel's fill_ldt makes it: accessed, AVL as "useable". */
        long encoded() {
            long type = 1 | (readExecOnly ? 0 : 2) | contents << 2;
            long access = type | 0x10 | 3 << 5 | (present ? 0x80 : 0);
            long flags = 1 | (big ? 4 : 0) | (pages ? 8 : 0);
            long b = base & 0xFFFFFFFFL;
            return limit & 0xFFFF | (b & 0xFFFFFF) << 16 | access << 40 | (long) (limit >> 16 & 15) << 48 | flags << 52
                    | b >>> 24 << 56;
        }

        long limitBytes() {
            return pages ? (limit & 0xFFFFFL) << 12 | 0xFFF : limit & 0xFFFFFL;
        }
    }

    /** The LDT; a selector is {@code index * 8 + 7}. */
    static final List<Descriptor> LDT = List.of(
            data(WINDOW.address, 0x3FFF, true, Descriptor.DATA, false),
            data(WINDOW.address, 0x2FFF, true, Descriptor.DATA, true),
            data(WINDOW.address, 0x0FFF, true, Descriptor.EXPAND_DOWN, false),
            data(WINDOW.address, 0x0FFF, false, Descriptor.EXPAND_DOWN, false),
            data(WINDOW.address, 0xFFFF, false, Descriptor.DATA, false),
            data(STACK.address, 0x1FFF, false, Descriptor.DATA, false),
            data(STACK.address, 0x1FFF, true, Descriptor.DATA, false),
            new Descriptor(0, 0xFFFFF, true, Descriptor.CODE, false, true, true),
            code(false, 0xFFFF, Descriptor.CODE, false),
            code(true, 0x1FFF, Descriptor.CODE, true),
            new Descriptor(WINDOW.address, 0x3FFF, true, Descriptor.CODE, false, false, true),
            new Descriptor(WINDOW.address, 0xFFFF, true, Descriptor.DATA, false, false, false),
            new Descriptor(CODE.address, 0xFFFF, true, Descriptor.CODE, false, false, false),
            new Descriptor(0, 0xFFFFF, true, Descriptor.DATA, false, true, true),
            code(false, 0xFFFF, Descriptor.CODE, true),
            data(STACK.address, 0x0FFF, false, Descriptor.EXPAND_DOWN, true));

    static final int LDT_DATA = selector(0), LDT_READ = selector(1), LDT_DOWN32 = selector(2),
            LDT_DOWN16 = selector(3), LDT_DATA16 = selector(4), LDT_STACK16 = selector(5), LDT_STACK32 = selector(6),
            LDT_FLAT_CODE = selector(7), LDT_CODE16 = selector(8), LDT_EXECUTE = selector(9),
            LDT_READABLE_CODE = selector(10), LDT_ABSENT = selector(11), LDT_ABSENT_CODE = selector(12),
            LDT_FLAT = selector(13), LDT_EXECUTE16 = selector(14), LDT_READ_DOWN16 = selector(15);

    private Layout() {}

    private static Descriptor data(int base, int limit, boolean big, int contents, boolean readOnly) {
        return new Descriptor(base, limit, big, contents, readOnly, false, true);
    }

    private static Descriptor code(boolean big, int limit, int contents, boolean executeOnly) {
        return new Descriptor(CODE.address, limit, big, contents, executeOnly, false, true);
    }

    private static int selector(int index) {
        return index << 3 | 7;
    }

    /** The LDT descriptor of a selector, or null if it names another table or none of ours. */
    static Descriptor local(int selector) {
        int index = selector >> 3;
        return (selector & 4) != 0 && index < LDT.size() ? LDT.get(index) : null;
    }

    /** Base of a segment that a test may start with, outside 64-bit mode. */
    static int base(int selector) {
        Descriptor d = local(selector);
        return d == null ? 0 : d.base();
    }

    /** Where a linear address is kept in a {@link MemoryImage}, or -1. */
    static int dataOffset(long linear) {
        int at = 0;
        for (Region r : REGIONS) {
            if (r.kind == Kind.CODE) {
                continue;
            }
            if (r.holds(linear)) {
                return at + (int) (linear - r.address);
            }
            at += r.bytes();
        }
        return -1;
    }
}
