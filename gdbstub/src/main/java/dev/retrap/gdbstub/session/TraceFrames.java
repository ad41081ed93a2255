package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Reg;
import dev.retrap.gdbstub.rsp.Reply;
import dev.retrap.gdbstub.rsp.Request.FrameSelector;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.Event;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.util.Optional;

/**
 * The recording's events as trace frames: gdb's {@code tfind N} shows the machine at event N, just before it happens,
 * and {@code tfind none} goes back to where the user was (GDB manual, nodes "tfind", "Tracepoint Packets").
 */
final class TraceFrames {
    private static final String NOT_FOUND = "F-1";

    private final Timeline timeline;
    private long selected = -1;
    private long back;

    TraceFrames(Timeline timeline) {
        this.timeline = timeline;
    }

    /** True while a frame is selected. */
    boolean isSelected() {
        return selected >= 0;
    }

    Reply select(FrameSelector selector) {
        if (selector instanceof FrameSelector.Number(long number) && number < 0) {
            leave();
            return new Reply.Text(NOT_FOUND);
        }
        Optional<Event> event = find(selector);
        if (event.isEmpty()) {
            return new Reply.Text(NOT_FOUND);
        }
        if (!isSelected()) {
            back = timeline.position();
        }
        selected = event.get().index();
        if (timeline.seekEvent(selected) instanceof Arrival.Interrupted) {
            leave();
            return new Reply.Text(NOT_FOUND);
        }
        return new Reply.Text("F%xT1".formatted(selected));
    }

    private Optional<Event> find(FrameSelector selector) {
        Recording recording = timeline.recording();
        return switch (selector) {
            case FrameSelector.Number(long number) -> number < recording.eventCount()
                    ? Optional.of(recording.event(number))
                    : Optional.empty();
            case FrameSelector.Pc(long low, long high, boolean inside) ->
                    timeline.nextEvent(fromHere(recording), e -> isWithin(e, low, high) == inside);
            case FrameSelector.Tracepoint(long _) -> Optional.empty();
        };
    }

    /** Where the search for the next frame begins: after the one selected. */
    private long fromHere(Recording recording) {
        return isSelected() ? recording.event(selected).position() + 1 : 0;
    }

    private static boolean isWithin(Event event, long low, long high) {
        long ip = event.before(Reg.RIP);
        return Long.compareUnsigned(ip, low) >= 0 && Long.compareUnsigned(ip, high) <= 0;
    }

    /** Makes the selected frame's position the one that leaving goes to. */
    void stay() {
        back = timeline.position();
    }

    /** Goes back to where the first selection was made, whatever interrupts. */
    void leave() {
        if (!isSelected()) {
            return;
        }
        selected = -1;
        while (timeline.seek(back) instanceof Arrival.Interrupted) {
            // The interrupt is for the request; the user must not be left in a frame.
        }
    }
}
