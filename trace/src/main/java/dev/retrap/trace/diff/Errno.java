package dev.retrap.trace.diff;

/** Results of Linux system calls in words: include/uapi/asm-generic/errno-base.h, errno.h and include/linux/errno.h. */
final class Errno {
    private static final String[] NAMES = {
        null, "EPERM", "ENOENT", "ESRCH", "EINTR", "EIO", "ENXIO", "E2BIG", "ENOEXEC", "EBADF", "ECHILD", "EAGAIN",
        "ENOMEM", "EACCES", "EFAULT", "ENOTBLK", "EBUSY", "EEXIST", "EXDEV", "ENODEV", "ENOTDIR", "EISDIR", "EINVAL",
        "ENFILE", "EMFILE", "ENOTTY", "ETXTBSY", "EFBIG", "ENOSPC", "ESPIPE", "EROFS", "EMLINK", "EPIPE", "EDOM", "ERANGE",
        "EDEADLK", "ENAMETOOLONG", "ENOLCK", "ENOSYS", "ENOTEMPTY", "ELOOP"
    };
    private static final String[] RESTARTS = {
        "ERESTARTSYS", "ERESTARTNOINTR", "ERESTARTNOHAND", "ENOIOCTLCMD", "ERESTART_RESTARTBLOCK"
    };

    private Errno() {}

    /** A result: {@code -14 (EFAULT)} for an error, else as an address or number. */
    static String show(long value, Space space) {
        long n = space.wide() ? value : (int) value;
        if (n >= 0 || n < -4095) {
            return space.show(value);
        }
        int e = (int) -n;
        String name = e < NAMES.length ? NAMES[e] : e >= 512 && e < 512 + RESTARTS.length ? RESTARTS[e - 512] : null;
        return n + (name == null ? "" : " (" + name + ")");
    }
}
