package dev.retrap.repl.debug;

import dev.retrap.repl.debug.Command.Completion;
import dev.retrap.repl.debug.Command.Group;
import dev.retrap.repl.debug.Command.Repeat;
import dev.retrap.repl.report.EventText;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.BadFilterException;
import dev.retrap.trace.Event;
import dev.retrap.trace.EventFilter;
import dev.retrap.trace.Recording;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Listing events around the present. */
final class EventCommands {
    private static final int BEFORE = 5;
    private static final int PAGE = 20;

    private EventCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(Group.PLACES, "events", "[FILTER]", "List events around here, or those of a filter",
                                EventCommands::events)
                        .complete(Completion.FILTER).repeat(Repeat.BARE)
                        .help("""
                                    events                      the last ones before this position and the next
                                    events syscall nr=20        system calls 20
                                    events entry kernel         interrupts and exceptions taken by the kernel itself
                                    events vector=14 cr2=0x804b000
                                    events kind=SYSEXIT,IRET position>48000

                                All words of a filter must hold. An empty line shows the next page. ">" is where you
                                are. "goto event N" goes to one, "catch FILTER" stops at them."""),
                Command.of(Group.STATUS, "info events", "[FILTER]", "Count events by kind", EventCommands::count)
                        .complete(Completion.FILTER));
    }

    /** {@return the filter of a text}
     * @throws Trouble if it is none */
    static EventFilter filter(String text) {
        try {
            return EventFilter.parse(text);
        } catch (BadFilterException e) {
            throw new Trouble(e.getMessage(), e);
        }
    }

    private static void events(Debugger d, String arguments) {
        Cursors cursors = d.cursors();
        long position = d.timeline().position();
        boolean goesOn = arguments.isEmpty() && d.repeating()
                && cursors.eventFilter != null && cursors.eventPosition == position;
        String text = goesOn ? cursors.eventFilter : arguments;
        EventFilter filter = filter(text);
        Recording recording = d.recording();
        if (recording.eventCount() == 0) {
            throw new Trouble("The recording has no events.");
        }
        long from = cursors.event;
        if (!goesOn) {
            from = recording.firstEventFrom(position);
            ArrayDeque<Event> before = new ArrayDeque<>();
            Optional<Event> e = d.timeline().lastEvent(position, filter);
            while (e.isPresent() && before.size() < BEFORE) {
                before.addFirst(e.get());
                e = d.timeline().lastEvent(e.get().position(), filter);
            }
            d.out().println("  " + d.style().heading(EventText.header()));
            before.forEach(b -> d.out().println("  " + d.events().line(b)));
        }
        list(d, filter, from, !goesOn);
        cursors.eventFilter = text;
        cursors.eventPosition = position;
    }

    private static void list(Debugger d, EventFilter filter, long from, boolean mark) {
        Recording recording = d.recording();
        Iterator<Event> all = recording.events(from, recording.eventCount());
        int shown = 0;
        long next = from;
        while (all.hasNext() && shown < PAGE && !d.interrupted()) {
            Event e = all.next();
            next = e.index() + 1;
            if (filter.test(e)) {
                d.out().println((mark && shown == 0 ? "> " : "  ") + d.events().line(e));
                shown++;
            }
        }
        d.cursors().event = next;
        if (shown == 0) {
            d.out().println(mark ? "> (no later event)" : "No more events.");
        }
    }

    private static void count(Debugger d, String arguments) {
        EventFilter filter = filter(arguments);
        TreeMap<String, Long> counts = new TreeMap<>();
        long total = 0;
        for (Event e : d.recording().events()) {
            if (d.interrupted()) {
                d.out().println("Interrupted.");
                return;
            }
            if (filter.test(e)) {
                counts.merge(e.name(), 1L, Long::sum);
                total++;
            }
        }
        counts.forEach((name, n) -> d.out().printf("%-12s %,12d%n", name, n));
        d.out().printf("%-12s %,12d%n", "total", total);
    }
}
