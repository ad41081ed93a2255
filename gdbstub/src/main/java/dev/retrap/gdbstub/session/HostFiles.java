package dev.retrap.gdbstub.session;

import dev.retrap.gdbstub.guest.GuestFiles;
import dev.retrap.gdbstub.guest.GuestProgram;
import dev.retrap.gdbstub.rsp.Reply;
import dev.retrap.trace.Timeline;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Host I/O, {@code vFile:...}, on the guest's {@link GuestFiles} (GDB manual, nodes "Host I/O Packets",
 * "Protocol-specific Representation of Datatypes", "Errno Values").
 */
final class HostFiles {
    private static final int ENOENT = 2;
    private static final int EBADF = 9;
    private static final int EINVAL = 22;
    private static final int ENFILE = 23;
    private static final int EROFS = 30;

    private static final int ACCESS_MODE = 3;
    private static final int O_RDONLY = 0;
    private static final int MOST_OPEN = 64;
    private static final int STAT_BYTES = 64;
    private static final int S_IFREG = 0100000;
    private static final int READ_ONLY = 0555;

    private final Timeline timeline;
    private final GuestFiles files;
    private final Supplier<Optional<GuestProgram>> program;
    private final int longestPiece;
    private final Map<Long, byte[]> open = new TreeMap<>();

    HostFiles(Timeline timeline, GuestFiles files, Supplier<Optional<GuestProgram>> program, int longestPiece) {
        this.timeline = timeline;
        this.files = files;
        this.program = program;
        this.longestPiece = longestPiece;
    }

    Reply setFileSystem(long pid) {
        // There is one file system only: the stub's own (0) is that of every process.
        return pid >= 0 ? file(0) : new Reply.FileError(ENOENT);
    }

    Reply open(String name, long flags) {
        if ((flags & ACCESS_MODE) != O_RDONLY) {
            return new Reply.FileError(EROFS);
        }
        Optional<byte[]> contents = contents(name);
        if (contents.isEmpty()) {
            return new Reply.FileError(ENOENT);
        }
        for (long descriptor = 3; descriptor < 3 + MOST_OPEN; descriptor++) {
            if (open.putIfAbsent(descriptor, contents.get()) == null) {
                return file(descriptor);
            }
        }
        return new Reply.FileError(ENFILE);
    }

    Reply close(long descriptor) {
        return open.remove(descriptor) == null ? new Reply.FileError(EBADF) : file(0);
    }

    Reply read(long descriptor, long count, long offset) {
        byte[] contents = open.get(descriptor);
        if (contents == null) {
            return new Reply.FileError(EBADF);
        }
        if (offset < 0) {
            return new Reply.FileError(EINVAL);
        }
        int from = (int) Math.min(offset, contents.length);
        long most = count < 0 ? longestPiece : Math.min(count, longestPiece);
        byte[] piece = Arrays.copyOfRange(contents, from, (int) Math.min(contents.length, from + most));
        return new Reply.File(piece.length, Optional.of(piece));
    }

    Reply status(long descriptor) {
        byte[] contents = open.get(descriptor);
        return contents == null ? new Reply.FileError(EBADF) : status(contents);
    }

    Reply status(String name) {
        return contents(name).map(HostFiles::status).orElse(new Reply.FileError(ENOENT));
    }

    Reply readLink(String name) {
        return files.link(name, timeline.machine())
                .<Reply>map(target -> {
                    byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
                    return new Reply.File(bytes.length, Optional.of(bytes));
                })
                .orElse(new Reply.FileError(EINVAL));
    }

    Reply change() {
        return new Reply.FileError(EROFS);
    }

    private Optional<byte[]> contents(String name) {
        return files.contents(name, timeline.machine(), program.get());
    }

    private static Reply file(long result) {
        return new Reply.File(result, Optional.empty());
    }

    /** The protocol's {@code struct stat}, big-endian: 4 bytes up to st_rdev, then size blksize blocks of 8, times. */
    private static Reply status(byte[] contents) {
        ByteBuffer stat = ByteBuffer.allocate(STAT_BYTES);
        stat.putInt(0).putInt(0).putInt(S_IFREG | READ_ONLY).putInt(1).putInt(0).putInt(0).putInt(0);
        stat.putLong(contents.length).putLong(4096).putLong((contents.length + 511L) / 512);
        return new Reply.File(STAT_BYTES, Optional.of(stat.array()));
    }
}
