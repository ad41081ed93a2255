package dev.retrap.repl.debug;

import static dev.retrap.repl.debug.Command.Group.PLACES;

import dev.retrap.cpu.Reg;
import dev.retrap.repl.debug.Command.Completion;
import dev.retrap.repl.debug.Command.Repeat;
import dev.retrap.repl.report.Numbers;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.Event;
import dev.retrap.trace.EventFilter;
import dev.retrap.trace.Recording;
import java.util.List;
import java.util.Optional;

/** Positions, events and marks to go to. */
final class PlaceCommands {
    private PlaceCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(PLACES, "goto", "POSITION|event N|next [FILTER]|previous [FILTER]|start|end|N%",
                                "Go to a place in the recording", PlaceCommands::goTo)
                        .alias("seek").complete(Completion.PLACE)
                        .help("""
                                    goto 48213            a position; any expression will do, as in goto $position - 100
                                    goto event 12         just before event 12 crosses the boundary
                                    goto next syscall     the next event that a filter selects, see "help events"
                                    goto previous #PF     the previous one
                                    goto start, goto end, goto 50%

                                A position counts the steps since power-on: retired instructions and delivered
                                interrupts and exceptions. One position is one state of the whole machine."""),
                Command.of(PLACES, "when", "", "Say where this is: position, event, share of the recording",
                        (d, a) -> when(d)),
                Command.of(PLACES, "checkpoint", "", "Mark this position, to come back with restart",
                                (d, a) -> checkpoint(d)),
                Command.of(PLACES, "restart", "N", "Go back to mark N", PlaceCommands::restart)
                        .complete(Completion.NUMBER).repeat(Repeat.NO));
    }

    private static void goTo(Debugger d, String a) {
        Recording recording = d.recording();
        String[] words = a.split("\\s+", 2);
        String rest = words.length > 1 ? words[1] : "";
        switch (words[0]) {
            case "" -> throw new Trouble("Argument required: a position, event N, next, previous, start, end or N%.");
            case "start", "begin" -> d.motion().seek(d.timeline().start());
            case "end" -> d.motion().seek(d.timeline().end());
            case "event" -> {
                long n = rest.isEmpty() ? -1 : d.evaluate(rest.startsWith("#") ? rest.substring(1) : rest).bits();
                if (n < 0 || n >= recording.eventCount()) {
                    throw new Trouble("No event " + (rest.isEmpty() ? "given" : rest)
                            + ": the recording has events 0 to " + (recording.eventCount() - 1) + ".");
                }
                d.out().println(d.events().line(recording.event(n)));
                d.motion().seek(recording.event(n).position());
            }
            case "next", "n" -> toEvent(d, d.timeline().nextEvent(d.timeline().position() + 1, filter(rest)), "after");
            case "previous", "prev", "p" ->
                    toEvent(d, d.timeline().lastEvent(d.timeline().position(), filter(rest)), "before");
            default -> d.motion().seek(a.endsWith("%") ? percent(d, a) : d.evaluate(a).bits());
        }
        d.showPlace();
    }

    private static EventFilter filter(String text) {
        return EventCommands.filter(text);
    }

    private static void toEvent(Debugger d, Optional<Event> event, String side) {
        if (event.isEmpty()) {
            throw new Trouble("No such event " + side + " position " + d.timeline().position() + ".");
        }
        d.motion().seek(event.get().position());
        d.out().println(d.events().line(event.get()));
    }

    private static long percent(Debugger d, String text) {
        try {
            double share = Double.parseDouble(text.substring(0, text.length() - 1).strip());
            if (share >= 0 && share <= 100) {
                long length = d.timeline().end() - d.timeline().start();
                return d.timeline().start() + Math.round(length * (share / 100));
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new Trouble("A share of the recording must be 0% to 100%, not " + text + ".");
    }

    private static void when(Debugger d) {
        long position = d.timeline().position();
        long end = d.timeline().end();
        Recording recording = d.recording();
        d.out().printf("position %s of %s (%.1f%%)%n", Numbers.grouped(position), Numbers.grouped(end),
                end == 0 ? 100.0 : 100.0 * position / end);
        d.out().println("cycles " + Numbers.grouped(d.machine().cycles()) + " (modelled), "
                + Numbers.grouped(d.machine().nanos()) + " ns of virtual time");
        d.out().println("CPL " + d.machine().get(Reg.CPL) + " in " + d.symbols().format(d.machine().linearIp()));
        recording.eventBefore(position).ifPresent(e -> d.out().println("after   " + d.events().line(e)));
        recording.eventFrom(position).ifPresent(e -> d.out().println(
                (e.position() == position ? "here    " : "before  ") + d.events().line(e)));
        for (Event e : Unwinder.openEntries(recording, position)) {
            d.out().println("within  " + d.events().line(e));
        }
    }

    private static void checkpoint(Debugger d) {
        String where = d.symbols().format(d.machine().linearIp());
        int number = d.bookmarks().add(new Debugger.Bookmark(d.timeline().position(), where));
        d.out().println("Checkpoint " + number + " at position " + d.timeline().position() + ", " + where);
    }

    private static void restart(Debugger d, String a) {
        if (a.isEmpty()) {
            throw new Trouble("Argument required (a checkpoint's number, see \"info checkpoints\").");
        }
        d.motion().seek(d.bookmarks().get(Arguments.number(a, "checkpoint")).position());
        d.showPlace();
    }
}
