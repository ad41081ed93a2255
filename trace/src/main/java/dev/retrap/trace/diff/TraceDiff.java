package dev.retrap.trace.diff;

import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Compares two recordings call by call. Calls are the user program's ways into the kernel; they are aligned by what
 * they ask for, not by how they enter. Addresses are compared relative to vDSO, stack and kernel symbols.
 */
public final class TraceDiff {
    private final Recording a;
    private final Recording b;
    private final Timeline timelineA;
    private final Timeline timelineB;
    private final DiffOptions options;
    private final Space spaceA;
    private final Space spaceB;
    private final CallIndex callsA;
    private final CallIndex callsB;
    private final Comparison comparison;

    private TraceDiff(Recording a, Timeline timelineA, Recording b, Timeline timelineB, DiffOptions options) {
        this.a = a;
        this.b = b;
        this.timelineA = timelineA;
        this.timelineB = timelineB;
        this.options = options;
        spaceA = Space.of(a, timelineA);
        spaceB = Space.of(b, timelineB);
        callsA = CallIndex.of(a, spaceA);
        callsB = CallIndex.of(b, spaceB);
        comparison = new Comparison(spaceA, spaceB, options.aspects());
    }

    /**
     * Aligns the user program's calls of two recordings and tells what differs. Both are re-executed in part.
     *
     * @throws dev.retrap.trace.HistoryException if re-execution does not agree with a recording
     */
    public static DiffReport compare(Recording a, Recording b, DiffOptions options) {
        try (Timeline timelineA = Timeline.replay(a); Timeline timelineB = Timeline.replay(b)) {
            return new TraceDiff(a, timelineA, b, timelineB, options).report();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private DiffReport report() {
        int[] partner = Alignment.of(callsA, callsB);
        BitSet inB = new BitSet(callsB.size());
        List<DiffReport.CallRef> onlyA = new ArrayList<>();
        Groups groups = new Groups(spaceA, spaceB, options.maxCalls());
        long aligned = 0;
        long same = 0;
        for (int i = 0; i < partner.length; i++) {
            if (partner[i] < 0) {
                onlyA.add(ref(i, callsA, a));
                continue;
            }
            inB.set(partner[i]);
            aligned++;
            Comparison.Side sideA = side(callsA.event(i), a);
            Comparison.Side sideB = side(callsB.event(partner[i]), b);
            List<Fact> facts = comparison.of(sideA, sideB);
            if (facts.isEmpty()) {
                same++;
            } else {
                groups.add(i, partner[i], kind(sideA, sideB), facts);
            }
        }
        List<DiffReport.CallRef> onlyB = new ArrayList<>();
        for (int j = inB.nextClearBit(0); j < callsB.size(); j = inB.nextClearBit(j + 1)) {
            onlyB.add(ref(j, callsB, b));
        }
        return new DiffReport(about(a, callsA), about(b, callsB), aligned, same, onlyA, onlyB,
                groups.list(new Details()));
    }

    private static Groups.Kind kind(Comparison.Side sideA, Comparison.Side sideB) {
        return new Groups.Kind(Call.what(sideA.entry()), Paths.code(sideA.entry()), Paths.code(sideA.exit()),
                Paths.code(sideB.entry()), Paths.code(sideB.exit()));
    }

    private static Comparison.Side side(long event, Recording r) {
        Event entry = r.event(event);
        return new Comparison.Side(entry, entry.pair() < 0 ? Optional.empty() : Optional.of(r.event(entry.pair())));
    }

    /** What only the groups' first calls are asked for. */
    private final class Details implements Groups.Calls {
        @Override
        public DiffReport.CallRef ref(int call) {
            return TraceDiff.ref(call, callsA, a);
        }

        @Override
        public List<Fact> more(int call, int partner) {
            return callers(call, partner);
        }
    }

    /** What differs at the caller, found out by re-execution. */
    private List<Fact> callers(int call, int partner) {
        Comparison.Side sideA = side(callsA.event(call), a);
        Comparison.Side sideB = side(callsB.event(partner), b);
        if (!options.aspects().contains(Aspect.CALLER_REGISTERS) || sideA.exit().isEmpty() || sideB.exit().isEmpty()) {
            return List.of();
        }
        long[] ra = CallerRegisters.after(sideA.exit().get(), timelineA, spaceA);
        long[] rb = CallerRegisters.after(sideB.exit().get(), timelineB, spaceB);
        return comparison.callers(ra, rb);
    }

    private static DiffReport.CallRef ref(int call, CallIndex calls, Recording r) {
        return ref(call, r.event(calls.event(call)));
    }

    private static DiffReport.CallRef ref(int call, Event e) {
        String what = e.systemCall() >= 0 ? e.name() + " " + Call.what(e) : e.name();
        String ip = Long.toHexString(e.before(Reg.RIP));
        return new DiffReport.CallRef(call, e.index(), e.position(), what + " at 0x" + ip);
    }

    private static DiffReport.Side about(Recording r, CallIndex calls) {
        return new DiffReport.Side(String.valueOf(r.file().getFileName()), r.info().variant(), r.config().cpu().name(),
                r.info().program(), calls.size());
    }
}
