package dev.retrap.cpu.fpu;

/** Which NaN comes out of an operation that NaNs went into (SDM vol. 1, table 4-7, the x87 rows). */
final class Nan {
    private Nan() {}

    /** Unsupported or NaN: {@link #propagate} has the result. */
    static boolean special(int se, long sig) {
        return F80.unsupported(se, sig) || F80.nan(se, sig);
    }

    /** The result of an operation on one operand that is {@link #special}. */
    static void propagate(int se, long sig, Result r) {
        if (F80.unsupported(se, sig)) {
            r.invalid();
            return;
        }
        r.flags = (sig & F80.QUIET_BIT) == 0 ? Status.IE : 0;
        r.set(se, sig | F80.QUIET_BIT);
    }

    /** The result of an operation on two operands of which at least one is {@link #special}. */
    static void propagate(int ase, long asig, int bse, long bsig, Result r) {
        if (F80.unsupported(ase, asig) || F80.unsupported(bse, bsig)) {
            r.invalid();
            return;
        }
        boolean aSignals = F80.signaling(ase, asig);
        boolean bSignals = F80.signaling(bse, bsig);
        boolean a = !F80.nan(bse, bsig) || F80.nan(ase, asig) && prefersFirst(ase, asig, aSignals, bse, bsig, bSignals);
        r.flags = aSignals || bSignals ? Status.IE : 0;
        r.set(a ? ase : bse, (a ? asig : bsig) | F80.QUIET_BIT);
    }

    /** A quiet one before a signaling one, then the larger significand, then the positive one. */
    private static boolean prefersFirst(int ase, long asig, boolean aSignals, int bse, long bsig, boolean bSignals) {
        if (aSignals != bSignals) {
            return bSignals;
        }
        int order = Long.compareUnsigned(asig, bsig);
        return order > 0 || order == 0 && ase < bse;
    }
}
