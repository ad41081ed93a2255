package dev.retrap.repl.debug;

import dev.retrap.cpu.Crossing;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.EventFilter;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the word being typed may become. */
final class Completions {
    private static final int MAX = 500;

    private Completions() {}

    /**
     * {@return the words that the last word of a line may become}
     *
     * @param line up to the cursor
     */
    static List<String> of(Debugger d, String line) {
        String text = line.stripLeading();
        int space = text.indexOf(' ');
        if (space < 0) {
            return names("", text);
        }
        String head = text.substring(0, space).equals("i") ? "info" : text.substring(0, space);
        String rest = text.substring(space + 1).stripLeading();
        if (isFamily(head) && rest.indexOf(' ') < 0) {
            return names(head, rest);
        }
        String word = text.substring(lastBoundary(text));
        try {
            Command command = Commands.find(text.substring(0, lastBoundary(text)).strip()).command();
            return of(d, command.completion(), word, text);
        } catch (Trouble e) {
            return List.of();
        }
    }

    private static List<String> of(Debugger d, Command.Completion what, String word, String text) {
        return switch (what) {
            case NONE -> List.of();
            case COMMAND -> names("", word);
            case EXPRESSION -> expression(d, word);
            case PLACE -> starting(Stream.of("event", "next", "previous", "start", "end", "50%"), word);
            case FILTER -> text.endsWith(word) && word.startsWith("kind=")
                    ? starting(kinds(), word) : starting(EventFilter.vocabulary().stream(), word);
            case NUMBER -> starting(d.breakpoints().all().stream().map(b -> String.valueOf(b.number)), word);
            case FILE -> files(word);
        };
    }

    private static Stream<String> kinds() {
        return Stream.of(Crossing.Kind.values()).map(k -> "kind=" + k.name());
    }

    private static boolean isFamily(String head) {
        return Commands.all().stream().anyMatch(c -> head.equals(c.family()));
    }

    private static List<String> names(String family, String prefix) {
        TreeSet<String> names = new TreeSet<>();
        for (Command c : Commands.all()) {
            if (family.isEmpty()) {
                names.add(c.family() == null ? c.name() : c.family());
            } else if (family.equals(c.family())) {
                names.add(c.lastName());
            }
        }
        return starting(names.stream(), prefix);
    }

    private static List<String> expression(Debugger d, String word) {
        if (word.startsWith("$")) {
            String prefix = word.substring(1).toLowerCase(Locale.ROOT);
            return Stream.of(Registers.names().stream(), d.values().variables().keySet().stream(),
                            Stream.of("pc", "sp", "fp", "position", "event"))
                    .flatMap(s -> s)
                    .filter(n -> n.startsWith(prefix))
                    .distinct()
                    .map(n -> "$" + n)
                    .toList();
        }
        return word.isEmpty() ? List.of() : d.symbols().startingWith(word).stream().limit(MAX).toList();
    }

    private static List<String> starting(Stream<String> words, String prefix) {
        return words.filter(w -> w.startsWith(prefix)).toList();
    }

    /** Where the word under the cursor begins: after the last character that is in no name. */
    static int lastBoundary(String text) {
        int at = text.length();
        while (at > 0 && " \t*&(),+-/~!<>=|^[]{}".indexOf(text.charAt(at - 1)) < 0) {
            at--;
        }
        // kind=SYSENTER is one word to a filter, and dashes are part of commands' names.
        int blank = text.lastIndexOf(' ') + 1;
        String word = text.substring(blank);
        return word.startsWith("kind=") || word.matches("[a-z]+-[a-z-]*") ? blank : at;
    }

    private static List<String> files(String word) {
        int slash = word.lastIndexOf('/');
        String directory = slash < 0 ? "" : word.substring(0, slash + 1);
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(directory.isEmpty() ? "." : directory))) {
            for (Path p : entries) {
                String name = directory + p.getFileName() + (Files.isDirectory(p) ? "/" : "");
                if (name.startsWith(word)) {
                    found.add(name);
                }
            }
        } catch (IOException | InvalidPathException e) {
            return List.of();
        }
        found.sort(null);
        return found.size() > MAX ? found.subList(0, MAX) : found;
    }
}
