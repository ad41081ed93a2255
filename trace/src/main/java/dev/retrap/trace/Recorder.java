package dev.retrap.trace;

import com.google.protobuf.ByteString;
import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Footprint;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.ProbePoint;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Snapshot;
import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.trace.file.EventRow;
import dev.retrap.trace.file.ProbeRow;
import dev.retrap.trace.file.RecordingWriter;
import dev.retrap.trace.v1.Record;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Writes a recording while a machine runs. The machine's thread only copies into preallocated memory; coding,
 * compression and writing happen on a thread of the recorder's own, and the machine waits if that falls behind.
 *
 * <p>{@link Timeline#live} does the rest: it attaches the recorder, logs inputs and places checkpoints. If the file
 * cannot be written any further (disk full), the machine's run is interrupted and {@link #flush}, {@link #checkpoint}
 * and {@link #close} throw an exception with one line for the user; what was written before stays readable.
 */
public final class Recorder implements MachineObserver, AutoCloseable {
    private static final int R = Reg.CROSSING_SLOTS;
    private static final Crossing.Kind[] BY_ORDINAL = Crossing.Kind.values();

    /** Number of kinds of crossing. */
    static final int KINDS = BY_ORDINAL.length;
    /** Whether the kind with an ordinal is an entry. */
    static final IntPredicate IS_ENTRY = kind -> BY_ORDINAL[kind].isEntry();

    private final Path file;
    private final RecordingInfo info;
    private final List<ProbeSite> sites;
    private final RecordingWriter writer;
    private final ProbeReader probeReader;
    private final Pairing pairing = new Pairing();
    private Machine machine;
    private MachineObserver listener;
    private long events;
    private int inputs;
    private int lastRow = -1;
    private long position;
    private Record end;
    private boolean closed;

    private Recorder(Path file, RecordingInfo info, List<ProbeSite> sites, RecordingWriter writer) {
        this.file = file;
        this.info = info;
        this.sites = sites;
        this.writer = writer;
        probeReader = new ProbeReader(sites);
    }

    /**
     * Starts a recording in a new file (an existing one is replaced).
     *
     * @throws IOException if the file cannot be created, or the image is no kernel; the message is one line for the
     *     user
     */
    public static Recorder create(Path file, RecordingInfo info) throws IOException {
        try {
            List<ProbeSite> sites = ProbeSite.of(info.image());
            RecordingWriter writer = RecordingWriter.create(file, HeaderCodec.encode(info, sites), R, IS_ENTRY,
                    sites.stream().mapToInt(s -> s.layout().wordBytes()).toArray());
            return new Recorder(file, info, sites, writer);
        } catch (BadImageException e) {
            throw new IOException(e.getMessage(), e);
        } catch (IOException e) {
            throw cannot("write", file, e);
        }
    }

    /** An exception whose message is one line for the user. */
    static IOException cannot(String what, Path file, IOException e) {
        String why = switch (e) {
            case NoSuchFileException x -> "no such file or directory";
            case AccessDeniedException x -> "permission denied";
            case FileSystemException x when x.getReason() != null -> x.getReason();
            default -> e.getMessage();
        };
        return new IOException("cannot " + what + " " + file + ": " + why, e);
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** What the recording says about its origin. */
    public RecordingInfo info() {
        return info;
    }

    /** The probes that the machine must have for this recorder, from the kernel's own table. */
    public List<ProbePoint> probes() {
        return sites.stream().map(s -> new ProbePoint(s.address())).toList();
    }

    /** Observes this machine from now on: sets its observer and probes. */
    public void attach(Machine observed) {
        machine = observed;
        observed.setProbes(probes());
        observed.setObserver(this);
    }

    /** Someone else to tell everything after it is recorded (a terminal that shows the console), null for none. */
    public void setListener(MachineObserver other) {
        listener = other;
    }

    @Override
    public void crossing(Crossing c) {
        int row = writer.event();
        long[] a = writer.array();
        a[row + EventRow.CONTEXT] = EventRow.context(c.kind.ordinal(), c.vector, c.hasErrorCode);
        a[row + EventRow.POSITION] = c.position;
        a[row + EventRow.CYCLES] = c.cycles;
        a[row + EventRow.ERROR_CODE] = c.errorCode;
        if (c.kind.isEntry()) {
            a[row + EventRow.NESTING] = pairing.entry(events, c);
        } else {
            exit(c, a, row);
        }
        System.arraycopy(c.before, 0, a, row + EventRow.REGISTERS, R);
        System.arraycopy(c.after, 0, a, row + EventRow.REGISTERS + R, R);
        events++;
        position = c.position + 1;
        lastRow = row;
        if (listener != null) {
            listener.crossing(c);
        }
        if (writer.failed()) {
            machine.interrupt();
        }
    }

    private void exit(Crossing c, long[] a, int row) {
        pairing.exit(c, machine.cycles());
        if (pairing.entry < 0) {
            a[row + EventRow.NESTING] = 0;
            a[row + EventRow.STEPS] = -1;
            a[row + EventRow.NESTED_STEPS] = 0;
            a[row + EventRow.SPENT_CYCLES] = -1;
            a[row + EventRow.NESTED_CYCLES] = 0;
        } else {
            a[row + EventRow.NESTING] = events - pairing.entry;
            a[row + EventRow.STEPS] = pairing.steps;
            a[row + EventRow.NESTED_STEPS] = pairing.nestedSteps;
            a[row + EventRow.SPENT_CYCLES] = pairing.spentCycles;
            a[row + EventRow.NESTED_CYCLES] = pairing.nestedCycles;
        }
    }

    @Override
    public void probe(int index, Machine m) {
        ProbeSite site = probeReader.site(index);
        long address = probeReader.address(index, m);
        int row = writer.probe(index);
        long[] a = writer.array();
        a[row + ProbeRow.POINT] = index;
        long returnAddress = address + site.layout().returnAddress();
        a[row + ProbeRow.EVENT] =
                site.handler() ? pairing.handler(address, returnAddress) : pairing.decision(address, returnAddress);
        a[row + ProbeRow.POSITION] = m.position();
        a[row + ProbeRow.ADDRESS] = address;
        a[row + ProbeRow.THREAD_FLAGS] = probeReader.threadFlags(index, m);
        a[row + ProbeRow.WORDS] = probeReader.words(index, m, address, a, row + ProbeRow.REGS);
        if (listener != null) {
            listener.probe(index, m);
        }
    }

    @Override
    public void console(int octet) {
        writer.console(octet, machine.position());
        if (listener != null) {
            listener.console(octet);
        }
    }

    @Override
    public void unsupported(long at, long ip, byte[] bytes, String what) {
        writer.io(at, Record.newBuilder().setUnsupported(dev.retrap.trace.v1.Unsupported.newBuilder()
                .setPosition(at).setIp(ip).setData(ByteString.copyFrom(bytes)).setWhat(what)).build());
        if (listener != null) {
            listener.unsupported(at, ip, bytes, what);
        }
    }

    /** Number of events so far. */
    public long eventCount() {
        return events;
    }

    /** The event that {@link #crossing} was last told; without its probes. */
    Event lastEvent() {
        return EventAssembler.fromRow(events - 1, writer.array(), lastRow, R, pairing);
    }

    /** Logs an input; the caller applies it to the machine. */
    public void input(Input input) {
        inputs++;
        position = Math.max(position, input.position());
        writer.io(input.position(), InputCodec.encode(input));
    }

    /** Stores a state of now as a checkpoint. */
    public void checkpoint(Snapshot state) {
        checkpoint(state, state.position(), null);
    }

    /**
     * Stores a state of now as a checkpoint.
     *
     * @param since where the span begins that the footprint is of
     * @param footprint what has been touched from there to now, or more; null if nobody knows. The recorder's from now on
     */
    public void checkpoint(Snapshot state, long since, Footprint footprint) {
        check();
        writer.checkpoint(state, inputs, since, footprint);
    }

    /** Hands over all that has happened up to a position and waits until it is in the file, readable by others. */
    public void flush(long at) {
        position = at;
        try {
            writer.flush(at);
        } catch (IOException e) {
            throw unchecked(e);
        }
    }

    /** Throws if the file cannot be written any more. */
    void check() {
        try {
            writer.check();
        } catch (IOException e) {
            throw unchecked(e);
        }
    }

    private UncheckedIOException unchecked(IOException e) {
        IOException x = failed(e);
        return new UncheckedIOException(x.getMessage(), x);
    }

    private IOException failed(IOException e) {
        IOException x = cannot("write", file, e);
        return new IOException(x.getMessage() + "; what is recorded up to position " + writer.writtenPosition()
                + " is readable", e);
    }

    /** Says how the run ended; to be called before {@link #close()}, at the last position. */
    public void end(long at, EndStatus status) {
        position = at;
        end = EndCodec.encode(status);
    }

    /**
     * Writes what is left, the index and the footer.
     *
     * @throws IOException if the recording is not whole on disk; the message is one line for the user
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            writer.finish(position, end);
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
