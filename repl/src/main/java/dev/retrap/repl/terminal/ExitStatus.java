package dev.retrap.repl.terminal;

/** Exit status of the commands. {@code record} and {@code run} give the guest's own when it switches itself off. */
public final class ExitStatus {
    /** Done; for {@code diff}: the same. */
    public static final int OK = 0;
    /** For {@code diff}: different; for {@code record} and {@code run}: the guest crashed. */
    public static final int FAILED = 1;
    /** Wrong usage or trouble: a file that cannot be used, a port in use, a disk that is full. */
    public static final int TROUBLE = 2;
    /** Ctrl-C: 128 + SIGINT, as shells have it. */
    public static final int INTERRUPTED = 130;
    /** The reader of standard output has gone: 128 + SIGPIPE. */
    public static final int BROKEN_PIPE = 141;

    private ExitStatus() {}
}
