package dev.retrap.gdbstub.guest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Files of a cpio archive of the "newc" format, which the guest kernel unpacks (Linux, {@code buffer-format.rst}). */
final class CpioFiles {
    private static final int HEADER = 110;
    private static final int S_IFMT = 0170000;
    private static final int S_IFLNK = 0120000;
    private static final int S_IFREG = 0100000;
    private static final int MODE = 1;
    private static final int FILE_SIZE = 6;
    private static final int NAME_SIZE = 11;
    private static final int MOST_LINKS = 8;

    /** Where a file's contents lie in the archive. */
    private record Entry(int mode, int at, int size) {}

    private final byte[] archive;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private CpioFiles(byte[] archive) {
        this.archive = archive;
        int at = 0;
        while (at + HEADER <= archive.length && isMagic(archive, at)) {
            int nameSize = field(at, NAME_SIZE);
            int data = at + HEADER + nameSize + 3 & -4;
            int size = field(at, FILE_SIZE);
            if (nameSize < 1 || size < 0 || data < 0 || data + size > archive.length || data + size < data) {
                break;
            }
            String name = text(at + HEADER, nameSize - 1);
            entries.put(normal("/" + name), new Entry(field(at, MODE), data, size));
            at = data + size + 3 & -4;
        }
    }

    /** True if that is such an archive. */
    static boolean isArchive(byte[] file) {
        return file.length >= HEADER && isMagic(file, 0);
    }

    static CpioFiles of(byte[] archive) {
        return new CpioFiles(archive);
    }

    private static boolean isMagic(byte[] file, int at) {
        String magic = new String(file, at, 6, StandardCharsets.ISO_8859_1);
        return magic.equals("070701") || magic.equals("070702");
    }

    /** A number of the header, 8 hexadecimal digits; -1 if it is none. */
    private int field(int header, int number) {
        try {
            return Integer.parseUnsignedInt(text(header + 6 + 8 * number, 8), 16);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private String text(int at, int length) {
        return new String(archive, at, Math.min(length, archive.length - at), StandardCharsets.UTF_8);
    }

    /** The contents of a regular file, found through symbolic links; empty if there is none. */
    Optional<byte[]> contents(String path) {
        String name = normal(path);
        for (int i = 0; i < MOST_LINKS; i++) {
            Entry e = entries.get(name);
            if (e == null) {
                return Optional.empty();
            }
            switch (e.mode() & S_IFMT) {
                case S_IFREG -> {
                    return Optional.of(Arrays.copyOfRange(archive, e.at(), e.at() + e.size()));
                }
                case S_IFLNK -> {
                    String target = text(e.at(), e.size());
                    String directory = name.substring(0, name.lastIndexOf('/') + 1);
                    name = normal(target.startsWith("/") ? target : directory + target);
                }
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** Without {@code .}, {@code ..} and empty parts. */
    private static String normal(String path) {
        StringBuilder name = new StringBuilder();
        for (String part : path.split("/")) {
            if (part.equals("..")) {
                name.setLength(Math.max(0, name.lastIndexOf("/")));
            } else if (!part.isEmpty() && !part.equals(".")) {
                name.append('/').append(part);
            }
        }
        return name.toString();
    }
}
