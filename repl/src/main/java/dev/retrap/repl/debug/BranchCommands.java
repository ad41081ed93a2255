package dev.retrap.repl.debug;

import static dev.retrap.repl.debug.Command.Group.HISTORY;

import dev.retrap.cpu.Reg;
import dev.retrap.repl.debug.Command.Completion;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.util.List;

/** Branches of history, and what starts them: writing in the past. */
final class BranchCommands {
    private BranchCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(HISTORY, "branch", "[NAME]", "List the branches, start one here, or enter one",
                                BranchCommands::branch)
                        .help("""
                                    branch              main and the branches made in this session
                                    branch what-if      starts one at this position
                                    branch main         goes back to the recording, where it was left

                                A branch is a recording of its own, FILE.NAME.retrap beside the one that was opened,
                                with the history up to here as its past. It is live: it runs on past its end. The
                                recording itself never changes."""),
                Command.of(HISTORY, "set memory", "ADDRESS, VALUE[, BYTES]",
                                "Write memory; in a recording that starts a branch", BranchCommands::memory)
                        .complete(Completion.EXPRESSION)
                        .help("""
                                    set memory jiffies, 0
                                    set memory $esp+4, 0x1234, 2

                                "set $eax = 5" writes a register likewise."""));
    }

    private static void branch(Debugger d, String name) {
        Timeline t = d.timeline();
        if (name.isEmpty()) {
            for (String line : t.lines()) {
                d.out().println((line.equals(t.line()) ? "* " : "  ") + line);
            }
            return;
        }
        if (t.lines().contains(name)) {
            t.enter(name);
        } else {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
                throw new Trouble("A branch's name has letters, digits, dots, dashes and underscores: \"" + name
                        + "\" has not.");
            }
            try {
                t.branch(name, BranchFiles.beside(t.recording().file(), name));
            } catch (IOException e) {
                throw new Trouble(e.getMessage(), e);
            }
            d.out().println("Branch " + name + " begins here, recorded in " + t.recording().file());
        }
        d.showPlace();
    }

    private static void memory(Debugger d, String arguments) {
        String[] parts = arguments.split(",");
        if (parts.length < 2 || parts.length > 3) {
            throw new Trouble("Arguments required: an address and a value, separated by a comma.");
        }
        long address = Arguments.address(d, parts[0].strip());
        long value = d.evaluate(parts[1].strip()).bits();
        long bytes = parts.length > 2 ? Arguments.count(d, parts[2].strip())
                : d.machine().codeMode().bits() == 64 ? 8 : 4;
        if (bytes > 8) {
            throw new Trouble("At most 8 bytes can be written at once, not " + bytes + ".");
        }
        byte[] data = new byte[(int) bytes];
        for (int i = 0; i < bytes; i++) {
            data[i] = (byte) (value >>> 8 * i);
        }
        String before = d.timeline().line();
        if (d.timeline().writeMemory(address, data) < bytes) {
            throw new Trouble("Cannot access memory at address 0x" + Long.toHexString(address));
        }
        tell(d, before);
    }

    /** Writes a register. */
    static void register(Debugger d, Reg register, long value) {
        String before = d.timeline().line();
        try {
            d.timeline().writeRegister(register, value);
        } catch (IllegalArgumentException e) {
            throw new Trouble(e.getMessage(), e);
        }
        tell(d, before);
    }

    private static void tell(Debugger d, String before) {
        if (!d.timeline().line().equals(before)) {
            d.out().println("This starts branch " + d.timeline().line() + ", recorded in "
                    + d.timeline().recording().file());
        }
    }
}
