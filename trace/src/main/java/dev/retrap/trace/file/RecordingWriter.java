package dev.retrap.trace.file;

import com.google.protobuf.ByteString;
import dev.retrap.cpu.Footprint;
import dev.retrap.cpu.Snapshot;
import dev.retrap.trace.v1.Console;
import dev.retrap.trace.v1.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntPredicate;

/**
 * Writes a recording: rows are put in by the machine's thread, and coded, compressed and written by a thread of this
 * class. What has been handed over is cut into chunks by counts and positions only, so that equal runs make equal
 * files.
 */
public final class RecordingWriter {
    /** Events after which a chunk ends at the next exit. */
    private static final int CHUNK_EVENTS = 4096;
    /** Events after which it ends anywhere. */
    private static final int CHUNK_EVENTS_AT_MOST = 2 * CHUNK_EVENTS;
    /** Console bytes after which a chunk ends. */
    private static final int CHUNK_CONSOLE_BYTES = 1 << 18;

    private static final int EVENT = 1;
    private static final int PROBE = 2;
    private static final int CONSOLE = 3;
    private static final int OBJECT = 4;

    /** What is too rare to be put into the ring as numbers. */
    private sealed interface Rare {
        record Io(long position, Record record) implements Rare {}

        record State(Snapshot snapshot, int inputs, long since, Footprint footprint) implements Rare {}

        record Flush(long position, CountDownLatch done) implements Rare {}

        record Finish(long position, Record end, CountDownLatch done) implements Rare {}
    }

    private final Ring ring = new Ring();
    private final Queue<Rare> rare = new ConcurrentLinkedQueue<>();
    private final int eventAtMost;
    private final IntPredicate isEntry;
    private final Thread thread;
    private volatile IOException failure;
    private boolean finished;

    // The writer's thread's own.
    private final ChunkWriter out;
    private final CheckpointWriter checkpoints;
    private final EventColumns events;
    private final ProbeColumns probes;
    private final FarPairs farPairs = new FarPairs();
    private final Payload payload = new Payload();
    private final Payload io = new Payload();
    private int ioRecords;
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final Console.Builder consolePositions = Console.newBuilder();
    private long lastConsolePosition;
    private long nextEvent;
    private long chunkStart;
    private long lastPosition;
    private boolean lastWasExit;

