package dev.retrap.repl.debug;

import static dev.retrap.repl.debug.Command.Group.RUNNING;

import dev.retrap.repl.debug.Command.Completion;
import dev.retrap.repl.debug.Command.Repeat;
import dev.retrap.repl.debug.Motion.Direction;
import dev.retrap.repl.terminal.Trouble;
import java.util.List;
import java.util.function.Predicate;

/** Stepping and continuing, both ways. */
final class MotionCommands {
    private MotionCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(RUNNING, "stepi", "[N]", "Step one instruction forward, or N",
                                (d, a) -> d.motion().step(Direction.FORWARD, Arguments.count(d, a)))
                        .alias("si", "step", "s", "t").repeat(Repeat.SAME)
                        .help("""
                                A step is one instruction, or the delivery of an interrupt or exception: the next stop
                                is then the first instruction of its handler. Breakpoints on the way stop it.
                                    stepi
                                    stepi 1000"""),
                Command.of(RUNNING, "reverse-stepi", "[N]", "Step one instruction back, or N",
                                (d, a) -> d.motion().step(Direction.BACKWARD, Arguments.count(d, a)))
                        .alias("rsi", "reverse-step", "rs", "stepi-", "t-").repeat(Repeat.SAME),
                Command.of(RUNNING, "nexti", "[N]", "Step over: calls, system calls and interrupts count as one",
                                (d, a) -> over(d, a, Motion::next))
                        .alias("ni", "next", "n").repeat(Repeat.SAME)
                        .help("""
                                At a SYSENTER in user mode it goes to where the system call comes back to user mode,
                                which is not the instruction after it but the landing pad."""),
                Command.of(RUNNING, "reverse-nexti", "[N]", "Step over, back",
                                (d, a) -> over(d, a, Motion::previous))
                        .alias("rni", "reverse-next", "rn", "nexti-").repeat(Repeat.SAME),
                Command.of(RUNNING, "continue", "[N]", "Run on to the next stop, or pass over N-1 hits first",
                                (d, a) -> resume(d, a, Direction.FORWARD))
                        .alias("c", "fg").repeat(Repeat.SAME)
                        .help("""
                                Runs to a breakpoint, watchpoint or catchpoint, or to the end of the recording.
                                Ctrl-C stops it. With N, the breakpoint that stopped here last is passed N-1 times."""),
                Command.of(RUNNING, "reverse-continue", "[N]", "Run back to the previous stop",
                                (d, a) -> resume(d, a, Direction.BACKWARD))
                        .alias("rc", "continue-").repeat(Repeat.SAME)
                        .help("""
                                At a watchpoint it stops before the access: the value shown as "after" is the one that
                                was there when you set out. Without stops it goes to the start of the recording."""),
                Command.of(RUNNING, "finish", "", "Run until the current function or kernel entry has returned",
                                (d, a) -> finish(d))
                        .alias("fin").repeat(Repeat.SAME),
                Command.of(RUNNING, "reverse-finish", "", "Go back to the call, or the entry, that led here",
                                (d, a) -> reverseFinish(d))
                        .repeat(Repeat.SAME),
                Command.of(RUNNING, "advance", "LOCATION", "Run until an address is reached",
                                (d, a) -> advance(d, a, Direction.FORWARD))
                        .alias("until", "u").complete(Completion.EXPRESSION),
                Command.of(RUNNING, "reverse-advance", "LOCATION", "Run back until an address is reached",
                                (d, a) -> advance(d, a, Direction.BACKWARD))
                        .complete(Completion.EXPRESSION));
    }

    private static void over(Debugger d, String arguments, Predicate<Motion> once) {
        long n = Arguments.count(d, arguments);
        for (long i = 0; i < n && once.test(d.motion()); i++) {
            if (d.interrupted()) {
                break;
            }
        }
        d.showPlace();
    }

    private static void resume(Debugger d, String arguments, Direction direction) {
        long n = Arguments.count(d, arguments);
        if (n > 1) {
            Breakpoint last = d.breakpoints().lastHit();
            if (last == null) {
                throw new Trouble("No breakpoint has stopped here yet: there is none to pass over.");
            }
            last.ignore = n - 1;
            d.out().println("Will ignore next " + (n - 1) + " crossings of breakpoint " + last.number
                    + ".  Continuing.");
        }
        d.motion().run(direction);
    }

    private static void finish(Debugger d) {
        List<Frame> frames = new Unwinder(d).frames(2);
        if (frames.size() < 2) {
            throw new Trouble("\"finish\" not meaningful in the outermost frame.");
        }
        Frame caller = frames.get(1);
        d.out().println("Run till exit from " + d.symbols().format(frames.get(0).ip()));
        d.motion().finish(caller);
        d.showPlace();
    }

    private static void reverseFinish(Debugger d) {
        List<Frame> frames = new Unwinder(d).frames(2);
        if (frames.size() < 2) {
            throw new Trouble("\"reverse-finish\" not meaningful in the outermost frame.");
        }
        d.out().println("Run back to call of " + d.symbols().format(frames.get(0).ip()));
        d.motion().reverseFinish(frames.get(1));
        d.showPlace();
    }

    private static void advance(Debugger d, String arguments, Direction direction) {
        if (arguments.isEmpty()) {
            throw new Trouble("Argument required (a location).");
        }
        d.motion().runTo(direction, Arguments.address(d, arguments), m -> true);
        d.showPlace();
    }
}
