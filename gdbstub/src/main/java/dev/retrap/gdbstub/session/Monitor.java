package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Watch;
import dev.retrap.gdbstub.guest.AddressSpace;
import dev.retrap.gdbstub.guest.GuestProgram;
import dev.retrap.gdbstub.rsp.Reply;
import dev.retrap.gdbstub.session.MonitorCommand.UsageException;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.BadFilterException;
import dev.retrap.trace.ConsoleOutput;
import dev.retrap.trace.Event;
import dev.retrap.trace.EventFilter;
import dev.retrap.trace.HistoryException;
import dev.retrap.trace.InterruptedQueryException;
import dev.retrap.trace.PtRegs;
import dev.retrap.trace.Queries;
import dev.retrap.trace.Recording;
import dev.retrap.trace.RecordingInfo;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** gdb's {@code monitor COMMAND}: what the protocol has no packets for. */
final class Monitor {
    private static final int EVENTS_SHOWN = 20;
    private static final int MOST_PHYSICAL = 4096;
    private static final long MOST_WATCHED = 1 << 20;
    private static final String STALE = "gdb still shows the old place: type \"maintenance flush register-cache\"\n";

    private final Timeline timeline;
    private final Inferiors inferiors;
    private final TraceFrames frames;
    private final Supplier<Optional<GuestProgram>> program;
    private final Optional<Function<String, Path>> branchFiles;
    private final List<MonitorCommand> commands = List.of(
            new MonitorCommand("help", "[COMMAND]", "this list, or what a command does", this::help),
            new MonitorCommand("when", "", "position, event, cycles, virtual time and mode", this::when),
            new MonitorCommand("position", "", "the position, a number alone",
                    (_, out) -> out.append(timeline().position()).append('\n')),
            new MonitorCommand("goto",
                    "POSITION | event N | next [FILTER] | previous [FILTER] | start | user | end | frame",
                    "go to a position; \"user\" is the program's first instruction, \"frame\" where tfind has gone",
                    this::goTo),
            new MonitorCommand("last-write", "ADDRESS [LENGTH]",
                    "the last instruction before here that wrote there, through whatever mapping", this::lastWrite),
            new MonitorCommand("events", "[FILTER]",
                    "events around here that a filter selects, e.g. \"events syscall nr=20\"", this::events),
            new MonitorCommand("event", "N",
                    "all about an event: registers that changed, pt_regs, its pair", this::event),
            new MonitorCommand("catch", "[FILTER | off]",
                    "stop at events that a filter selects, forward and backward, e.g. \"catch entry vector=14\"",
                    this::catchEvents),
            new MonitorCommand("branch", "[NAME]",
                    "list the branches of history, start one here, or enter one (\"main\" is the recording)", this::branch),
            new MonitorCommand("checkpoints", "", "machine states stored in the recording", this::checkpoints),
            new MonitorCommand("info", "", "guest, machine and recording", this::info),
            new MonitorCommand("console", "", "what the guest has printed up to here", this::consoleOutput),
            new MonitorCommand("registers", "", "all registers of the processor, hidden parts too", this::registers),
            new MonitorCommand("mappings", "", "the address space by the page tables now", this::mappings),
            new MonitorCommand("translate", "ADDRESS", "physical address of a linear one", this::translate),
            new MonitorCommand("xp", "ADDRESS [LENGTH]", "physical memory", this::physical));

    Monitor(Timeline timeline, Inferiors inferiors, TraceFrames frames, Supplier<Optional<GuestProgram>> program,
            Optional<Function<String, Path>> branchFiles) {
        this.branchFiles = branchFiles;
        this.timeline = timeline;
        this.inferiors = inferiors;
        this.frames = frames;
        this.program = program;
    }

    private Timeline timeline() {
        return timeline;
    }

    /**
     * Runs a command line. Output goes to the console; the reply says whether it could be done.
     *
     * @param errorMessages true if the client shows the text of an error reply. gdb before 16 does not for
     *     {@code qRcmd}, which it reads as hexadecimal: then the text goes to the console as well
     */
    Reply execute(String line, Consumer<String> console, boolean errorMessages) {
        String[] words = line.strip().split("\\s+", 2);
        StringBuilder out = new StringBuilder();
        try {
            find(words[0]).action().run(words.length > 1 ? words[1] : "", out);
            console.accept(out.toString());
            return Reply.OK;
        } catch (InterruptedQueryException e) {
            console.accept(out + "interrupted\n");
            return Reply.OK;
        } catch (UsageException | HistoryException e) {
            console.accept(errorMessages ? out.toString() : out + e.getMessage() + "\n");
            return new Reply.Error(1, e.getMessage());
        }
    }

