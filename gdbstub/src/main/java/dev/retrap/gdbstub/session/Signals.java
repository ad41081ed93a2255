package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Signals of the user program, told by what crosses the boundary, whatever the kernel: a signal has been delivered where
 * an exit does not go back to where its entry came from, but to a handler on a frame of its own.
 */
final class Signals {
    /** sigreturn and execve change the stack for reasons of their own; i386 and x86-64 numbers. */
    private static final Set<Long> OWN_STACK = Set.of(119L, 173L, 15L, 11L, 59L, 120L, 56L, 2L, 57L, 190L, 58L);
    private static final long RED_ZONE = 128;
    private static final int INSTRUCTION = 2;
    /** As many as there can be tasks, about: those that never end are forgotten. */
    private static final int MOST_OPEN = 512;

    /**
     * A signal about to be acted on.
     *
     * @param position where the program stands as the signal finds it
     * @param delivered position of the exit to the handler
     * @param info which
     */
    record Signal(long position, long delivered, SignalInfo info) {}

    private final Timeline timeline;
    /** By the position of the exit. */
    private final TreeMap<Long, Signal> known = new TreeMap<>();
    private long scanned;
    /** The line of history that the known ones are of. */
    private String line = "";
    private Event entry;
    /** Entries that have not ended, by number. */
    private final TreeMap<Long, Event> open = new TreeMap<>();

    Signals(Timeline timeline) {
        this.timeline = timeline;
    }

    /** The first signal whose delivery is still to come at a position of the history. */
    Optional<Signal> next(long position) {
        Recording recording = timeline.recording();
        if (!timeline.line().equals(line)) {
            line = timeline.line();
            known.clear();
            scanned = 0;
        }
        if (scanned < recording.eventCount()) {
            timeline.eachEvent(scanned, recording.eventCount(), e -> {
                signal(e).ifPresent(s -> known.put(s.delivered(), s));
                scanned = e.index() + 1;
            });
        }
        return Optional.ofNullable(known.ceilingEntry(position)).map(TreeMap.Entry::getValue);
    }

    /** Events that deliver a signal, for events that come one after the other. */
    Predicate<Event> deliveries() {
        entry = null;
        open.clear();
        return e -> signal(e).isPresent();
    }

    /** The signal that an exit delivers; every event is to be shown, in order. */
    Optional<Signal> signal(Event e) {
        if (e.isEntry()) {
            if (e.fromUser()) {
                entry = e;
                open.put(e.index(), e);
                if (open.size() > MOST_OPEN) {
                    open.pollFirstEntry();
                }
            }
            return Optional.empty();
        }
        Event entry = e.toUser() ? entryOf(e) : null;
        if (entry == null || entry.isSystemCallEntry() && OWN_STACK.contains(entry.systemCall())) {
            return Optional.empty();
        }
        long grown = entry.before(Reg.RSP) - e.after(Reg.RSP);
        boolean sameStack = grown >= 0 && grown <= RED_ZONE;
        boolean resumes = e.after(Reg.RIP) - entry.before(Reg.RIP) >= 0
                && e.after(Reg.RIP) - entry.before(Reg.RIP) <= INSTRUCTION;
        if (grown == 0 || sameStack && resumes) {
            return Optional.empty();
        }
        // The handler's first argument: in EAX and on the stack on i386, in RDI on x86-64.
        long number = e.before(Reg.CS) == 0 ? 0 : isWide(e) ? e.after(Reg.RDI) : e.after(Reg.RAX);
        if (number < 1 || number > 64) {
            return Optional.empty();
        }
        return Optional.of(new Signal(entry.position(), e.position(), info(entry, (int) number)));
    }

    /** The entry that an exit ends: with several tasks not the last one. A task's first exit ends none. */
    private Event entryOf(Event exit) {
        return exit.pair() < 0 ? entry : open.remove(exit.pair());
    }

    /** A 64-bit program: its code segment is not that of compatibility mode ({@code __USER_CS}, 33h). */
    private static boolean isWide(Event e) {
        return e.after(Reg.CS) == 0x33;
    }

    /** The signal that a fatal exception of the program raises; empty if its last way into the kernel was no exception. */
    Optional<Signal> fatal(long position, int number) {
        return Context.lastEntry(timeline, position)
                .map(e -> new Signal(e.position(), position, info(e, number)));
    }

    private static SignalInfo info(Event entry, int number) {
        boolean exception = !entry.isSystemCallEntry() && entry.vector() >= 0 && entry.vector() < 32;
        if (!exception) {
            return new SignalInfo(number, 0, 0);
        }
        return switch (entry.vector()) {
            case 14 -> new SignalInfo(number, (entry.errorCode() & 1) == 0 ? 1 : 2, entry.cr2());
            case 0 -> new SignalInfo(number, 1, entry.before(Reg.RIP));
            case 6 -> new SignalInfo(number, 2, entry.before(Reg.RIP));
            default -> new SignalInfo(number, SignalInfo.SI_KERNEL, 0);
        };
    }
}
