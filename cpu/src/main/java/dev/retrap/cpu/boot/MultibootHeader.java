package dev.retrap.cpu.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header in a kernel's first 8 KiB by which a boot loader knows it (Multiboot Specification 0.6.96, 3.1).
 *
 * @param fileOffset where it is
 * @param flags what the kernel asks for
 * @param addresses header_addr, load_addr, load_end_addr, bss_end_addr, entry_addr; null without {@link #ADDRESSES}
 */
record MultibootHeader(int fileOffset, int flags, int[] addresses) {
    /** Flag 16: the header says where to load the file, which need not be ELF. */
    static final int ADDRESSES = 1 << 16;

    private static final int MAGIC = 0x1BADB002;
    private static final int SEARCH_BYTES = 8192;
    /** Flags 15:0 are requirements; known are 0 (align modules), 1 (memory information) and 2 (video mode, if any). */
    private static final int UNKNOWN_REQUIREMENTS = 0xFFF8;

    /** Whether a kernel has something that looks like the header. */
    static boolean isIn(byte[] kernel) {
        ByteBuffer in = ByteBuffer.wrap(kernel).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 12 <= Math.min(kernel.length, SEARCH_BYTES); at += 4) {
            if (in.getInt(at) == MAGIC) {
                return true;
            }
        }
        return false;
    }

    /** Finds the header. */
    static MultibootHeader find(String name, byte[] kernel) {
        ByteBuffer in = ByteBuffer.wrap(kernel).order(ByteOrder.LITTLE_ENDIAN);
        int wrong = -1;
        for (int at = 0; at + 12 <= Math.min(kernel.length, SEARCH_BYTES); at += 4) {
            if (in.getInt(at) != MAGIC) {
                continue;
            }
            if (in.getInt(at) + in.getInt(at + 4) + in.getInt(at + 8) == 0) {
                return read(name, in, at);
            }
            wrong = wrong < 0 ? at : wrong;
        }
        throw new BadImageException(name + (wrong >= 0
                ? ": the Multiboot header at offset 0x" + Integer.toHexString(wrong) + " has a wrong checksum"
                : ": no Multiboot 1 header (magic 1badb002) in its first " + SEARCH_BYTES + " bytes"));
    }

    private static MultibootHeader read(String name, ByteBuffer in, int at) {
        int flags = in.getInt(at + 4);
        if ((flags & UNKNOWN_REQUIREMENTS) != 0) {
            throw new BadImageException(name + ": its Multiboot header requires what this loader does not know:"
                    + " flags 0x" + Integer.toHexString(flags & UNKNOWN_REQUIREMENTS));
        }
        if ((flags & ADDRESSES) == 0) {
            return new MultibootHeader(at, flags, null);
        }
        if (at + 32 > Math.min(in.limit(), SEARCH_BYTES)) {
            throw new BadImageException(name + ": its Multiboot header is cut off");
        }
        int[] addresses = new int[5];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = in.getInt(at + 12 + 4 * i);
        }
        return new MultibootHeader(at, flags, addresses);
    }

    boolean hasAddresses() {
        return addresses != null;
    }
}
