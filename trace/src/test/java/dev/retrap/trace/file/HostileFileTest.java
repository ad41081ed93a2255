package dev.retrap.trace.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.retrap.trace.BadRecordingException;
import dev.retrap.trace.Event;
import dev.retrap.trace.Guests;
import dev.retrap.trace.Recording;
import dev.retrap.trace.v1.Record;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files made to hurt: the reader says what is wrong, or reads what can be read, in bounded memory. */
class HostileFileTest {
    /** The reader may hold a chunk and what it decodes to, whatever a file of some kB claims. */
    private static final long MAX_ALLOCATED = 400L << 20;

    @TempDir
    Path dir;

    private static void readAll(Path file, String what) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try (ChunkFile f = ChunkFile.open(file)) {
            ContainerTest.Read r = ContainerTest.Read.of(f);
            for (int i = 0; i < r.checkpoints.count(); i++) {
                r.checkpoints.read(i);
            }
        } catch (RecordingFormatException e) {
            assertThat(e.getMessage()).as(what).isNotBlank().doesNotContain("\n");
        } catch (IOException | RuntimeException | Error e) {
            fail(what, e);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).as(what).isLessThan(MAX_ALLOCATED);
    }

    /** Bytes changed at random: mostly caught by checksums. */
    @Test
    void changedBytes() throws IOException {
        Path file = dir.resolve("r");
        Recorded.write(file, 5, 300, true);
        byte[] whole = Files.readAllBytes(file);
        long seed = System.getProperty("seed") == null ? 77 : Long.getLong("seed");
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int round = 0; round < 400; round++) {
            byte[] bytes = whole.clone();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                bytes[random.nextInt(8, bytes.length)] = (byte) random.nextInt();
            }
            Files.write(file, bytes);
            readAll(file, "seed " + seed + " round " + round);
        }
    }

    /** Headers and payloads changed at random with checksums made right again: what an enemy would send. */
    @Test
    void changedWithRightChecksums() throws IOException {
        Path file = dir.resolve("r");
        long seed = System.getProperty("seed") == null ? 78 : Long.getLong("seed");
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Recorded.write(file, 5, 200, true);
        byte[] whole = Files.readAllBytes(file);
        int[] offsets;
        try (ChunkFile f = ChunkFile.open(file)) {
            offsets = f.chunks().stream().mapToInt(c -> (int) c.offset()).toArray();
        }
        for (int round = 0; round < 500; round++) {
            byte[] bytes = whole.clone();
            int offset = offsets[random.nextInt(offsets.length)];
            ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int stored = b.getInt(offset + 16);
            if (random.nextBoolean()) {
                int[] fields = {4, 5, 8, 12, 16, 20, 24, 32, 40};
                int field = fields[random.nextInt(fields.length)];
                long[] values = {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 63 << 20, random.nextInt()};
                b.putInt(offset + field, (int) values[random.nextInt(values.length)]);
            } else {
                bytes[offset + 5] = 0; // take the deflated bytes for protobuf, or change protobuf
                for (int i = random.nextInt(1, 6); i > 0; i--) {
                    bytes[offset + Chunk.HEADER_BYTES + random.nextInt(stored)] = (byte) random.nextInt();
                }
                b.putInt(offset + 20, stored);
                b.putInt(offset + 48, Format.crc32c(bytes, offset + Chunk.HEADER_BYTES, stored));
            }
            b.putInt(offset + 52, Format.crc32c(bytes, offset, 52));
            Files.write(file, bytes);
            readAll(file, "seed " + seed + " round " + round);
        }
    }

    /** Protobuf of the columns changed at random before it is packed into a sound file. */
    @Test
    void changedColumns() throws IOException {
        Path file = dir.resolve("r");
        long seed = System.getProperty("seed") == null ? 79 : Long.getLong("seed");
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Recorded.write(file, 6, 200, true);
        for (int round = 0; round < 150; round++) {
            Path bad = dir.resolve("bad");
            try (ChunkFile f = ChunkFile.open(file); ChunkWriter w = ChunkWriter.create(bad)) {
                for (Chunk c : f.chunks()) {
                    Payload p = new Payload();
                    for (Record r : f.records(c)) {
                        p.add(r);
                    }
                    if (p.length() > 0 && random.nextInt(3) == 0) {
                        p.array()[random.nextInt(p.length())] = (byte) random.nextInt();
                    }
                    if (c.kind() != ChunkKind.INDEX) {
                        w.write(c.kind(), c.count(), c.first(), c.firstPosition(), c.lastPosition(), p);
                    }
                }
                w.finish(200, 1 << 20, new long[0], new long[0]);
            }
            readAll(bad, "seed " + seed + " round " + round);
        }
    }

    /** The same through the API that everybody uses. */
    @Test
    void recordingsChangedBeforePacking() throws Exception {
        Path file = Guests.record(dir.resolve("r"), "v4.4", "badstack");
        long seed = System.getProperty("seed") == null ? 80 : Long.getLong("seed");
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int round = 0; round < 100; round++) {
            String what = "seed " + seed + " round " + round;
            Path bad = dir.resolve("bad");
            try (ChunkFile f = ChunkFile.open(file); ChunkWriter w = ChunkWriter.create(bad)) {
                for (Chunk c : f.chunks()) {
                    Payload p = new Payload();
                    f.records(c).forEach(p::add);
                    int within = Math.min(p.length(), c.kind() == ChunkKind.HEADER ? 200 : p.length());
                    if (random.nextInt(3) == 0) {
                        p.array()[random.nextInt(within)] = (byte) random.nextInt();
                    }
                    if (c.kind() != ChunkKind.INDEX) {
                        w.write(c.kind(), c.count(), c.first(), c.firstPosition(), c.lastPosition(), p);
                    }
                }
                w.finish(30, 1 << 20, new long[] {1}, new long[] {2});
            }
            try (Recording r = Recording.open(bad)) {
                r.inputs();
                r.console();
                r.unsupported();
                r.checkpointPositions().forEach(r::checkpointAtOrBefore);
                for (Event e : r.events()) {
                    assertThat(e.name()).isNotEmpty();
                }
            } catch (BadRecordingException | IOException | UncheckedIOException e) {
                assertThat(e.getMessage()).as(what).isNotBlank().doesNotContain("\n");
            } catch (RuntimeException | Error e) {
                fail(what, e);
            }
        }
    }

    /** A small file that inflates to as much as a chunk may have. */
    @Test
    void inflatesToTheLimit() throws IOException {
        Path file = dir.resolve("r");
        try (ChunkWriter w = ChunkWriter.create(file)) {
            Payload p = new Payload();
            p.add(1, 60 << 20, out -> {
                byte[] zeros = new byte[1 << 20];
                for (int i = 0; i < 60; i++) {
                    out.write(zeros, 0, zeros.length);
                }
            });
            w.write(ChunkKind.EVENTS, 1, 0, 0, 1, p);
        }
        readAll(file, "zeros");
    }

    /** An index that points back at itself, and a footer that points anywhere. */
    @Test
    void cyclicIndexAndWildFooter() throws IOException {
        Path file = dir.resolve("r");
        Recorded.write(file, 5, 200, true);
        byte[] bytes = Files.readAllBytes(file);
        int footer = bytes.length - Format.FOOTER_BYTES - Format.MAGIC_BYTES;
        for (long target : new long[] {0, 8, 64, footer, footer + 8, bytes.length, Long.MAX_VALUE, -1}) {
            byte[] wild = bytes.clone();
            byte[] tail = Format.footer(target, 200, 1000);
            System.arraycopy(tail, 0, wild, footer, tail.length);
            Files.write(file, wild);
            try (ChunkFile f = ChunkFile.open(file)) {
                assertThat(ContainerTest.Read.of(f).events).as("footer to %d", target).hasSize(200);
            }
        }
    }
}
