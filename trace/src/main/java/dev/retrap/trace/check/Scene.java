package dev.retrap.trace.check;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.Event;
import dev.retrap.trace.Recording;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import dev.retrap.trace.unwind.CallFrameInfo;
import dev.retrap.trace.unwind.UnwindRegisters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What checks look at beside events: the machine, re-executed up to a position. Positions are asked for in about
 * ascending order, so all checks together re-execute a recording about once, and only if they ask.
 *
 * <p>Calls of which there are many alike are looked at closely a few times: those of one {@link Kind}.
 */
final class Scene {
    /** Calls of a kind that are stepped or looked into. */
    private static final int CLOSE_LOOKS = 16;
    /** Kinds told apart, and pages remembered; recordings with more are not looked at closely any more. */
    private static final int MOST = 4096;
    /** A vDSO enters the kernel with one of its first instructions; an interrupt may come in between. */
    private static final int INSTRUCTIONS_TO_ENTRY = 12;
    private static final int STEPS_TO_CALLER = 20_000;

    /** What makes calls alike. */
    private record Kind(Check check, long number, int entry, int exit, long from, boolean plain, boolean traced) {}

    private final Recording recording;
    private final Timeline timeline;
    private final Map<Kind, Integer> looks = new HashMap<>();
    private final Map<Long, Optional<Vdso>> pages = new HashMap<>();
    private SystemCall walked;
    private Walk walk;

    Scene(Recording recording, Timeline timeline) {
        this.recording = recording;
        this.timeline = timeline;
    }

    Recording recording() {
        return recording;
    }

    /** The machine at a position. */
    Machine at(long position) {
        timeline.seek(position);
        return timeline.machine();
    }

    /** Goes on from where the machine is, to the next of these addresses; false if the recording ends before. */
    boolean reach(Collection<Long> addresses) {
        return timeline.continueForward(StopSet.breakpoints(addresses)) instanceof Arrival.Breakpoint;
    }

    /** An instruction; false at the end. */
    boolean step() {
        return forward();
    }

    long position() {
        return timeline.position();
    }

    Machine machine() {
        return timeline.machine();
    }

    /** True for the first calls of their kind. */
    boolean close(Check check, SystemCall c) {
        Kind kind = new Kind(check, 0, c.entry().kind().ordinal(), c.exit().kind().ordinal(),
                c.entry().before(Reg.RIP), c.plain(), c.traced());
        if (looks.size() >= MOST && !looks.containsKey(kind)) {
            return false;
        }
        return looks.merge(kind, 1, Integer::sum) <= CLOSE_LOOKS;
    }

    /** The vDSO that a call comes from, if it does. */
    Optional<Vdso> vdso(Event entry) {
        long ip = entry.before(Reg.RIP);
        long page = ip >>> 12;
        Optional<Vdso> known = pages.get(page);
        if (known == null) {
            known = pages.size() < MOST ? Vdso.at(at(entry.position()), ip) : Optional.empty();
            pages.put(page, known);
        }
        return known;
    }

    /** Steps a call through a vDSO; the last one asked for is remembered. */
    Walk walk(SystemCall c, Vdso vdso) {
        if (!c.equals(walked)) {
            walk = step(c, vdso);
            walked = c;
        }
        return walk;
    }

    private Walk step(SystemCall c, Vdso vdso) {
        List<Walk.Step> steps = new ArrayList<>();
        long[] arrival = null;
        long entry = c.entry().position();
        at(Math.max(0, entry - INSTRUCTIONS_TO_ENTRY));
        while (true) {
            if (user()) {
                if (timeline.machine().linearIp() == vdso.vsyscall()) {
                    arrival = registers();
                    steps.clear();
                }
                if (arrival != null) {
                    steps.add(here(vdso));
                }
            }
            if (timeline.position() >= entry || !forward()) {
                break;
            }
        }
        long[] departure = null;
        long out = c.exit().position() + 1;
        if (out <= recording.endPosition() && c.plain()) {
            at(out);
            for (int i = 0; i < STEPS_TO_CALLER; i++) {
                if (user()) {
                    if (!vdso.contains(timeline.machine().linearIp())) {
                        departure = registers();
                        break;
                    }
                    steps.add(here(vdso));
                }
                if (!forward()) {
                    break;
                }
            }
        }
        return new Walk(arrival, List.copyOf(steps), departure);
    }

    /** The instructions of a vDSO that lead up to a call, at most so many, the call's own last. */
    List<Walk.Step> before(Event entry, Vdso vdso, int instructions) {
        List<Walk.Step> steps = new ArrayList<>();
        at(Math.max(0, entry.position() - instructions));
        while (true) {
            if (user() && vdso.contains(timeline.machine().linearIp())) {
                steps.add(here(vdso));
            } else {
                steps.clear();
            }
            if (timeline.position() >= entry.position() || !forward()) {
                return steps;
            }
        }
    }

    private boolean forward() {
        return timeline.stepForward(1) instanceof Arrival.Stepped;
    }

    private boolean user() {
        return timeline.machine().get(Reg.CPL) == 3;
    }

    private long[] registers() {
        long[] r = new long[Reg.COUNT];
        timeline.machine().capture(r);
        return r;
    }

    private Walk.Step here(Vdso vdso) {
        Machine m = timeline.machine();
        CallFrameInfo.Unwound caller = vdso.cfi() == null ? null
                : vdso.cfi().unwind(UnwindRegisters.of(m), m.linearIp(), (a, n) -> word(m, a, n)).orElse(null);
        return new Walk.Step(timeline.position(), m.linearIp(), caller);
    }

    /** A little-endian word of guest memory; null if it is not mapped. */
    static Long word(Machine m, long address, int bytes) {
        byte[] b = new byte[8];
        return m.read(address, b, 0, bytes) < bytes ? null : ByteBuffer.wrap(b).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
