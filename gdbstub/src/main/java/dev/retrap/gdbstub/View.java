package dev.retrap.gdbstub;

/** What a client gets to see of the machine. */
public enum View {
    /** The processor as it is: one process with one thread, in kernel and user mode alike. */
    FLAT,
    /**
     * The kernel is process 1, the user program process 2, each with its own architecture, symbols and breakpoints; a
     * passage through their boundary moves the stop from one to the other. For extended-remote with its multiprocess
     * extension: {@code add-inferior}, {@code attach 2}.
     */
    SPLIT,
    /** The user program alone, as gdbserver and ptrace(2) show it: the kernel runs between two of its instructions. */
    USER
}
