package dev.retrap.gdbstub.guest;

import dev.retrap.trace.Timeline;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds a timeline's {@link GuestProgram} once it is there, and remembers it: the past does not change. */
public final class ProgramLookup implements Supplier<Optional<GuestProgram>> {
    private final Timeline timeline;
    private Optional<GuestProgram> found = Optional.empty();

    /** A look-up that has not looked yet. */
    public ProgramLookup(Timeline timeline) {
        this.timeline = timeline;
    }

    /** The program; empty while a live guest has not come to user mode. On the machine's thread. */
    @Override
    public Optional<GuestProgram> get() {
        if (found.isEmpty()) {
            found = GuestProgram.find(timeline);
        }
        return found;
    }
}
