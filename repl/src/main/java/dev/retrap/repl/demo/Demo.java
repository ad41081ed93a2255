package dev.retrap.repl.demo;

import dev.retrap.cpu.Reg;
import dev.retrap.repl.report.EventText;
import dev.retrap.repl.symbols.GuestSymbols;
import dev.retrap.repl.symbols.Symbols;
import dev.retrap.repl.terminal.Style;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.Recording;
import dev.retrap.trace.diff.DiffOptions;
import dev.retrap.trace.diff.TraceDiff;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.function.Predicate;

/** Tells the story. Text is written here; every number comes from the recordings. */
public final class Demo {
    private static final String OLD = "v4.2";
    private static final String NEW = "v4.4";
    private static final int GETTID = 224;
    private static final int EFAULT = -14;
    private static final long BAD_STACK = 0x10;

    private final PrintStream out;
    private final Style style;
    private final Maker maker;

    /** Makes recordings. */
    @FunctionalInterface
    public interface Maker {
        /** Records a program under a variant, and opens the recording. */
        Recording record(String variant, String program);
    }

    /**
     * A demonstration.
     *
     * @param out where it is told
     * @param style colours
     * @param maker makes the recordings, showing how
     */
    public Demo(PrintStream out, Style style, Maker maker) {
        this.out = out;
        this.style = style;
        this.maker = maker;
    }

    /** Tells it all. */
    public void run() {
        say("""
                Between Linux v4.2 and v4.4 the 32-bit system call entries were rewritten: assembly with one path per
                entry instruction became a short prologue and C. What does that change for a program? Two guest kernels
                with the entry code, vDSO and exit path of each run the same program here; every kernel entry and exit
                is recorded.""");
        step(1, "Record: six marked arguments, by the vDSO and by INT 0x80");
        try (Recording before = maker.record(OLD, "sixargs");
                Recording after = maker.record(NEW, "sixargs")) {
            sixArguments(before, after);
        } catch (IOException e) {
            throw new Trouble("a recording cannot be closed: " + e.getMessage(), e);
        }
        step(6, "Record: SYSENTER with a stack that argument 6 cannot be read from");
        try (Recording before = maker.record(OLD, "badstack");
                Recording after = maker.record(NEW, "badstack")) {
            argumentFault(before, after);
        } catch (IOException e) {
            throw new Trouble("a recording cannot be closed: " + e.getMessage(), e);
        }
    }

    private void sixArguments(Recording before, Recording after) {
        Symbols oldSymbols = GuestSymbols.of(before);
        Symbols newSymbols = GuestSymbols.of(after);
        Predicate<CallFacts> marked = c -> c.entry().systemCall() == GETTID && c.entry().name().equals("SYSENTER");
        CallFacts a = find(before, oldSymbols, marked, "a SYSENTER of system call " + GETTID);
        CallFacts b = find(after, newSymbols, marked, "a SYSENTER of system call " + GETTID);

        step(2, "Events: that call, as strace would show it");
        say("An entry's line has its result, its exit and how many instructions the kernel executed for it.");
        for (Recording r : new Recording[] {before, after}) {
            CallFacts c = r == before ? a : b;
            command("retrap events " + r.file() + " nr=" + GETTID + " kind=SYSENTER,SYSEXIT --raw --limit 2");
            EventText text = new EventText(r, c.symbols(), style, true);
            out.println(text.line(c.entry()));
            out.println(text.line(c.exit()));
        }

        step(3, "The way back: landing pad, exit instruction, registers");
        say("""
                VS is __kernel_vsyscall, the vDSO's entry point. SYSENTER saves no return address: the kernel goes to a
                place in the vDSO that it knows, the landing pad, the instruction after an INT 0x80, so that backing up
                by 2 restarts the call.""");
        new Table(OLD, NEW)
                .row("entered by", a.entered(), b.entered())
                .row("returns to", a.returnsTo(), b.returnsTo())
                .row("exit instruction", a.exit().name(), b.exit().name())
                .row("decided by", a.decidedBy(), b.decidedBy())
                .row("EAX (result)", a.after(Reg.RAX), b.after(Reg.RAX))
                .row("ECX at landing pad", a.after(Reg.RCX), b.after(Reg.RCX))
                .row("EDX at landing pad", a.after(Reg.RDX), b.after(Reg.RDX))
                .row("EBP at landing pad", a.after(Reg.RBP), b.after(Reg.RBP))
                .row("ESP at landing pad", a.after(Reg.RSP), b.after(Reg.RSP))
                .print(out, style);
        say("""
                The vDSO's tail pops ECX, EDX and EBP, so that the caller sees none of this, unless it makes
                SYSENTER itself: then EBP is what the kernel left there.""");

        step(4, "EFLAGS: SYSEXIT restores none");
        new Table(OLD, NEW)
                .row("EFLAGS before SYSENTER", a.before(Reg.RFLAGS), b.before(Reg.RFLAGS))
                .row("EFLAGS after " + (a.exit().name().equals(b.exit().name()) ? a.exit().name() : "the exit"),
                        a.after(Reg.RFLAGS), b.after(Reg.RFLAGS))
                .row("kernel instructions", a.kernelInstructions(), b.kernelInstructions())
                .print(out, style);
        say("What arrives in user mode is what the kernel's last arithmetic instruction left:\n"
                + "in " + OLD + " " + lastFlags(before, a) + ",\n"
                + "in " + NEW + " " + lastFlags(after, b) + ".");

        step(5, "Diff: everything that differs, call by call, equal differences grouped");
        command("retrap diff " + before.file() + " " + after.file());
        out.print(TraceDiff.compare(before, after, DiffOptions.DEFAULT).toText());
    }

