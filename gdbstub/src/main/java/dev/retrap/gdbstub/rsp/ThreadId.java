package dev.retrap.gdbstub.rsp;

/**
 * A thread-id of the protocol, {@code pPID.TID} or {@code TID} (GDB manual, node "Packets").
 *
 * @param pid process, {@link #ALL} or {@link #ANY}; {@link #ANY} where the packet named none
 * @param tid thread, {@link #ALL} or {@link #ANY}
 */
public record ThreadId(long pid, long tid) {
    /** Every process or thread: {@code -1}. */
    public static final long ALL = -1;
    /** Whichever: {@code 0}. */
    public static final long ANY = 0;
    /** All threads of all processes. */
    public static final ThreadId EVERY = new ThreadId(ALL, ALL);

    /** True if this id, read as a set, holds the one thread {@code other}. */
    public boolean covers(ThreadId other) {
        return (pid == ALL || pid == ANY || pid == other.pid) && (tid == ALL || tid == ANY || tid == other.tid);
    }

    /**
     * As the protocol writes it.
     *
     * @param multiprocess with the multiprocess extension
     */
    public String text(boolean multiprocess) {
        return multiprocess ? toString() : part(tid);
    }

    /** As the protocol writes it with the multiprocess extension. */
    @Override
    public String toString() {
        return "p" + part(pid) + "." + part(tid);
    }

    private static String part(long id) {
        return id == ALL ? "-1" : Long.toHexString(id);
    }
}