    private RecordingWriter(ChunkWriter out, int registers, IntPredicate isEntry, int[] probeWordBytes) {
        this.out = out;
        eventAtMost = EventItem.atMost(registers);
        this.isEntry = isEntry;
        checkpoints = new CheckpointWriter(out);
        events = new EventColumns(registers, isEntry);
        probes = new ProbeColumns(probeWordBytes);
        events.begin(0);
        probes.begin(0);
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
            w.chunkStart = position;
            w.lastPosition = position;
            w.nextEvent = events;
            w.events.begin(events);
            w.probes.begin(events);
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

    /** Room for an {@link EventItem} in {@link #array()}, of the next event; to be filled and {@link #endEvent}ed at once. */
    public int beginEvent() {
        return ring.reserve(eventAtMost);
    }

    /** The event is complete: its {@link EventRow#context} and where it ends in the array. */
    public void endEvent(long context, int end) {
        ring.complete(EVENT, context, end);
    }

    /** Room for a {@link ProbeItem}, likewise. */
    public int beginProbe() {
        return ring.reserve(ProbeItem.AT_MOST);
    }

    /**
     * The probe is complete.
     *
     * @param point its probe point
     * @param words of {@code pt_regs} that could be read
     * @param end where it ends in the array
     */
    public void endProbe(int point, int words, int end) {
        ring.complete(PROBE, point | words << 8, end);
    }

    /** The array that {@link #beginEvent} or {@link #beginProbe} gave an index of. */
    public long[] array() {
        return ring.array();
    }

    /** A byte on the guest's console. */
    public void console(int octet, long position) {
        int at = ring.reserve(1);
        ring.array()[at] = position;
        ring.complete(CONSOLE, octet, at + 1);
    }

    /** An Input or Unsupported record. */
    public void io(long position, Record record) {
        put(new Rare.Io(position, record));
    }

    /**
     * A checkpoint; all that came before its position has been put in.
     *
     * @param since where the span begins that the footprint is of
     * @param footprint what was touched up to the checkpoint, null if nobody knows
     */
    public void checkpoint(Snapshot snapshot, int inputs, long since, Footprint footprint) {
        put(new Rare.State(snapshot, inputs, since, footprint));
    }

    private void put(Rare r) {
        rare.add(r);
        ring.complete(OBJECT, 0, ring.reserve(0));
    }

    /** Ends a chunk at a position and waits until all is in the file. */
    public void flush(long position) throws IOException {
        CountDownLatch done = new CountDownLatch(1);
        put(new Rare.Flush(position, done));
        ring.handOver();
        await(done);
    }

    /** Writes the rest, the End record if not null, index and footer, and closes the file. Once only. */
    public void finish(long position, Record endOrNull) throws IOException {
        if (finished) {
            return;
        }
        finished = true;
        CountDownLatch done = new CountDownLatch(1);
        put(new Rare.Finish(position, endOrNull, done));
        ring.handOver();
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
        return chunkStart;
    }

    // ------------------------------------------------------------------ the writer's thread

    private void work() {
        boolean going = true;
        while (going) {
            int number = ring.take();
            long[] a = ring.segment(number);
            int end = ring.length(number);
            int at = 0;
            while (at < end && going) {
                int type = (int) a[at] & 0xff;
                int length = (int) (a[at] >>> 8) & 0xffff;
                going = item(type, (int) (a[at] >>> 32), a, at + 1);
                at += 1 + length;
            }
            ring.release();
        }
        ring.abandon();
    }

    private boolean item(int type, int tag, long[] a, int at) {
        if (failure != null) {
            return type != OBJECT || afterFailure(rare.remove());
        }
        try {
            switch (type) {
                case EVENT -> event(tag, a, at);
                case PROBE -> probe(tag, a, at);
                case CONSOLE -> put(tag, a[at]);
                default -> {
                    return rare(rare.remove());
                }
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            failure = e instanceof IOException io ? io : new IOException("recorder: " + e, e);
        }
        return true;
    }

    /** Lets nobody wait for what cannot be done. */
    private boolean afterFailure(Rare r) {
        switch (r) {
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

    private void event(int context, long[] a, int at) throws IOException {
        int n = events.count();
        if (n >= CHUNK_EVENTS && lastWasExit || n >= CHUNK_EVENTS_AT_MOST) {
            cut(lastPosition);
        }
        boolean exit = !isEntry.test(EventRow.kind(context));
        long nesting = a[at + EventItem.NESTING];
        if (exit && nesting > events.count()) { // the entry is in an earlier chunk
            farPairs.add(nextEvent - nesting, nextEvent);
        }
        events.add(context, a, at);
        nextEvent++;
        lastPosition = a[at + EventItem.POSITION] + 1;
        lastWasExit = exit;
    }

    private void probe(int tag, long[] a, int at) throws IOException {
        if (probes.count() >= 4 * CHUNK_EVENTS) {
            cut(lastPosition);
        }
        probes.add(tag & 0xff, tag >>> 8, a, at);
        lastPosition = Math.max(lastPosition, a[at + ProbeItem.POSITION]);
    }

    private void put(int octet, long position) throws IOException {
        if (console.size() >= CHUNK_CONSOLE_BYTES) {
            cut(lastPosition);
        }
        console.write(octet);
        consolePositions.addPosition(position - lastConsolePosition);
        lastConsolePosition = position;
        lastPosition = Math.max(lastPosition, position);
    }

    private boolean rare(Rare r) throws IOException {
        switch (r) {
            case Rare.Io(long position, Record record) -> {
                io.add(record);
                ioRecords++;
                lastPosition = Math.max(lastPosition, position);
            }
            case Rare.State(Snapshot snapshot, int inputs, long since, Footprint footprint) -> {
                cut(snapshot.position());
                checkpoints.write(snapshot, inputs, since, footprint);
            }
            case Rare.Flush(long position, CountDownLatch done) -> {
                try {
                    cut(position);
                } catch (IOException e) {
                    failure = e;
                }
                done.countDown();
            }
            case Rare.Finish f -> {
                finish(f);
                f.done().countDown();
                return false;
            }
        }
        return true;
    }

    private void finish(Rare.Finish f) {
        try {
            cut(f.position());
            if (f.end() != null) {
                payload.clear();
                payload.add(f.end());
                out.write(ChunkKind.END, 1, 0, f.position(), f.position(), payload);
            }
            out.finish(nextEvent, f.position(), farPairs.entries(), farPairs.exits());
            out.close();
        } catch (IOException | RuntimeException e) {
            failure = e instanceof IOException io ? io : new IOException("recorder: " + e, e);
            closeQuietly();
        }
    }

    /** Ends the chunk at a position: everything up to it has come in. */
    private void cut(long position) throws IOException {
        long end = Math.max(position, Math.max(lastPosition, chunkStart));
        if (events.count() == 0 && probes.count() == 0 && ioRecords == 0 && console.size() == 0 && end == chunkStart) {
            return;
        }
        writeIo(end);
        payload.clear();
        events.writeTo(payload);
        probes.writeTo(payload);
        out.write(ChunkKind.EVENTS, events.count(), nextEvent - events.count(), chunkStart, end, payload);
        chunkStart = end;
        lastPosition = end;
        events.begin(nextEvent);
        probes.begin(nextEvent);
    }

    private void writeIo(long end) throws IOException {
        if (console.size() > 0) {
            consolePositions.setData(ByteString.copyFrom(console.toByteArray()));
            io.add(Record.newBuilder().setConsole(consolePositions).build());
            ioRecords++;
            console.reset();
            consolePositions.clear();
            lastConsolePosition = 0;
        }
        if (ioRecords > 0) {
            out.write(ChunkKind.IO, ioRecords, 0, chunkStart, end, io);
            io.clear();
            ioRecords = 0;
        }
    }
}
