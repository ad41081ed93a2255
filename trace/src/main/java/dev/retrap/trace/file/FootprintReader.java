package dev.retrap.trace.file;

import dev.retrap.cpu.Footprint;
import dev.retrap.trace.v1.Record;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads footprints back; keeps those read lately, within a bound. Not thread-safe. */
public final class FootprintReader {
    /** Pages of footprints kept, some 32 bytes each. */
    private static final int MOST_PAGES = 1 << 20;

    private final ChunkFile file;
    private final List<Chunk> chunks = new ArrayList<>();
    private final Map<Integer, Footprint> known = new LinkedHashMap<>(64, 0.75f, true);
    private int pages;

    /** A reader of a file; chunks are made known by {@link #add}. */
    public FootprintReader(ChunkFile file) {
        this.file = file;
    }

    /** Takes in a chunk of kind FOOTPRINT. */
    public void add(Chunk chunk) {
        chunks.add(chunk);
    }

    /** What was touched in a span; null if no footprint is of just that. */
    public Footprint read(long from, long to) throws IOException {
        int lo = 0;
        int hi = chunks.size() - 1;
        while (lo < hi) {
            int mid = (lo + hi) >>> 1;
            if (chunks.get(mid).lastPosition() < to) {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        if (hi < 0 || chunks.get(lo).lastPosition() != to || chunks.get(lo).firstPosition() > from) {
            return null;
        }
        Footprint f = known.get(lo);
        if (f == null) {
            f = decode(chunks.get(lo));
            known.put(lo, f);
            pages += size(f);
            while (pages > MOST_PAGES && known.size() > 1) {
                int eldest = known.keySet().iterator().next();
                pages -= size(known.remove(eldest));
            }
        }
        return f;
    }

    private static int size(Footprint f) {
        return f.code().size() + f.written().size() + f.writtenPhysical().size() + f.read().size()
                + f.readPhysical().size();
    }

    private Footprint decode(Chunk chunk) throws IOException {
        for (Record r : file.records(chunk)) {
            if (r.hasFootprint()) {
                return FootprintCodec.decode(r.getFootprint());
            }
        }
        throw RecordingFormatException.corrupt(chunk.offset(), "a footprint chunk without a footprint");
    }
}
