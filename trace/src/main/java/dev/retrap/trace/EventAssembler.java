package dev.retrap.trace;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.file.EventRow;
import java.util.Arrays;
import java.util.Optional;

/** Makes events of rows of longs. */
final class EventAssembler {
    private static final Crossing.Kind[] KINDS = Crossing.Kind.values();

    private EventAssembler() {}

    static Event assemble(long n, long[] rows, int row, int registers, long pair, int depth, long steps, long nested,
            long cycles, long nestedCycles, long systemCall, Optional<PtRegs> ptRegs, Optional<ExitDecision> decision) {
        long context = rows[row + EventRow.CONTEXT];
        int before = row + EventRow.REGISTERS;
        int after = before + registers;
        return new Event(n, KINDS[EventRow.kind(context)], rows[row + EventRow.POSITION], rows[row + EventRow.CYCLES],
                EventRow.vector(context), EventRow.hasErrorCode(context), (int) rows[row + EventRow.ERROR_CODE],
                Arrays.copyOfRange(rows, before, after), Arrays.copyOfRange(rows, after, after + registers), pair,
                depth, steps, nested, cycles, nestedCycles, systemCall, ptRegs, decision);
    }

    /** The event that has just been recorded: an entry has no exit yet, probes are not known. */
    static Event live(long n, Crossing c, long nesting, Pairing p) {
        boolean entry = c.kind.isEntry();
        boolean paired = !entry && nesting != 0;
        return new Event(n, c.kind, c.position, c.cycles, c.vector, c.hasErrorCode, c.errorCode, c.before.clone(),
                c.after.clone(), paired ? n - nesting : -1, entry ? (int) nesting : p.entryDepth,
                paired ? p.steps : -1, paired ? p.nestedSteps : 0, paired ? p.spentCycles : -1,
                paired ? p.nestedCycles : 0, p.call, Optional.empty(), Optional.empty());
    }

    /** System call number of an entry, -1 if it is none. */
    static long systemCall(long context, long[] rows, int before, int registers) {
        Crossing.Kind kind = KINDS[EventRow.kind(context)];
        boolean call = rows[before + Reg.CPL.slot()] == 3 && Event.isSystemCall(kind, EventRow.vector(context));
        return call ? rows[before + Reg.RAX.slot()] & 0xffff_ffffL : -1;
    }
}
