package dev.retrap.trace;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Selects events. The language, used by command line and REPL alike: words separated by spaces, all of which must hold.
 *
 * <pre>
 *   entry | exit              ways in, ways out
 *   user | kernel             what is on the other side: user mode, or the kernel itself
 *   syscall                   system calls' entries and their exits
 *   kind=SYSENTER,SYSEXIT     by Crossing.Kind, any of the list
 *   vector=0x80               a number: vector nr errcode depth steps cycles position event pair cr2 ip
 *   nr=20,224  nr!=20  position&gt;1000  steps&gt;=100
 * </pre>
 *
 * Numbers are decimal or {@code 0x} hexadecimal; operators are {@code = != < <= > >=}; {@code !=} with a list means
 * none of it.
 */
public final class EventFilter implements Predicate<Event> {
    private static final Pattern COMPARISON = Pattern.compile("([a-z_0-9]+)(!=|<=|>=|=|<|>)(.*)");

    private static final Map<String, Predicate<Event>> WORDS = new LinkedHashMap<>();
    private static final Map<String, ToLongFunction<Event>> NUMBERS = new LinkedHashMap<>();

    static {
        WORDS.put("entry", Event::isEntry);
        WORDS.put("exit", e -> !e.isEntry());
        WORDS.put("user", e -> e.isEntry() ? e.fromUser() : e.toUser());
        WORDS.put("kernel", e -> !(e.isEntry() ? e.fromUser() : e.toUser()));
        WORDS.put("syscall", e -> e.systemCall() >= 0);
        NUMBERS.put("vector", Event::vector);
        NUMBERS.put("nr", Event::systemCall);
        NUMBERS.put("errcode", e -> e.errorCode() & 0xffff_ffffL);
        NUMBERS.put("depth", Event::depth);
        NUMBERS.put("steps", Event::steps);
        NUMBERS.put("cycles", Event::cycles);
        NUMBERS.put("position", Event::position);
        NUMBERS.put("event", Event::index);
        NUMBERS.put("pair", Event::pair);
        NUMBERS.put("cr2", Event::cr2);
        NUMBERS.put("ip", e -> e.before(Reg.RIP));
    }

    private final String text;
    private final Predicate<Event> test;

    private EventFilter(String text, Predicate<Event> test) {
        this.text = text;
        this.test = test;
    }

    /**
     * A filter from its text; an empty text selects everything.
     *
     * @throws BadFilterException if it cannot be understood
     */
    public static EventFilter parse(String text) throws BadFilterException {
        Predicate<Event> all = e -> true;
        for (String word : text.strip().split("\\s+")) {
            if (!word.isEmpty()) {
                all = all.and(word(word));
            }
        }
        return new EventFilter(text.strip(), all);
    }

    /** Words and names that a filter may begin a term with, for completion: {@code entry}, {@code kind=}, ... */
    public static List<String> vocabulary() {
        return Stream.of(WORDS.keySet().stream(), Stream.of("kind="),
                        NUMBERS.keySet().stream().map(n -> n + "="))
                .flatMap(s -> s)
                .toList();
    }

    private static Predicate<Event> word(String word) throws BadFilterException {
        Predicate<Event> plain = WORDS.get(word.toLowerCase(Locale.ROOT));
        if (plain != null) {
            return plain;
        }
        Matcher m = COMPARISON.matcher(word);
        if (!m.matches()) {
            throw new BadFilterException("event filter: \"" + word + "\" is neither one of "
                    + String.join(" ", WORDS.keySet()) + " nor a comparison such as nr=20");
        }
        String name = m.group(1).equals("pos") ? "position" : m.group(1);
        if (name.equals("kind")) {
            return kind(word, m.group(2), m.group(3));
        }
        ToLongFunction<Event> number = NUMBERS.get(name);
        if (number == null) {
            throw new BadFilterException("event filter: \"" + word + "\": no \"" + m.group(1)
                    + "\" to compare; there are kind " + String.join(" ", NUMBERS.keySet()));
        }
        LongPredicate test = comparison(word, m.group(2), m.group(3));
        return e -> test.test(number.applyAsLong(e));
    }

    private static Predicate<Event> kind(String word, String operator, String values) throws BadFilterException {
        List<Crossing.Kind> kinds = new ArrayList<>();
        for (String v : values.split(",", -1)) {
            try {
                kinds.add(Crossing.Kind.valueOf(v.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new BadFilterException("event filter: \"" + word + "\": no kind \"" + v + "\"; there are "
                        + Arrays.stream(Crossing.Kind.values()).map(Enum::name).collect(Collectors.joining(" ")));
            }
        }
        return switch (operator) {
            case "=" -> e -> kinds.contains(e.kind());
            case "!=" -> e -> !kinds.contains(e.kind());
            default -> throw new BadFilterException("event filter: \"" + word + "\": kinds are compared with = or !=");
        };
    }

    private static LongPredicate comparison(String word, String operator, String values) throws BadFilterException {
        String[] parts = values.split(",", -1);
        long[] numbers = new long[parts.length];
        for (int i = 0; i < parts.length; i++) {
            numbers[i] = number(word, parts[i]);
        }
        if (numbers.length > 1 && !operator.equals("=") && !operator.equals("!=")) {
            throw new BadFilterException("event filter: \"" + word + "\": a list goes with = or != only");
        }
        long n = numbers[0];
        return switch (operator) {
            case "=" -> v -> Arrays.stream(numbers).anyMatch(x -> x == v);
            case "!=" -> v -> Arrays.stream(numbers).noneMatch(x -> x == v);
            case "<" -> v -> v < n;
            case "<=" -> v -> v <= n;
            case ">" -> v -> v > n;
            default -> v -> v >= n;
        };
    }

    private static long number(String word, String digits) throws BadFilterException {
        try {
            return digits.startsWith("0x") ? Long.parseUnsignedLong(digits.substring(2), 16) : Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new BadFilterException("event filter: \"" + word + "\": \"" + digits
                    + "\" is no number; decimal or 0x hexadecimal");
        }
    }

    @Override
    public boolean test(Event event) {
        return test.test(event);
    }

    /** The text it was made from. */
    @Override
    public String toString() {
        return text;
    }
}
