package dev.retrap.trace;

import dev.retrap.trace.file.Chunk;
import dev.retrap.trace.file.ChunkFile;
import dev.retrap.trace.file.RecordingFormatException;
import dev.retrap.trace.v1.Console;
import dev.retrap.trace.v1.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What went in and came out of the machine, read from the IO chunks when first asked for. Not thread-safe. */
final class IoStore {
    private final ChunkFile file;
    private final List<Chunk> unread = new ArrayList<>();
    private final List<Input> inputs = new ArrayList<>();
    private final List<Unsupported> unsupported = new ArrayList<>();
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private long[] positions = new long[256];

    IoStore(ChunkFile file) {
        this.file = file;
    }

    void add(Chunk chunk) {
        unread.add(chunk);
    }

    /** Reads the chunks not read yet. */
    void read() throws IOException {
        for (Chunk chunk : unread) {
            for (Record r : file.records(chunk)) {
                switch (r.getBodyCase()) {
                    case INPUT -> inputs.add(InputCodec.decode(r.getInput()));
                    case CONSOLE -> console(r.getConsole(), chunk);
                    case UNSUPPORTED -> unsupported.add(new Unsupported(r.getUnsupported().getPosition(),
                            r.getUnsupported().getIp(), r.getUnsupported().getData().toByteArray(),
                            r.getUnsupported().getWhat()));
                    default -> { }
                }
            }
        }
        unread.clear();
    }

    private void console(Console c, Chunk chunk) throws RecordingFormatException {
        int n = c.getData().size();
        if (n != c.getPositionCount()) {
            throw new RecordingFormatException(
                    "corrupt at byte " + chunk.offset() + ": console bytes without positions");
        }
        int at = console.size();
        if (at + n > positions.length) {
            positions = Arrays.copyOf(positions, Math.max(at + n, positions.length * 2));
        }
        long position = 0;
        for (int i = 0; i < n; i++) {
            position += c.getPosition(i);
            positions[at + i] = position;
        }
        console.writeBytes(c.getData().toByteArray());
    }

    List<Input> inputs(long end) {
        return inputs.stream().filter(i -> i.position() <= end).toList();
    }

    List<Unsupported> unsupported(long end) {
        return unsupported.stream().filter(u -> u.position() <= end).toList();
    }

    ConsoleOutput console(long end) {
        int n = console.size();
        ConsoleOutput all = new ConsoleOutput(console.toByteArray(), Arrays.copyOf(positions, n));
        int whole = all.lengthAt(end);
        return whole == n
                ? all
                : new ConsoleOutput(Arrays.copyOf(all.bytes(), whole), Arrays.copyOf(all.positions(), whole));
    }
}
