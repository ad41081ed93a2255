package dev.retrap.repl.demo;

import dev.retrap.cpu.Reg;
import dev.retrap.repl.report.CheckText;
import dev.retrap.repl.report.EventText;
import dev.retrap.repl.report.Numbers;
import dev.retrap.repl.symbols.GuestSymbols;
import dev.retrap.repl.symbols.Symbols;
import dev.retrap.repl.terminal.Style;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.Event;
import dev.retrap.trace.ExitDecision;
import dev.retrap.trace.PtRegs;
import dev.retrap.trace.Recording;
import dev.retrap.trace.check.CheckReport;
import dev.retrap.trace.check.Checker;
import java.io.IOException;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Shows a bug: records it and the kernel without it, the place, the difference, what the check says. */
public final class BugDemo {
    private static final int SHOWN = 2;

    private final PrintStream out;
    private final Style style;
    private final Maker maker;

    /** Makes recordings. */
    @FunctionalInterface
    public interface Maker {
        /** Records a command on a CPU under a variant, and opens the recording. */
        Recording record(String variant, String cpu, String command);
    }

    /**
     * A demonstration.
     *
     * @param out where it is told
     * @param style colours
     * @param maker makes the recordings, showing how
     */
    public BugDemo(PrintStream out, Style style, Maker maker) {
        this.out = out;
        this.style = style;
        this.maker = maker;
    }

    /** {@return names and titles of all there are} */
    public static List<String[]> list() {
        return Bug.ALL.stream().map(b -> new String[] {b.name(), b.title(), b.bad() + " against " + b.good()}).toList();
    }

    /**
     * Shows one.
     *
     * @return false if there is none of that name
     */
    public boolean show(String name) {
        Bug bug = Bug.named(name).orElse(null);
        if (bug == null) {
            return false;
        }
        out.println(style.heading(bug.title()));
        out.println(bug.story().stripTrailing().indent(3).stripTrailing());
        out.println();
        try (Recording bad = maker.record(bug.bad(), bug.cpu(), bug.command());
                Recording good = maker.record(bug.good(), bug.cpu(), bug.command())) {
            compare(bug, bad, good);
            if (bug.check().isPresent()) {
                check(bug, bad);
                check(bug, good);
            }
        } catch (IOException e) {
            throw new Trouble("a recording cannot be closed: " + e.getMessage(), e);
        }
        return true;
    }

    /** A system call; exit is null if it has none, and next the event that comes instead. */
    private record Call(Event entry, Event exit, Event next) {
        Optional<PtRegs> leaving() {
            return exit == null ? Optional.empty() : exit.decision().map(ExitDecision::ptRegs);
        }

        String left() {
            return exit != null ? exit.name() : next == null ? "none" : "none: " + next.name();
        }
    }

    private void compare(Bug bug, Recording bad, Recording good) {
        Call a = find(bug, bad);
        Call b = find(bug, good);
        Symbols symbolsA = GuestSymbols.of(bad);
        Symbols symbolsB = GuestSymbols.of(good);
        out.println();
        show(bad, symbolsA, a);
        show(good, symbolsB, b);
        out.println();
        Table table = new Table(bug.bad(), bug.good())
                .row("entry", a.entry().name(), b.entry().name())
                .row("exit", a.left(), b.left());
        if (!a.entry().fromUser() || !b.entry().fromUser()) {
            for (Reg r : List.of(Reg.RIP, Reg.RSP, Reg.GS_BASE)) {
                table.row(name(r) + " before", value(r, a.entry().before(r), symbolsA), value(r, b.entry().before(r), symbolsB));
            }
        }
        for (String m : bug.members()) {
            table.row("pt_regs." + m + " at entry", member(m, a.entry().ptRegs()), member(m, b.entry().ptRegs()));
            table.row("pt_regs." + m + " at exit", member(m, a.leaving()), member(m, b.leaving()));
        }
        for (Reg r : bug.registers()) {
            table.row(name(r) + " after", value(r, a, symbolsA), value(r, b, symbolsB));
        }
        table.print(out, style);
    }

    private void show(Recording r, Symbols symbols, Call c) {
        out.println(r.file() + ":");
        EventText text = new EventText(r, symbols, style, true);
        out.println("  " + text.line(c.entry()));
        if (c.exit() != null || c.next() != null) {
            out.println("  " + text.line(c.exit() != null ? c.exit() : c.next()));
        }
    }

    private static String name(Reg r) {
        String label = r.label();
        return label.length() == 3 && label.charAt(0) == 'r' && Character.isLetter(label.charAt(1)) || r == Reg.RFLAGS
                ? "E" + label.substring(1).toUpperCase(java.util.Locale.ROOT)
                : label.toUpperCase(java.util.Locale.ROOT);
    }

    private static String member(String name, Optional<PtRegs> regs) {
        return regs.map(r -> Numbers.address(r.get(name))).orElse("-");
    }

    private static String value(Reg r, Call c, Symbols symbols) {
        if (c.exit() == null) {
            return "-";
        }
        return value(r, c.exit().after(r), symbols);
    }

    private static String value(Reg r, long v, Symbols symbols) {
        return Numbers.address(v) + (r == Reg.RIP ? symbols.suffix(v) : "");
    }

    private static Call find(Bug bug, Recording r) {
        for (Event entry : r.events()) {
            if (!entry.isEntry()) {
                continue;
            }
            Event exit = entry.pair() < 0 ? null : r.event(entry.pair());
            if (bug.where().test(entry, exit)) {
                return new Call(entry, exit, r.findForward(entry.position() + 1, Event::isEntry).orElse(null));
            }
        }
        throw new Trouble(r.file() + " has no such call: the guest images and this demo do not belong together");
    }

    private void check(Bug bug, Recording r) {
        CheckReport report = Checker.check(r, EnumSet.of(bug.check().get()), SHOWN);
        out.println();
        out.println("$ retrap check " + r.file() + " --only " + bug.check().get().label() + " --limit " + SHOWN);
        CheckText.lines(report, style).forEach(out::println);
        report.results().getFirst().first().stream().findFirst().ifPresent(v -> out.println(
                "$ retrap replay " + r.file() + " -ex 'goto " + v.position() + "'"));
    }
}
