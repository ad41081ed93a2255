package dev.retrap.trace.file;

import com.google.protobuf.UnsafeByteOperations;
import dev.retrap.cpu.Footprint;
import dev.retrap.cpu.Snapshot;
import dev.retrap.trace.v1.Checkpoint;
import dev.retrap.trace.v1.Page;
import dev.retrap.trace.v1.Record;
import java.io.IOException;
import java.util.BitSet;

/**
 * Writes snapshots. Every so many is a <em>key</em>: what differs from the key before is stored as whole pages, each
 * content once, with a page table of its own. Those in between are stored as differences from their key, pages as well
 * as table, so that reading one reads two.
 */
final class CheckpointWriter {
    private static final int KEY_EVERY = 32;
    /** Pages per chunk. */
    private static final int CHUNK_PAGES = 256;

    private final ChunkWriter out;
    private final Payload payload = new Payload();
    private final PageNumbers numbers = new PageNumbers();
    private final PageDelta deltas = new PageDelta();
    private Snapshot key;
    private int keyNumber;
    private int[] keyTable;
    private Snapshot last;
    private int[] table;
    private BitSet sinceKey;
    private int written;
    private int firstPending;
    private int pending;

    CheckpointWriter(ChunkWriter out) {
        this.out = out;
    }

    /** Goes on where another writer's chunks end. */
    void resume(CheckpointReader.Continuation from) {
        key = from.key();
        last = key;
        keyTable = from.table();
        table = keyTable.clone();
        sinceKey = new BitSet();
        keyNumber = from.keyNumber();
        written = from.checkpoints();
        numbers.skipTo(from.nextPage());
    }

    /**
     * Writes a snapshot that contains so many inputs.
     *
     * @param footprint what was touched since position {@code since}; null if nobody knows
     */
    void write(Snapshot snapshot, int inputs, long since, Footprint footprint) throws IOException {
        payload.clear();
        pending = 0;
        firstPending = numbers.next();
        boolean first = key == null || key.pageCount() != snapshot.pageCount();
        boolean isKey = first || written - keyNumber >= KEY_EVERY;
        if (first) {
            key = new Snapshot(0, new byte[0], new byte[snapshot.pageCount()][]);
            last = key;
            keyTable = new int[snapshot.pageCount()];
            table = new int[snapshot.pageCount()];
            sinceKey = new BitSet();
        }
        snapshot.differing(last, sinceKey::set);
        if (isKey) {
            for (int i = sinceKey.nextSetBit(0); i >= 0; i = sinceKey.nextSetBit(i + 1)) {
                table[i] = same(snapshot, i) ? keyTable[i] : whole(snapshot.page(i), snapshot.position());
            }
        } else {
            BitSet changed = new BitSet();
            snapshot.differing(last, changed::set);
            for (int i = changed.nextSetBit(0); i >= 0; i = changed.nextSetBit(i + 1)) {
                table[i] = difference(snapshot, i);
            }
        }
        writePages(snapshot.position());
        if (footprint != null) {
            payload.clear();
            payload.add(Record.newBuilder().setFootprint(FootprintCodec.encode(footprint)).build());
            out.write(ChunkKind.FOOTPRINT, 1, written, since, snapshot.position(), payload);
        }
        Checkpoint.Builder c = Checkpoint.newBuilder().setPosition(snapshot.position()).setInputs(inputs)
                .setState(UnsafeByteOperations.unsafeWrap(snapshot.state())).setRamPages(snapshot.pageCount())
                .setBasePlusOne(isKey ? 0 : keyNumber + 1);
        runs(c, table, isKey ? new int[table.length] : keyTable);
        payload.clear();
        payload.add(Record.newBuilder().setCheckpoint(c).build());
        out.write(ChunkKind.CHECKPOINT, 1, written, snapshot.position(), snapshot.position(), payload);
        last = snapshot;
        if (isKey) {
            key = snapshot;
            keyNumber = written;
            keyTable = table.clone();
            sinceKey.clear();
        }
        written++;
    }

    private boolean same(Snapshot snapshot, int page) {
        return snapshot.page(page) == key.page(page);
    }

    /** Number of a page's content, which is put into the file unless it is there. */
    private int whole(byte[] page, long position) throws IOException {
        int number = numbers.number(page);
        if (number >= 0) {
            return number;
        }
        add(Page.newBuilder().setData(UnsafeByteOperations.unsafeWrap(page)), position);
        return ~number;
    }

    private int difference(Snapshot snapshot, int i) throws IOException {
        byte[] page = snapshot.page(i);
        if (page == null || same(snapshot, i)) {
            return page == null ? 0 : keyTable[i];
        }
        byte[] delta = deltas.of(page, key.page(i));
        if (delta == null) {
            return whole(page, snapshot.position());
        }
        if (delta.length == 0) {
            return keyTable[i];
        }
        int number = numbers.anonymous();
        add(Page.newBuilder().setBase(keyTable[i]).setDelta(UnsafeByteOperations.unsafeWrap(delta)),
                snapshot.position());
        return number;
    }

    private void add(Page.Builder page, long position) throws IOException {
        payload.add(Record.newBuilder().setPage(page).build());
        if (++pending == CHUNK_PAGES) {
            writePages(position);
        }
    }

    private void writePages(long position) throws IOException {
        if (pending > 0) {
            out.write(ChunkKind.PAGES, pending, firstPending, position, position, payload);
            payload.clear();
            firstPending += pending;
            pending = 0;
        }
    }

    private static void runs(Checkpoint.Builder c, int[] table, int[] base) {
        int last = 0;
        int i = 0;
        while (i < table.length) {
            int from = i;
            while (i < table.length && table[i] == base[i]) {
                i++;
            }
            if (i == table.length) {
                return;
            }
            int start = i;
            while (i < table.length && table[i] != base[i]) {
                c.addContent(table[i] - last);
                last = table[i];
                i++;
            }
            c.addRuns(start - from).addRuns(i - start);
        }
    }
}
