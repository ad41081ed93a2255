package dev.retrap.repl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.repl.Cli;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the README shows is what happens: every {@code $ retrap} command in it is run, in order, and the lines below it
 * must come in its output as they stand there; {@code ...} stands for any number of lines.
 *
 * <p>After a change that moves positions or addresses, {@code -Dreadme.update=true} puts into the README, for each line
 * shown, the line now printed that is most like it; read the difference before you commit it.
 */
class ReadmeTest {
    private static final Pattern FENCE = Pattern.compile("(?ms)^```\\n(.*?)^```$");
    private static final String PROMPT = "(retrap) ";
    private static final Path README = Path.of("..", "README.md");

    @TempDir
    private Path directory;

    /**
     * A command and what is shown of its output.
     *
     * @param line after the dollar sign
     * @param session what is typed at the debugger's prompt
     * @param shown lines of output
     * @param at where in the README each of these lines is, from 0
     */
    private record Shown(String line, List<String> session, List<String> shown, List<Integer> at) {}

    @Test
    void everyCommandShownDoesWhatIsShown() throws Exception {
        String readme = Files.readString(README);
        List<Shown> commands = commands(readme);
        assertThat(commands).hasSizeGreaterThan(4);
        boolean update = Boolean.getBoolean("readme.update");
        List<String> lines = new ArrayList<>(readme.lines().toList());
        for (Shown c : commands) {
            String actual = run(c);
            if (update) {
                TranscriptUpdate.nearest(c.shown, actual.lines().toList())
                        .forEach((i, line) -> lines.set(c.at.get(i), line));
                continue;
            }
            String expected = c.shown.stream().map(l -> l.equals("...") ? "(?s:.*)" : Pattern.quote(l + "\n"))
                    .reduce("", String::concat);
            assertThat(Pattern.compile(expected).matcher(actual).matches())
                    .as("README shows for: %s%n%s%nbut it prints:%n%s", c.line, String.join("\n", c.shown), actual)
                    .isTrue();
        }
        if (update) {
            Files.writeString(README, String.join("\n", lines) + "\n");
        }
    }

    private static List<Shown> commands(String readme) {
        List<Shown> commands = new ArrayList<>();
        Matcher fence = FENCE.matcher(readme);
        while (fence.find()) {
            Shown current = null;
            int at = (int) readme.substring(0, fence.start(1)).lines().count();
            for (String line : fence.group(1).lines().toList()) {
                if (line.startsWith("$ ")) {
                    current = new Shown(line.substring(2), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
                    // A server goes on, and gdb is not ours.
                    if (line.startsWith("$ retrap ") && !line.startsWith("$ retrap serve")) {
                        commands.add(current);
                    }
                } else if (current != null && line.startsWith(PROMPT)) {
                    current.session.add(line.substring(PROMPT.length()));
                } else if (current != null) {
                    current.shown.add(line);
                    current.at.add(at);
                }
                at++;
            }
        }
        return commands;
    }

    /** Output and diagnostics, in the order in which a terminal would have them. */
    private String run(Shown c) {
        List<String> words = new ArrayList<>();
        for (String word : c.line.split(" ")) {
            words.add(word.endsWith(".retrap") ? directory.resolve(word).toString() : word);
        }
        for (String typed : c.session) {
            words.addAll(List.of("-ex", typed));
        }
        if (!c.session.isEmpty()) {
            words.add("-batch");
        }
        Cli result = Cli.run(words.subList(1, words.size()).toArray(String[]::new));
        String notes = result.err().lines().filter(l -> !l.contains("--limit")).map(l -> l + "\n")
                .reduce("", String::concat);
        return (result.out() + notes).replace(directory + "/", "");
    }
}
