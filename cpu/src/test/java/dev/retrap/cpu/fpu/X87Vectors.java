package dev.retrap.cpu.fpu;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Captured cases and what the physical processor made of them: a zlib stream of a magic number, the processor's name (a
 * {@code writeUTF} string), the number of cases n (32 bits, big-endian), then n bytes for each of the
 * {@value X87Case#SIZE} bytes of a case, then n for each of the {@value X87Outcome#SIZE} of an outcome, XORed with what
 * the case has there.
 *
 * @param processor where they come from
 */
record X87Vectors(String processor, List<X87Case> cases, List<X87Outcome> outcomes) {
    private static final int MAGIC = 0x78383701;

    void write(OutputStream to) throws IOException {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(to, deflater, 1 << 16))) {
            out.writeInt(MAGIC);
            out.writeUTF(processor);
            out.writeInt(cases.size());
            for (int at = 0; at < X87Case.SIZE; at++) {
                for (X87Case c : cases) {
                    out.write(c.bytes()[at]);
                }
            }
            for (int at = 0; at < X87Outcome.SIZE; at++) {
                for (int n = 0; n < cases.size(); n++) {
                    out.write(outcomes.get(n).bytes()[at] ^ before(cases.get(n).bytes(), at));
                }
            }
        } finally {
            deflater.end();
        }
    }

    static X87Vectors read(InputStream from) throws IOException {
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(from))) {
            if (in.readInt() != MAGIC) {
                throw new IOException("not a file of x87 vectors");
            }
            String processor = in.readUTF();
            int count = in.readInt();
            byte[][] cases = rows(in, count, X87Case.SIZE);
            byte[][] outcomes = rows(in, count, X87Outcome.SIZE);
            X87Vectors v = new X87Vectors(processor, new ArrayList<>(count), new ArrayList<>(count));
            for (int n = 0; n < count; n++) {
                for (int at = 0; at < X87Outcome.SIZE; at++) {
                    outcomes[n][at] ^= before(cases[n], at);
                }
                v.cases.add(new X87Case(cases[n]));
                v.outcomes.add(new X87Outcome(outcomes[n]).defined());
            }
            return v;
        }
    }

    /** What stands in a case where an outcome has its byte {@code at}. */
    private static byte before(byte[] bytes, int at) {
        return at < X87Outcome.SIGNAL ? bytes[at] : at < X87Outcome.SIGNAL + 4 ? 0
                : bytes[at + X87Case.SIZE - X87Outcome.SIZE];
    }

    private static byte[][] rows(DataInputStream in, int count, int size) throws IOException {
        byte[][] rows = new byte[count][size];
        byte[] column = new byte[count];
        for (int at = 0; at < size; at++) {
            in.readFully(column);
            for (int n = 0; n < count; n++) {
                rows[n][at] = column[n];
            }
        }
        return rows;
    }
}
