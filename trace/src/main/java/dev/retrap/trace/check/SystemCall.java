package dev.retrap.trace.check;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.ExitDecision;
import dev.retrap.trace.PtRegs;
import java.util.List;
import java.util.Set;

/**
 * A system call from its entry to its exit.
 *
 * @param entry the way in
 * @param exit the way out, to user mode
 * @param traced whether a tracer acted in between
 */
record SystemCall(Event entry, Event exit, boolean traced) {
    /** Selector of 64-bit user code, Linux's {@code __USER_CS} on x86-64. */
    static final long USER_CS_64 = 0x33;

    /** A register, and the member of pt_regs that it is in. */
    record Place(Reg reg, String member) {}

    private static final List<Place> ARGUMENTS_32 = List.of(new Place(Reg.RBX, "bx"), new Place(Reg.RCX, "cx"),
            new Place(Reg.RDX, "dx"), new Place(Reg.RSI, "si"), new Place(Reg.RDI, "di"), new Place(Reg.RBP, "bp"));
    private static final List<Place> ARGUMENTS_64 = List.of(new Place(Reg.RDI, "di"), new Place(Reg.RSI, "si"),
            new Place(Reg.RDX, "dx"), new Place(Reg.R10, "r10"), new Place(Reg.R8, "r8"), new Place(Reg.R9, "r9"));
    private static final Set<Long> SIGRETURN_32 = Set.of(119L, 173L);
    private static final long SIGRETURN_64 = 15;
    private static final long PTRACE_32 = 26;
    private static final long PTRACE_64 = 101;

    /** Whether it was 64-bit code that called. */
    boolean wide() {
        return entry.before(Reg.CS) == USER_CS_64;
    }

    /** Where the six arguments are, in order. */
    List<Place> arguments() {
        return wide() ? ARGUMENTS_64 : ARGUMENTS_32;
    }

    /** Whether the entry instruction saves no return address or leaves not all registers alone. */
    boolean fast() {
        return entry.kind() != Crossing.Kind.INT_N;
    }

    boolean ptrace() {
        return entry.systemCall() == (wide() ? PTRACE_64 : PTRACE_32);
    }

    boolean sigreturn() {
        return wide() ? entry.systemCall() == SIGRETURN_64 : SIGRETURN_32.contains(entry.systemCall());
    }

    /** pt_regs as built; null if the kernel did not get as far, or tells nothing. */
    PtRegs built() {
        return entry.ptRegs().orElse(null);
    }

    /** pt_regs as the exit was decided on; null if the kernel tells nothing. */
    PtRegs left() {
        return exit.decision().map(ExitDecision::ptRegs).orElse(null);
    }

    /** Where the caller is to go on: in the vDSO, or behind the instruction; -1 if it is not known. */
    long back() {
        if (!fast() || wide()) {
            return entry.before(Reg.RIP) + 2;
        }
        PtRegs r = built() != null ? built() : left();
        return r == null ? -1 : r.get("ip");
    }

    /** Whether it comes back to where it was called from: no signal handler, restart, sigreturn or new program. */
    boolean plain() {
        return exit.after(Reg.RIP) == back() && !sigreturn();
    }
}
