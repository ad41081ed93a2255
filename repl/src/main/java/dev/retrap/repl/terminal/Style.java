package dev.retrap.repl.terminal;

/**
 * How text may look: with ANSI colours or without. Colours say what kind of thing a word is, never something that the
 * words do not say too.
 */
public enum Style {
    /** No escape sequences. */
    PLAIN,
    /** SGR sequences (ECMA-48, 8.3.117), the sixteen colours of the user's own palette only. */
    ANSI;

    /** {@return the style for a decision on colour}
     * @param color true for colour */
    public static Style of(boolean color) {
        return color ? ANSI : PLAIN;
    }

    /** A heading. */
    public String heading(String s) {
        return wrap("1", s);
    }

    /** A way into the kernel. */
    public String entry(String s) {
        return wrap("32", s);
    }

    /** A way out of the kernel. */
    public String exit(String s) {
        return wrap("36", s);
    }

    /** An exception or anything else that deserves a look. */
    public String alert(String s) {
        return wrap("31", s);
    }

    /** A symbol. */
    public String symbol(String s) {
        return wrap("33", s);
    }

    /** An address or position. */
    public String number(String s) {
        return wrap("34", s);
    }

    /** Something of less importance. */
    public String dim(String s) {
        return wrap("2", s);
    }

    private String wrap(String sgr, String s) {
        return this == PLAIN || s.isEmpty() ? s : "\033[" + sgr + "m" + s + "\033[0m";
    }
}
