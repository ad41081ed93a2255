package dev.retrap.gdbstub.session;

import dev.retrap.gdbstub.rsp.ThreadId;
import dev.retrap.gdbstub.guest.Task;
import java.util.Optional;

/**
 * A thread of an inferior.
 *
 * @param inferior its process
 * @param id its number in the protocol
 * @param task the guest's number of it; 0 for the processor, the kernel, and programs of kernels whose tasks are unknown
 */
record InferiorThread(Inferior inferior, ThreadId id, long task) {
    /** True if the kernel's task is this thread. */
    boolean is(Optional<Task> other) {
        return task == 0 || other.isPresent() && other.get().pid() == task;
    }
}
