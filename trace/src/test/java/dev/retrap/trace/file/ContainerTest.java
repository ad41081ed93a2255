package dev.retrap.trace.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.retrap.trace.v1.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerTest {
    @TempDir
    Path dir;

    /** All that can be read out of a file. */
    static final class Read {
        final List<long[]> events = new ArrayList<>();
        final List<long[]> probes = new ArrayList<>();
        final List<Record> inputs = new ArrayList<>();
        final ByteArrayOutputStream console = new ByteArrayOutputStream();
        CheckpointReader checkpoints;
        boolean end;
        long endPosition;

        static Read of(ChunkFile file) throws IOException {
            Read r = new Read();
            r.checkpoints = new CheckpointReader(file);
            for (Chunk c : file.chunks()) {
                if (c.kind() == null) {
                    continue;
                }
                switch (c.kind()) {
                    case EVENTS -> r.events(file, c);
                    case PAGES, CHECKPOINT -> r.checkpoints.add(c);
                    default -> r.others(file, c);
                }
            }
            return r;
        }

        private void events(ChunkFile file, Chunk c) throws IOException {
            for (Record rec : file.records(c)) {
                if (rec.hasEvents()) {
                    RowReader rows = new RowReader(rec.getEvents(), Rows.REGISTERS, Rows::isEntry, Rows.KINDS,
                            Rows.POINTS);
                    EventBlock b = rows.events();
                    if (b.first() != events.size()) {
                        throw new RecordingFormatException("corrupt: event " + b.first() + " behind " + events.size());
                    }
                    for (int i = 0; i < b.count(); i++) {
                        int row = b.row(b.first() + i);
                        events.add(Arrays.copyOfRange(b.rows(), row, row + EventRow.size(Rows.REGISTERS)));
                    }
                    ProbeBlock p = rows.probes();
                    for (int i = 0; i < p.count(); i++) {
                        probes.add(Arrays.copyOfRange(p.rows(), i * ProbeRow.SIZE, (i + 1) * ProbeRow.SIZE));
                    }
                }
            }
            endPosition = c.lastPosition();
        }

        private void others(ChunkFile file, Chunk c) throws IOException {
            for (Record rec : file.records(c)) {
                if (rec.hasConsole()) {
                    console.writeBytes(rec.getConsole().getData().toByteArray());
                } else if (rec.hasInput()) {
                    inputs.add(rec);
                }
                end |= rec.hasEnd();
            }
        }
    }

    private static void assertRows(List<long[]> read, List<long[]> written, int ignoreFrom, int ignoreTo) {
        assertThat(read).hasSameSizeAs(written);
        for (int i = 0; i < read.size(); i++) {
            long[] w = written.get(i).clone();
            long[] r = read.get(i).clone();
            for (int k = ignoreFrom; k < ignoreTo; k++) {
                w[k] = 0;
                r[k] = 0;
            }
            assertThat(r).as("row %d", i).isEqualTo(w);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsWrittenIsRead(long seed) throws IOException {
        Path file = dir.resolve("r.retrap");
        Recorded w = Recorded.write(file, seed, seed == 1 ? 20_000 : 500, true);
        try (ChunkFile f = ChunkFile.open(file)) {
            assertThat(f.damage()).isEmpty();
            assertThat(f.index()).isPresent();
            Read r = Read.of(f);
            assertRows(r.events, w.events, 0, 0);
            for (long[] p : r.probes) {
                Arrays.fill(p, ProbeRow.REGS + (int) p[ProbeRow.WORDS], p.length, 0);
            }
            assertRows(r.probes, w.probes, 0, 0);
            assertThat(r.inputs).isEqualTo(w.inputs);
            assertThat(r.console.toByteArray()).isEqualTo(w.console.toByteArray());
            assertThat(r.end).isTrue();
            assertThat(r.endPosition).isEqualTo(w.end);
            assertThat(r.checkpoints.count()).isEqualTo(w.snapshots.size());
            for (int i = w.snapshots.size() - 1; i >= 0; i--) {
                assertSnapshot(r.checkpoints.read(i), w, i);
            }
            Random order = new Random(seed);
            for (int n = 0; n < w.snapshots.size(); n++) {
                int i = order.nextInt(w.snapshots.size());
                assertSnapshot(r.checkpoints.read(i), w, i);
            }
        }
    }

    private static void assertSnapshot(CheckpointReader.Stored stored, Recorded w, int i) {
        assertThat(stored.snapshot().position()).isEqualTo(w.snapshots.get(i).position());
        assertThat(stored.snapshot().state()).isEqualTo(w.snapshots.get(i).state());
        assertThat(stored.snapshot().pageCount()).isEqualTo(w.snapshots.get(i).pageCount());
        byte[] zeros = new byte[Format.PAGE_BYTES];
        for (int p = 0; p < stored.snapshot().pageCount(); p++) {
            byte[] page = w.snapshots.get(i).page(p);
            byte[] read = stored.snapshot().page(p);
            assertThat(read == null ? zeros : read).isEqualTo(page == null ? zeros : page);
            if (page == null) {
                assertThat(read).isNull();
            }
        }
    }

    @Test
    void equalRunsMakeEqualFiles() throws IOException {
        Recorded.write(dir.resolve("a"), 42, 10_000, true);
        Recorded.write(dir.resolve("b"), 42, 10_000, true);
        assertThat(dir.resolve("a")).hasSameBinaryContentAs(dir.resolve("b"));
    }

    @Test
    void aFileWithoutAnIndexReadsTheSame() throws IOException {
        Path file = dir.resolve("r.retrap");
        Recorded w = Recorded.write(file, 9, 600, false);
        try (ChunkFile f = ChunkFile.open(file)) {
            assertThat(f.damage()).hasValueSatisfying(d -> assertThat(d).contains("did not finish"));
            assertRows(Read.of(f).events, w.events, 0, 0);
        }
    }

    /** Every prefix of a file reads as a prefix of the run. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13})
    void everyPrefixReadsAsAPrefix(long seed) throws IOException {
        Path file = dir.resolve("r.retrap");
        Recorded w = Recorded.write(file, seed, 40, true);
        int chunks = Integer.MAX_VALUE;
        int most = w.events.size();
        for (long n = Files.size(file) - 1; n >= 0; n--) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(n);
            }
            if (n < Format.MAGIC_BYTES) {
                assertThatThrownBy(() -> ChunkFile.open(file)).isInstanceOf(RecordingFormatException.class)
                        .hasMessageContaining("not a Retrap recording");
                continue;
            }
            try (ChunkFile f = ChunkFile.open(file)) {
                if (f.damage().isEmpty() || f.size() > chunks) {
                    fail("cut to " + n + " bytes: " + f.size() + " chunks, damage " + f.damage());
                }
                if (f.size() < chunks) {
                    chunks = f.size();
                    Read r = Read.of(f);
                    assertThat(r.events.size()).as("cut to %d bytes", n).isBetween(0, most);
                    most = r.events.size();
                    assertRows(r.events, w.events.subList(0, most), 0, 0);
                    assertThat(r.inputs).isEqualTo(w.inputs.subList(0, r.inputs.size()));
                    for (int i = 0; i < r.checkpoints.count(); i++) {
                        assertSnapshot(r.checkpoints.read(i), w, i);
                    }
                }
            }
        }
        assertThat(chunks).isZero();
    }

    @Test
    void aNewerFormatIsNamed() throws IOException {
        Path file = dir.resolve("r.retrap");
        Recorded.write(file, 1, 10, true);
        byte[] bytes = Files.readAllBytes(file);
        bytes[5] = 9;
        Files.write(file, bytes);
        assertThatThrownBy(() -> ChunkFile.open(file))
                .isInstanceOf(RecordingFormatException.class)
                .hasMessage("recording of format 9, this program reads up to format 1: use a newer Retrap");
    }

    @Test
    void aChunkOfAnUnknownKindIsSkipped() throws IOException {
        Path file = dir.resolve("r.retrap");
        Recorded w = Recorded.write(file, 1, 10, false);
        byte[] bytes = Files.readAllBytes(file);
        int sequence;
        try (ChunkFile f = ChunkFile.open(file)) {
            sequence = f.size();
        }
        Chunk strange = new Chunk(bytes.length, 99, Chunk.STORED, sequence, 1, 3, 3, 0, 0, 0,
                Format.crc32c(new byte[] {1, 2, 3}, 0, 3));
        Files.write(file, strange.encode(), StandardOpenOption.APPEND);
        Files.write(file, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
        try (ChunkFile f = ChunkFile.open(file)) {
            assertThat(f.chunk(sequence).kind()).isNull();
            assertThat(Read.of(f).events).hasSize(w.events.size());
        }
    }
}
