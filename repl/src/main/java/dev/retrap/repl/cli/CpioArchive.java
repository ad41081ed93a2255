package dev.retrap.repl.cli;

import dev.retrap.repl.report.Numbers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A directory tree as a cpio archive of the "newc" format (Linux: Documentation/driver-api/early-userspace,
 * buffer-format). The same tree gives the same bytes: entries are sorted by name; owners, times and inode numbers of the
 * host are left out; files are executable or not.
 */
final class CpioArchive {
    private static final int HEADER = 110;
    private static final int FILE_SIZE_AT = 54;
    private static final int NAME_SIZE_AT = 94;
    private static final int LONGEST_NAME = 4096;

    private static final int DIRECTORY = 0040755;
    private static final int FILE = 0100644;
    private static final int EXECUTABLE = 0100755;
    private static final int LINK = 0120777;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final long limit;
    private int inode;

    private CpioArchive(long limit) {
        this.limit = limit;
    }

    /**
     * The archive of what is in a directory. What is neither file, directory nor symbolic link is left out.
     *
     * @param limit most bytes
     * @throws IOException if something cannot be read, or the archive would be larger
     */
    static byte[] of(Path directory, long limit) throws IOException {
        CpioArchive archive = new CpioArchive(limit);
        archive.children(directory, "");
        archive.entry("TRAILER!!!", 0, new byte[0]);
        return archive.out.toByteArray();
    }

    /**
     * Says why bytes are no archive that the guest's kernel takes: "newc" up to its trailer, not compressed.
     *
     * @return the reason, as the end of a sentence; empty if they are one
     */
    static Optional<String> complaint(byte[] bytes) {
        for (int at = 0, entry = 1;; entry++) {
            if (bytes.length - at < HEADER || !isMagic(bytes, at)) {
                return Optional.of(entry > 1 ? "ends without a trailer after " + Numbers.count(entry - 1, "file")
                        : "is no cpio archive of the newc format" + (isCompressed(bytes) ? ": unpack it first" : ""));
            }
            long fileSize = hexadecimal(bytes, at + FILE_SIZE_AT);
            long nameSize = hexadecimal(bytes, at + NAME_SIZE_AT);
            long content = aligned(at + HEADER + nameSize);
            if (fileSize < 0 || nameSize < 1 || nameSize > LONGEST_NAME || content > bytes.length
                    || fileSize > bytes.length - content || bytes[(int) (at + HEADER + nameSize - 1)] != 0) {
                return Optional.of("is a damaged cpio archive: entry " + entry + ", at byte " + at);
            }
            String name = new String(bytes, at + HEADER, (int) nameSize - 1, StandardCharsets.UTF_8);
            if (name.equals("TRAILER!!!")) {
                return Optional.empty();
            }
            at = (int) Math.min(aligned(content + fileSize), bytes.length);
        }
    }

    private static boolean isMagic(byte[] bytes, int at) {
        String magic = new String(bytes, at, 6, StandardCharsets.ISO_8859_1);
        return magic.equals("070701") || magic.equals("070702");
    }

    /** gzip, xz, bzip2, zstd, by their first two bytes. */
    private static boolean isCompressed(byte[] bytes) {
        int first = bytes.length < 2 ? 0 : (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        return first == 0x1f8b || first == 0xfd37 || first == 0x425a || first == 0x28b5;
    }

    private static long hexadecimal(byte[] bytes, int at) {
        try {
            return Long.parseLong(new String(bytes, at, 8, StandardCharsets.ISO_8859_1), 16);
        } catch (NumberFormatException _) {
            return -1;
        }
    }

    private static long aligned(long n) {
        return n + 3 & ~3L;
    }

    private void children(Path directory, String prefix) throws IOException {
        List<Path> sorted;
        try (Stream<Path> paths = Files.list(directory)) {
            sorted = paths.sorted(Comparator.comparing(p -> p.getFileName().toString())).toList();
        }
        for (Path path : sorted) {
            String name = prefix + path.getFileName();
            if (Files.isSymbolicLink(path)) {
                entry(name, LINK, Files.readSymbolicLink(path).toString().getBytes(StandardCharsets.UTF_8));
            } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                entry(name, DIRECTORY, new byte[0]);
                children(path, name + "/");
            } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                if (out.size() + Files.size(path) > limit) {
                    throw new IOException("more than " + limit + " bytes of files");
                }
                entry(name, Files.isExecutable(path) ? EXECUTABLE : FILE, Files.readAllBytes(path));
            }
        }
    }

    private void entry(String name, int mode, byte[] content) {
        byte[] path = (name + "\0").getBytes(StandardCharsets.UTF_8);
        out.writeBytes("070701".getBytes(StandardCharsets.US_ASCII));
        int[] fields = {++inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, path.length, 0};
        for (int field : fields) {
            out.writeBytes(String.format(Locale.ROOT, "%08X", field).getBytes(StandardCharsets.US_ASCII));
        }
        out.writeBytes(path);
        pad();
        out.writeBytes(content);
        pad();
    }

    private void pad() {
        while (out.size() % 4 != 0) {
            out.write(0);
        }
    }
}
