package dev.retrap.gdbstub.session;

import dev.retrap.gdbstub.rsp.ThreadId;

/**
 * A process of a {@link dev.retrap.gdbstub.View}, with one thread.
 *
 * @param thread its thread
 * @param isProgram whether it is the user program; else it is the processor, or the kernel
 * @param file path under which its program file is served
 * @param description what gdb is told of its registers
 * @param registers their values
 * @param points where it is to stop
 */
record Inferior(ThreadId thread, boolean isProgram, String file, TargetDescription description, Registers registers,
        StopPoints points) {
    long pid() {
        return thread.pid();
    }
}