    /** A command by its name or an unambiguous beginning of it. */
    private MonitorCommand find(String name) throws UsageException {
        String wanted = name.isEmpty() ? "help" : name;
        List<MonitorCommand> candidates = commands.stream().filter(c -> c.name().startsWith(wanted)).toList();
        Optional<MonitorCommand> exact = candidates.stream().filter(c -> c.name().equals(wanted)).findFirst();
        if (exact.isPresent()) {
            return exact.get();
        }
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        throw new UsageException(candidates.isEmpty()
                ? "no command \"" + wanted + "\"; try \"monitor help\""
                : "\"" + wanted + "\" may be "
                        + String.join(", ", candidates.stream().map(MonitorCommand::name).toList()));
    }

    private void help(String arguments, StringBuilder out) throws UsageException {
        List<MonitorCommand> shown = arguments.isEmpty() ? commands : List.of(find(arguments));
        for (MonitorCommand c : shown) {
            out.append("monitor %s\n    %s\n".formatted((c.name() + " " + c.arguments()).strip(), c.help()));
        }
        if (arguments.isEmpty()) {
            out.append("""
                    Filters: entry exit user kernel syscall, kind=SYSENTER,IRET, and comparisons of
                    nr vector errcode depth steps position event cr2 ip, as in "syscall nr=20".
                    Also: reverse-stepi, reverse-continue, tfind N (event N), catch syscall,
                    info os events, info os checkpoints, info registers system,
                    $position $event $cpl $cr3 in expressions and breakpoint conditions.
                    """);
        }
    }

    // ---- where --------------------------------------------------------------------------------------------------

    private void when(String arguments, StringBuilder out) {
        Machine m = timeline.machine();
        Recording recording = timeline.recording();
        out.append("position %d of %d%s\n".formatted(
                timeline.position(), timeline.end(), timeline.atLiveHead() ? ", the live head" : ""));
        out.append("next event %d of %d\n".formatted(
                recording.firstEventFrom(timeline.position()), recording.eventCount()));
        out.append("cycles %d (modelled), virtual time %.6f s\n".formatted(m.cycles(), m.nanos() / 1e9));
        out.append("CPL %d, %d-bit code, EIP 0x%x\n".formatted(m.get(Reg.CPL), m.codeMode().bits(), m.get(Reg.RIP)));
    }

    private void goTo(String arguments, StringBuilder out) throws UsageException {
        String[] words = arguments.split("\\s+", 2);
        String rest = words.length > 1 ? words[1] : "";
        if (words[0].equals("frame")) {
            if (!frames.isSelected()) {
                throw new UsageException("no frame is selected: use tfind first");
            }
            frames.stay();
            out.append("\"tfind none\" stays here\n");
            return;
        }
        frames.leave();
        Arrival arrival = switch (words[0]) {
            case "" -> throw new UsageException("usage: monitor goto " + find("goto").arguments());
            case "start" -> timeline.seek(timeline.start());
            case "end" -> timeline.seek(timeline.end());
            case "user" -> timeline.seek(program.get()
                    .orElseThrow(() -> new UsageException("the guest has not come to user mode yet"))
                    .start());
            case "event" -> timeline.seekEvent(number(rest));
            case "next" -> seekTo(timeline.nextEvent(timeline.position() + 1, filter(rest)));
            case "previous" -> seekTo(timeline.lastEvent(timeline.position(), filter(rest)));
            default -> timeline.seek(number(words[0]));
        };
        if (arrival instanceof Arrival.Interrupted) {
            out.append("interrupted on the way, at position " + timeline.position() + "\n");
        }
        when("", out);
        out.append(STALE);
    }

    private void lastWrite(String arguments, StringBuilder out) throws UsageException {
        String[] words = arguments.split("\\s+");
        long length = words.length > 1 ? number(words[1]) : 1;
        if (length < 1 || length > MOST_WATCHED) {
            throw new UsageException("length must be 1.." + MOST_WATCHED + ", not " + length);
        }
        Queries queries = timeline.queries();
        List<Watch> ranges = queries.ranges(number(words[0]), length, Watch.Access.WRITE);
        out.append(queries.last(ranges, timeline.position())
                .map(a -> "position %d, 0x%x wrote %s, before that %s\n".formatted(a.position(), a.ip(),
                        HexFormat.of().formatHex(a.after()), HexFormat.of().formatHex(a.before())))
                .orElse("nothing has written there\n"));
    }

