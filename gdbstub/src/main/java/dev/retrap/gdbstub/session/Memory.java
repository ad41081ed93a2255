package dev.retrap.gdbstub.session;

import dev.retrap.gdbstub.rsp.Reply;
import dev.retrap.trace.Timeline;
import java.util.Arrays;

/**
 * Linear memory at the timeline's position: {@code m x M X qSearch:memory qCRC}. Each process has its own.
 */
final class Memory {
    private static final int EFAULT = 14;
    private static final int EINTR = 4;
    private static final int PAGE = 4096;
    private static final int SEARCH_PIECE = 16 * PAGE;
    private static final byte[] NOTHING = {};
    private static final int CRC_POLYNOMIAL = 0x04c11db7;

    private final Timeline timeline;
    private final int longestRead;

    private final Inferiors inferiors;

    /**
     * Memory for a session.
     *
     * @param inferiors whose memory it is
     * @param longestRead most bytes in one reply
     */
    Memory(Timeline timeline, Inferiors inferiors, int longestRead) {
        this.timeline = timeline;
        this.inferiors = inferiors;
        this.longestRead = longestRead;
    }

    /** Up to {@code length} bytes, fewer if an unmapped page comes; an error if none can be read. */
    Reply read(long address, long length, boolean binary, Inferior of) {
        byte[] bytes = bytes(address, length < 0 ? longestRead : (int) Math.min(length, longestRead), of);
        if (bytes.length == 0 && length != 0) {
            return noMemory(address);
        }
        return binary ? new Reply.Binary("b", bytes) : new Reply.Hex(bytes);
    }

    private byte[] bytes(long address, int length, Inferior of) {
        long mask = mask(of);
        if ((address & ~mask) != 0) {
            return new byte[0];
        }
        byte[] bytes = new byte[clip(address, length, mask)];
        int got = inferiors.read(of, address, bytes);
        return got == bytes.length ? bytes : Arrays.copyOf(bytes, got);
    }

    /** Shortens a range that would run over the end of the address space. */
    private static int clip(long address, int length, long mask) {
        long left = mask - address;
        return left >= 0 && left < length - 1L ? (int) left + 1 : length;
    }

    Reply write(long address, byte[] data, Inferior of) {
        long mask = mask(of);
        if (data.length == 0) {
            return Reply.OK;
        }
        if ((address & ~mask) != 0 || clip(address, data.length, mask) < data.length) {
            return noMemory(address);
        }
        if (!inferiors.isCurrent(of)) {
            throw new IllegalArgumentException("memory of process " + of.pid() + " can be written while it has the processor");
        }
        return timeline.writeMemory(address, data) == data.length ? Reply.OK : noMemory(address);
    }

    /** Bits that an address may have. */
    private static long mask(Inferior of) {
        return of.description().addressMask();
    }

    private static Reply noMemory(long address) {
        return new Reply.Error(EFAULT, "no memory mapped at 0x" + Long.toHexString(address));
    }

    /** Searches mapped memory; pages that are not mapped match nothing and end nothing. */
    Reply search(long address, long length, byte[] pattern, Interruption interruption, Inferior of) {
        long mask = mask(of);
        if (pattern.length == 0 || pattern.length > SEARCH_PIECE / 2) {
            return new Reply.Error(EFAULT, "pattern of %d bytes".formatted(pattern.length));
        }
        long at = address;
        long left = length;
        while (left != 0 && Long.compareUnsigned(left, pattern.length) >= 0 && (at & ~mask) == 0) {
            if (interruption.requested()) {
                return new Reply.Error(EINTR, "interrupted");
            }
            // A hole: no need to make room for what is not there.
            byte[] piece = inferiors.read(of, at, new byte[1]) == 0 ? NOTHING : bytes(at, piece(left), of);
            int found = indexOf(piece, pattern);
            if (found >= 0) {
                return new Reply.Text("1," + Long.toHexString(at + found));
            }
            // Full pieces overlap by a pattern less one byte; behind shorter ones there is a hole.
            long step = switch (piece.length) {
                case SEARCH_PIECE -> SEARCH_PIECE - pattern.length + 1L;
                case 0 -> PAGE - (at & PAGE - 1);
                default -> piece.length;
            };
            if (Long.compareUnsigned(step, left) >= 0) {
                break;
            }
            at += step;
            left -= step;
        }
        return new Reply.Text("0");
    }

    /** Size of the next piece of so many bytes, an unsigned number. */
    private static int piece(long left) {
        return (int) (Long.compareUnsigned(left, SEARCH_PIECE) < 0 ? left : SEARCH_PIECE);
    }

    private static int indexOf(byte[] text, byte[] pattern) {
        for (int i = 0; i <= text.length - pattern.length; i++) {
            if (text[i] == pattern[0]
                    && Arrays.equals(text, i, i + pattern.length, pattern, 0, pattern.length)) {
                return i;
            }
        }
        return -1;
    }

    /** CRC-32 as gdb's {@code compare-sections} wants it: not reflected, begun with all ones, not inverted. */
    Reply crc(long address, long length, Interruption interruption, Inferior of) {
        int crc = -1;
        long at = address;
        for (long left = length; left != 0; ) {
            if (interruption.requested()) {
                return new Reply.Error(EINTR, "interrupted");
            }
            byte[] piece = bytes(at, piece(left), of);
            if (piece.length == 0) {
                return noMemory(at);
            }
            crc = crc(crc, piece);
            at += piece.length;
            left -= piece.length;
        }
        return new Reply.Text("C" + Integer.toHexString(crc));
    }

    static int crc(int start, byte[] bytes) {
        int crc = start;
        for (byte b : bytes) {
            crc ^= b << 24;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc < 0 ? crc << 1 ^ CRC_POLYNOMIAL : crc << 1;
            }
        }
        return crc;
    }
}
