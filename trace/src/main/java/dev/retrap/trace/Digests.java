package dev.retrap.trace;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.isa.Op;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Digests that say whether two things are the same. */
final class Digests {
    private Digests() {}

    static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /** Of all data of a model that a guest, or the trace, can see; not of its name and description. */
    static byte[] of(CpuModel m) {
        StringBuilder s = new StringBuilder();
        s.append(m.vendor()).append('\n').append(m.behaviour()).append('\n');
        m.features().stream().sorted().forEach(f -> s.append(f).append(' '));
        s.append('\n');
        m.cpuid().forEach(l -> s.append(l).append('\n'));
        for (Op op : Op.values()) {
            s.append(op).append('=').append(m.costs().cost(op)).append(' ');
        }
        for (Crossing.Kind k : Crossing.Kind.values()) {
            s.append(k).append('=').append(m.costs().crossing(k)).append(' ');
        }
        return sha256(s.toString().getBytes(StandardCharsets.UTF_8));
    }
}
