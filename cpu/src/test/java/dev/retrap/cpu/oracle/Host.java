package dev.retrap.cpu.oracle;

import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Feature;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * The physical processor: the native helper as a process, spoken to as {@code protocol.h} says. Batches may be sent
 * ahead of the answers by another thread.
 */
final class Host implements AutoCloseable {
    /** Most tests that one batch holds. */
    static final int BATCH = 256;

    private static final int MAGIC = 0x314F5452;
    private static final int CAPACITY = 1 << 19;
    private static final int TEST_FX = 1, TEST_BASES = 2, TEST_TWICE = 4;
    private static final int BATCH_BYTES = 16, TEST_BYTES = 176, PATCH_BYTES = 24, FX_SENT = 512;

    /** How the two runs of a test compare. */
    enum Stability { STABLE, UNSTABLE, DIED, LARGE }

    /** What the helper says of a test. */
    record Answer(Stability stability, Outcome outcome) {}

    /** A stretch of linear addresses that the helper occupies itself. */
    record Range(long from, long to) {}

    private final Process process;
    private final OutputStream out;
    private final InputStream in;
    private final List<Range> own = new ArrayList<>();
    private final boolean long64;
    private HostFacts facts;

    /** Starts a helper by its command line. */
    Host(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        out = new BufferedOutputStream(process.getOutputStream(), 1 << 16);
        in = process.getInputStream();
        setUp();
        ByteBuffer hello = read(24);
        if (hello.getInt() != MAGIC) {
            throw new IOException("the oracle helper answers in another language: build it again");
        }
        int bits = hello.getInt();
        int selectors = hello.getInt();
        int leaves = hello.getInt();
        int mapBytes = hello.getInt();
        boolean ldt = hello.getInt() != 0;
        long64 = bits == 64;
        var visible = new ArrayList<HostFacts.Visible>();
        ByteBuffer b = read(selectors * 12);
        for (int i = 0; i < selectors; i++) {
            int lar = b.getInt();
            int lsl = b.getInt();
            int valid = b.getInt();
            visible.add(new HostFacts.Visible(lar, lsl, (valid & 1) != 0, (valid & 2) != 0));
        }
        String brand = brand(read(leaves * 24));
        ownRanges(new String(read(mapBytes).array(), StandardCharsets.US_ASCII));
        facts = new HostFacts(bits, brand, EnumSet.noneOf(Feature.class), visible, ldt, 0, 0, 0);
        facts = new Probe(this).complete(facts);
    }

    private void setUp() throws IOException {
        ByteBuffer b = buffer(40 + 16 * (Layout.REGIONS.size() + Layout.LDT.size()));
        b.putInt(MAGIC).putInt(Layout.REGIONS.size()).putInt(Layout.LDT.size()).putInt(CAPACITY).putInt(CAPACITY)
                .putInt(0).putLong(Layout.FS_BASE).putLong(Layout.GS_BASE);
        for (Layout.Region r : Layout.REGIONS) {
            b.putInt(r.address()).putInt(r.pages()).putInt(r.kind().ordinal()).putInt(0);
        }
        int entry = 0;
        for (Layout.Descriptor d : Layout.LDT) {
            b.putInt(entry++).putInt(d.base()).putInt(d.limit()).putInt(d.bits());
        }
        out.write(b.array());
        out.flush();
    }

    private static String brand(ByteBuffer leaves) {
        var text = new byte[48];
        int at = 0;
        while (leaves.hasRemaining()) {
            int leaf = leaves.getInt();
            leaves.getInt();
            for (int i = 0; i < 4; i++) {
                int v = leaves.getInt();
                if (leaf >= 0x80000002 && leaf <= 0x80000004) {
                    MemoryImage.put(text, at, v, 4);
                    at += 4;
                }
            }
        }
        return new String(text, StandardCharsets.US_ASCII).trim();
    }

    private void ownRanges(String maps) {
        for (String line : maps.split("\n")) {
            int dash = line.indexOf('-');
            int space = line.indexOf(' ');
            if (dash > 0 && space > dash) {
                long from = Long.parseUnsignedLong(line.substring(0, dash), 16);
                long to = Long.parseUnsignedLong(line.substring(dash + 1, space), 16);
                boolean ours = Layout.REGIONS.stream().anyMatch(r -> r.holds(from));
                if (!ours) {
                    own.add(new Range(from, to));
                }
            }
        }
    }

    HostFacts facts() {
        return facts;
    }

    /** True if the helper has pages of its own at or near an address: what it says of tests that touch them counts not. */
    boolean owns(long linear) {
        for (Range r : own) {
            if (Long.compareUnsigned(linear, r.from - 64) >= 0 && Long.compareUnsigned(linear, r.to) < 0) {
                return true;
            }
        }
        return false;
    }

    /** Sends tests and waits for the answers. */
    List<Answer> run(MemoryImage image, List<TestCase> tests, boolean twice) {
        send(image, tests, twice, false);
        return receive(tests);
    }

