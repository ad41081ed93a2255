package dev.retrap.gdbstub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A gdb script that says what gdb answers. Lines that begin with
 *
 * <ul>
 *   <li>{@code #:} describe the run, {@code #: name value};
 *   <li>{@code #!} say that Ctrl-C is pressed once gdb has sent the packet named, during the command that follows;
 *   <li>{@code #|} are what the command before prints: every line of it, with {@code ...} for any text and a line
 *       {@code ...} for any lines; {@code {name}} stands for what differs between variants;
 *   <li>{@code #} explain.
 * </ul>
 *
 * All else are commands, so that a script can also be sourced by hand.
 *
 * @param settings what the {@code #:} lines say
 */
record GdbScript(Map<String, String> settings, List<Step> steps) {
    /**
     * A command.
     *
     * @param interruptAfter start of the packet after which Ctrl-C is pressed, null for none
     * @param expected pattern lines
     */
    record Step(int line, String command, String interruptAfter, List<String> expected) {}

    static GdbScript read(String name) throws IOException {
        try (InputStream in = GdbScript.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no script " + name);
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static GdbScript parse(String text) {
        Map<String, String> settings = new LinkedHashMap<>();
        List<Step> steps = new ArrayList<>();
        String interruptAfter = null;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.startsWith("#: ")) {
                String[] setting = line.substring(3).split(" ", 2);
                settings.put(setting[0], setting[1]);
            } else if (line.startsWith("#! ")) {
                interruptAfter = line.substring(3);
            } else if (line.startsWith("#|")) {
                steps.getLast().expected().add(line.substring(2).stripLeading());
            } else if (!line.startsWith("#") && !line.isBlank()) {
                steps.add(new Step(number, line, interruptAfter, new ArrayList<>()));
                interruptAfter = null;
            }
        }
        return new GdbScript(settings, steps);
    }

    /** True if the lines are what a step expects. */
    static boolean matches(List<String> expected, List<String> lines, Map<String, String> names) {
        StringBuilder pattern = new StringBuilder();
        for (String line : expected) {
            if (line.equals("...")) {
                pattern.append("(?:.*\n)*");
            } else {
                pattern.append(linePattern(line, names)).append('\n');
            }
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(l -> text.append(l.stripLeading()).append('\n'));
        return Pattern.compile(pattern.toString()).matcher(text).matches();
    }

    private static String linePattern(String line, Map<String, String> names) {
        String filled = line;
        for (Map.Entry<String, String> name : names.entrySet()) {
            filled = filled.replace("{" + name.getKey() + "}", name.getValue());
        }
        StringBuilder pattern = new StringBuilder();
        for (String literal : filled.split("\\.\\.\\.", -1)) {
            pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
        }
        return pattern.toString();
    }
}
