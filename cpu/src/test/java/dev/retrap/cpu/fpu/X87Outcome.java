package dev.retrap.cpu.fpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The state after an instruction, in the layout that {@code x87.c} writes: FNSAVE image, memory, signal (0, or 8 for
 * #MF, 4 for #UD), EFLAGS, RAX.
 *
 * @param bytes the {@value #SIZE} bytes
 */
record X87Outcome(byte[] bytes) {
    static final int SIGNAL = X87Case.IMAGE + X87Case.MEMORY;
    static final int SIZE = SIGNAL + 16;
    static final int MF = 8;
    static final int UD = 4;
    private static final int ARITHMETIC_FLAGS = 0x8D5;

    static X87Outcome of(byte[] image, byte[] memory, int signal, int eflags, long rax) {
        ByteBuffer b = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        b.put(image).put(memory).putInt(signal).putInt(eflags).putLong(rax);
        return new X87Outcome(b.array()).defined();
    }

    ByteBuffer view() {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Without what says nothing: reserved halves of the image, flags other than the arithmetic ones, and after a signal
     * the pointers, which the host's kernel saves and restores otherwise.
     */
    X87Outcome defined() {
        ByteBuffer b = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (int n : new int[] {2, 6, 10, 26}) {
            b.putShort(n, (short) 0);
        }
        if (b.getInt(SIGNAL) != 0) {
            b.putInt(12, 0).putInt(16, 0).putInt(20, 0).putShort(24, (short) 0);
        }
        b.putInt(SIGNAL + 4, b.getInt(SIGNAL + 4) & ARITHMETIC_FLAGS);
        return new X87Outcome(b.array());
    }

    boolean same(X87Outcome other) {
        return Arrays.equals(bytes, other.bytes);
    }

    /** True if the difference is one unit in the last place of ST(0) or ST(1), or whether it was rounded up (C1). */
    boolean near(X87Outcome other) {
        ByteBuffer a = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer b = ByteBuffer.wrap(other.bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (ByteBuffer v : new ByteBuffer[] {a, b}) {
            v.putShort(4, (short) (v.getShort(4) & ~Status.C1));
        }
        for (int at = X87Case.REGISTERS; at < X87Case.REGISTERS + 20; at += 10) {
            long distance = a.getLong(at) - b.getLong(at);
            if (a.getShort(at + 8) == b.getShort(at + 8) && Math.abs(distance) <= 1
                    || Math.abs(a.getShort(at + 8) - b.getShort(at + 8)) == 1 && distance == 0x7FFF_FFFF_FFFF_FFFFL
                    || Math.abs(a.getShort(at + 8) - b.getShort(at + 8)) == 1 && -distance == 0x7FFF_FFFF_FFFF_FFFFL) {
                b.putLong(at, a.getLong(at)).putShort(at + 8, a.getShort(at + 8));
            }
        }
        return Arrays.equals(a.array(), b.array());
    }

    boolean sameRegisters(X87Outcome other) {
        return Arrays.equals(bytes, X87Case.REGISTERS, X87Case.IMAGE, other.bytes, X87Case.REGISTERS, X87Case.IMAGE);
    }

    @Override
    public String toString() {
        return X87Case.image(bytes) + " memory " + HexFormat.of().formatHex(bytes, X87Case.IMAGE, X87Case.IMAGE + 32)
                + String.format(" signal %d eflags %x rax %x", view().getInt(SIGNAL), view().getInt(SIGNAL + 4),
                        view().getLong(SIGNAL + 8));
    }
}
