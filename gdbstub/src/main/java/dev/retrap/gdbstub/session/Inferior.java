package dev.retrap.gdbstub.session;

/**
 * A process of a {@link dev.retrap.gdbstub.View}.
 *
 * @param pid its number in the protocol
 * @param process the guest's number of it ({@code tgid}), 0 for the processor or the kernel
 * @param description what gdb is told of its registers
 * @param registers those of the processor; {@link Inferiors#registers} for a thread's
 * @param points where it is to stop
 */
record Inferior(long pid, long process, TargetDescription description, Registers registers, StopPoints points) {
    /** True if it is a user program; else it is the processor, or the kernel. */
    boolean isProgram() {
        return process != 0;
    }
}
