package dev.retrap.trace.file;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.retrap.cpu.Footprint;
import dev.retrap.cpu.Snapshot;
import dev.retrap.trace.v1.Events;
import dev.retrap.trace.v1.Record;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntPredicate;

/**
 * Writes a recording: events and probes are put in and coded by the machine's thread, which cuts them into chunks by
 * counts and positions only, so that equal runs make equal files; a thread of this class compresses and writes those.
 */
public final class RecordingWriter {
    /** Events after which a chunk ends at the next exit. */
    private static final int CHUNK_EVENTS = 4096;
    /** Events after which it ends anywhere. */
    private static final int CHUNK_EVENTS_AT_MOST = 2 * CHUNK_EVENTS;
    /** Console bytes after which a chunk ends. */
    private static final int CHUNK_CONSOLE_BYTES = 1 << 18;

    /** What the writer's thread does besides writing drafts. */
    private sealed interface Rare extends Handover.Task {
        record State(Snapshot snapshot, int inputs, long since, Footprint footprint) implements Rare {}

        record Flush(CountDownLatch done) implements Rare {}

        record Finish(long events, long position, Record end, CountDownLatch done) implements Rare {}
    }

    private final Handover handover = new Handover();
    private final IntPredicate isEntry;
    private final Thread thread;
    private volatile IOException failure;
    private volatile long writtenPosition;

    // The machine's thread's own.
    private final long[] item;
    private final EventCoder events;
    private final ProbeCoder probes;
    private Draft draft = new Draft();
    private long lastRow;
    private boolean lastWasExit;
    private boolean finished;

    // The writer's thread's own.
    private final ChunkWriter out;
    private final CheckpointWriter checkpoints;
    private final FarPairs farPairs = new FarPairs();
    private final Payload payload = new Payload();

    private RecordingWriter(ChunkWriter out, int registers, IntPredicate isEntry, int[] probeWordBytes) {
        this.out = out;
        this.isEntry = isEntry;
        item = new long[Math.max(EventItem.atMost(registers), ProbeItem.AT_MOST)];
        events = new EventCoder(registers, isEntry);
        probes = new ProbeCoder(probeWordBytes);
        checkpoints = new CheckpointWriter(out);
        thread = Thread.ofPlatform().name("retrap-recorder").daemon().unstarted(this::work);
    }

    /**
     * Creates a file, writes its header, and is ready for rows.
     *
     * @param registers registers per side of an event
     * @param isEntry whether the kind with an ordinal is an entry
     * @param probeWordBytes per probe point the bytes of a word of {@code pt_regs}, 4 or 8
     */
    public static RecordingWriter create(Path file, Record header, int registers, IntPredicate isEntry,
            int[] probeWordBytes) throws IOException {
        ChunkWriter out = ChunkWriter.create(file);
        try {
            Payload p = new Payload();
            p.add(header);
            out.write(ChunkKind.HEADER, 1, 0, 0, 0, p);
        } catch (IOException e) {
            out.close();
            throw e;
        }
        RecordingWriter w = new RecordingWriter(out, registers, isEntry, probeWordBytes);
        w.thread.start();
        return w;
    }

    /**
     * Creates a file that begins with another one's history, and is ready for what comes after it.
     *
     * @param from the other file
     * @param chunks how many of its chunks, from the first on, which has another header here
     * @param position at which they end
     * @param events how many events there are in them
     * @param pairs of the other file
     * @param checkpoints its checkpoints
     */
    public static RecordingWriter branch(Path file, Record header, int registers, IntPredicate isEntry,
            int[] probeWordBytes, ChunkFile from, int chunks, long position, long events, FarPairs pairs,
            CheckpointReader checkpoints) throws IOException {
        ChunkWriter out = ChunkWriter.create(file);
        try {
            Payload p = new Payload();
            p.add(header);
            out.write(ChunkKind.HEADER, 1, 0, 0, 0, p);
            int states = 0;
            for (int i = 1; i < chunks; i++) {
                out.copy(from, from.chunk(i));
                states += from.chunk(i).kind() == ChunkKind.CHECKPOINT ? 1 : 0;
            }
            RecordingWriter w = new RecordingWriter(out, registers, isEntry, probeWordBytes);
            w.draft.begin(position, events);
            w.writtenPosition = position;
            pairs.copyTo(w.farPairs, events);
            CheckpointReader.Continuation c = states == 0 ? null : checkpoints.after(states);
            if (c != null) {
                w.checkpoints.resume(c);
            }
            w.thread.start();
            return w;
        } catch (IOException e) {
            out.close();
            throw e;
        }
    }

