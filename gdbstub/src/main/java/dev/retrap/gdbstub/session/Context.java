package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.Timeline;
import java.util.Optional;

/** Register values of a thread: those in the processor, or those that the kernel keeps for it. */
interface Context {
    /** A register, zero-extended. */
    long get(Reg reg);

    /** The FXSAVE image (SDM vol. 1, table 10-2). */
    byte[] fxsave();

    /** Number of the system call that the program is in, as ptrace shows it in {@code orig_eax}; -1 for none. */
    long origAx();

    /** True if these are the processor's registers, which can be written. */
    boolean isProcessor();

    /** The last entry into the kernel from user mode before a position. */
    static Optional<Event> lastEntry(Timeline timeline, long position) {
        return timeline.lastEvent(position, e -> e.fromUser() && e.isEntry());
    }

    /** The processor of a machine that is at some position of a timeline. */
    record Processor(Timeline timeline, Machine machine) implements Context {
        @Override
        public long get(Reg reg) {
            return machine.get(reg);
        }

        @Override
        public byte[] fxsave() {
            return machine.fxsave();
        }

        @Override
        public long origAx() {
            return machine.get(Reg.CPL) == 3
                    ? -1
                    : lastEntry(timeline, machine.position()).filter(Event::isSystemCallEntry)
                            .map(Event::systemCall).orElse(-1L);
        }

        @Override
        public boolean isProcessor() {
            return true;
        }
    }
}
