package dev.retrap.repl.report;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;
import dev.retrap.repl.symbols.Symbols;
import dev.retrap.repl.terminal.Style;
import dev.retrap.trace.Event;
import dev.retrap.trace.ExitDecision;
import dev.retrap.trace.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One event as one line, in the manner of strace: number, position, how, and at an entry what it led to. Events within
 * the kernel are indented below the one that is open around them.
 *
 * <pre>
 *   #12        48213  SYSENTER   getpid() = 1                    SYSEXIT #13, 97 insns
 *   #13        48310  SYSEXIT    to 0xb7fff410 &lt;__kernel_vsyscall+16&gt;
 * </pre>
 */
public final class EventText {
    private static final int NAME_WIDTH = 10;
    private static final int BODY_WIDTH = 46;
    /** Room for six arguments in hexadecimal. */
    private static final int RAW_BODY_WIDTH = 88;

    private final Recording recording;
    private final Symbols symbols;
    private final Style style;
    private final boolean raw;

    /**
     * A printer for the events of a recording.
     *
     * @param recording where an event's other half is
     * @param symbols names for addresses
     * @param style colours
     * @param raw system calls with all six arguments in hexadecimal
     */
    public EventText(Recording recording, Symbols symbols, Style style, boolean raw) {
        this.recording = recording;
        this.symbols = symbols;
        this.style = style;
        this.raw = raw;
    }

    /** {@return the column heads, to stand above lines} */
    public static String header() {
        return "EVENT      POSITION  HOW         WHAT";
    }

    /** {@return the line of an event, without a line end} */
    public String line(Event e) {
        String name = pad(e.name(), NAME_WIDTH);
        String colored = e.isEntry()
                ? e.kind() == Crossing.Kind.EXCEPTION ? style.alert(name) : style.entry(name)
                : style.exit(name);
        String indent = "  ".repeat(Math.min(e.depth(), 8));
        String head = style.dim(pad("#" + e.index(), 7)) + style.number("%12d".formatted(e.position())) + "  "
                + indent + colored + "  ";
        return (head + (e.isEntry() ? entry(e) : exit(e))).stripTrailing();
    }

    private String entry(Event e) {
        Optional<Event> exit = pair(e);
        String body = e.isSystemCallEntry()
                ? CallText.call(e, raw) + exit.map(x -> " = " + CallText.result(e, x)).orElse("")
                : what(e);
        return pad(body, bodyWidth()) + "  " + exit.map(x -> x.name() + " #" + x.index() + ", " + cost(e))
                .orElse(style.dim("did not return"));
    }

    private int bodyWidth() {
        return raw ? RAW_BODY_WIDTH : BODY_WIDTH;
    }

    private String exit(Event e) {
        Optional<Event> entry = pair(e);
        String to = "to " + symbolised(e.after(Reg.RIP));
        String ends = entry.map(x -> "ends #" + x.index()).orElse("from the start");
        String why = e.decision().filter(d -> !d.verdict() || !d.consistent()).map(EventText::reason).orElse("");
        return pad(to, bodyWidth()) + "  " + style.dim(ends) + why;
    }

    private String what(Event e) {
        String at = " at " + symbolised(e.before(Reg.RIP));
        if (e.kind() == Crossing.Kind.EXCEPTION && e.vector() == 14) {
            return pageFault(e) + at;
        }
        String code = e.hasErrorCode() ? "(0x" + Integer.toHexString(e.errorCode()) + ")" : "";
        return (code + at).strip();
    }

    /** Page-fault error code, SDM vol. 3, 4.7. */
    private static String pageFault(Event e) {
        int code = e.errorCode();
        List<String> words = new ArrayList<>();
        words.add((code & 4) != 0 ? "user" : "kernel");
        words.add((code & 16) != 0 ? "fetch" : (code & 2) != 0 ? "write" : "read");
        words.add("0x" + Long.toHexString(e.cr2()));
        words.add((code & 8) != 0 ? "(reserved bit)" : (code & 1) != 0 ? "(protection)" : "(not present)");
        return String.join(" ", words);
    }

    /** {@return why a decision was for IRET: the conditions that do not hold} */
    private static String reason(ExitDecision d) {
        StringBuilder sb = new StringBuilder();
        for (ExitDecision.Condition c : d.conditions()) {
            if (!c.holds()) {
                sb.append(sb.isEmpty() ? "; not " : ", not ").append(c.tested()).append(": ").append(c.actual());
            }
        }
        if (!d.consistent()) {
            sb.append("; the exit does not follow the decision");
        }
        return sb.toString();
    }

    private static String cost(Event e) {
        String insns = Numbers.count(e.ownSteps(), "insn");
        return e.nestedSteps() > 0 ? insns + " + " + Numbers.grouped(e.nestedSteps()) + " nested" : insns;
    }

    private Optional<Event> pair(Event e) {
        return e.pair() < 0 ? Optional.empty() : Optional.of(recording.event(e.pair()));
    }

    private String symbolised(long address) {
        return Numbers.address(address) + style.symbol(symbols.suffix(address));
    }

    /** Pads by what is seen: escape sequences do not count. */
    private static String pad(String s, int width) {
        int seen = 0;
        boolean escape = false;
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '\033') {
                escape = true;
            } else if (escape) {
                escape = c != 'm';
            } else {
                seen++;
            }
        }
        return seen >= width ? s : s + " ".repeat(width - seen);
    }
}