    /** Where an {@link EventItem} or {@link ProbeItem} is put, to be {@link #event}ed or {@link #probe}d at once. */
    public long[] item() {
        return item;
    }

    /** The item is the next event, of an {@link EventRow#context}. */
    public void event(long context) {
        Draft d = draft;
        if (d.events >= CHUNK_EVENTS && (lastWasExit || d.events >= CHUNK_EVENTS_AT_MOST)) {
            cut(d.lastPosition);
            d = draft;
        }
        boolean exit = !isEntry.test(EventRow.kind(context));
        long nesting = item[EventItem.NESTING];
        if (exit && nesting > d.events) { // the entry is in an earlier chunk
            d.farPairs.add(d.nextEvent() - nesting);
            d.farPairs.add(d.nextEvent());
        }
        lastWasExit = exit;
        events.code((int) context, item, lastRow, d);
        lastRow = item[EventItem.POSITION];
        d.lastPosition = lastRow + 1;
    }

    /**
     * The item is a probe.
     *
     * @param point its probe point
     * @param words of {@code pt_regs} that could be read
     */
    public void probe(int point, int words) {
        if (draft.probes >= 4 * CHUNK_EVENTS) {
            cut(draft.lastPosition);
        }
        probes.code(point, words, item, lastRow, draft);
        lastRow = item[ProbeItem.POSITION];
        draft.lastPosition = Math.max(draft.lastPosition, lastRow);
    }

    /** A byte on the guest's console. */
    public void console(int octet, long position) {
        if (draft.console.size() >= CHUNK_CONSOLE_BYTES) {
            cut(draft.lastPosition);
        }
        draft.console(octet, position);
        draft.lastPosition = Math.max(draft.lastPosition, position);
    }

    /** An Input or Unsupported record. */
    public void io(long position, Record record) {
        draft.io.add(record);
        draft.lastPosition = Math.max(draft.lastPosition, position);
    }

    /** Ends the chunk at a position: everything up to it has come in. */
    private void cut(long position) {
        long end = Math.max(position, draft.lastPosition);
        if (draft.isEmpty() && end == draft.firstPosition) {
            return;
        }
        draft.lastPosition = end;
        long next = draft.nextEvent();
        handover.put(draft, false);
        draft = handover.draft();
        draft.begin(end, next);
        events.begin();
        probes.begin();
        lastRow = 0;
    }

    /**
     * A checkpoint; all that came before its position has been put in.
     *
     * @param since where the span begins that the footprint is of
     * @param footprint what was touched up to the checkpoint, null if nobody knows
     */
    public void checkpoint(Snapshot snapshot, int inputs, long since, Footprint footprint) {
        cut(snapshot.position());
        handover.put(new Rare.State(snapshot, inputs, since, footprint), true);
    }

    /** Ends a chunk at a position and waits until all is in the file. */
    public void flush(long position) throws IOException {
        CountDownLatch done = new CountDownLatch(1);
        cut(position);
        handover.put(new Rare.Flush(done), true);
        await(done);
    }

    /** Writes the rest, the End record if not null, index and footer, and closes the file. Once only. */
    public void finish(long position, Record endOrNull) throws IOException {
        if (finished) {
            return;
        }
        finished = true;
        CountDownLatch done = new CountDownLatch(1);
        cut(position);
        handover.put(new Rare.Finish(draft.firstEvent, position, endOrNull, done), true);
        await(done);
    }

