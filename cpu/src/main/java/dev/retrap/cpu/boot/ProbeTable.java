package dev.retrap.cpu.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code .retrap.probes} section of a kernel: records of 32 bytes, little-endian: u32 version (1), u32 kind, u64
 * address, u32 location, s32 offset, u32 extra location, u32 decision; see {@link Probe}. A record whose version is 0
 * is padding.
 */
public final class ProbeTable {
    /** Name of the section. */
    public static final String SECTION = ".retrap.probes";

    private static final int RECORD_BYTES = 32;
    private static final int VERSION = 1;

    private ProbeTable() {}

    /**
     * The probes of a kernel in the order of the section, none if it has no such section.
     *
     * @throws BadImageException if the section cannot be understood
     */
    public static List<Probe> of(ElfImage image) {
        byte[] section = image.section(SECTION).orElse(new byte[0]);
        if (section.length % RECORD_BYTES != 0) {
            throw bad(image, "has " + section.length + " bytes, not a multiple of " + RECORD_BYTES);
        }
        ByteBuffer in = ByteBuffer.wrap(section).order(ByteOrder.LITTLE_ENDIAN);
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; in.hasRemaining(); i++) {
            int version = in.getInt();
            Probe probe = new Probe(in.getInt(), in.getLong(), in.getInt(), in.getInt(), in.getInt(), in.getInt());
            if (version == 0) {
                continue;
            }
            if (version != VERSION) {
                throw bad(image, "record " + i + " is of version " + Integer.toUnsignedString(version)
                        + ", this program knows version " + VERSION);
            }
            if (probe.location() < 0 || probe.location() > Probe.STACK_POINTER) {
                throw bad(image, "record " + i + " has location " + Integer.toUnsignedString(probe.location())
                        + ", known are 0.." + Probe.STACK_POINTER);
            }
            probes.add(probe);
        }
        return List.copyOf(probes);
    }

    private static BadImageException bad(ElfImage image, String what) {
        return new BadImageException(image.name() + ": section " + SECTION + " " + what);
    }
}
