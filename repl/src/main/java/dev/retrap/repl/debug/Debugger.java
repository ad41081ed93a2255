package dev.retrap.repl.debug;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.repl.expr.CType;
import dev.retrap.repl.expr.Expr;
import dev.retrap.repl.expr.ExprException;
import dev.retrap.repl.expr.Value;
import dev.retrap.repl.report.EventText;
import dev.retrap.repl.symbols.GuestSymbols;
import dev.retrap.repl.symbols.Symbols;
import dev.retrap.repl.terminal.Style;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.unwind.CallFrameInfo;
import dev.retrap.trace.HistoryException;
import dev.retrap.trace.InterruptedQueryException;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A debugging session on a recording. Executes one command line after the other and writes what comes of it; a
 * terminal, a script or a test may be at the other end. One thread, except {@link #interrupt()}.
 */
public final class Debugger {
    /** What executing a line came to. */
    public enum Outcome {
        /** It was done. */
        DONE,
        /** It failed; why is on the error writer. */
        FAILED,
        /** The session is over. */
        QUIT
    }

    private final Timeline timeline;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Style style;
    private final Breakpoints breakpoints = new Breakpoints();
    private final Motion motion;
    private final Values values = new Values();
    private final Settings settings = new Settings();
    private final Cursors cursors = new Cursors();
    private final Numbered<Bookmark> bookmarks = new Numbered<>("checkpoint");
    private final Numbered<Display> displays = new Numbered<>("display");
    private Symbols symbols;
    private List<CallFrameInfo> callFrameInfo;
    private String lastLine;
    private boolean repeating;
    private int scriptDepth;
    private boolean quit;
    private volatile boolean interrupted;

    /** A place in time that the user marked; {@code where} says which instruction is there. */
    record Bookmark(long position, String where) {}

    /** An expression shown at every stop. */
    record Display(Format format, String text) {}

    /**
     * A session that stands where its timeline stands.
     *
     * @param timeline the history to move in; the caller's to close
     * @param out where results go
     * @param err where error messages go
     * @param style colours of the results
     */
    public Debugger(Timeline timeline, PrintWriter out, PrintWriter err, Style style) {
        this.timeline = timeline;
        this.out = out;
        this.err = err;
        this.style = style;
        this.motion = new Motion(this);
        Path file = timeline.recording().file();
        timeline.setBranchFiles(name -> BranchFiles.beside(file, name));
    }

    /**
     * Executes a command line.
     *
     * @param line as typed; blank lines and those that begin with {@code #} do nothing
     */
    public Outcome execute(String line) {
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#")) {
            return Outcome.DONE;
        }
        if (scriptDepth == 0) {
            interrupted = false;
            timeline.clearInterrupt();
        }
        lastLine = null;
        try {
            Commands.Found found = Commands.find(text);
            found.command().action().run(this, found.arguments());
            lastLine = switch (found.command().repeat()) {
                case NO -> null;
                case SAME -> text;
                case BARE -> found.command().name();
            };
            return quit ? Outcome.QUIT : Outcome.DONE;
        } catch (Trouble | ExprException | HistoryException | InterruptedQueryException | UncheckedIOException e) {
            return failed(e.getMessage());
        } finally {
            out.flush();
        }
    }

    /** Executes what an empty line stands for: the last command again, if that is one to repeat. */
    public Outcome executeAgain() {
        if (lastLine == null) {
            return Outcome.DONE;
        }
        repeating = true;
        try {
            return execute(lastLine);
        } finally {
            repeating = false;
        }
    }

    private Outcome failed(String message) {
        out.flush();
        err.println(message);
        err.flush();
        return Outcome.FAILED;
    }

    /** {@return true if the running command was begun by an empty line: it goes on where it left off} */
    boolean repeating() {
        return repeating;
    }

    /** {@return how many scripts are being executed, one within the other} */
    int scriptDepth() {
        return scriptDepth;
    }

    void enterScript() {
        scriptDepth++;
    }

    void leaveScript() {
        scriptDepth--;
    }

    /** Makes the command that is running stop soon; any thread. */
    public void interrupt() {
        interrupted = true;
        timeline.interrupt();
    }

    /** {@return whether {@link #interrupt()} was called since the command began} */
    boolean interrupted() {
        return interrupted;
    }

    /** Prints where the session stands, as after a stop. */
    public void showPlace() {
        out.println(placeLine());
        displays.forEach(this::show);
        out.flush();
    }

    /**
     * What the word being typed may become.
     *
     * @param words the possibilities, whole words
     * @param from index in the line of the word's first character
     */
    public record Completion(List<String> words, int from) {}

    /** {@return completions of a line}
     * @param line up to the cursor */
    public Completion complete(String line) {
        return new Completion(Completions.of(this, line), Completions.lastBoundary(line));
    }

    /** One line: position, ring, the instruction about to run, and the event it is, if it is one. */
    private String placeLine() {
        Machine m = machine();
        long ip = m.linearIp();
        Insn insn = code().at(ip);
        String ring = m.get(Reg.CPL) == 3 ? "user" : "kernel";
        String text = insn == null ? "(bytes cannot be read)" : code().text(insn);
        String event = timeline.event()
                .map(e -> "    " + style.dim("# event " + e.index() + ": " + e.name())).orElse("");
        return style.number("%d".formatted(timeline.position())) + " " + ring + " => 0x" + Long.toHexString(ip)
                + style.symbol(symbols().suffix(ip)) + ":\t" + text + event;
    }

    void show(int number, Display d) {
        try {
            out.println(number + ": " + (d.format.letter() == 0 ? "" : "/" + d.format.letter() + " ") + d.text + " = "
                    + new ValueText(scope(), symbols()).of(evaluate(d.text), d.format));
        } catch (ExprException e) {
            out.println(number + ": " + d.text + " = <error: " + e.getMessage() + ">");
        }
    }

    Timeline timeline() {
        return timeline;
    }

    Recording recording() {
        return timeline.recording();
    }

    Machine machine() {
        return timeline.machine();
    }

    PrintWriter out() {
        return out;
    }

    Style style() {
        return style;
    }

    Breakpoints breakpoints() {
        return breakpoints;
    }

    Motion motion() {
        return motion;
    }

    Symbols symbols() {
        if (symbols == null) {
            symbols = GuestSymbols.of(recording());
        }
        return symbols;
    }

    /** {@return the call frame information of the guest's images} */
    List<CallFrameInfo> callFrameInfo() {
        if (callFrameInfo == null) {
            callFrameInfo = symbols().images().stream()
                    .flatMap(i -> CallFrameInfo.of(i.elf(), i.bias()).stream())
                    .toList();
        }
        return callFrameInfo;
    }

    CodeText code() {
        return new CodeText(machine(), symbols(), settings.syntax);
    }

    EventText events() {
        return new EventText(recording(), symbols(), style, settings.rawCalls);
    }

    MachineScope scope() {
        return new MachineScope(machine(), symbols(), this::variable);
    }

    Value evaluate(String expression) {
        return Expr.parse(expression).evaluate(scope());
    }

    private Value variable(String name) {
        return name.equals("event")
                ? Value.of(CType.LONG_LONG, recording().firstEventFrom(timeline.position()))
                : values.get(name);
    }

    Values values() {
        return values;
    }

    Settings settings() {
        return settings;
    }

    Cursors cursors() {
        return cursors;
    }

    Numbered<Bookmark> bookmarks() {
        return bookmarks;
    }

    Numbered<Display> displays() {
        return displays;
    }

    void quit() {
        quit = true;
    }
}
