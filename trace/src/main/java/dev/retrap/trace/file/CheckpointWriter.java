package dev.retrap.trace.file;

import com.google.protobuf.UnsafeByteOperations;
import dev.retrap.cpu.Snapshot;
import dev.retrap.trace.v1.Checkpoint;
import dev.retrap.trace.v1.Page;
import dev.retrap.trace.v1.Record;
import java.io.IOException;

/** Writes snapshots: contents of pages not yet in the file, then a page table relative to the snapshot before. */
final class CheckpointWriter {
    /** Every so many checkpoints one has a table of its own, so that reading one reads few others. */
    private static final int FULL_TABLE_EVERY = 16;
    /** Pages per chunk. */
    private static final int CHUNK_PAGES = 256;

    private final ChunkWriter out;
    private final Payload payload = new Payload();
    private final PageNumbers numbers = new PageNumbers();
    private byte[][] lastPages = new byte[0][];
    private int[] lastNumbers = new int[0];
    private int written;
    private int firstPending;
    private int pending;

    CheckpointWriter(ChunkWriter out) {
        this.out = out;
    }

    /** Writes a snapshot that contains so many inputs. */
    void write(Snapshot snapshot, int inputs) throws IOException {
        int count = snapshot.pageCount();
        byte[][] pages = new byte[count][];
        int[] table = new int[count];
        boolean comparable = lastPages.length == count;
        payload.clear();
        pending = 0;
        firstPending = numbers.next();
        for (int i = 0; i < count; i++) {
            byte[] page = snapshot.page(i);
            pages[i] = page;
            if (comparable && page == lastPages[i]) {
                table[i] = lastNumbers[i];
            } else {
                table[i] = store(page, snapshot.position());
            }
        }
        writePages(snapshot.position());
        boolean full = written % FULL_TABLE_EVERY == 0 || !comparable;
        Checkpoint.Builder c = Checkpoint.newBuilder().setPosition(snapshot.position()).setInputs(inputs)
                .setState(UnsafeByteOperations.unsafeWrap(snapshot.state())).setRamPages(count)
                .setBasePlusOne(full ? 0 : written);
        runs(c, table, full ? new int[count] : lastNumbers);
        payload.clear();
        payload.add(Record.newBuilder().setCheckpoint(c).build());
        out.write(ChunkKind.CHECKPOINT, 1, written, snapshot.position(), snapshot.position(), payload);
        written++;
        lastPages = pages;
        lastNumbers = table;
    }

    private int store(byte[] page, long position) throws IOException {
        int number = numbers.number(page);
        if (number >= 0) {
            return number;
        }
        payload.add(Record.newBuilder().setPage(Page.newBuilder().setData(UnsafeByteOperations.unsafeWrap(page)))
                .build());
        if (++pending == CHUNK_PAGES) {
            writePages(position);
        }
        return ~number;
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
