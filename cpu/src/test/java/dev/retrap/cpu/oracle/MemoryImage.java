package dev.retrap.cpu.oracle;

/** Content of the data regions that a batch of tests starts with, in the order of {@link Layout#REGIONS}. */
record MemoryImage(long seed, byte[] bytes) {

    /** Draws the content: runs of random bytes, small and special integers, and floating-point numbers. */
    static MemoryImage draw(long seed) {
        var draw = new Draw(seed);
        var bytes = new byte[Layout.DATA_BYTES];
        for (int at = 0; at < bytes.length; at += 16) {
            switch (draw.below(8)) {
                case 0, 1, 2 -> draw.fill(bytes, at, at + 16);
                case 3 -> {
                    put(bytes, at, Numbers.integer(draw), 8);
                    put(bytes, at + 8, Numbers.integer(draw), 8);
                }
                case 4 -> {
                    for (int i = 0; i < 16; i += 4) {
                        put(bytes, at + i, Numbers.integer(draw), 4);
                    }
                }
                case 5 -> {
                    for (int i = 0; i < 16; i += 4) {
                        put(bytes, at + i, Numbers.float32(draw), 4);
                    }
                }
                case 6 -> {
                    put(bytes, at, Numbers.float64(draw), 8);
                    put(bytes, at + 8, Numbers.float64(draw), 8);
                }
                default -> {
                    put(bytes, at, Numbers.significand80(draw), 8);
                    put(bytes, at + 8, Numbers.exponent80(draw), 2);
                    put(bytes, at + 10, draw.next(), 6);
                }
            }
        }
        return new MemoryImage(seed, bytes);
    }

    /** Stores the low bytes of a value. */
    static void put(byte[] into, int at, long value, int size) {
        for (int i = 0; i < size; i++) {
            into[at + i] = (byte) (value >>> 8 * i);
        }
    }

    /** {@code size} bytes from a linear address, zero-extended; 0 where there is no data. */
    long read(long linear, int size) {
        long v = 0;
        for (int i = 0; i < size; i++) {
            int at = Layout.dataOffset(linear + i);
            v |= at < 0 ? 0 : (bytes[at] & 0xFFL) << 8 * i;
        }
        return v;
    }
}
