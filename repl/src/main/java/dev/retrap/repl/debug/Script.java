package dev.retrap.repl.debug;

import dev.retrap.repl.terminal.Trouble;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** A file of commands; the first one that fails ends it. */
final class Script {
    private static final int MAX_DEPTH = 16;

    private Script() {}

    /**
     * Executes the lines of a file.
     *
     * @throws Trouble if it cannot be read or a line fails; the message names file and line
     */
    static void run(Debugger d, String file) {
        if (file.isEmpty()) {
            throw new Trouble("source command requires file name of file to source.");
        }
        if (d.scriptDepth() >= MAX_DEPTH) {
            throw new Trouble(file + ": scripts source each other without end.");
        }
        List<String> lines = read(file);
        d.enterScript();
        try {
            for (int i = 0; i < lines.size(); i++) {
                Debugger.Outcome outcome = d.execute(lines.get(i));
                if (outcome == Debugger.Outcome.QUIT) {
                    return;
                }
                if (d.interrupted()) {
                    throw new Trouble(file + ":" + (i + 1) + ": interrupted.");
                }
                if (outcome == Debugger.Outcome.FAILED) {
                    throw new Trouble(file + ":" + (i + 1) + ": Error in sourced command file.");
                }
            }
        } finally {
            d.leaveScript();
        }
    }

    private static List<String> read(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new Trouble(file + ": No such file or directory.", e);
        } catch (MalformedInputException | InvalidPathException e) {
            throw new Trouble(file + ": not a text file.", e);
        } catch (IOException e) {
            throw new Trouble(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