    /**
     * Sends a batch of at most {@link #BATCH} tests.
     *
     * @param twice each test is to be run twice
     * @param fresh in a new process: an earlier test may have spoilt the one at work
     */
    void send(MemoryImage image, List<TestCase> tests, boolean twice, boolean fresh) {
        int bytes = 0;
        for (TestCase t : tests) {
            bytes += size(t);
        }
        ByteBuffer b = buffer(BATCH_BYTES + Layout.DATA_BYTES + bytes);
        b.putInt(tests.size()).putInt(Layout.DATA_BYTES).putInt(bytes).putInt(fresh ? 1 : 0).put(image.bytes());
        for (TestCase t : tests) {
            put(b, t, twice);
        }
        try {
            out.write(b.array());
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int size(TestCase t) {
        return TEST_BYTES + PATCH_BYTES * t.patches.size() + (t.initial.fx != null ? FX_SENT : 0);
    }

    private static void put(ByteBuffer b, TestCase t, boolean twice) {
        State s = t.initial;
        int flags = (s.fx != null ? TEST_FX : 0) | (t.bases ? TEST_BASES : 0) | (twice ? TEST_TWICE : 0);
        b.putShort((short) size(t)).put((byte) flags).put((byte) t.code.length).put((byte) t.patches.size());
        b.put(new byte[3]).putInt(t.address).putInt((int) s.ip).putInt(s.eflags);
        for (int sel : s.seg) {
            b.putShort((short) sel);
        }
        b.put(t.code).put(new byte[16 - t.code.length]);
        for (long r : s.gpr) {
            b.putLong(r);
        }
        for (TestCase.Patch p : t.patches) {
            b.putInt(p.address()).put((byte) p.bytes().length).put(new byte[3]);
            b.put(p.bytes()).put(new byte[TestCase.Patch.MAX - p.bytes().length]);
        }
        if (s.fx != null) {
            b.put(s.fx).put(new byte[FX_SENT - s.fx.length]);
        }
    }

    /** The answers to the oldest batch sent. */
    List<Answer> receive(List<TestCase> tests) {
        try {
            ByteBuffer head = read(8);
            int n = head.getInt();
            ByteBuffer b = read(head.getInt());
            var answers = new ArrayList<Answer>(n);
            for (TestCase t : tests) {
                answers.add(answer(b, t));
            }
            return answers;
        } catch (IOException e) {
            throw new UncheckedIOException("the oracle helper has stopped", e);
        } catch (BufferUnderflowException e) {
            throw new IllegalStateException("the oracle helper's answer ends early", e);
        }
    }

    private Answer answer(ByteBuffer b, TestCase t) {
        int start = b.position();
        int size = b.getShort() & 0xFFFF;
        int vector = b.get() & 0xFF;
        Stability stability = Stability.values()[b.get()];
        int changeCount = b.getShort() & 0xFFFF;
        b.getShort();
        int error = b.getInt();
        var s = new State();
        s.eflags = b.getInt();
        long cr2 = b.getLong();
        s.ip = b.getLong();
        for (int i = 0; i < 6; i++) {
            s.seg[i] = Normal.selector(b.getShort() & 0xFFFF);
        }
        b.getInt();
        s.fsBase = b.getLong();
        s.gsBase = b.getLong();
        if (!long64) {
            s.fsBase = 0;
            s.gsBase = 0;
        }
        for (int i = 0; i < 16; i++) {
            s.gpr[i] = b.getLong();
        }
        var changes = new ArrayList<Outcome.Change>(changeCount);
        for (int i = 0; i < changeCount; i++) {
            int address = b.getInt();
            var bytes = new byte[b.getShort() & 0xFFFF];
            b.get(bytes);
            changes.add(new Outcome.Change(address, bytes));
        }
        if (stability != Stability.DIED && t.initial.fx != null) {
            s.fx = new byte[State.FX_BYTES];
            b.get(s.fx);
        }
        b.position(start + size);
        return new Answer(stability, normal(t, vector, error, cr2, s, changes));
    }

    /** Takes out what the way of ending a test adds, and what Linux does to error codes. */
    private Outcome normal(TestCase t, int rawVector, int rawError, long cr2, State s, List<Outcome.Change> changes) {
        int vector = rawVector;
        int error = rawError;
        if (vector == 1 && t.endsByTrap()) {
            vector = Outcome.COMPLETED;
        } else if (vector == 3 && !t.endsByTrap()) {
            vector = Outcome.COMPLETED;
            s.ip = t.mode == CodeMode.CODE64 ? s.ip - 1 : s.ip - 1 & 0xFFFFFFFFL;
        }
        boolean hasError = vector == 8 || vector >= 10 && vector <= 14 || vector == 17;
        if (!hasError) {
            // The kernel keeps the last one.
            error = 0;
        }
        return new Outcome(vector, Normal.error(vector, error, cr2), cr2, s, changes);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer read(int n) throws IOException {
        byte[] b = in.readNBytes(n);
        if (b.length < n) {
            throw new EOFException("the oracle helper has ended");
        }
        return ByteBuffer.wrap(b).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        try {
            out.write(new byte[BATCH_BYTES]);
            out.close();
            process.waitFor();
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
