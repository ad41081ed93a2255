package dev.retrap.cpu.oracle;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Numbers as {@link VectorFile} keeps them. */
final class Numerals {
    private static final int DELTA = 16;

    private Numerals() {}

    /** LEB128, unsigned. */
    static void put(DataOutputStream out, long value) throws IOException {
        long v = value;
        while ((v & ~0x7FL) != 0) {
            out.writeByte((int) v & 0x7F | 0x80);
            v >>>= 7;
        }
        out.writeByte((int) v);
    }

    static long get(DataInputStream in) throws IOException {
        long v = 0;
        for (int shift = 0; ; shift += 7) {
            int b = in.readUnsignedByte();
            v |= (b & 0x7FL) << shift;
            if (b < 0x80) {
                return v;
            }
        }
    }

    /** LEB128 with the sign in bit 0. */
    static void putSigned(DataOutputStream out, long v) throws IOException {
        put(out, v << 1 ^ v >> 63);
    }

    static long getSigned(DataInputStream in) throws IOException {
        long v = get(in);
        return v >>> 1 ^ -(v & 1);
    }

    /** A register's new value: a byte n and n bytes of the value, or 16 + n and n bytes of the sign-extended difference. */
    static void putChange(DataOutputStream out, long from, long to) throws IOException {
        long difference = to - from;
        int plain = 8 - Long.numberOfLeadingZeros(to) / 8;
        int delta = 1;
        while (delta < 8 && difference << 64 - 8 * delta >> 64 - 8 * delta != difference) {
            delta++;
        }
        boolean shorter = delta < plain;
        out.writeByte(shorter ? DELTA + delta : plain);
        long v = shorter ? difference : to;
        for (int i = 0; i < (shorter ? delta : plain); i++) {
            out.writeByte((int) (v >>> 8 * i));
        }
    }

    static long getChange(DataInputStream in, long from) throws IOException {
        int n = in.readUnsignedByte();
        int bytes = n & 15;
        long v = 0;
        for (int i = 0; i < bytes; i++) {
            v |= (long) in.readUnsignedByte() << 8 * i;
        }
        return n < DELTA ? v : from + (v << 64 - 8 * bytes >> 64 - 8 * bytes);
    }

    /** The bytes in which two arrays of one length differ: number of runs, then gap, length and bytes of each. */
    static void putRanges(DataOutputStream out, byte[] from, byte[] to) throws IOException {
        int runs = 0;
        for (int i = 0; i < to.length; i++) {
            runs += from[i] != to[i] && (i == 0 || from[i - 1] == to[i - 1]) ? 1 : 0;
        }
        put(out, runs);
        int last = 0;
        for (int i = 0; i < to.length; ) {
            if (from[i] == to[i]) {
                i++;
                continue;
            }
            int end = i;
            while (end < to.length && from[end] != to[end]) {
                end++;
            }
            put(out, i - last);
            put(out, end - i);
            out.write(to, i, end - i);
            last = end;
            i = end;
        }
    }

    static void getRanges(DataInputStream in, byte[] into) throws IOException {
        int at = 0;
        for (long n = get(in); n > 0; n--) {
            at += (int) get(in);
            int length = (int) get(in);
            in.readFully(into, at, length);
            at += length;
        }
    }
}
