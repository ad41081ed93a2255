package dev.retrap.trace.diff;

import dev.retrap.trace.Errno;

/**
 * One thing that differs, as numbers: cheap to find, to compare and to count; put into words when the report is made.
 *
 * @param aspect its aspect
 * @param field which register, member or figure
 * @param a value in the first recording, to be read as the field says
 * @param b value in the second
 */
record Fact(Aspect aspect, Field field, long a, long b) {
    /** How a value is read. */
    enum Show {
        /** A register or word that may be an address. */
        ADDRESS,
        /** EFLAGS. */
        FLAGS,
        /** A figure. */
        NUMBER,
        /** What a system call returned. */
        RESULT,
        /** A way in or out, see {@link Paths#code}. */
        PATH,
        /** Why the exit was chosen, see {@link Decisions#code}. */
        DECISION,
        /** 1 for yes. */
        PRESENCE
    }

    /**
     * A register, member or figure.
     *
     * @param name its name in reports
     * @param show how its values are read
     */
    record Field(String name, Show show) {}

    /** The difference in words. */
    DiffReport.Difference inWords(Space spaceA, Space spaceB) {
        return new DiffReport.Difference(aspect, field.name(), show(a, spaceA), show(b, spaceB));
    }

    private String show(long value, Space space) {
        return switch (field.show()) {
            case ADDRESS -> space.show(value);
            case FLAGS -> Eflags.show(value);
            case NUMBER -> Long.toString(value);
            case RESULT -> result(value, space);
            case PATH -> Paths.name((int) value);
            case DECISION -> Decisions.show(value);
            case PRESENCE -> value == 1 ? "yes" : "no";
        };
    }

    /** {@code -14 (EFAULT)} for an error, else as an address or number. */
    private static String result(long value, Space space) {
        long n = space.wide() ? value : (int) value;
        String error = Errno.name(n);
        return error == null ? space.show(value) : n + " (" + error + ")";
    }
}
