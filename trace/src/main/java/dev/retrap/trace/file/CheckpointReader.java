package dev.retrap.trace.file;

import dev.retrap.cpu.Snapshot;
import dev.retrap.trace.v1.Checkpoint;
import dev.retrap.trace.v1.Page;
import dev.retrap.trace.v1.Record;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final int CACHED_CHUNKS = 16;
    private static final int CACHED_KEYS = 4;

    /** A checkpoint that others are based on. */
    private record Key(Snapshot snapshot, int[] table) {}

    private final ChunkFile file;
    private final TreeMap<Long, Chunk> pageChunks = new TreeMap<>();
    private final List<Chunk> checkpoints = new ArrayList<>();
    private final Map<Integer, WeakReference<byte[]>> pages = new HashMap<>();
    private final Map<Long, Page[]> decoded = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Page[]> eldest) {
            return size() > CACHED_CHUNKS;
        }
    };
    private final Map<Integer, Key> keys = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Key> eldest) {
            return size() > CACHED_KEYS;
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
        Checkpoint wanted = record(number);
        int base = wanted.getBasePlusOne() - 1;
        if (base < 0) {
            Key key = key(number);
            return new Stored(key.snapshot, wanted.getInputs());
        }
        long offset = checkpoints.get(number).offset();
        if (base >= number) {
            throw RecordingFormatException.corrupt(offset, "a checkpoint based on a later");
        }
        Key key = key(base);
        if (wanted.getRamPages() != key.table.length) {
            throw RecordingFormatException.corrupt(offset, "a checkpoint of another size than its base");
        }
        int[] table = key.table.clone();
        amend(table, wanted, offset);
        int n = 0;
        int[] changed = new int[Math.min(table.length, wanted.getContentCount())];
        byte[][] contents = new byte[changed.length][];
        for (int i = 0; i < table.length; i++) {
            if (table[i] != key.table[i]) {
                changed[n] = i;
                contents[n++] = page(table[i], offset);
            }
        }
        Snapshot s = new Snapshot(wanted.getPosition(), wanted.getState().toByteArray(), key.snapshot,
                Arrays.copyOf(changed, n), Arrays.copyOf(contents, n));
        return new Stored(s, wanted.getInputs());
    }

    /** From where a writer goes on that has this file's chunks before it. */
    record Continuation(Snapshot key, int[] table, int keyNumber, int checkpoints, int nextPage) {}

    /** After the first so many checkpoints; null if there is none among them with a table of its own. */
    Continuation after(int count) throws IOException {
        for (int n = count - 1; n >= 0; n--) {
            if (record(n).getBasePlusOne() == 0) {
                Chunk end = checkpoints.get(count - 1);
                int nextPage = 1;
                for (Chunk c : pageChunks.values()) {
                    if (c.sequence() < end.sequence()) {
                        nextPage = Math.max(nextPage, (int) c.first() + c.count());
                    }
                }
                Key key = key(n);
                return new Continuation(key.snapshot, key.table, n, count, nextPage);
            }
        }
        return null;
    }

    /** A checkpoint with a page table of its own, or (in files of old) a chain of amendments to one. */
    private Key key(int number) throws IOException {
        Key known = keys.get(number);
        if (known != null) {
            return known;
        }
        long offset = checkpoints.get(number).offset();
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
            throw RecordingFormatException.corrupt(offset, "a checkpoint of " + count + " pages");
        }
        int[] table = new int[count];
        for (Checkpoint c : chain.reversed()) {
            amend(table, c, offset);
        }
        Key nearest = nearestKey(number, count);
        int[] nearestTable = nearest == null ? new int[count] : nearest.table;
        Snapshot from = nearest == null ? new Snapshot(0, new byte[0], new byte[count][]) : nearest.snapshot;
        int differ = 0;
        int[] changed = new int[count];
        byte[][] contents = new byte[count][];
        for (int i = 0; i < count; i++) {
            if (table[i] != nearestTable[i]) {
                changed[differ] = i;
                contents[differ++] = page(table[i], offset);
            }
        }
        Snapshot s = new Snapshot(wanted.getPosition(), wanted.getState().toByteArray(), from,
                Arrays.copyOf(changed, differ), Arrays.copyOf(contents, differ));
        Key key = new Key(s, table);
        keys.put(number, key);
        return key;
    }

    /** The key read already whose number is nearest, null if there is none with so many pages. */
    private Key nearestKey(int number, int pages) {
        int nearest = -1;
        for (int n : keys.keySet()) {
            if (nearest < 0 || Math.abs(n - number) < Math.abs(nearest - number)) {
                nearest = n;
            }
        }
        Key key = nearest < 0 ? null : keys.get(nearest);
        return key == null || key.table.length != pages ? null : key;
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
        return page(number, offset, false);
    }

    /** The content of a number, null for zeros; {@code based}: another is a difference from it. */
    private byte[] page(int number, long offset, boolean based) throws IOException {
        if (number == 0) {
            return null;
        }
        WeakReference<byte[]> known = pages.get(number);
        byte[] page = known == null ? null : known.get();
        if (page != null) {
            return page;
        }
        Map.Entry<Long, Chunk> e = pageChunks.floorEntry((long) number);
        if (e == null || number - e.getKey() >= e.getValue().count()) {
            throw RecordingFormatException.corrupt(offset, "a checkpoint with a page that is nowhere");
        }
        Page[] chunk = decoded.get(e.getKey());
        if (chunk == null) {
            chunk = decode(e.getValue());
            decoded.put(e.getKey(), chunk);
        }
        page = content(chunk[(int) (number - e.getKey())], number, e.getValue(), based);
        pages.put(number, new WeakReference<>(page));
        return page;
    }

    private byte[] content(Page page, int number, Chunk chunk, boolean based) throws IOException {
        if (page.getDelta().isEmpty()) {
            if (page.getData().size() != Format.PAGE_BYTES) {
                throw RecordingFormatException.corrupt(chunk.offset(), "a page of another size");
            }
            return page.getData().toByteArray();
        }
        if (based || page.getBase() < 0 || page.getBase() >= number) {
            throw RecordingFormatException.corrupt(chunk.offset(), "a page based on a later or on another difference");
        }
        byte[] made = PageDelta.apply(page.getDelta().toByteArray(), page(page.getBase(), chunk.offset(), true));
        if (made == null) {
            throw RecordingFormatException.corrupt(chunk.offset(), "a page's difference");
        }
        return made;
    }

    private Page[] decode(Chunk chunk) throws IOException {
        List<Page> all = new ArrayList<>();
        for (Record r : file.records(chunk)) {
            if (r.hasPage()) {
                all.add(r.getPage());
            }
        }
        if (all.size() != chunk.count()) {
            throw RecordingFormatException.corrupt(chunk.offset(), "fewer pages than the chunk says");
        }
        return all.toArray(new Page[0]);
    }
}
