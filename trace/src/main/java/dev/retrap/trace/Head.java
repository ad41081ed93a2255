package dev.retrap.trace;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.Footprint;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Snapshot;
import dev.retrap.cpu.Stop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The end of a live timeline, at which a guest makes new history: runs the machine under its recorder. */
final class Head implements AutoCloseable {
    /**
     * Steps between checkpoints at first, a few milliseconds of compiled code and some twenty of the interpreter; doubled
     * whenever there are {@link #MANY} at a distance.
     */
    private static final long FIRST_STRIDE = 1 << 21;
    private static final int MANY = 2048;
    /**
     * Steps that have to pass for each page that the last span wrote: keeping its old content costs some two
     * microseconds, which shall be a few hundredths of all with compiled code.
     */
    private static final long STEPS_PER_PAGE = 1 << 16;
    private static final int FEW_PAGES = 32;

    private final Machine machine;
    private final Recorder recorder;
    private final Path temporary;
    private final Queue<byte[]> typed = new ConcurrentLinkedQueue<>();
    private boolean attached;
    private boolean running;
    private long position;
    private long stride;
    private long nextCheckpoint;
    private int atStride;
    private Footprint footprint = new Footprint();
    private boolean touchedKnown = true;
    private long lastCheckpoint;
    private Recording view;
    private long seenPosition = -1;
    private boolean changed = true;
    private EndStatus end = new EndStatus.Interrupted();
    private final Pace pace;
    private volatile boolean paced;

    Head(Machine machine, Recorder recorder, Path temporary) {
        this(machine, recorder, temporary, FIRST_STRIDE);
    }

    /** With checkpoints at another distance, a power of two. */
    Head(Machine machine, Recorder recorder, Path temporary, long stride) {
        this.stride = stride;
        nextCheckpoint = stride;
        this.machine = machine;
        this.recorder = recorder;
        this.temporary = temporary;
        pace = new Pace(machine);
    }

    /** The head of a branch, where the machine stands under its recorder; what was touched just before is not known. */
    static Head branch(Machine machine, Recorder recorder) {
        Head head = new Head(machine, recorder, null);
        head.attached = true;
        head.touchedKnown = false;
        head.position = machine.position();
        head.lastCheckpoint = head.position;
        head.nextCheckpoint = (head.position / head.stride + 1) * head.stride;
        machine.trackFootprint(head.footprint);
        return head;
    }

    void setPaced(boolean on) {
        paced = on;
    }

    /** A head whose history goes into a file that is deleted when it is closed. */
    static Head temporary(Machine machine, MachineConfig config, BootImage image) throws IOException {
        Path file = Files.createTempFile("retrap", ".retrap");
        file.toFile().deleteOnExit();
        try {
            RecordingInfo info = new RecordingInfo(config, image, "", "", List.of(), "retrap");
            return new Head(machine, Recorder.create(file, info), file);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Position of the head; conditions of breakpoints ask while it moves. */
    long position() {
        return running ? machine.position() : position;
    }

    void attach() {
        if (!attached) {
            recorder.attach(machine);
            machine.trackFootprint(footprint);
            attached = true;
        }
    }

    void detach() {
        if (attached) {
            machine.setObserver(null);
            machine.setProbes(List.of());
            machine.trackFootprint(null);
            attached = false;
        }
    }

    void setListener(MachineObserver listener) {
        recorder.setListener(listener);
    }

    /** A movement begins: the time that passed in between does not count. */
    void start() {
        pace.start();
    }

    /** Lives on, at most up to a position; a breakpoint at position {@code skip} does not count. */
    Stop run(long until, long skip) {
        changed = true;
        running = true;
        Stop stop;
        try {
            stop = position == skip ? machine.run(until) : machine.resume(until);
        } finally {
            running = false;
        }
        position = machine.position();
        recorder.check();
        end = switch (stop) {
            case Stop.PoweredOff(int status) -> new EndStatus.PoweredOff(status);
            case Stop.Shutdown(String report) -> new EndStatus.Shutdown(report);
            case Stop.Idle() -> new EndStatus.Idle();
            default -> new EndStatus.Interrupted();
        };
        return stop;
    }

    /** If the guest's time is ahead and is not to be, waits a moment and returns true. */
    boolean waits() {
        return paced && pace.waits();
    }

    /** Position up to which it may live before it has something to do beside. */
    long nextPause() {
        return paced ? Math.min(nextCheckpoint, position + Pace.STEPS) : nextCheckpoint;
    }

    boolean checkpointDue() {
        return position >= nextCheckpoint;
    }

    /** Stores the state now, the machine being at the head, in the recording. */
    void checkpoint(Snapshot state) {
        Footprint touched = footprint;
        footprint = Footprint.withRoomOf(touched);
        machine.trackFootprint(attached ? footprint : null);
        recorder.checkpoint(state, lastCheckpoint, touchedKnown ? touched : null);
        touchedKnown = true;
        lastCheckpoint = position;
        if (++atStride == MANY) {
            atStride = 0;
            stride *= 2;
        }
        long paid = position + STEPS_PER_PAGE * Math.max(0, touched.writtenPhysical().size() - FEW_PAGES);
        nextCheckpoint = (Math.max(position, paid - 1) / stride + 1) * stride;
    }

    Event lastEvent() {
        return recorder.lastEvent();
    }

    void type(byte[] bytes) {
        typed.add(bytes.clone());
    }

    boolean hasTyped() {
        return !typed.isEmpty();
    }

    /** What has been typed and has not arrived yet, as an input of now. */
    Optional<Input> typed() {
        byte[] bytes = typed.poll();
        return bytes == null ? Optional.empty() : Optional.of(new Input.Console(machine.position(), bytes));
    }

    /** Remembers an input made at the head. */
    void log(Input input) {
        changed = true;
        recorder.input(input);
    }

    /** The recording as it is in the file; null if nobody has asked for all of it yet. */
    Recording viewIfAny() {
        return view;
    }

    /** The recording up to the head. */
    Recording view() {
        try {
            long now = position();
            if (changed || seenPosition != now) {
                recorder.flush(now);
                if (view == null) {
                    view = Recording.following(recorder.file(), recorder.farPairs());
                } else {
                    view.follow();
                }
                seenPosition = now;
                changed = running;
            }
            return view;
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        if (attached && position > lastCheckpoint && machine.position() == position) {
            checkpoint(machine.snapshot());
        }
        detach();
        if (view != null) {
            view.close();
        }
        try {
            recorder.end(position, end);
            recorder.close();
        } finally {
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        }
    }
}
