package dev.retrap.trace;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.boot.Probe;
import dev.retrap.trace.file.ProbeRow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.List;

/** Copies {@code pt_regs} out of a machine standing at a probe, without allocation. */
final class ProbeReader {
    private final ProbeSite[] sites;
    private final byte[] bytes = new byte[ProbeRow.MAX_WORDS * 8];
    private final IntBuffer asInts = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    private final LongBuffer asLongs = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    private final int[] ints = new int[ProbeRow.MAX_WORDS];

    ProbeReader(List<ProbeSite> sites) {
        this.sites = sites.toArray(ProbeSite[]::new);
    }

    ProbeSite site(int index) {
        return sites[index];
    }

    /** Linear address of {@code pt_regs} at a probe. */
    long address(int index, Machine m) {
        Probe p = sites[index].location();
        long base = m.get(p.location() == Probe.STACK_POINTER ? Reg.RSP : Reg.gpr(p.location()));
        long address = base + p.offset();
        return sites[index].layout() == PtRegs.Layout.I386 ? address & 0xffff_ffffL : address;
    }

    /** Thread flags at a probe, 0 if it has none. */
    long threadFlags(int index, Machine m) {
        ProbeSite s = sites[index];
        return s.threadFlags() ? m.get(Reg.gpr(s.location().extraLocation())) & 0xffff_ffffL : 0;
    }

    /** Copies the words into an array from {@code at} on; returns how many could be read. */
    int words(int index, Machine m, long address, long[] into, int at) {
        PtRegs.Layout layout = sites[index].layout();
        int width = layout.wordBytes();
        int n = m.read(address, bytes, 0, layout.bytes()) / width;
        if (width == 8) {
            asLongs.get(0, into, at, n);
            return n;
        }
        asInts.get(0, ints, 0, n);
        for (int i = 0; i < n; i++) {
            into[at + i] = ints[i] & 0xffff_ffffL;
        }
        return n;
    }
}
