package dev.retrap.repl;

import dev.retrap.repl.cli.Retrap;
import dev.retrap.repl.terminal.Io;

/** Entry point of the program. */
public final class Main {
    private Main() {}

    /** Runs a command on the process's own streams and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(Retrap.run(Io.system(), arguments));
    }
}
