package dev.retrap.repl.cli;

import dev.retrap.repl.debug.Debugger;
import dev.retrap.repl.terminal.Io;
import dev.retrap.repl.terminal.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Someone typing commands at a terminal: line editing, history, completion, Ctrl-C. */
final class Prompt {
    private static final String PROMPT = "(retrap) ";
    private static final int HISTORY_SIZE = 10_000;

    private final Context context;
    private final Debugger debugger;

    Prompt(Context context, Debugger debugger) {
        this.context = context;
        this.debugger = debugger;
    }

    /** Reads and executes lines until the session ends. */
    void run() {
        // No subprocess such as stty: the terminal is driven by the JDK's foreign functions.
        try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).exec(false).build()) {
            // While a line is being edited JLine itself takes Ctrl-C; this is for commands that run.
            terminal.handle(Terminal.Signal.INT, signal -> debugger.interrupt());
            LineReader reader = reader(terminal);
            debugger.showPlace();
            while (true) {
                String line;
                try {
                    line = reader.readLine(PROMPT);
                } catch (UserInterruptException e) {
                    continue;
                } catch (EndOfFileException e) {
                    context.out().println("quit");
                    break;
                }
                Debugger.Outcome outcome = line.isBlank() ? debugger.executeAgain() : debugger.execute(line);
                context.out().flush();
                if (outcome == Debugger.Outcome.QUIT) {
                    break;
                }
            }
        } catch (IOException e) {
            throw new Trouble("the terminal cannot be used: " + e.getMessage()
                    + "; with </dev/null and -ex commands work without one", e);
        }
    }

    private LineReader reader(Terminal terminal) {
        // Quotes, backslashes and ! are parts of expressions, nothing that a line reader should act upon.
        DefaultParser parser = new DefaultParser();
        parser.setEscapeChars(null);
        parser.setQuoteChars(new char[0]);
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("retrap")
                .parser(parser)
                .completer((r, line, candidates) -> complete(line, candidates))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_IGNORE_DUPS, true)
                .variable(LineReader.HISTORY_SIZE, HISTORY_SIZE)
                .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_SIZE);
        Path history = historyFile(context.io());
        if (history != null) {
            builder.variable(LineReader.HISTORY_FILE, history);
        }
        return builder.build();
    }

    private void complete(ParsedLine line, List<Candidate> candidates) {
        String typed = line.line().substring(0, line.cursor());
        String word = line.word().substring(0, Math.min(line.wordCursor(), line.word().length()));
        Debugger.Completion completion = debugger.complete(typed);
        // JLine's word may begin before ours, as in *__kernel_v.
        int kept = word.length() - (typed.length() - completion.from());
        String head = kept > 0 ? word.substring(0, kept) : "";
        for (String c : completion.words()) {
            boolean whole = !c.endsWith("=") && !c.endsWith("/");
            candidates.add(new Candidate(head + c, c, null, null, null, null, whole));
        }
    }

    /** The history's place by the XDG base directory specification; null if there is none to write to. */
    static Path historyFile(Io io) {
        String state = io.variable("XDG_STATE_HOME");
        String home = io.variable("HOME");
        if (state == null && home == null) {
            return null;
        }
        Path directory = (state != null ? Path.of(state) : Path.of(home, ".local", "state")).resolve("retrap");
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            return null;
        }
        return Files.isWritable(directory) ? directory.resolve("history") : null;
    }
}