    private String lastFlags(Recording recording, CallFacts call) {
        return new LastFlagWriter(recording, call.symbols()).before(call.exit());
    }

    private void argumentFault(Recording before, Recording after) {
        Predicate<CallFacts> faulted = c -> c.result() == EFAULT && c.entry().name().equals("SYSENTER")
                && c.entry().before(Reg.RSP) == BAD_STACK;
        CallFacts a = find(before, GuestSymbols.of(before), faulted, "a SYSENTER that failed with EFAULT");
        CallFacts b = find(after, GuestSymbols.of(after), faulted, "a SYSENTER that failed with EFAULT");

        step(7, "EBP after an argument-page fault");
        say("Argument 6 is at (EBP); the page is not there. Both kernels return -EFAULT; EBP is not the same.");
        new Table(OLD, NEW)
                .row("EBP before SYSENTER", a.before(Reg.RBP), b.before(Reg.RBP))
                .row("EAX (result)", a.result() + " EFAULT", b.result() + " EFAULT")
                .row("returns to", a.returnsTo(), b.returnsTo())
                .row("exit instruction", a.exit().name(), b.exit().name())
                .row("EBP after", a.after(Reg.RBP), b.after(Reg.RBP))
                .row("EFLAGS after", a.after(Reg.RFLAGS), b.after(Reg.RFLAGS))
                .print(out, style);
        say("""
                A failed get_user() stores 0 in its target, which in the C code is pt_regs.bp; the old assembly never
                got as far as writing it.""");

        step(8, "Look for yourself");
        Path file = after.file();
        say("In the debugger: goes to the call, shows where it came from, steps over the boundary and back.");
        command("retrap replay " + file);
        out.println("    (retrap) goto event " + b.entry().index());
        out.println("    (retrap) stepi");
        out.println("    (retrap) backtrace");
        out.println("    (retrap) reverse-stepi");
        say("With gdb, on a recording or on a guest that runs; in another terminal:");
        command("retrap serve " + file);
        command("gdb -ex 'target remote 127.0.0.1:1234'");
        out.println("    (gdb) break int80_landing_pad");
        out.println("    (gdb) continue");
        out.println("    (gdb) reverse-stepi");
        out.println("    (gdb) backtrace");
        say("Then: `retrap variants' for the kernels and programs there are, `retrap record ./your-static-program',\n"
                + "`retrap --help'.");
    }

    private static CallFacts find(Recording r, Symbols symbols, Predicate<CallFacts> filter, String what) {
        return CallFacts.first(r, symbols, filter)
                .orElseThrow(() -> new Trouble(r.file() + " has no " + what.replaceFirst("^a ", "")
                        + ": the guest images and this demo do not belong together"));
    }

    private void step(int number, String title) {
        out.println();
        out.println(style.heading(number + ". " + title));
    }

    private void say(String text) {
        out.println(text.stripTrailing().indent(3).stripTrailing());
    }

    private void command(String line) {
        out.println("$ " + line);
    }
}
