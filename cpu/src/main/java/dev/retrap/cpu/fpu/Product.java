package dev.retrap.cpu.fpu;

/** Product (SDM vol. 2, FMUL). */
final class Product {
    private Product() {}

    static void multiply(int ase, long asig, int bse, long bsig, int control, Result r) {
        r.flags = 0;
        int sign = (ase ^ bse) & F80.SIGN;
        if (F80.normal(ase, asig) && F80.normal(bse, bsig)) {
            finite(sign, ase & F80.SPECIAL, asig, bse & F80.SPECIAL, bsig, control, r);
            return;
        }
        if (Nan.special(ase, asig) || Nan.special(bse, bsig)) {
            Nan.propagate(ase, asig, bse, bsig, r);
            return;
        }
        if (F80.denormal(ase, asig) || F80.denormal(bse, bsig)) {
            r.flags = Status.DE;
        }
        boolean zero = asig == 0 || bsig == 0;
        if (F80.infinite(ase, asig) || F80.infinite(bse, bsig)) {
            if (zero) {
                r.invalid();
            } else {
                r.infinity(sign);
            }
        } else if (zero) {
            r.zero(sign);
        } else {
            int na = Long.numberOfLeadingZeros(asig);
            int nb = Long.numberOfLeadingZeros(bsig);
            finite(sign, Math.max(ase & F80.SPECIAL, 1) - na, asig << na,
                    Math.max(bse & F80.SPECIAL, 1) - nb, bsig << nb, control, r);
        }
    }

    private static void finite(int sign, int ea, long asig, int eb, long bsig, int control, Result r) {
        long high = Math.unsignedMultiplyHigh(asig, bsig);
        long low = asig * bsig;
        int exponent = ea + eb - F80.BIAS + 1;
        if (high >= 0) {
            high = high << 1 | low >>> 63;
            low <<= 1;
            exponent--;
        }
        Rounding.finish(sign, exponent, high, low, control, r);
    }
}