    private void branch(String name, StringBuilder out) throws UsageException {
        if (name.isEmpty()) {
            for (String line : timeline.lines()) {
                out.append(line.equals(timeline.line()) ? "* " : "  ").append(line).append('\n');
            }
            return;
        }
        frames.leave();
        if (timeline.lines().contains(name)) {
            timeline.enter(name);
            when("", out);
            out.append(STALE);
            return;
        }
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new UsageException("a branch's name has letters, digits, dots, dashes and underscores");
        }
        try {
            timeline.branch(name, branchFiles.orElseThrow(() -> new UsageException("this server makes no branches"))
                    .apply(name));
        } catch (IOException e) {
            throw new UsageException(e.getMessage());
        }
        out.append("branch %s begins here, recorded in %s\n".formatted(name, timeline.recording().file()));
    }

    private Arrival seekTo(Optional<Event> event) throws UsageException {
        return timeline.seekEvent(event.orElseThrow(() -> new UsageException("no such event")).index());
    }

    // ---- events -------------------------------------------------------------------------------------------------

    private void events(String arguments, StringBuilder out) throws UsageException {
        EventFilter filter = filter(arguments);
        Deque<Event> shown = new ArrayDeque<>();
        long at = timeline.position();
        for (int i = 0; i < EVENTS_SHOWN / 2; i++) {
            Optional<Event> before = timeline.lastEvent(at, filter);
            if (before.isEmpty()) {
                break;
            }
            shown.addFirst(before.get());
            at = before.get().position();
        }
        at = timeline.position();
        while (shown.size() < EVENTS_SHOWN) {
            Optional<Event> after = timeline.nextEvent(at, filter);
            if (after.isEmpty()) {
                break;
            }
            shown.addLast(after.get());
            at = after.get().position() + 1;
        }
        if (shown.isEmpty()) {
            out.append("no such event\n");
        }
        boolean marked = false;
        for (Event e : shown) {
            boolean next = !marked && e.position() >= timeline.position();
            marked |= next;
            out.append(next ? "> " : "  ").append(Events.line(e)).append('\n');
        }
    }

    private void event(String arguments, StringBuilder out) throws UsageException {
        Recording recording = timeline.recording();
        long index = number(arguments);
        if (index < 0 || index >= recording.eventCount()) {
            throw new UsageException("no event " + index + ": there are " + recording.eventCount());
        }
        Event e = recording.event(index);
        out.append(Events.line(e)).append('\n');
        if (e.pair() >= 0) {
            out.append("  %s event %d, %d steps, %d of them nested\n".formatted(
                    e.isEntry() ? "ends with" : "ends", e.pair(), e.steps(), e.nestedSteps()));
        }
        for (int slot = 0; slot < Reg.CROSSING_SLOTS; slot++) {
            Reg r = Reg.ofSlot(slot);
            if (e.before(r) != e.after(r)) {
                out.append("  %-8s 0x%08x -> 0x%08x\n".formatted(r.label(), e.before(r), e.after(r)));
            }
        }
        e.ptRegs().ifPresent(regs -> ptRegs(regs, out));
        e.decision().ifPresent(d -> out.append("  exit decision: ").append(d).append('\n'));
    }

    private static void ptRegs(PtRegs regs, StringBuilder out) {
        out.append("  pt_regs at 0x%x:\n   ".formatted(regs.address()));
        for (String field : regs.valid()) {
            out.append(" %s=0x%x".formatted(field, regs.get(field)));
        }
        out.append('\n');
    }

    private void catchEvents(String arguments, StringBuilder out) throws UsageException {
        if (arguments.equals("off")) {
            inferiors.catchEvents(Optional.empty());
            out.append("no event stops the run any more\n");
            return;
        }
        EventFilter filter = filter(arguments);
        inferiors.catchEvents(Optional.of(filter));
        out.append("continue and reverse-continue stop at events: ")
                .append(arguments.isEmpty() ? "all" : arguments).append('\n');
    }

    private void checkpoints(String arguments, StringBuilder out) {
        List<Long> positions = timeline.recording().checkpointPositions();
        positions.forEach(p -> out.append("  position ").append(p).append('\n'));
        out.append("%d checkpoint%s stored\n".formatted(positions.size(), positions.size() == 1 ? "" : "s"));
    }

    // ---- the machine --------------------------------------------------------------------------------------------

    private void info(String arguments, StringBuilder out) {
        Recording recording = timeline.recording();
        RecordingInfo info = recording.info();
        out.append("processor  %s: %s\n".formatted(info.config().cpu().name(), info.config().cpu().description()));
        out.append("memory     %d MiB\n".formatted(info.config().ramBytes() >> 20));
        out.append("kernel     %s%s\n".formatted(
                info.variant().isEmpty() ? "" : "variant " + info.variant() + ", ", GuestProgram.KERNEL_PATH));
        out.append("program    %s\n".formatted(GuestProgram.path(info.image())));
        program.get().ifPresent(p -> {
            out.append("           %s, starts at position %d\n".formatted(p.arguments(), p.start()));
            p.vdso().ifPresent(v -> out.append("vDSO       0x%x, %d bytes\n".formatted(v.base(), v.image().length)));
        });
        out.append("history    %d steps, %d events, %s\n".formatted(timeline.end(), recording.eventCount(),
                timeline.isLive() ? "live" : recording.endStatus().describe()));
        recording.truncation().ifPresent(t -> out.append("           ").append(t).append('\n'));
        recording.unsupported().forEach(u -> out.append("lacking    ").append(u).append('\n'));
    }

    private void consoleOutput(String arguments, StringBuilder out) {
        ConsoleOutput console = timeline.recording().console();
        String text = new String(console.bytes(), 0, console.lengthAt(timeline.position()), StandardCharsets.UTF_8);
        out.append(text);
        if (!text.endsWith("\n")) {
            out.append('\n');
        }
    }

    private void registers(String arguments, StringBuilder out) {
        Machine m = timeline.machine();
        int column = 0;
        for (int slot = 0; slot < Reg.COUNT; slot++) {
            Reg r = Reg.ofSlot(slot);
            out.append("%-14s 0x%-12x".formatted(r.label(), m.get(r)));
            out.append(++column % 3 == 0 ? "\n" : " ");
        }
        out.append('\n');
    }

    private void mappings(String arguments, StringBuilder out) {
        for (AddressSpace.Mapping m : AddressSpace.of(timeline.machine())) {
            out.append("  0x%08x-0x%08x  %s  r%c%c\n".formatted(m.start(), m.end(), m.user() ? "user  " : "kernel",
                    m.writable() ? 'w' : '-', m.executable() ? 'x' : '-'));
        }
    }

    private void translate(String arguments, StringBuilder out) throws UsageException {
        long linear = number(arguments);
        long physical = timeline.machine().translate(linear);
        out.append(physical < 0
                ? "0x%x is not mapped\n".formatted(linear)
                : "linear 0x%x is physical 0x%x\n".formatted(linear, physical));
    }

    private void physical(String arguments, StringBuilder out) throws UsageException {
        String[] words = arguments.split("\\s+");
        long address = number(words[0]);
        long length = words.length > 1 ? number(words[1]) : 64;
        if (length < 1 || length > MOST_PHYSICAL) {
            throw new UsageException("length must be 1.." + MOST_PHYSICAL + ", not " + length);
        }
        byte[] bytes = new byte[(int) length];
        int got = timeline.machine().readPhysical(address, bytes, 0, bytes.length);
        for (int i = 0; i < got; i += 16) {
            out.append("  0x%08x  %s\n".formatted(address + i,
                    HexFormat.ofDelimiter(" ").formatHex(bytes, i, Math.min(got, i + 16))));
        }
        if (got < length) {
            out.append("  RAM ends at 0x%x\n".formatted(address + got));
        }
    }

    // ---- arguments ----------------------------------------------------------------------------------------------

    private static EventFilter filter(String text) throws UsageException {
        try {
            return EventFilter.parse(text);
        } catch (BadFilterException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private static long number(String text) throws UsageException {
        try {
            return Long.decode(text.strip());
        } catch (NumberFormatException e) {
            throw new UsageException("a number is expected, decimal or 0x..., not \"" + text.strip() + "\"");
        }
    }
}
