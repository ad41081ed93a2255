package dev.retrap.trace.file;

import dev.retrap.cpu.Snapshot;
import dev.retrap.trace.v1.End;
import dev.retrap.trace.v1.Header;
import dev.retrap.trace.v1.Input;
import dev.retrap.trace.v1.Record;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A recording written from a seed, and what went into it. */
final class Recorded {
    final List<long[]> events = new ArrayList<>();
    final List<long[]> probes = new ArrayList<>();
    final List<Record> inputs = new ArrayList<>();
    final List<Snapshot> snapshots = new ArrayList<>();
    final ByteArrayOutputStream console = new ByteArrayOutputStream();
    long end;

    /** Writes so many events with all that goes with them. */
    static Recorded write(Path file, long seed, int count, boolean finish) throws IOException {
        Recorded r = new Recorded();
        Rows rows = new Rows(seed);
        Items items = new Items(seed);
        Record header = Record.newBuilder().setHeader(Header.newBuilder().setRecorder("test")).build();
        RecordingWriter w = RecordingWriter.create(file, header, Rows.REGISTERS, Rows::isEntry, Rows.WORD_BYTES);
        Items.Sink sink = Items.Sink.of(w);
        byte[][] ram = new byte[64][];
        for (int i = 0; i < count; i++) {
            if (i > 0 && rows.chance(2)) {
                long[] p = rows.probe();
                items.putProbe(p, sink);
                r.probes.add(p);
            }
            if (rows.chance(3)) {
                int octet = rows.below(256);
                w.console(octet, rows.position());
                r.console.write(octet);
            }
            if (rows.chance(20)) {
                Record in = Record.newBuilder().setInput(Input.newBuilder().setPosition(rows.position())
                        .setConsole(ByteString.copyFromUtf8("typed " + i))).build();
                w.io(rows.position(), in);
                r.inputs.add(in);
            }
            if (rows.chance(40)) {
                r.snapshots.add(snapshot(rows, ram));
                w.checkpoint(r.snapshots.getLast(), r.inputs.size(), 0, null);
            }
            if (rows.chance(50)) {
                w.flush(rows.position() + 1);
            }
            long[] e = rows.event();
            items.putEvent(e, sink);
            r.events.add(e);
            for (int n = count >= 500 && rows.chance(30) ? rows.below(100) : 0; n > 0; n--) {
                e = rows.again();
                items.putEvent(e, sink);
                r.events.add(e);
            }
        }
        r.end = rows.position() + 5;
        if (finish) {
            Record end = Record.newBuilder().setEnd(End.newBuilder().setStatus(End.Status.STATUS_IDLE)).build();
            w.finish(r.end, end);
        } else {
            w.flush(r.end);
        }
        return r;
    }

    private static Snapshot snapshot(Rows rows, byte[][] ram) {
        for (int i = rows.below(8); i > 0; i--) {
            byte[] page = rows.chance(5) ? null : new byte[Format.PAGE_BYTES];
            if (page != null && !rows.chance(6)) {
                page[rows.below(page.length)] = (byte) rows.below(4); // contents that come again, zeros among them
            }
            ram[rows.below(ram.length)] = page;
        }
        byte[] state = new byte[100];
        state[0] = (byte) rows.below(256);
        return new Snapshot(rows.position() + 1, state, ram.clone());
    }
}
