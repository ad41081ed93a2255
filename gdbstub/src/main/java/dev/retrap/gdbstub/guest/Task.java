package dev.retrap.gdbstub.guest;

/**
 * A task of the guest kernel, a thread of a process, as it is at some position.
 *
 * @param address of its {@code struct task_struct}
 * @param pid its own number, which Linux's gettid returns
 * @param tgid its process's, which getpid returns
 * @param command its name, as {@code /proc/PID/comm} has it
 * @param stack lowest address of its kernel stack
 * @param stackTop the stack pointer that the processor takes when it enters the kernel for it: {@code pt_regs} lie below
 * @param addressSpace physical address of its root page table
 * @param executable path of its program
 */
public record Task(long address, long pid, long tgid, String command, long stack, long stackTop, long addressSpace,
        String executable) {
    /** True if something of its kernel stack lies there. */
    public boolean isOnStack(long linear) {
        return Long.compareUnsigned(linear, stack) > 0 && Long.compareUnsigned(linear, stackTop) <= 0;
    }
}
