package dev.retrap.cpu.simd;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Captured cases and outcomes. States are not kept but drawn again from a seed; a sample of them in the file notices if
 * {@link Cases} or {@link FloatDraw} draw otherwise than when it was captured.
 *
 * <p>One zlib stream: magic, sample, processor's name, number of cases; a case is the code's length and bytes, kind,
 * seed, vector (255 none), a mask of the quadwords that changed (bit 11 MXCSR, bit 12 flags) and their new values.
 */
final class VectorFile {
    private static final int MAGIC = 0x52545653; // RTVS
    private static final int MXCSR = 1 << RegisterState.WORDS, FLAGS = MXCSR << 1;

    /** A case and what the physical processor made of it. */
    record Vector(byte[] code, Cases.Kind kind, long seed, int vector, RegisterState outcome) {
        RegisterState initial() {
            return Cases.state(kind, new SplittableRandom(seed));
        }
    }

    private VectorFile() {}

    private static int sample() {
        int h = 0;
        for (Cases.Kind k : Cases.Kind.values()) {
            var d = new SplittableRandom(7);
            for (int i = 0; i < 50; i++) {
                h = 31 * h + Cases.state(k, d).hashCode();
            }
        }
        return h;
    }

    static void write(OutputStream to, String processor, List<Vector> vectors) throws IOException {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try (var out = new DataOutputStream(new DeflaterOutputStream(to, deflater, 1 << 16))) {
            out.writeInt(MAGIC);
            out.writeInt(sample());
            out.writeUTF(processor);
            out.writeInt(vectors.size());
            for (Vector v : vectors) {
                out.writeByte(v.code.length);
                out.write(v.code);
                out.writeByte(v.kind.ordinal());
                out.writeInt((int) v.seed);
                out.writeByte(v.vector);
                outcome(out, v.initial(), v.outcome);
            }
        } finally {
            deflater.end();
        }
    }

    private static void outcome(DataOutputStream out, RegisterState from, RegisterState to) throws IOException {
        int mask = (from.mxcsr != to.mxcsr ? MXCSR : 0) | (from.flags != to.flags ? FLAGS : 0);
        for (int i = 0; i < RegisterState.WORDS; i++) {
            mask |= from.words[i] != to.words[i] ? 1 << i : 0;
        }
        out.writeShort(mask);
        for (int i = 0; i < RegisterState.WORDS; i++) {
            if ((mask & 1 << i) != 0) {
                out.writeLong(to.words[i]);
            }
        }
        if ((mask & MXCSR) != 0) {
            out.writeShort(to.mxcsr);
        }
        if ((mask & FLAGS) != 0) {
            out.writeShort(to.flags);
        }
    }

    static List<Vector> read(InputStream from) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(new InflaterInputStream(from).readAllBytes()));
        if (in.readInt() != MAGIC) {
            throw new IOException("not a file of captured vectors");
        }
        if (in.readInt() != sample()) {
            throw new IOException("Cases draws other states than when the vectors were captured: capture them again");
        }
        in.readUTF();
        int n = in.readInt();
        var vectors = new ArrayList<Vector>(n);
        for (int i = 0; i < n; i++) {
            byte[] code = in.readNBytes(in.readUnsignedByte());
            Cases.Kind kind = Cases.Kind.values()[in.readUnsignedByte()];
            long seed = in.readInt();
            int vector = in.readUnsignedByte();
            vectors.add(new Vector(code, kind, seed, vector,
                    readOutcome(in, Cases.state(kind, new SplittableRandom(seed)))));
        }
        return vectors;
    }

    private static RegisterState readOutcome(DataInputStream in, RegisterState s) throws IOException {
        int mask = in.readUnsignedShort();
        for (int i = 0; i < RegisterState.WORDS; i++) {
            if ((mask & 1 << i) != 0) {
                s.words[i] = in.readLong();
            }
        }
        if ((mask & MXCSR) != 0) {
            s.mxcsr = in.readUnsignedShort();
        }
        if ((mask & FLAGS) != 0) {
            s.flags = in.readUnsignedShort();
        }
        return s;
    }
}
