package dev.retrap.cpu.engine.compile;

/**
 * What the compiler knows of the arithmetic flags at a place.
 *
 * @param kind how they came to be
 * @param bits width of that operation
 */
record Known(Kind kind, int bits) {
    enum Kind {
        /** Nothing. */
        NOTHING,
        /** SF, ZF and PF are those of flagRes. */
        RESULT,
        /** Those of a logical operation: as RESULT, with CF and OF clear. */
        LOGIC,
        /** Those of CMP_A - CMP_B. */
        DIFFERENCE
    }

    static final Known NOTHING = new Known(Kind.NOTHING, 0);

    static Known result(int bits) {
        return new Known(Kind.RESULT, bits);
    }

    static Known logic(int bits) {
        return new Known(Kind.LOGIC, bits);
    }

    static Known difference(int bits) {
        return new Known(Kind.DIFFERENCE, bits);
    }

    /** After a change of CF or OF alone. */
    Known carryChanged() {
        return kind == Kind.NOTHING ? NOTHING : result(bits);
    }
}
