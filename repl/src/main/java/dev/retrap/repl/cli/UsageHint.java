package dev.retrap.repl.cli;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;

/** What may have been meant by a word that is no option or command. */
final class UsageHint {
    private UsageHint() {}

    static String of(CommandLine command, String word) {
        boolean option = word.startsWith("-");
        Stream<String> names = option
                ? command.getCommandSpec().options().stream().flatMap(o -> Stream.of(o.names()))
                : command.getParent() == null ? command.getSubcommands().keySet().stream() : Stream.of();
        String plain = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
        Optional<String> near = names
                .filter(n -> n.length() > 2 && distance(n, plain) <= Math.max(1, plain.length() / 4))
                .min(Comparator.comparingInt(n -> distance(n, plain)));
        if (near.isPresent()) {
            return " (did you mean " + near.get() + "?)";
        }
        boolean takesGuestArguments = command.getCommandSpec().mixins().values().stream()
                .anyMatch(m -> m.userObject() instanceof GuestOptions);
        return option && takesGuestArguments ? " (for the program's own options put -- before its arguments)" : "";
    }

    /** Edits between two words (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
