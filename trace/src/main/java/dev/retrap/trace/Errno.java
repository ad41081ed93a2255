package dev.retrap.trace;

import java.util.Map;
import java.util.TreeMap;

/** Names of error numbers (uapi/asm-generic/errno.h; include/linux/errno.h for those above 511). */
public final class Errno {
    private static final String NAMES = """
            1:EPERM 2:ENOENT 3:ESRCH 4:EINTR 5:EIO 6:ENXIO 7:E2BIG 8:ENOEXEC 9:EBADF 10:ECHILD 11:EAGAIN 12:ENOMEM
            13:EACCES 14:EFAULT 15:ENOTBLK 16:EBUSY 17:EEXIST 18:EXDEV 19:ENODEV 20:ENOTDIR 21:EISDIR 22:EINVAL
            23:ENFILE 24:EMFILE 25:ENOTTY 26:ETXTBSY 27:EFBIG 28:ENOSPC 29:ESPIPE 30:EROFS 31:EMLINK 32:EPIPE 33:EDOM
            34:ERANGE 35:EDEADLK 36:ENAMETOOLONG 37:ENOLCK 38:ENOSYS 39:ENOTEMPTY 40:ELOOP 42:ENOMSG 43:EIDRM
            61:ENODATA 62:ETIME 71:EPROTO 74:EBADMSG 75:EOVERFLOW 84:EILSEQ 85:ERESTART 88:ENOTSOCK 89:EDESTADDRREQ
            90:EMSGSIZE 91:EPROTOTYPE 92:ENOPROTOOPT 93:EPROTONOSUPPORT 94:ESOCKTNOSUPPORT 95:EOPNOTSUPP
            96:EPFNOSUPPORT 97:EAFNOSUPPORT 98:EADDRINUSE 99:EADDRNOTAVAIL 100:ENETDOWN 101:ENETUNREACH 102:ENETRESET
            103:ECONNABORTED 104:ECONNRESET 105:ENOBUFS 106:EISCONN 107:ENOTCONN 108:ESHUTDOWN 110:ETIMEDOUT
            111:ECONNREFUSED 112:EHOSTDOWN 113:EHOSTUNREACH 114:EALREADY 115:EINPROGRESS 116:ESTALE 122:EDQUOT
            125:ECANCELED 130:EOWNERDEAD 131:ENOTRECOVERABLE 512:ERESTARTSYS 513:ERESTARTNOINTR 514:ERESTARTNOHAND
            515:ENOIOCTLCMD 516:ERESTART_RESTARTBLOCK""";

    private static final Map<Integer, String> BY_NUMBER = new TreeMap<>();

    static {
        for (String entry : NAMES.split("\\s+")) {
            int colon = entry.indexOf(':');
            BY_NUMBER.put(Integer.valueOf(entry.substring(0, colon)), entry.substring(colon + 1));
        }
    }

    private Errno() {}

    /** {@return the name of the error that a result of a system call tells, such as {@code ENOSYS} for -38, else null} */
    public static String name(long result) {
        return result < 0 && result >= -4095 ? BY_NUMBER.get((int) -result) : null;
    }
}
