package dev.retrap.trace;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.boot.Probe;
import dev.retrap.trace.file.ProbeRow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;

/** Copies {@code pt_regs} out of a machine standing at a probe, without allocation. */
final class ProbeReader {
    private final ProbeSite[] sites;
    private final byte[] bytes = new byte[ProbeRow.MAX_WORDS * 8];
    private final LongBuffer asLongs = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();

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

    /** Copies the words into an array from {@code at} on, as they lie in memory; returns how many could be read. */
    int words(int index, Machine m, long address, long[] into, int at) {
        PtRegs.Layout layout = sites[index].layout();
        int n = m.read(address, bytes, 0, layout.bytes());
        asLongs.get(0, into, at, (n + 7) / 8);
        return n / layout.wordBytes();
    }
}
