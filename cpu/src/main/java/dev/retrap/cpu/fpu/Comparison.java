package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Flags;

/** Order of two values (SDM vol. 2, FCOM, FUCOM, FCOMI, FTST). */
final class Comparison {
    private Comparison() {}

    /**
     * Compares; {@code r} gets the condition codes C3 C2 C0 and the exceptions.
     *
     * @param quiet a QNaN is no invalid operand (FUCOM)
     */
    static void compare(int ase, long asig, int bse, long bsig, boolean quiet, Result r) {
        r.flags = 0;
        if (Nan.special(ase, asig) || Nan.special(bse, bsig)) {
            r.condition = Status.UNORDERED;
            if (!quiet || invalid(ase, asig) || invalid(bse, bsig)) {
                r.flags = Status.IE;
            }
            return;
        }
        if (F80.denormal(ase, asig) || F80.denormal(bse, bsig)) {
            r.flags = Status.DE;
        }
        int order = order(ase, asig, bse, bsig);
        r.condition = order == 0 ? Status.C3 : order < 0 ? Status.C0 : 0;
    }

    private static boolean invalid(int se, long sig) {
        return F80.unsupported(se, sig) || F80.signaling(se, sig);
    }

    private static int order(int ase, long asig, int bse, long bsig) {
        if ((asig | bsig) == 0) {
            return 0;
        }
        boolean negative = (ase & F80.SIGN) != 0;
        if (negative != ((bse & F80.SIGN) != 0)) {
            return negative ? -1 : 1;
        }
        // A pseudo-denormal has the weight of exponent 1.
        int ea = asig < 0 ? Math.max(ase & F80.SPECIAL, 1) : ase & F80.SPECIAL;
        int eb = bsig < 0 ? Math.max(bse & F80.SPECIAL, 1) : bse & F80.SPECIAL;
        int order = ea != eb ? Integer.compare(ea, eb) : Long.compareUnsigned(asig, bsig);
        return negative ? -order : order;
    }

    /** Condition codes as FCOMI puts them into EFLAGS: C3 is ZF, C2 PF, C0 CF. */
    static int eflags(int condition) {
        return ((condition & Status.C3) != 0 ? Flags.ZF : 0)
                | ((condition & Status.C2) != 0 ? Flags.PF : 0)
                | ((condition & Status.C0) != 0 ? Flags.CF : 0);
    }
}
