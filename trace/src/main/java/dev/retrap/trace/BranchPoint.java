package dev.retrap.trace;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.file.Chunk;
import dev.retrap.trace.file.ChunkFile;
import dev.retrap.trace.file.ChunkKind;
import dev.retrap.trace.file.EventRow;
import dev.retrap.trace.file.ProbeRow;
import dev.retrap.trace.v1.Record;
import java.io.IOException;

/**
 * The part of a recording that a branch takes over as it is: its whole chunks up to a position.
 *
 * @param chunks how many
 * @param position at which they end, at or before the one asked for
 * @param events in them
 * @param inputs in them
 */
record BranchPoint(int chunks, long position, long events, int inputs) {
    static BranchPoint of(Recording recording, long fork) throws IOException {
        ChunkFile file = recording.chunks();
        int n = 1;
        long position = 0;
        long events = 0;
        for (int i = 1; i < file.size(); i++) {
            Chunk c = file.chunk(i);
            if (c.kind() == ChunkKind.EVENTS && c.lastPosition() > fork || c.kind() == ChunkKind.END
                    || c.kind() == ChunkKind.INDEX) {
                break;
            }
            if (c.kind() == ChunkKind.EVENTS) {
                position = c.lastPosition();
                events = c.first() + c.count();
            }
            if (c.kind() != ChunkKind.IO) { // that belongs to the events behind it
                n = i + 1;
            }
        }
        int inputs = 0;
        for (int i = 1; i < n; i++) {
            if (file.chunk(i).kind() == ChunkKind.IO) {
                for (Record r : file.records(file.chunk(i))) {
                    inputs += r.hasInput() ? 1 : 0;
                }
            }
        }
        return new BranchPoint(n, position, events, inputs);
    }

    /** Brings entries and exits together as when they were recorded, so that those still open are known. */
    void pair(Recording recording, Pairing pairing) throws IOException {
        Crossing crossing = new Crossing();
        for (int i = 1; i < chunks; i++) {
            Chunk c = recording.chunks().chunk(i);
            if (c.kind() != ChunkKind.EVENTS) {
                continue;
            }
            Block b = Block.read(recording.chunks(), c, recording.header().registers(), recording.header().probes());
            int p = 0;
            for (long n = b.events.first(); b.has(n); n++) {
                while (p < b.probes.count() && b.probes.get(p, ProbeRow.POSITION) <= b.get(n, EventRow.POSITION)) {
                    probe(b, p++, pairing);
                }
                event(recording, b, n, crossing, pairing);
            }
            while (p < b.probes.count()) {
                probe(b, p++, pairing);
            }
        }
    }

    private static void probe(Block b, int p, Pairing pairing) {
        ProbeSite site = b.site(p);
        long address = b.probes.get(p, ProbeRow.ADDRESS);
        long returnAddress = address + site.layout().returnAddress();
        if (site.handler()) {
            pairing.handler(address, returnAddress);
        } else {
            pairing.decision(address, returnAddress);
        }
    }

    private static void event(Recording recording, Block b, long n, Crossing c, Pairing pairing) {
        long context = b.get(n, EventRow.CONTEXT);
        c.kind = Crossing.Kind.values()[EventRow.kind(context)];
        c.vector = EventRow.vector(context);
        c.position = b.get(n, EventRow.POSITION);
        c.cycles = b.get(n, EventRow.CYCLES);
        int row = b.events.row(n) + EventRow.REGISTERS;
        System.arraycopy(b.events.rows(), row, c.before, 0, Reg.CROSSING_SLOTS);
        System.arraycopy(b.events.rows(), row + b.events.registers(), c.after, 0, Reg.CROSSING_SLOTS);
        if (c.kind.isEntry()) {
            pairing.entry(n, c);
        } else {
            pairing.exit(c, c.cycles + recording.config().cpu().costs().crossing(c.kind));
        }
    }
}
