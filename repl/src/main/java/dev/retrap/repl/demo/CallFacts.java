package dev.retrap.repl.demo;

import dev.retrap.cpu.Reg;
import dev.retrap.repl.report.Numbers;
import dev.retrap.repl.symbols.Symbols;
import dev.retrap.trace.Event;
import dev.retrap.trace.ExitDecision;
import dev.retrap.trace.Recording;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the demonstration tells about one system call of a recording.
 *
 * @param entry its entry event
 * @param exit its exit event
 * @param symbols names of the guest
 */
record CallFacts(Event entry, Event exit, Symbols symbols) {
    /** The vDSO's entry point, VS in the tables. */
    private static final String VSYSCALL = "__kernel_vsyscall";

    /** {@return the first call that a filter selects by its entry and exit} */
    static Optional<CallFacts> first(Recording recording, Symbols symbols, Predicate<CallFacts> filter) {
        long from = 0;
        while (true) {
            Optional<Event> entry = recording.findForward(from, e -> e.isSystemCallEntry() && e.pair() >= 0);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            CallFacts facts = new CallFacts(entry.get(), recording.event(entry.get().pair()), symbols);
            if (filter.test(facts)) {
                return Optional.of(facts);
            }
            from = entry.get().position() + 1;
        }
    }

    /** {@return result of the call, signed} */
    long result() {
        return (int) exit.after(Reg.RAX);
    }

    /** {@return how the kernel was entered, and where from} */
    String entered() {
        return entry.name() + " at " + relative(entry.before(Reg.RIP));
    }

    /** {@return where the user program goes on} */
    String returnsTo() {
        return relative(exit.after(Reg.RIP));
    }

    /** {@return {@code VS+16} for an address in the vDSO's entry point, else the nearest symbol} */
    private String relative(long address) {
        return symbols.named(VSYSCALL)
                .filter(s -> address - s.address() >= 0 && address - s.address() < 64)
                .map(s -> "VS+" + (address - s.address()))
                .orElseGet(() -> symbols.shortest(address));
    }

    /** {@return a register back in user mode, right after the exit instruction} */
    String after(Reg reg) {
        return Numbers.address(exit.after(reg));
    }

    /** {@return a register in user mode before the entry instruction} */
    String before(Reg reg) {
        return Numbers.address(entry.before(reg));
    }

    /** {@return what the exit instruction was chosen by} */
    String decidedBy() {
        return exit.decision().map(d -> switch (d.style()) {
            case UNCONDITIONAL -> "nothing: always IRET";
            case THREAD_FLAGS -> "thread flags";
            case PT_REGS, SYSRET64 -> d.conditions().stream().map(ExitDecision.Condition::id).collect(Collectors.joining(" "))
                    + " of pt_regs";
        }).orElse("not recorded");
    }

    /** {@return instructions the kernel executed for the call, without what interrupts took} */
    String kernelInstructions() {
        return Numbers.grouped(entry.ownSteps());
    }
}
