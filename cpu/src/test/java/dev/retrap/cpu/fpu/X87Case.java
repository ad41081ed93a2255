package dev.retrap.cpu.fpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One x87 instruction with the state before it, in the layout that {@code x87.c} reads: 108 bytes of FNSAVE image, 128
 * bytes of memory, of which the operand is the beginning, eight bytes of code, its length, EFLAGS, RAX.
 *
 * @param bytes the {@value #SIZE} bytes
 */
record X87Case(byte[] bytes) {
    static final int IMAGE = 108;
    static final int MEMORY = 128;
    static final int SIZE = IMAGE + MEMORY + 8 + 4 + 4 + 8;
    /** Offset of the first of the ten-byte registers in an image. */
    static final int REGISTERS = 28;

    private ByteBuffer view() {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    byte[] code() {
        int length = view().getInt(IMAGE + MEMORY + 8);
        return Arrays.copyOfRange(bytes, IMAGE + MEMORY, IMAGE + MEMORY + length);
    }

    int eflags() {
        return view().getInt(IMAGE + MEMORY + 12);
    }

    long rax() {
        return view().getLong(IMAGE + MEMORY + 16);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(code()) + " " + image(bytes) + " memory "
                + HexFormat.of().formatHex(bytes, IMAGE, IMAGE + 16) + String.format(" eflags %x", eflags());
    }

    /** Text of an FNSAVE image, for messages. */
    static String image(byte[] b) {
        ByteBuffer v = ByteBuffer.wrap(b).order(ByteOrder.LITTLE_ENDIAN);
        StringBuilder text = new StringBuilder(String.format(
                "cw %04x sw %04x tw %04x ip %08x op/cs %08x dp %08x ds %04x",
                v.getShort(0), v.getShort(4), v.getShort(8), v.getInt(12), v.getInt(16), v.getInt(20), v.getShort(24)));
        for (int n = 0; n < 8; n++) {
            text.append(String.format(" %04x:%016x",
                    v.getShort(REGISTERS + 10 * n + 8), v.getLong(REGISTERS + 10 * n)));
        }
        return text.toString();
    }
}
