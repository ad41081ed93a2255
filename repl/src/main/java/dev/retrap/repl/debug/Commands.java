package dev.retrap.repl.debug;

import dev.retrap.repl.terminal.Trouble;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The table of all commands and how a typed word finds its command: exact name, alias, unambiguous prefix. */
final class Commands {
    private static final List<Command> ALL = Stream.of(
                    MotionCommands.all(),
                    PlaceCommands.all(),
                    EventCommands.all(),
                    QueryCommands.all(),
                    BranchCommands.all(),
                    StopCommands.all(),
                    DataCommands.all(),
                    StatusCommands.all(),
                    SessionCommands.all())
            .flatMap(List::stream)
            .toList();

    private Commands() {}

    /** {@return every command, by group} */
    static List<Command> all() {
        return ALL;
    }

    /**
     * A command found.
     *
     * @param command the command
     * @param arguments what stands after its name
     */
    record Found(Command command, String arguments) {}

    /**
     * Finds the command of a line.
     *
     * @param line not empty, no blanks around it
     * @throws Trouble if there is none, or more than one
     */
    static Found find(String line) {
        int end = 0;
        while (end < line.length() && (Character.isLetterOrDigit(line.charAt(end)) || line.charAt(end) == '-')) {
            end++;
        }
        String word = line.substring(0, end);
        String rest = line.substring(end).strip();
        if (word.isEmpty()) {
            throw new Trouble("Undefined command: \"" + line + "\".  Try \"help\".");
        }
        List<String> heads = heads();
        String head = word.equals("i") ? "info" : match(word, heads, "");
        if (!isFamily(head)) {
            return new Found(exactly(head), rest);
        }
        int space = 0;
        while (space < rest.length() && !Character.isWhitespace(rest.charAt(space)) && rest.charAt(space) != '/') {
            space++;
        }
        String second = rest.substring(0, space);
        List<String> members = new ArrayList<>();
        for (Command c : ALL) {
            if (head.equals(c.family())) {
                members.add(c.lastName());
                members.addAll(c.aliases());
            }
        }
        if (second.isEmpty() || second.startsWith("$")) {
            if (head.equals("set") && second.startsWith("$")) {
                return new Found(exactly("set variable"), rest);
            }
            throw new Trouble("\"" + head + "\" must be followed by one of: " + String.join(", ", familyNames(head)));
        }
        String member = match(second, members, head + " ");
        return new Found(exactly(head + " " + member), rest.substring(space).strip());
    }

    private static boolean isFamily(String head) {
        return ALL.stream().anyMatch(c -> head.equals(c.family()));
    }

    private static List<String> familyNames(String family) {
        return ALL.stream().filter(c -> family.equals(c.family())).map(Command::lastName).sorted().toList();
    }

    /** First words of commands, and aliases of those that are of no family. */
    private static List<String> heads() {
        List<String> heads = new ArrayList<>();
        for (Command c : ALL) {
            if (c.family() == null) {
                heads.add(c.name());
                heads.addAll(c.aliases());
            } else if (!heads.contains(c.family())) {
                heads.add(c.family());
            }
        }
        return heads;
    }

    private static String match(String word, List<String> names, String context) {
        if (names.contains(word)) {
            return word;
        }
        // Several names of one command are no ambiguity.
        TreeSet<String> candidates = new TreeSet<>();
        TreeSet<String> commands = new TreeSet<>();
        for (String name : names) {
            // continue- and the like, for hands that know WinDbg, are no completions of cont.
            if (name.startsWith(word) && !name.endsWith("-")) {
                candidates.add(name);
                Command c = lookup(context + name);
                commands.add(c == null ? name : c.name());
            }
        }
        if (commands.size() == 1) {
            return candidates.first();
        }
        if (candidates.isEmpty()) {
            throw new Trouble("Undefined command: \"" + context + word + "\".  Try \"help"
                    + (context.isEmpty() ? "" : " " + context.strip()) + "\".");
        }
        throw new Trouble("Ambiguous command \"" + context + word + "\": " + String.join(", ", candidates) + ".");
    }

    private static Command exactly(String name) {
        Command c = lookup(name);
        if (c == null) {
            throw new IllegalStateException(name);
        }
        return c;
    }

    private static Command lookup(String name) {
        int space = name.indexOf(' ');
        for (Command c : ALL) {
            if (c.name().equals(name)) {
                return c;
            }
            String family = space < 0 ? null : name.substring(0, space);
            boolean sameFamily = family == null ? c.family() == null : family.equals(c.family());
            if (sameFamily && c.aliases().contains(name.substring(space + 1))) {
                return c;
            }
        }
        return null;
    }

    /** {@return what {@code help} alone prints} */
    static String overview() {
        Map<Command.Group, List<Command>> groups = new EnumMap<>(Command.Group.class);
        for (Command c : ALL) {
            groups.computeIfAbsent(c.group(), g -> new ArrayList<>()).add(c);
        }
        StringBuilder sb = new StringBuilder();
        groups.forEach((group, commands) -> {
            sb.append(group.title()).append('\n');
            for (Command c : commands) {
                String names = c.aliases().isEmpty() ? c.name() : c.name() + ", " + String.join(", ", c.aliases());
                sb.append("  %-34s %s%n".formatted(names, c.summary()));
            }
            sb.append('\n');
        });
        return sb.append("""
                Any unambiguous prefix of a name will do; an empty line repeats stepping commands.
                "help COMMAND" says more about one.
                """).toString();
    }

    /** {@return what {@code help NAME} prints} */
    static String help(String name) {
        String head = name.strip().equals("i") ? "info" : name.strip();
        if (isFamily(head) || head.length() > 0 && lookup(head) == null && isFamily(prefixFamily(head))) {
            String family = isFamily(head) ? head : prefixFamily(head);
            StringBuilder sb = new StringBuilder();
            for (Command c : ALL) {
                if (family.equals(c.family())) {
                    sb.append("  %-34s %s%n".formatted(c.synopsis(), c.summary()));
                }
            }
            return sb.toString();
        }
        Command c = find(head).command();
        StringBuilder sb = new StringBuilder(c.synopsis()).append("\n  ").append(c.summary()).append(".\n");
        if (!c.aliases().isEmpty()) {
            sb.append("  Also: ").append(String.join(", ", c.aliases())).append('\n');
        }
        if (!c.help().isEmpty()) {
            sb.append('\n').append(c.help().indent(2));
        }
        return sb.toString();
    }

    private static String prefixFamily(String word) {
        return word.contains(" ") ? "" : matchQuietly(word);
    }

    private static String matchQuietly(String word) {
        try {
            return match(word, heads(), "");
        } catch (Trouble e) {
            return "";
        }
    }
}
