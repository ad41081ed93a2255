package dev.retrap.repl.cli;

import picocli.CommandLine.Option;

/** Options on how long a guest runs and what it gets to read; mixed into the commands that run one to its end. */
final class RunOptions {
    @Option(names = {"-i", "--interactive"}, order = 8, description = {
        "Connect standard input to the guest's console: what is typed; if it is no terminal, all of it at power-on, "
            + "and a Ctrl-D at its end"
    })
    private boolean interactive;

    @Option(names = "--steps", paramLabel = "N", order = 9, description = "End after N steps")
    private long steps = Long.MAX_VALUE;

    /** {@return position at which the run ends at the latest} */
    long steps() {
        return steps;
    }

    /** {@return where console input comes from} */
    TypedInput input(Context context) {
        return interactive ? TypedInput.standardInput(context.io()) : TypedInput.NONE;
    }
}
