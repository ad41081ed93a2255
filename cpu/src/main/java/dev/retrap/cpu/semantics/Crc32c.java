package dev.retrap.cpu.semantics;

/** CRC32 (SDM vol. 2): polynomial 11EDC6F41H, bit-reflected, no inversion. */
public final class Crc32c {
    private static final int REFLECTED = 0x82F63B78;
    private static final int[] TABLE = new int[256];

    static {
        for (int b = 0; b < 256; b++) {
            int c = b;
            for (int k = 0; k < 8; k++) {
                c = c >>> 1 ^ ((c & 1) != 0 ? REFLECTED : 0);
            }
            TABLE[b] = c;
        }
    }

    private Crc32c() {}

    /** The checksum {@code crc} carried on over the low {@code bits} (8, 16, 32, 64) bits of {@code data}. */
    public static int update(int crc, long data, int bits) {
        for (int k = 0; k < bits; k += 8) {
            crc = crc >>> 8 ^ TABLE[(crc ^ (int) (data >>> k)) & 0xFF];
        }
        return crc;
    }
}
