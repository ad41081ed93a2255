package dev.retrap.trace;

import dev.retrap.cpu.Crossing;
import dev.retrap.trace.file.Chunk;
import dev.retrap.trace.file.ChunkFile;
import dev.retrap.trace.file.EventRow;
import dev.retrap.trace.file.FarPairs;
import dev.retrap.trace.file.ProbeRow;
import dev.retrap.trace.file.RecordingFormatException;
import dev.retrap.trace.v1.Index;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads events out of a recording's chunks, a few chunks in memory at a time. Not thread-safe. */
final class EventStore {
    private static final int CACHED_BLOCKS = 8;
    private static final Crossing.Kind[] KINDS = Crossing.Kind.values();

    private final ChunkFile file;
    private final HeaderCodec.Contents header;
    private final List<Chunk> chunks = new ArrayList<>();
    private final FarPairs farPairs;
    private final DecisionTest decisionTest;
    private boolean farPairsKnown;
    private int pairedChunks;
    private long count;
    private long end;
    private final Map<Integer, Block> blocks = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Block> eldest) {
            return size() > CACHED_BLOCKS;
        }
    };

    /**
     * A store without events.
     *
     * @param farPairsOrNull pairs of entries and exits in different chunks, if somebody knows them: else they are in the
     *     file's index, or are found by looking at all events once
     */
    EventStore(ChunkFile file, HeaderCodec.Contents header, FarPairs farPairsOrNull) {
        this.file = file;
        farPairs = farPairsOrNull == null ? new FarPairs() : farPairsOrNull;
        farPairsKnown = farPairsOrNull != null;
        this.header = header;
        decisionTest = new DecisionTest(header.info().config().cpu());
        file.index().ifPresent(this::takeFarPairs);
    }

    private void takeFarPairs(Index index) {
        long entry = 0;
        for (int i = 0; i < Math.min(index.getFarEntryCount(), index.getFarExitCount()); i++) {
            entry += index.getFarEntry(i);
            farPairs.add(entry, entry + index.getFarExit(i));
        }
        farPairsKnown = true;
    }

    /** Takes in an EVENTS chunk. */
    void add(Chunk chunk) throws RecordingFormatException {
        if (chunk.first() != count || chunk.firstPosition() != end) {
            throw new RecordingFormatException("corrupt at byte " + chunk.offset()
                    + ": the chunk does not continue the one before");
        }
        chunks.add(chunk);
        count += chunk.count();
        end = chunk.lastPosition();
    }

    long count() {
        return count;
    }

    /** Last position of the last chunk. */
    long end() {
        return end;
    }

    /** The block of an event; index of a chunk in {@link #chunks}. */
    private int chunkOf(long event) {
        int lo = 0;
        int hi = chunks.size() - 1;
        while (lo < hi) {
            int mid = (lo + hi + 1) >>> 1;
            if (chunks.get(mid).first() <= event) {
                lo = mid;
            } else {
                hi = mid - 1;
            }
        }
        return lo;
    }

    private Block block(int chunk) throws IOException {
        Block b = blocks.get(chunk);
        if (b == null) {
            b = Block.read(file, chunks.get(chunk), header.registers(), header.probes());
            blocks.put(chunk, b);
        }
        return b;
    }

    private int indexOf(Block b) {
        return chunkOf(b.events.first()); // of empty chunks before it none is cached
    }

    private Block blockOf(long event) throws IOException {
        return block(chunkOf(event));
    }

    /** Number of the first event at or after a position; the count if there is none. */
    long firstFrom(long position) throws IOException {
        int lo = 0;
        int hi = chunks.size();
        while (lo < hi) {
            int mid = (lo + hi) >>> 1;
            if (chunks.get(mid).lastPosition() <= position) {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        for (int i = lo; i < chunks.size(); i++) {
            if (chunks.get(i).count() > 0) {
                Block b = block(i);
                int k = b.firstFrom(position);
                if (k < b.events.count()) {
                    return b.events.first() + k;
                }
            }
        }
        return count;
    }

    Event event(long n) throws IOException {
        Block b = blockOf(n);
        return b.isEntry(n) ? entry(n, b) : exit(n, b);
    }

    private Event entry(long n, Block b) throws IOException {
        long pair = b.exitOf(n);
        boolean far = pair < 0;
        if (far) {
            pair = farExit(n);
        }
        Block exits = pair < 0 || !far ? b : blockOf(pair);
        Optional<PtRegs> ptRegs = handler(n, b, far);
        return new Row(b, n).event(pair, (int) b.get(n, EventRow.NESTING), pair < 0 ? null : new Row(exits, pair),
                new Row(b, n).systemCall(), ptRegs, Optional.empty());
    }

    private Event exit(long n, Block b) throws IOException {
        long nesting = b.get(n, EventRow.NESTING);
        if (nesting == 0) {
            return new Row(b, n).event(-1, 0, null, -1, Optional.empty(), Optional.empty());
        }
        long pair = n - nesting;
        Block entries = b.has(pair) ? b : blockOf(pair);
        if (!entries.isEntry(pair)) {
            throw new RecordingFormatException("corrupt: event " + n + " ends event " + pair + ", which is no entry");
        }
        Row entry = new Row(entries, pair);
        return new Row(b, n).event(pair, (int) entries.get(pair, EventRow.NESTING), new Row(b, n), entry.systemCall(),
                Optional.empty(), decision(n, pair, b, entries));
    }

    private Optional<PtRegs> handler(long entry, Block b, boolean maybeLater) throws IOException {
        if (header.probes().isEmpty()) {
            return Optional.empty();
        }
        int p = b.handlerOf(entry);
        if (p >= 0) {
            return Optional.ofNullable(b.ptRegs(p));
        }
        int next = indexOf(b) + 1;
        if (maybeLater && next < chunks.size()) {
            Block later = block(next);
            p = later.handlerOf(entry);
            return p < 0 ? Optional.empty() : Optional.ofNullable(later.ptRegs(p));
        }
        return Optional.empty();
    }

    private Optional<ExitDecision> decision(long exit, long entry, Block b, Block entries) throws IOException {
        long position = b.get(exit, EventRow.POSITION);
        Block at = b;
        long since = entries.get(entry, EventRow.POSITION);
        int p = b.decisionOf(entry, since, position);
        int before = indexOf(b) - 1;
        if (p < 0 && b != entries && before >= 0) {
            at = block(before);
            p = at.decisionOf(entry, since, position);
        }
        if (p < 0) {
            return Optional.empty();
        }
        PtRegs regs = at.ptRegs(p);
        if (regs == null) {
            return Optional.empty();
        }
        return Optional.of(decisionTest.of(at.site(p), at.probes.get(p, ProbeRow.POSITION), regs,
                at.probes.get(p, ProbeRow.THREAD_FLAGS), landingPad(entry, entries),
                KINDS[EventRow.kind(b.get(exit, EventRow.CONTEXT))]));
    }

    /**
     * Where a fast system call resumes: what the kernel puts into {@code pt_regs.ip} before it does anything else,
     * since SYSENTER saved no return address.
     */
    private OptionalLong landingPad(long entry, Block entries) throws IOException {
        Crossing.Kind kind = KINDS[EventRow.kind(entries.get(entry, EventRow.CONTEXT))];
        if (kind != Crossing.Kind.SYSENTER && kind != Crossing.Kind.SYSCALL) {
            return OptionalLong.empty();
        }
        Optional<PtRegs> built = handler(entry, entries, true);
        return built.isPresent() ? OptionalLong.of(built.get().get("ip")) : OptionalLong.empty();
    }

    /** Pairs of entries and exits in different chunks. */
    FarPairs farPairs() throws IOException {
        findFarPairs();
        return farPairs;
    }

    private long farExit(long entry) throws IOException {
        findFarPairs();
        long exit = farPairs.exit(entry);
        return exit < count ? exit : -1;
    }

    private void findFarPairs() throws IOException {
        if (!farPairsKnown) {
            for (; pairedChunks < chunks.size(); pairedChunks++) {
                pairsOf(chunks.get(pairedChunks));
            }
        }
    }

    private void pairsOf(Chunk chunk) throws IOException {
        Block b = Block.read(file, chunk, header.registers(), header.probes());
        for (long n = b.events.first(); b.has(n); n++) {
            long nesting = b.get(n, EventRow.NESTING);
            if (!b.isEntry(n) && nesting > n - b.events.first()) {
                farPairs.add(n - nesting, n);
            }
        }
    }

    /** An event in its block. */
    private record Row(Block block, long event) {
        private long get(int word) {
            return block.get(event, word);
        }

        long systemCall() {
            long context = get(EventRow.CONTEXT);
            int registers = block.events.registers();
            int row = block.events.row(event) + EventRow.REGISTERS;
            return EventAssembler.systemCall(context, block.events.rows(), row, registers);
        }

        Event event(long pair, int depth, Row exit, long systemCall, Optional<PtRegs> ptRegs,
                Optional<ExitDecision> decision) {
            long[] rows = block.events.rows();
            return EventAssembler.assemble(event, rows, block.events.row(event), block.events.registers(), pair, depth,
                    exit == null ? -1 : exit.get(EventRow.STEPS),
                    exit == null ? 0 : exit.get(EventRow.NESTED_STEPS),
                    exit == null ? -1 : exit.get(EventRow.SPENT_CYCLES),
                    exit == null ? 0 : exit.get(EventRow.NESTED_CYCLES), systemCall, ptRegs, decision);
        }
    }
}
