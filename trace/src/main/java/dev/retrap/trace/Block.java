package dev.retrap.trace;

import dev.retrap.trace.file.Chunk;
import dev.retrap.trace.file.ChunkFile;
import dev.retrap.trace.file.EventBlock;
import dev.retrap.trace.file.EventRow;
import dev.retrap.trace.file.ProbeBlock;
import dev.retrap.trace.file.ProbeRow;
import dev.retrap.trace.file.RecordingFormatException;
import dev.retrap.trace.file.RowReader;
import dev.retrap.trace.v1.Record;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The events and probes of one chunk, decoded, with what of them belongs together. */
final class Block {
    /** How many probes at most at the start of a chunk are looked at for an entry at the end of the chunk before. */
    private static final int STRAYS = 16;

    final int chunk;
    final EventBlock events;
    final ProbeBlock probes;
    private final List<ProbeSite> sites;
    private final int[] exitOf;
    private final int[] handlerOf;

    private Block(int chunk, EventBlock events, ProbeBlock probes, List<ProbeSite> sites) {
        this.chunk = chunk;
        this.events = events;
        this.probes = probes;
        this.sites = sites;
        exitOf = new int[events.count()];
        handlerOf = new int[events.count()];
        Arrays.fill(exitOf, -1);
        Arrays.fill(handlerOf, -1);
        for (int i = 0; i < events.count(); i++) {
            long n = events.first() + i;
            long nesting = events.get(n, EventRow.NESTING);
            if (nesting != 0 && nesting <= i && !isEntry(n)) {
                exitOf[i - (int) nesting] = i;
            }
        }
        for (int p = 0; p < probes.count(); p++) {
            long n = probes.get(p, ProbeRow.EVENT);
            if (events.has(n) && site(p).handler()) {
                handlerOf[(int) (n - events.first())] = p;
            }
        }
    }

    /** Reads a chunk of events. */
    static Block read(ChunkFile file, Chunk chunk, int registers, List<ProbeSite> sites) throws IOException {
        EventBlock events = EventBlock.empty(chunk.first(), registers);
        ProbeBlock probes = ProbeBlock.EMPTY;
        try {
            for (Record r : file.records(chunk)) {
                if (r.hasEvents() && r.getEvents().getContextsCount() == 0) {
                    RowReader rows = new RowReader(r.getEvents(), registers, Recorder.IS_ENTRY, Recorder.KINDS,
                            sites.size());
                    events = rows.events();
                    probes = rows.probes();
                } else if (r.hasEvents()) {
                    events = EventBlock.decode(r.getEvents(), registers, Recorder.IS_ENTRY, Recorder.KINDS);
                } else if (r.hasProbes()) {
                    probes = ProbeBlock.decode(r.getProbes(), sites.size());
                }
            }
        } catch (RecordingFormatException e) {
            String at = " (chunk at byte " + chunk.offset() + ")";
            throw e.getMessage().contains("at byte") ? e : new RecordingFormatException(e.getMessage() + at);
        }
        int n = events.count();
        if (events.first() != chunk.first() || n != chunk.count()
                || n > 0 && (events.get(events.first(), EventRow.POSITION) < chunk.firstPosition()
                        || events.get(events.first() + n - 1, EventRow.POSITION) >= chunk.lastPosition())) {
            throw new RecordingFormatException("corrupt: the chunk at byte " + chunk.offset()
                    + " holds other events than it says");
        }
        return new Block(chunk.sequence(), events, probes, sites);
    }

    boolean has(long event) {
        return events.has(event);
    }

    long get(long event, int word) {
        return events.get(event, word);
    }

    boolean isEntry(long event) {
        return Recorder.IS_ENTRY.test(EventRow.kind(events.get(event, EventRow.CONTEXT)));
    }

    /** Number of the exit, in this block, of an entry of this block; -1 if it is not here. */
    long exitOf(long entry) {
        int i = exitOf[(int) (entry - events.first())];
        return i < 0 ? -1 : events.first() + i;
    }

    /** The first probe, in this block, at the handler that an entry led to; -1 if it is not here. */
    int handlerOf(long entry) {
        if (events.has(entry)) {
            return handlerOf[(int) (entry - events.first())];
        }
        for (int p = 0; p < Math.min(probes.count(), STRAYS); p++) {
            if (probes.get(p, ProbeRow.EVENT) == entry && site(p).handler()) {
                return p;
            }
        }
        return -1;
    }

    /**
     * The last probe between two positions, in this block, at which the exit from an entry was decided; -1 if there is
     * none.
     */
    int decisionOf(long entry, long since, long before) {
        int lo = 0;
        int hi = probes.count();
        while (lo < hi) {
            int mid = (lo + hi) >>> 1;
            if (probes.get(mid, ProbeRow.POSITION) < before) {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        for (int p = lo - 1; p >= 0 && probes.get(p, ProbeRow.POSITION) > since; p--) {
            long e = probes.get(p, ProbeRow.EVENT);
            if (e == entry && !site(p).handler()) {
                return p;
            }
            if (e == entry) {
                return -1; // its handler: what comes before is not the way out
            }
        }
        return -1;
    }

    ProbeSite site(int probe) {
        return sites.get((int) probes.get(probe, ProbeRow.POINT));
    }

    PtRegs ptRegs(int probe) {
        PtRegs.Layout layout = site(probe).layout();
        int n = Math.min((int) probes.get(probe, ProbeRow.WORDS), layout.fields().size());
        if (n < layout.fields().size()) {
            return null; // cut off by an unmapped page: no pt_regs
        }
        int from = probe * ProbeRow.SIZE + ProbeRow.REGS;
        return new PtRegs(layout, probes.get(probe, ProbeRow.ADDRESS),
                Arrays.copyOfRange(probes.rows(), from, from + n));
    }

    /** Index, in this block, of the first event at or after a position; {@code count} if there is none. */
    int firstFrom(long position) {
        int lo = 0;
        int hi = events.count();
        while (lo < hi) {
            int mid = (lo + hi) >>> 1;
            if (events.get(events.first() + mid, EventRow.POSITION) < position) {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        return lo;
    }
}
