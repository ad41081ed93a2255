package dev.retrap.repl.cli;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.EndStatus;
import dev.retrap.trace.Recorder;
import dev.retrap.trace.RecordingInfo;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One guest being recorded into one file. */
final class RecordSession {
    private final Context context;
    private final Guest guest;
    private final Path file;
    private final List<String> commandLine;

    /**
     * What came of it.
     *
     * @param end how it ended; {@link EndStatus.Incomplete} if the steps allowed were used up
     * @param positions length
     * @param events number of events
     * @param bytes size of the file
     * @param console what was unsupported
     */
    record Result(EndStatus end, long positions, long events, long bytes, Console console) {}

    /**
     * A session.
     *
     * @param commandLine what the recording says it was made by
     */
    RecordSession(Context context, Guest guest, Path file, List<String> commandLine) {
        this.context = context;
        this.guest = guest;
        this.file = file;
        this.commandLine = commandLine;
    }

    /** Records, at most so many steps. */
    Result run(long maxSteps, TypedInput input) {
        Console console = new Console(context.out());
        EndStatus end;
        long positions;
        Recorder recorder = recorder(guest, file, commandLine);
        try (Timeline timeline = live(recorder)) {
            timeline.setListener(console);
            end = new GuestRun(context, engine(timeline, recorder), maxSteps, input).run();
            positions = timeline.position();
            console.ended(guest, timeline.machine());
        } catch (IOException e) {
            throw new Trouble(e.getMessage(), e);
        }
        return new Result(end, positions, recorder.eventCount(), size(file), console);
    }

    /** A file that is no recording is not overwritten: {@code record hello -o hello} is a slip. */
    private static void protect(Path file) {
        if (Files.isDirectory(file)) {
            throw new Trouble(file + " is a directory: name a file for the recording with -o");
        }
        if (Files.isRegularFile(file) && size(file) > 0 && !Recordings.hasSignature(file)) {
            throw new Trouble(file + " exists and is no recording: name another file with -o, or remove it");
        }
    }

    /** Starts a recording in a file, which must be none or a recording. */
    static Recorder recorder(Guest guest, Path file, List<String> commandLine) {
        protect(file);
        try {
            return Recorder.create(file, new RecordingInfo(guest.config(), guest.image(), guest.variant(),
                    guest.program(), commandLine, Version.nameAndVersion()));
        } catch (IOException e) {
            throw new Trouble(e.getMessage(), e);
        }
    }

    private Timeline live(Recorder recorder) throws IOException {
        try {
            return Timeline.live(guest.config(), guest.image(), recorder);
        } catch (BadImageException e) {
            recorder.close();
            Files.deleteIfExists(file);
            throw new Trouble(e.getMessage(), e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private GuestRun.Engine engine(Timeline timeline, Recorder recorder) {
        return new GuestRun.Engine() {
            @Override
            public Machine machine() {
                return timeline.machine();
            }

            @Override
            public EndStatus slice(long steps) {
                return switch (timeline.stepForward(steps)) {
                    case Arrival.PoweredOff(int status) -> new EndStatus.PoweredOff(status);
                    case Arrival.Shutdown(String report) -> new EndStatus.Shutdown(report);
                    case Arrival.Idle() -> new EndStatus.Idle();
                    case Arrival.Interrupted() -> new EndStatus.Interrupted();
                    default -> null;
                };
            }

            @Override
            public void input(byte[] bytes) {
                timeline.consoleInput(bytes);
            }

            @Override
            public void interrupt() {
                timeline.interrupt();
            }

            @Override
            public long events() {
                return recorder.eventCount();
            }

            @Override
            public long bytes() {
                return size(file);
            }
        };
    }
}
