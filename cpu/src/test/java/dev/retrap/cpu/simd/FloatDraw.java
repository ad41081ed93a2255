package dev.retrap.cpu.simd;

import java.util.SplittableRandom;

/**
 * Operands at which floating-point instructions are likely to go wrong, and second operands that bring the result near
 * a limit of the format, near zero or near a tie. Captured vectors depend on what is drawn.
 */
final class FloatDraw {
    private final SplittableRandom d;

    FloatDraw(SplittableRandom d) {
        this.d = d;
    }

    /** A number of a format. */
    long number(BinaryFormat f) {
        long sign = d.nextInt(2) == 0 ? 0 : f.signBit();
        int top = f.exponents();
        return sign | switch (d.nextInt(16)) {
            case 0 -> 0;
            case 1 -> f.infinity();
            case 2 -> f.infinity() | f.quietBit() | fraction(f);
            case 3 -> f.infinity() | 1 | fraction(f) & f.quietBit() - 1;
            case 4, 5 -> fraction(f);
            case 6 -> with(f, d.nextInt(1, 4));
            case 7 -> with(f, top - d.nextInt(1, 4));
            case 8, 9 -> with(f, d.nextInt(1, top));
            case 10 -> integer(f);
            case 11, 12 -> ((long) f.bias() << f.fraction()) + d.nextInt(-3, 4);
            default -> with(f, f.bias() + d.nextInt(-70, 71));
        };
    }

    private long with(BinaryFormat f, int exponent) {
        return (long) Math.clamp(exponent, 1, f.exponents() - 1) << f.fraction() | fraction(f);
    }

    /** Random, or with few bits, or with long runs at the end. */
    private long fraction(BinaryFormat f) {
        long all = f.hidden() - 1;
        long r = d.nextLong() & all;
        int n = d.nextInt(f.fraction());
        return switch (d.nextInt(6)) {
            case 0 -> r & -1L << n & all;
            case 1 -> r | (1L << n) - 1;
            case 2 -> 1L << n;
            case 3 -> all - (1L << n);
            default -> r;
        };
    }

    /** A small integer, or one about as large as those that conversions give, with a half or a quarter. */
    private long integer(BinaryFormat f) {
        double v = switch (d.nextInt(4)) {
            case 0 -> d.nextInt(40);
            case 1 -> 0x1p31 + d.nextInt(-3, 4);
            case 2 -> 0x1p63 + d.nextInt(-3, 4) * 0x1p11;
            default -> d.nextInt() & 0xFFFFF;
        };
        v = Math.abs(v + d.nextInt(-4, 5) * 0.25);
        return f == BinaryFormat.DOUBLE ? Double.doubleToRawLongBits(v) : Float.floatToRawIntBits((float) v);
    }

    /** A second operand, often related to the first. */
    long partner(BinaryFormat f, long a) {
        if (f.nan(a) || f.infinite(a) || f.zero(a)) {
            return number(f);
        }
        int e = f.exponent(a);
        long sign = d.nextInt(2) == 0 ? 0 : f.signBit();
        return switch (d.nextInt(12)) {
            case 0 -> a;
            case 1 -> a ^ f.signBit();
            case 2 -> (a ^ sign) + d.nextInt(-2, 3);
            // Sums: exponents as far apart as the fraction is long.
            case 3 -> sign | with(f, e + d.nextInt(-f.fraction() - 4, f.fraction() + 5));
            case 4 -> sign | with(f, e + d.nextInt(-2, 3));
            // Products near the least normal number, near the greatest, near one.
            case 5 -> sign | with(f, f.bias() - e + d.nextInt(-f.fraction() - 3, 4));
            case 6 -> sign | with(f, f.exponents() + f.bias() - e + d.nextInt(-3, 2));
            // Quotients likewise.
            case 7 -> sign | with(f, e + f.bias() + d.nextInt(-3, f.fraction() + 4));
            case 8 -> sign | with(f, e - f.bias() + d.nextInt(-2, 3));
            // Products of these with numbers next to one are tiny or not by the rounding alone.
            case 9 -> sign | f.hidden() + d.nextInt(-3, 4);
            default -> number(f);
        };
    }

    int mxcsr() {
        int masks = d.nextInt(10) < 7 ? 0x1F80 : d.nextInt(64) << 7;
        int flush = d.nextInt(4) == 0 ? 0x8000 : 0;
        int denormalsZero = d.nextInt(4) == 0 ? 0x40 : 0;
        return masks | d.nextInt(4) << 13 | flush | denormalsZero | (d.nextInt(5) == 0 ? d.nextInt(64) : 0);
    }
}
