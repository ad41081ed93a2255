package dev.retrap.repl.cli;

import dev.retrap.cpu.BootImage;
import dev.retrap.repl.terminal.Trouble;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files that a guest is given, as a boot module. */
final class FileTree {
    private static final long LARGEST = 256L << 20;

    private FileTree() {}

    /**
     * The module: a cpio archive of a directory, or the archive that a file is.
     *
     * @throws Trouble if it cannot be read
     */
    static BootImage.Module module(Path root) {
        if (!Files.exists(root)) {
            throw new Trouble("--root " + root + " does not exist: name a directory, or a cpio archive");
        }
        try {
            byte[] archive;
            if (Files.isDirectory(root)) {
                archive = CpioArchive.of(root, LARGEST);
            } else if (!Files.isRegularFile(root)) {
                throw new Trouble("--root " + root
                        + " is neither a directory nor a file: name a directory, or a cpio archive");
            } else if (Files.size(root) > LARGEST) {
                throw new Trouble("--root " + root + " is larger than " + LARGEST + " bytes");
            } else {
                archive = Files.readAllBytes(root);
                CpioArchive.complaint(archive).ifPresent(why -> {
                    throw new Trouble("--root " + root + " " + why + "; name a directory, or a cpio archive");
                });
            }
            return new BootImage.Module("root.cpio", archive, "root.cpio");
        } catch (AccessDeniedException e) {
            throw new Trouble("--root " + root + ": " + e.getFile() + " may not be read: change its permissions", e);
        } catch (IOException e) {
            throw new Trouble("--root " + root + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@return where the host has a program: below root if that is a directory and the path is one in it} */
    static String onHost(String root, String program) {
        if (root != null && program.startsWith("/")) {
            Path inTree = Recordings.path(root).resolve(program.substring(1));
            if (Files.isRegularFile(inTree)) {
                return inTree.toString();
            }
        }
        return program;
    }
}
