package dev.retrap.trace;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.Footprint;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.trace.file.CheckpointReader;
import dev.retrap.trace.file.Chunk;
import dev.retrap.trace.file.ChunkFile;
import dev.retrap.trace.file.ChunkKind;
import dev.retrap.trace.file.FarPairs;
import dev.retrap.trace.file.FootprintReader;
import dev.retrap.trace.file.RecordingFormatException;
import dev.retrap.trace.v1.Record;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A recording open for reading. Memory use is bounded whatever the size of the file (but for {@link #console()}, and
 * the list of chunks, about 100 bytes per 4096 events). Thread-safe.
 *
 * <p>Methods that read the file throw {@link UncheckedIOException} if it cannot be read any more, or if a part turns
 * out to be corrupt that {@link #open} did not look at; its message is one line for the user.
 */
public final class Recording implements AutoCloseable {
    private final Path path;
    private final ChunkFile file;
    private final HeaderCodec.Contents header;
    private final EventStore events;
    private final CheckpointReader checkpoints;
    private final FootprintReader footprints;
    private final IoStore io;
    private int known;
    private EndStatus status = new EndStatus.Incomplete();

    private Recording(Path path, ChunkFile file, HeaderCodec.Contents header, FarPairs farPairsOrNull) {
        this.path = path;
        this.file = file;
        this.header = header;
        events = new EventStore(file, header, farPairsOrNull);
        checkpoints = new CheckpointReader(file);
        footprints = new FootprintReader(file);
        io = new IoStore(file);
    }

    /**
     * Opens a recording. One whose writer was killed opens up to its last whole chunk, see {@link #truncation()}.
     *
     * @throws BadRecordingException if it is none, or of a newer format, or corrupt
     * @throws IOException if it cannot be read; the message is one line for the user
     */
    public static Recording open(Path file) throws IOException, BadRecordingException {
        ChunkFile chunks;
        try {
            chunks = ChunkFile.open(file);
        } catch (RecordingFormatException e) {
            throw new BadRecordingException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw Recorder.cannot("open", file, e);
        }
        try {
            return open(file, chunks, null);
        } catch (RecordingFormatException e) {
            chunks.close();
            throw new BadRecordingException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            chunks.close();
            throw Recorder.cannot("read", file, e);
        }
    }

    /**
     * A view of a file that this process is writing; {@link #follow} brings it up to date.
     *
     * @param farPairs what the writer knows of pairs in different chunks
     */
    static Recording following(Path file, FarPairs farPairs) throws IOException {
        return open(file, ChunkFile.following(file), farPairs);
    }

    private static Recording open(Path file, ChunkFile chunks, FarPairs farPairsOrNull) throws IOException {
        if (chunks.size() == 0 || chunks.chunk(0).kind() != ChunkKind.HEADER) {
            throw new RecordingFormatException(
                    "the header is not whole: the recording was cut off before the machine started");
        }
        Recording r = null;
        for (Record record : chunks.records(chunks.chunk(0))) {
            if (record.hasHeader()) {
                r = new Recording(file, chunks, HeaderCodec.decode(record.getHeader()), farPairsOrNull);
            }
        }
        if (r == null) {
            throw new RecordingFormatException("corrupt: no header in the first chunk");
        }
        r.takeChunks();
        return r;
    }

    /** Takes in what has been written since. */
    synchronized void follow() {
        try {
            file.follow();
            takeChunks();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void takeChunks() throws IOException {
        for (; known < file.size(); known++) {
            Chunk c = file.chunk(known);
            if (c.kind() == null) {
                continue;
            }
            switch (c.kind()) {
                case EVENTS -> events.add(c);
                case PAGES, CHECKPOINT -> checkpoints.add(c);
                case FOOTPRINT -> footprints.add(c);
                case IO -> io.add(c);
                case END -> {
                    for (Record r : file.records(c)) {
                        status = r.hasEnd() ? EndCodec.decode(r.getEnd()) : status;
                    }
                }
                case HEADER, INDEX -> { }
            }
        }
    }

    private UncheckedIOException unreadable(IOException e) {
        IOException x = e instanceof RecordingFormatException
                ? new IOException(path + ": " + e.getMessage(), e)
                : Recorder.cannot("read", path, e);
        return new UncheckedIOException(x.getMessage(), x);
    }

    /** The file. */
    public Path file() {
        return path;
    }

    /** Where it comes from. */
    public RecordingInfo info() {
        return header.info();
    }

    /** Where it branches off another recording, if it does. */
    public Optional<Branch> branch() {
        return header.branch();
    }

    /** For those who go on from here: what the file is made of. */
    ChunkFile chunks() {
        return file;
    }

    HeaderCodec.Contents header() {
        return header;
    }

    CheckpointReader checkpointReader() {
        return checkpoints;
    }

    synchronized FarPairs farPairs() throws IOException {
        return events.farPairs();
    }

    /** The machine. */
    public MachineConfig config() {
        return info().config();
    }

    /** What the machine booted. */
    public BootImage bootImage() {
        return info().image();
    }

    /** The last position recorded. */
    public synchronized long endPosition() {
        return events.end();
    }

    /** How the run ended. */
    public synchronized EndStatus endStatus() {
        return status;
    }

    /** Says in one line that, and where, the file is cut off; empty for a whole one. */
    public synchronized Optional<String> truncation() {
        return file.damage().map(damage -> {
            long ignored;
            try {
                ignored = file.length() - file.end();
            } catch (IOException e) {
                throw unreadable(e);
            }
            return path + ": cut off after event " + (events.count() - 1) + " at position " + events.end() + " ("
                    + damage + "); " + ignored + " bytes ignored";
        });
    }

    /** Number of events. */
    public synchronized long eventCount() {
        return events.count();
    }

    /**
     * An event by its number.
     *
     * @throws IndexOutOfBoundsException unless {@code 0 <= n < eventCount()}
     */
    public synchronized Event event(long n) {
        Objects.checkIndex(n, events.count());
        try {
            return events.event(n);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The event whose crossing step starts at a position. */
    public Optional<Event> eventAt(long position) {
        return eventFrom(position).filter(e -> e.position() == position);
    }

    /** Index of the first event at or after a position, {@link #eventCount()} if there is none. */
    public synchronized long firstEventFrom(long position) {
        try {
            return events.firstFrom(position);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The first event at or after a position. */
    public synchronized Optional<Event> eventFrom(long position) {
        long n = firstEventFrom(position);
        return n < events.count() ? Optional.of(event(n)) : Optional.empty();
    }

    /** The last event before a position (its crossing step starts before it). */
    public synchronized Optional<Event> eventBefore(long position) {
        long n = firstEventFrom(position) - 1;
        return n >= 0 ? Optional.of(event(n)) : Optional.empty();
    }

    /** Events {@code from <= index < to} in order. */
    public Iterator<Event> events(long from, long to) {
        Objects.checkFromToIndex(from, to, eventCount());
        return new Iterator<>() {
            private long next = from;

            @Override
            public boolean hasNext() {
                return next < to;
            }

            @Override
            public Event next() {
                if (next >= to) {
                    throw new NoSuchElementException();
                }
                return event(next++);
            }
        };
    }

    /** All events in order, for use in a for loop. */
    public Iterable<Event> events() {
        return () -> events(0, eventCount());
    }

    /** The first event at or after a position that a filter selects. */
    public Optional<Event> findForward(long position, Predicate<Event> filter) {
        for (long n = firstEventFrom(position); n < eventCount(); n++) {
            Event e = event(n);
            if (filter.test(e)) {
                return Optional.of(e);
            }
        }
        return Optional.empty();
    }

    /** The last event before a position that a filter selects. */
    public Optional<Event> findBackward(long position, Predicate<Event> filter) {
        for (long n = firstEventFrom(position) - 1; n >= 0; n--) {
            Event e = event(n);
            if (filter.test(e)) {
                return Optional.of(e);
            }
        }
        return Optional.empty();
    }

    /** All inputs in order of position. */
    public synchronized List<Input> inputs() {
        return readIo().inputs(events.end());
    }

    /** What the guest printed on its console; takes nine bytes of memory per byte printed. */
    public synchronized ConsoleOutput console() {
        return readIo().console(events.end());
    }

    /** What the guest ran into that the machine lacks, in order. */
    public synchronized List<Unsupported> unsupported() {
        return readIo().unsupported(events.end());
    }

    private IoStore readIo() {
        try {
            io.read();
            return io;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Positions of the checkpoints stored, ascending. */
    public synchronized List<Long> checkpointPositions() {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < checkpoints.count(); i++) {
            all.add(checkpoints.position(i));
        }
        return all;
    }

    /** Position of the last checkpoint at or before a position, -1 if there is none. */
    public synchronized long checkpointPositionAtOrBefore(long position) {
        int n = checkpointBefore(position);
        return n < 0 ? -1 : checkpoints.position(n);
    }

    /** Position of the first checkpoint after a position, -1 if there is none. */
    public synchronized long checkpointPositionAfter(long position) {
        int n = checkpointBefore(position) + 1;
        return n < checkpoints.count() ? checkpoints.position(n) : -1;
    }

    /** The last checkpoint at or before a position. */
    public synchronized Optional<StoredCheckpoint> checkpointAtOrBefore(long position) {
        int n = checkpointBefore(position);
        if (n < 0) {
            return Optional.empty();
        }
        try {
            CheckpointReader.Stored s = checkpoints.read(n);
            return Optional.of(new StoredCheckpoint(s.snapshot(), s.inputs()));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * What the machine touched in a span between two checkpoints that follow each other (or position 0 and the first),
     * or more; empty if the recording does not say.
     */
    public synchronized Optional<Footprint> footprint(long from, long to) {
        try {
            return Optional.ofNullable(footprints.read(from, to));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private int checkpointBefore(long position) {
        int lo = 0;
        int hi = checkpoints.count();
        while (lo < hi) {
            int mid = (lo + hi) >>> 1;
            if (checkpoints.position(mid) <= position) {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        return lo - 1;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
