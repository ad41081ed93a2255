package dev.retrap.cpu.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code .retrap.counters} section of a kernel: arrays of u32 in its memory that count something. Records of 24
 * bytes, little-endian: u32 version (1), u32 kind, u64 address, u32 number of counters, u32 reserved.
 */
public final class CounterTable {
    /** Name of the section. */
    public static final String SECTION = ".retrap.counters";
    /** By number: calls of the i386 ABI that the kernel does not have. */
    public static final int MISSING_I386_CALLS = 1;
    /** By number: calls of the x86-64 ABI that the kernel does not have. */
    public static final int MISSING_X86_64_CALLS = 2;

    private static final int RECORD_BYTES = 24;
    private static final int VERSION = 1;
    private static final int MOST_COUNTERS = 1 << 16;

    private CounterTable() {}

    /**
     * An array of counters.
     *
     * @param kind what is counted; others than the known ones are to be passed over
     * @param address linear address of the first
     * @param count how many
     */
    public record Counters(int kind, long address, int count) {}

    /**
     * The counters of a kernel, none if it has no such section.
     *
     * @throws BadImageException if the section cannot be understood
     */
    public static List<Counters> of(ElfImage image) {
        byte[] section = image.section(SECTION).orElse(new byte[0]);
        if (section.length % RECORD_BYTES != 0) {
            throw bad(image, "has " + section.length + " bytes, not a multiple of " + RECORD_BYTES);
        }
        ByteBuffer in = ByteBuffer.wrap(section).order(ByteOrder.LITTLE_ENDIAN);
        List<Counters> all = new ArrayList<>();
        for (int i = 0; in.hasRemaining(); i++) {
            int version = in.getInt();
            Counters counters = new Counters(in.getInt(), in.getLong(), in.getInt());
            in.getInt();
            if (version != VERSION) {
                throw bad(image, "record " + i + " is of version " + Integer.toUnsignedString(version)
                        + ", this program knows version " + VERSION);
            }
            if (counters.count() < 0 || counters.count() > MOST_COUNTERS) {
                throw bad(image, "record " + i + " has " + Integer.toUnsignedString(counters.count()) + " counters");
            }
            all.add(counters);
        }
        return List.copyOf(all);
    }

    private static BadImageException bad(ElfImage image, String what) {
        return new BadImageException(image.name() + ": section " + SECTION + " " + what);
    }
}
