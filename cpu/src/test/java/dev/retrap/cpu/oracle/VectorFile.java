package dev.retrap.cpu.oracle;

import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Feature;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Captured tests and their outcomes. Only what cannot be drawn again is kept: instructions, how the state deviates from
 * the one drawn for the test's number, and what the outcome changed. {@code cpu/src/test/oracle/README.md} describes the
 * bytes.
 */
final class VectorFile {
    private static final int MAGIC = 0x52545631; // RTV1
    private static final int BASE = Layout.WINDOW.address();

    /** A test and what the physical processor made of it. */
    record Vector(TestCase test, Outcome outcome) {}

    /** Tests that start with the same memory. */
    record Block(MemoryImage image, List<Vector> vectors) {}

    private VectorFile() {}

    /** What a file says before its blocks. */
    record Header(CodeMode mode, long seed, HostFacts facts) {}

    static void write(OutputStream to, Header h, List<Block> blocks) throws IOException {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try (var out = new DataOutputStream(new DeflaterOutputStream(to, deflater, 1 << 16))) {
            out.writeInt(MAGIC);
            out.writeByte(h.mode.bits());
            out.writeInt(StateDraw.fingerprint(h.mode));
            out.writeLong(h.seed);
            facts(out, h.facts);
            out.writeInt(blocks.size());
            for (Block b : blocks) {
                out.writeLong(b.image.seed());
                out.writeInt(b.vectors.size());
                long last = 0;
                for (Vector v : b.vectors) {
                    Numerals.put(out, v.test.index - last);
                    last = v.test.index;
                    test(out, v.test);
                    outcome(out, v);
                }
            }
        } finally {
            deflater.end();
        }
    }

    private static void facts(DataOutputStream out, HostFacts f) throws IOException {
        out.writeByte(f.bits());
        out.writeUTF(f.brand());
        out.writeShort(f.features().size());
        for (Feature feature : f.features()) {
            out.writeUTF(feature.name());
        }
        out.writeByte(f.selectors().size());
        for (HostFacts.Visible v : f.selectors()) {
            out.writeInt(v.lar());
            out.writeInt(v.lsl());
            out.writeByte((v.larValid() ? 1 : 0) | (v.lslValid() ? 2 : 0));
        }
        out.writeBoolean(f.ldt());
        out.writeShort(f.ldtr());
        out.writeShort(f.tr());
        out.writeLong(f.cr0());
    }

    private static void test(DataOutputStream out, TestCase t) throws IOException {
        State drawn = t.drawn();
        State s = t.initial;
        out.writeByte(t.code.length | (s.fx != null ? 0x10 : 0) | (t.bases ? 0x20 : 0) | (t.patches.isEmpty() ? 0 : 0x40));
        out.write(t.code);
        Numerals.put(out, t.address - Layout.CODE.address());
        registers(out, drawn.gpr, s.gpr);
        Numerals.put(out, s.eflags ^ drawn.eflags);
        if (!t.patches.isEmpty()) {
            out.writeByte(t.patches.size());
            for (TestCase.Patch p : t.patches) {
                Numerals.putSigned(out, p.address() - BASE);
                out.writeByte(p.bytes().length);
                out.write(p.bytes());
            }
        }
        State restored = drawn.copy();
        System.arraycopy(s.gpr, 0, restored.gpr, 0, 16);
        restored.eflags = s.eflags;
        if (!restored.equals(s)) {
            throw new IllegalStateException("a test deviates in what the format does not keep: " + t.codeText());
        }
    }

    private static void registers(DataOutputStream out, long[] from, long[] to) throws IOException {
        int mask = 0;
        for (int i = 0; i < 16; i++) {
            mask |= from[i] != to[i] ? 1 << i : 0;
        }
        Numerals.put(out, mask);
        for (int i = 0; i < 16; i++) {
            if (from[i] != to[i]) {
                Numerals.putChange(out, from[i], to[i]);
            }
        }
    }

    private static void outcome(DataOutputStream out, Vector v) throws IOException {
        Outcome o = v.outcome;
        State s = o.state();
        State i = v.test.initial;
        out.writeByte(o.vector());
        Numerals.putSigned(out, s.ip - i.ip);
        Numerals.put(out, (s.eflags ^ i.eflags) & Normal.FLAGS);
        registers(out, i.gpr, s.gpr);
        int more = (o.error() != 0 ? 1 : 0) | (o.cr2() != 0 ? 2 : 0) | (java.util.Arrays.equals(s.seg, i.seg) ? 0 : 4)
                | (s.fsBase != i.fsBase || s.gsBase != i.gsBase ? 8 : 0) | (o.changes().isEmpty() ? 0 : 16);
        out.writeByte(more);
        if ((more & 1) != 0) {
            Numerals.put(out, o.error());
        }
        if ((more & 2) != 0) {
            Numerals.putSigned(out, o.cr2() - BASE);
        }
        if ((more & 4) != 0) {
            for (int sel : s.seg) {
                out.writeShort(sel);
            }
        }
        if ((more & 8) != 0) {
            out.writeLong(s.fsBase);
            out.writeLong(s.gsBase);
        }
        if ((more & 16) != 0) {
            Numerals.put(out, o.changes().size());
            for (Outcome.Change c : o.changes()) {
                Numerals.putSigned(out, c.address() - BASE);
                Numerals.put(out, c.bytes().length);
                out.write(c.bytes());
            }
        }
        if (s.fx != null) {
            Numerals.putRanges(out, i.fx, s.fx);
        }
    }

