package dev.retrap.repl.terminal;

/** Something the user has to know and can act on: one line that says what is wrong and what to do. No stack trace. */
public final class Trouble extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Trouble with its one line, without the program's name in front. */
    public Trouble(String line) {
        super(line);
    }

    /** Trouble with what caused it, which {@code --debug} shows. */
    public Trouble(String line, Throwable cause) {
        super(line, cause);
    }
}
