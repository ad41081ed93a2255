package dev.retrap.cpu.fpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;

/** Draws states and operands that reach the corners: all classes of values, all roundings, precisions and masks. */
final class X87Draw {
    private static final long INTEGER_BIT = 1L << 63;
    private final RandomGenerator random;
    /** The last value drawn: another one near it cancels, ties, or compares equal. */
    private int lastExponent = 16383;
    private long lastSignificand = INTEGER_BIT;

    X87Draw(RandomGenerator random) {
        this.random = random;
    }

    /** A case of an instruction: its operands are in ST(0), ST(1) or ST(i), and in memory. */
    X87Case draw(X87Encoding e) {
        ByteBuffer b = ByteBuffer.allocate(X87Case.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        int control = control();
        int top = random.nextInt(8);
        boolean rarely = random.nextInt(20) == 0;
        int flags = random.nextInt(64) & random.nextInt(64) & (rarely ? 0x3F : control);
        int status = random.nextInt(0x10000) & 0x4740 | top << 11 | flags;
        int tags = tags(top, e.other());
        b.putInt(0, control | 0xFFFF0000).putInt(4, status | 0xFFFF0000).putInt(8, tags | 0xFFFF0000);
        b.putInt(12, 0x1234567).putInt(16, 0x0155_0023).putInt(20, 0x89ABCDE).putInt(24, 0xFFFF_002B);
        for (int n = 0; n < 8; n++) {
            if (n < 2 || n == e.other()) {
                value(b, X87Case.REGISTERS + 10 * n, e, n);
            } else {
                b.putLong(X87Case.REGISTERS + 10 * n, 0xD000_0000_0000_0000L | n);
                b.putShort(X87Case.REGISTERS + 10 * n + 8, (short) 0x4005);
            }
        }
        b.put(X87Case.IMAGE, memory(e));
        b.put(X87Case.IMAGE + X87Case.MEMORY, e.code());
        b.putInt(X87Case.IMAGE + X87Case.MEMORY + 8, e.code().length);
        b.putInt(X87Case.IMAGE + X87Case.MEMORY + 12, random.nextInt() & 0x8D5 | 0x202);
        b.putLong(X87Case.IMAGE + X87Case.MEMORY + 16, 0x5A5A_1234L);
        return new X87Case(b.array());
    }

    private int control() {
        int precision = random.nextBoolean() ? 3 : random.nextInt(4);
        int masks = random.nextInt(10) < 6 ? 0x3F : random.nextInt(64) | random.nextInt(64);
        return random.nextInt(4) << 10 | precision << 8 | 0x40 | masks;
    }

    private int tags(int top, int other) {
        int valid;
        if (random.nextInt(5) != 0) {
            valid = random.nextInt(256) & 0x7F | 3 | 1 << Math.min(other & 7, 6);
        } else {
            valid = random.nextInt(256);
        }
        int tags = 0;
        for (int n = 0; n < 8; n++) {
            if ((valid >>> n & 1) == 0) {
                tags |= 3 << 2 * (top + n & 7);
            }
        }
        return tags;
    }

    private void value(ByteBuffer b, int at, X87Encoding e, int n) {
        int sign = random.nextInt(2) << 15;
        int exponent;
        long significand = significand();
        switch (random.nextInt(24)) {
            case 0 -> {
                exponent = 0;
                significand = 0;
            }
            case 1 -> {
                exponent = 0;
                significand = random.nextBoolean() ? significand >>> 1 + random.nextInt(63) : significand;
            }
            case 2 -> {
                exponent = 0x7FFF;
                significand = random.nextInt(3) == 0 ? significand : INTEGER_BIT;
            }
            case 3 -> {
                exponent = 0x7FFF;
                significand = INTEGER_BIT | random.nextLong() >>> random.nextInt(64);
            }
            case 4 -> {
                exponent = random.nextBoolean() ? 0x7FFF : random.nextInt(0x8000);
                significand &= ~INTEGER_BIT;
            }
            case 5 -> exponent = random.nextInt(0x7FFF);
            case 6 -> exponent = random.nextBoolean() ? 1 + random.nextInt(80) : 0x7FFE - random.nextInt(80);
            case 7 -> exponent = 16383 + random.nextInt(64);
            case 8 -> {
                long integer = random.nextLong() >>> random.nextInt(64) | 1;
                significand = integer << Long.numberOfLeadingZeros(integer);
                exponent = 16383 + 63 - Long.numberOfLeadingZeros(integer);
            }
            case 9, 10 -> {
                exponent = Math.clamp(lastExponent + random.nextInt(5) - 2, 0, 0x7FFE);
                significand = lastSignificand + random.nextInt(5) - 2;
            }
            case 11, 12 -> exponent = Math.clamp(lastExponent + random.nextInt(140) - 70, 0, 0x7FFE);
            case 13 -> exponent = 16383 - 64 + random.nextInt(128);
            default -> exponent = e.exponent(random, n);
        }
        if (significand >= 0 && exponent != 0 && exponent != 0x7FFF && random.nextInt(30) != 0) {
            significand |= INTEGER_BIT;
        }
        lastExponent = exponent;
        lastSignificand = significand;
        b.putLong(at, significand).putShort(at + 8, (short) (sign | exponent));
    }

    /** Random, or few bits set, or a run of ones near where a precision ends. */
    private long significand() {
        long s = random.nextLong() | INTEGER_BIT;
        return switch (random.nextInt(8)) {
            case 0 -> INTEGER_BIT;
            case 1 -> INTEGER_BIT | 1L << random.nextInt(64) | 1L << random.nextInt(64);
            case 2 -> -1L << random.nextInt(64);
            case 3 -> s & -1L << random.nextInt(64);
            case 4 -> s & -1L << 40 | 1L << 39 | (random.nextBoolean() ? 0 : 1L << random.nextInt(39));
            case 5 -> s & -1L << 11 | 1L << 10 | (random.nextBoolean() ? 0 : 1L << random.nextInt(10));
            default -> s;
        };
    }

    private byte[] memory(X87Encoding e) {
        ByteBuffer b = ByteBuffer.allocate(X87Case.MEMORY).order(ByteOrder.LITTLE_ENDIAN);
        switch (e.memory()) {
            case SINGLE -> b.putInt((int) real(8, 23));
            case DOUBLE -> b.putLong(real(11, 52));
            case EXTENDED -> value(b, 0, e, 2);
            case INTEGER -> b.putLong(random.nextLong() >> random.nextInt(64));
            case DECIMAL -> decimal(b);
            case ENVIRONMENT -> {
                for (int n = 0; n < X87Case.IMAGE; n += 2) {
                    b.putShort(n, (short) (n < X87Case.REGISTERS + 10 ? random.nextInt() : 0x1111 * (n & 15)));
                }
            }
            case NONE -> b.putLong(0xA5A5_A5A5_A5A5_A5A5L);
        }
        return b.array();
    }

    private long real(int exponentBits, int fractionBits) {
        long special = (1L << exponentBits) - 1;
        long fraction = random.nextLong() >>> 64 - fractionBits;
        if (random.nextInt(4) == 0) {
            fraction &= -1L << random.nextInt(fractionBits);
        }
        long exponent = switch (random.nextInt(12)) {
            case 0 -> 0;
            case 1 -> special;
            case 2 -> 1;
            case 3 -> special - 1;
            default -> random.nextLong() & special;
        };
        if (random.nextInt(10) == 0) {
            fraction = 0;
        }
        return random.nextLong() << exponentBits + fractionBits | exponent << fractionBits | fraction;
    }

    private void decimal(ByteBuffer b) {
        for (int n = 0; n < 10; n++) {
            int digits = random.nextInt(10) << 4 | random.nextInt(10);
            b.put(n, (byte) (random.nextInt(40) == 0 ? random.nextInt(256) : digits));
        }
        b.put(9, (byte) (random.nextInt(8) == 0 ? random.nextInt(256) : random.nextInt(2) << 7));
        for (int n = random.nextInt(10); n < 9 && random.nextInt(3) != 0; n++) {
            b.put(n, (byte) 0);
        }
    }
}
