package dev.retrap.trace.file;

import dev.retrap.cpu.Snapshot;
import dev.retrap.trace.v1.Checkpoint;
import dev.retrap.trace.v1.Record;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads checkpoints back. Pages of equal number are one array as long as anybody holds it, as in the machine that was
 * recorded. Not thread-safe.
 */
public final class CheckpointReader {
    private static final int MAX_PAGES = 1 << 20;
    private static final int CACHED_CHUNKS = 4;

    private final ChunkFile file;
    private final TreeMap<Long, Chunk> pageChunks = new TreeMap<>();
    private final List<Chunk> checkpoints = new ArrayList<>();
    private final Map<Integer, WeakReference<byte[]>> pages = new HashMap<>();
    private final Map<Long, byte[][]> decoded = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, byte[][]> eldest) {
            return size() > CACHED_CHUNKS;
        }
    };

    /** A reader of a file; chunks are made known by {@link #add}. */
    public CheckpointReader(ChunkFile file) {
        this.file = file;
    }

    /**
     * Takes in a chunk of kind PAGES or CHECKPOINT; others are ignored.
     *
     * @throws RecordingFormatException if it does not continue those before
     */
    public void add(Chunk chunk) throws RecordingFormatException {
        if (chunk.kind() == ChunkKind.PAGES) {
            pageChunks.put(chunk.first(), chunk);
        } else if (chunk.kind() == ChunkKind.CHECKPOINT) {
            if (chunk.first() != checkpoints.size()
                    || !checkpoints.isEmpty() && checkpoints.getLast().firstPosition() > chunk.firstPosition()) {
                throw RecordingFormatException.corrupt(chunk.offset(), "checkpoints out of order");
            }
            checkpoints.add(chunk);
        }
    }

    /** Number of checkpoints. */
    public int count() {
        return checkpoints.size();
    }

    /** Position of a checkpoint; they ascend. */
    public long position(int number) {
        return checkpoints.get(number).firstPosition();
    }

    /**
     * Inputs contained in a checkpoint, and the state.
     *
     * @param inputs how many
     */
    public record Stored(Snapshot snapshot, int inputs) {}

    /** Reads a checkpoint. */
    public Stored read(int number) throws IOException {
        List<Checkpoint> chain = new ArrayList<>();
        int n = number;
        do {
            Checkpoint c = record(n);
            chain.add(c);
            int base = c.getBasePlusOne() - 1;
            if (base >= n || base < -1) {
                throw RecordingFormatException.corrupt(checkpoints.get(n).offset(), "a checkpoint based on a later");
            }
            n = base;
        } while (n >= 0);
        Checkpoint wanted = chain.getFirst();
        int count = wanted.getRamPages();
        if (count < 0 || count > MAX_PAGES) {
            throw RecordingFormatException.corrupt(checkpoints.get(number).offset(),
                    "a checkpoint of " + count + " pages");
        }
        int[] table = new int[count];
        for (Checkpoint c : chain.reversed()) {
            amend(table, c, checkpoints.get(number).offset());
        }
        byte[][] ram = new byte[count][];
        for (int i = 0; i < count; i++) {
            ram[i] = table[i] == 0 ? null : page(table[i], checkpoints.get(number).offset());
        }
        byte[] state = wanted.getState().toByteArray();
        return new Stored(new Snapshot(wanted.getPosition(), state, ram), wanted.getInputs());
    }

    private Checkpoint record(int number) throws IOException {
        Chunk chunk = checkpoints.get(number);
        for (Record r : file.records(chunk)) {
            if (r.hasCheckpoint() && r.getCheckpoint().getPosition() == chunk.firstPosition()) {
                return r.getCheckpoint();
            }
        }
        throw RecordingFormatException.corrupt(chunk.offset(), "a checkpoint chunk without its checkpoint");
    }

    private static void amend(int[] table, Checkpoint c, long offset) throws RecordingFormatException {
        int at = 0;
        int k = 0;
        int number = 0;
        for (int r = 0; r + 1 < c.getRunsCount(); r += 2) {
            long start = (long) at + Integer.toUnsignedLong(c.getRuns(r));
            long end = start + Integer.toUnsignedLong(c.getRuns(r + 1));
            if (end > table.length || end - start > c.getContentCount() - k) {
                throw RecordingFormatException.corrupt(offset, "page table of a checkpoint");
            }
            for (int i = (int) start; i < end; i++) {
                number += c.getContent(k++);
                table[i] = number;
            }
            at = (int) end;
        }
    }

    private byte[] page(int number, long offset) throws IOException {
        WeakReference<byte[]> known = pages.get(number);
        byte[] page = known == null ? null : known.get();
        if (page != null) {
            return page;
        }
        Map.Entry<Long, Chunk> e = pageChunks.floorEntry((long) number);
        if (e == null || number - e.getKey() >= e.getValue().count()) {
            throw RecordingFormatException.corrupt(offset, "a checkpoint with a page that is nowhere");
        }
        byte[][] chunk = decoded.get(e.getKey());
        if (chunk == null) {
            chunk = decode(e.getValue());
            decoded.put(e.getKey(), chunk);
        }
        page = chunk[(int) (number - e.getKey())];
        pages.put(number, new WeakReference<>(page));
        return page;
    }

    private byte[][] decode(Chunk chunk) throws IOException {
        List<byte[]> all = new ArrayList<>();
        for (Record r : file.records(chunk)) {
            if (r.hasPage()) {
                if (r.getPage().getData().size() != Format.PAGE_BYTES) {
                    throw RecordingFormatException.corrupt(chunk.offset(), "a page of another size");
                }
                all.add(r.getPage().getData().toByteArray());
            }
        }
        if (all.size() != chunk.count()) {
            throw RecordingFormatException.corrupt(chunk.offset(), "fewer pages than the chunk says");
        }
        return all.toArray(new byte[0][]);
    }
}