    static Header readHeader(DataInputStream in) throws IOException {
        if (in.readInt() != MAGIC) {
            throw new IOException("not a file of captured vectors");
        }
        CodeMode mode = CodeMode.valueOf("CODE" + in.readUnsignedByte());
        if (in.readInt() != StateDraw.fingerprint(mode)) {
            throw new IOException("StateDraw draws other states than when the vectors were captured: capture them again");
        }
        long seed = in.readLong();
        return new Header(mode, seed, readFacts(in));
    }

    /** Opens a file for {@link #readHeader} and {@link #readBlock}. */
    static DataInputStream open(InputStream from) throws IOException {
        return new DataInputStream(new ByteArrayInputStream(new InflaterInputStream(from).readAllBytes()));
    }

    private static HostFacts readFacts(DataInputStream in) throws IOException {
        int bits = in.readUnsignedByte();
        String brand = in.readUTF();
        var features = EnumSet.noneOf(Feature.class);
        for (int n = in.readShort(); n > 0; n--) {
            features.add(Feature.valueOf(in.readUTF()));
        }
        var selectors = new ArrayList<HostFacts.Visible>();
        for (int n = in.readByte(); n > 0; n--) {
            int lar = in.readInt();
            int lsl = in.readInt();
            int valid = in.readByte();
            selectors.add(new HostFacts.Visible(lar, lsl, (valid & 1) != 0, (valid & 2) != 0));
        }
        return new HostFacts(bits, brand, features, selectors, in.readBoolean(), in.readUnsignedShort(),
                in.readUnsignedShort(), in.readLong());
    }

    /** Reads the next block; the number of blocks follows the header. */
    static Block readBlock(DataInputStream in, Header h) throws IOException {
        MemoryImage image = MemoryImage.draw(in.readLong());
        int n = in.readInt();
        var vectors = new ArrayList<Vector>(n);
        long index = 0;
        for (int i = 0; i < n; i++) {
            index += Numerals.get(in);
            TestCase t = readTest(in, h, index);
            vectors.add(new Vector(t, readOutcome(in, t)));
        }
        return new Block(image, vectors);
    }

    private static TestCase readTest(DataInputStream in, Header h, long index) throws IOException {
        int head = in.readUnsignedByte();
        byte[] code = in.readNBytes(head & 15);
        int address = Layout.CODE.address() + (int) Numerals.get(in);
        var t = new TestCase(h.mode, h.seed, index, code, address, (head & 0x10) != 0);
        t.bases = (head & 0x20) != 0;
        readRegisters(in, t.initial.gpr, t.initial.gpr);
        t.initial.eflags ^= (int) Numerals.get(in);
        if ((head & 0x40) != 0) {
            for (int n = in.readUnsignedByte(); n > 0; n--) {
                int at = BASE + (int) Numerals.getSigned(in);
                t.patches.add(new TestCase.Patch(at, in.readNBytes(in.readUnsignedByte())));
            }
        }
        return t;
    }

    private static void readRegisters(DataInputStream in, long[] from, long[] to) throws IOException {
        int mask = (int) Numerals.get(in);
        for (int i = 0; i < 16; i++) {
            to[i] = (mask & 1 << i) != 0 ? Numerals.getChange(in, from[i]) : from[i];
        }
    }

    private static Outcome readOutcome(DataInputStream in, TestCase t) throws IOException {
        State s = t.initial.copy();
        int vector = in.readUnsignedByte();
        s.ip += Numerals.getSigned(in);
        s.eflags ^= (int) Numerals.get(in);
        readRegisters(in, t.initial.gpr, s.gpr);
        int more = in.readUnsignedByte();
        int error = (more & 1) != 0 ? (int) Numerals.get(in) : 0;
        long cr2 = (more & 2) != 0 ? Numerals.getSigned(in) + BASE : 0;
        if ((more & 4) != 0) {
            for (int i = 0; i < 6; i++) {
                s.seg[i] = in.readUnsignedShort();
            }
        }
        if ((more & 8) != 0) {
            s.fsBase = in.readLong();
            s.gsBase = in.readLong();
        }
        var changes = new ArrayList<Outcome.Change>();
        if ((more & 16) != 0) {
            for (long n = Numerals.get(in); n > 0; n--) {
                int at = BASE + (int) Numerals.getSigned(in);
                changes.add(new Outcome.Change(at, in.readNBytes((int) Numerals.get(in))));
            }
        }
        if (s.fx != null) {
            Numerals.getRanges(in, s.fx);
        }
        return new Outcome(vector, error, cr2, s, changes);
    }

    /** For tests of the format: a file in memory. */
    static byte[] bytes(Header h, List<Block> blocks) throws IOException {
        var out = new ByteArrayOutputStream();
        write(out, h, blocks);
        return out.toByteArray();
    }
}