    private void await(CountDownLatch done) throws IOException {
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        check();
    }

    /** Throws what has kept the writer's thread from writing, if anything has. */
    public void check() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    /** Whether the writer's thread cannot write any more. */
    public boolean failed() {
        return failure != null;
    }

    /** Last position up to which the file is whole, after a failure. */
    public long writtenPosition() {
        return writtenPosition;
    }

    // ------------------------------------------------------------------ the writer's thread

    private void work() {
        boolean going = true;
        while (going) {
            Handover.Task task = handover.take();
            if (failure != null) {
                going = afterFailure(task);
            } else {
                try {
                    going = perform(task);
                } catch (IOException | RuntimeException | OutOfMemoryError e) {
                    failure = e instanceof IOException io ? io : new IOException("recorder: " + e, e);
                    going = afterFailure(task);
                }
            }
            if (task instanceof Draft d) {
                handover.release(d);
            }
        }
        handover.abandon();
    }

    private boolean perform(Handover.Task task) throws IOException {
        switch (task) {
            case Draft d -> write(d);
            case Rare.State(Snapshot snapshot, int inputs, long since, Footprint footprint) ->
                checkpoints.write(snapshot, inputs, since, footprint);
            case Rare.Flush(CountDownLatch done) -> done.countDown();
            case Rare.Finish f -> {
                finish(f);
                return false;
            }
            default -> throw new IllegalStateException("unknown task " + task);
        }
        return true;
    }

    /** Lets nobody wait for what cannot be done. */
    private boolean afterFailure(Handover.Task task) {
        switch (task) {
            case Rare.Flush f -> f.done().countDown();
            case Rare.Finish f -> {
                closeQuietly();
                f.done().countDown();
                return false;
            }
            default -> { }
        }
        return true;
    }

    private void closeQuietly() {
        try {
            out.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void finish(Rare.Finish f) throws IOException {
        if (f.end() != null) {
            payload.clear();
            payload.add(f.end());
            out.write(ChunkKind.END, 1, 0, f.position(), f.position(), payload);
        }
        out.finish(f.events(), f.position(), farPairs.entries(), farPairs.exits());
        out.close();
        f.done().countDown();
    }

    /** Pairs of entries and exits in different chunks, of those written at least; it grows. */
    public FarPairs farPairs() {
        return farPairs;
    }

    private void write(Draft d) throws IOException {
        writeIo(d);
        payload.clear();
        Events head = Events.newBuilder().setFirst(d.firstEvent).setEventCount(d.events).setProbeCount(d.probes).build();
        int size = head.getSerializedSize() + CodedOutputStream.computeTagSize(Events.ROWS_FIELD_NUMBER)
                + CodedOutputStream.computeUInt32SizeNoTag(d.length()) + d.length();
        payload.add(Record.EVENTS_FIELD_NUMBER, size, to -> {
            head.writeTo(to);
            to.writeTag(Events.ROWS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            to.writeUInt32NoTag(d.length());
            to.write(d.rows(), 0, d.length());
        });
        for (int i = 0; i < d.farPairs.size(); i += 2) {
            farPairs.add(d.farPairs.get(i), d.farPairs.get(i + 1));
        }
        out.write(ChunkKind.EVENTS, d.events, d.firstEvent, d.firstPosition, d.lastPosition, payload);
        writtenPosition = d.lastPosition;
    }

    private void writeIo(Draft d) throws IOException {
        if (d.console.size() > 0) {
            d.consolePositions.setData(ByteString.copyFrom(d.console.toByteArray()));
            d.io.add(Record.newBuilder().setConsole(d.consolePositions).build());
        }
        if (!d.io.isEmpty()) {
            payload.clear();
            d.io.forEach(payload::add);
            out.write(ChunkKind.IO, d.io.size(), 0, d.firstPosition, d.lastPosition, payload);
        }
    }
}
