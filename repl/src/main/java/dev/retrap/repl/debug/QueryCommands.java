package dev.retrap.repl.debug;

import static dev.retrap.repl.debug.Command.Group.HISTORY;

import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Watch;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.repl.debug.Command.Completion;
import dev.retrap.repl.report.Json;
import dev.retrap.repl.terminal.Trouble;
import dev.retrap.trace.Access;
import dev.retrap.trace.Caller;
import dev.retrap.trace.Change;
import dev.retrap.trace.Origin;
import dev.retrap.trace.Queries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Questions to the history: who wrote, who called, where a value comes from. They move nothing. */
final class QueryCommands {
    private static final int PAGE = 20;
    private static final int LINKS = 64;

    private QueryCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(HISTORY, "last-write", "[/j] ADDRESS[, LENGTH]|$REGISTER",
                                "Find the last write of memory, or change of a register, before here",
                                (d, a) -> one(d, a, Watch.Access.WRITE, false))
                        .complete(Completion.EXPRESSION)
                        .help("""
                                    last-write jiffies            the word there
                                    last-write $esp+8, 16         16 bytes
                                    last-write $eax               the register
                                    last-write $eax, 4            the word that it points to
                                    last-write/j 0x804c000        as JSON

                                Memory is physical: a write through another mapping counts, and so does the
                                kernel's. Nothing moves; "goto POSITION" goes to the state before the write."""),
                Command.of(HISTORY, "next-write", "[/j] ADDRESS[, LENGTH]|$REGISTER",
                                "Find the next write of memory, or change of a register, from here on",
                                (d, a) -> one(d, a, Watch.Access.WRITE, true))
                        .complete(Completion.EXPRESSION),
                Command.of(HISTORY, "last-read", "[/j] ADDRESS[, LENGTH]", "Find the last read of memory before here",
                                (d, a) -> one(d, a, Watch.Access.READ, false))
                        .complete(Completion.EXPRESSION),
                Command.of(HISTORY, "next-read", "[/j] ADDRESS[, LENGTH]", "Find the next read of memory from here on",
                                (d, a) -> one(d, a, Watch.Access.READ, true))
                        .complete(Completion.EXPRESSION),
                Command.of(HISTORY, "writes", "[/j] ADDRESS[, LENGTH[, N]]",
                                "List the last writes of memory before here, 20 or N",
                                (d, a) -> list(d, a, Watch.Access.WRITE))
                        .complete(Completion.EXPRESSION),
                Command.of(HISTORY, "reads", "[/j] ADDRESS[, LENGTH[, N]]",
                                "List the last reads of memory before here, 20 or N",
                                (d, a) -> list(d, a, Watch.Access.READ))
                        .complete(Completion.EXPRESSION),
                Command.of(HISTORY, "executions", "[/j] LOCATION[, N]",
                                "List when an instruction was executed last before here, 20 times or N",
                                QueryCommands::executions)
                        .complete(Completion.EXPRESSION),
                Command.of(HISTORY, "who-called", "[/j]", "Find the call, or the kernel entry, that led here",
                                QueryCommands::whoCalled)
                        .help("""
                                Looks in the history for the last call that has not returned. It needs no symbols and
                                no call frame information, unlike "backtrace"."""),
                Command.of(HISTORY, "origin", "[/j] ADDRESS[, LENGTH]|$REGISTER",
                                "Follow a value back from copy to copy to where it was made",
                                QueryCommands::origin)
                        .complete(Completion.EXPRESSION)
                        .help("""
                                    origin $eax
                                    origin $esp+4

                                Goes through registers, memory and the user/kernel boundary, up to the instruction
                                that made the value, the device it was read from, or the boot image."""));
    }

    /** Arguments of a question: of several expressions, separated by commas, the first may be a register. */
    private record Asked(boolean json, Reg register, long address, List<Long> numbers) {
        static Asked of(Debugger d, String arguments) {
            boolean json = arguments.equals("/j") || arguments.startsWith("/j ");
            String text = (json ? arguments.substring(2) : arguments).strip();
            if (text.startsWith("/")) {
                throw new Trouble("The only option is /j, for JSON.");
            }
            List<String> parts = split(text);
            // With a length, it is the memory that the register points to.
            Reg register = parts.size() == 1 ? QueryCommands.register(parts.getFirst()) : null;
            if (parts.isEmpty()) {
                return new Asked(json, null, 0, null);
            }
            List<Long> numbers = new ArrayList<>();
            for (String part : parts.subList(1, parts.size())) {
                numbers.add(Arguments.count(d, part));
            }
            return new Asked(json, register, register == null ? Arguments.address(d, parts.getFirst()) : 0, numbers);
        }

        /** At commas that are in no brackets. */
        private static List<String> split(String text) {
            List<String> parts = new ArrayList<>();
            int depth = 0;
            int from = 0;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
                if (c == ',' && depth == 0) {
                    parts.add(text.substring(from, i).strip());
                    from = i + 1;
                }
            }
            if (!text.isEmpty()) {
                parts.add(text.substring(from).strip());
            }
            return parts;
        }

        /** A number given, or what stands for it. */
        long number(int n, long otherwise) {
            return numbers.size() > n ? numbers.get(n) : otherwise;
        }

        void required() {
            if (numbers == null) {
                throw new Trouble("Argument required (an address or a register).");
            }
        }
    }

    /** The register of a word such as {@code $eax}; null if it is none. */
    static Reg register(String word) {
        if (!word.startsWith("$")) {
            return null;
        }
        String name = word.substring(1).toUpperCase(Locale.ROOT);
        if (name.matches("E[ABCD]X|E[SD]I|E[SB]P|EIP|EFLAGS|PC|SP")) {
            name = switch (name) {
                case "EFLAGS" -> "RFLAGS";
                case "PC" -> "RIP";
                case "SP" -> "RSP";
                default -> "R" + name.substring(1);
            };
        }
        for (Reg r : Reg.values()) {
            if (r.name().equals(name)) {
                return r;
            }
        }
        return null;
    }

    private static long word(Debugger d) {
        return d.machine().codeMode().bits() == 64 ? 8 : 4;
    }

    private static List<Watch> ranges(Debugger d, Asked a, Watch.Access access) {
        a.required();
        if (a.register() != null) {
            throw new Trouble("This question is about memory; last-write and next-write know registers too.");
        }
        return d.timeline().queries().ranges(a.address(), a.number(0, word(d)), access);
    }

    private static void one(Debugger d, String arguments, Watch.Access access, boolean forward) {
        Asked a = Asked.of(d, arguments);
        a.required();
        Queries q = d.timeline().queries();
        long here = d.timeline().position();
        String what = access == Watch.Access.WRITE ? "write" : "read";
        if (a.register() != null && access == Watch.Access.WRITE) {
            Optional<Change> c = forward ? q.nextChange(a.register(), here) : q.lastChange(a.register(), here);
            if (a.json()) {
                d.out().println(Json.of(c.map(QueryCommands::json).orElse(null)));
            } else {
                d.out().println(c.map(x -> line(d, x)).orElse("No change of " + a.register().label()
                        + (forward ? " after this." : " before this.")));
            }
            return;
        }
        List<Watch> ranges = ranges(d, a, access);
        Optional<Access> found = forward ? q.next(ranges, here) : q.last(ranges, here);
        if (a.json()) {
            d.out().println(Json.of(found.map(QueryCommands::json).orElse(null)));
        } else {
            d.out().println(found.map(x -> line(d, x))
                    .orElse("No " + what + (forward ? " after this." : " before this.")));
        }
    }

    private static void list(Debugger d, String arguments, Watch.Access access) {
        Asked a = Asked.of(d, arguments);
        List<Watch> ranges = ranges(d, a, access);
        int most = (int) Math.min(a.number(1, PAGE), 1_000_000);
        List<Access> all = d.timeline().queries().latest(ranges, d.timeline().start(), d.timeline().position(), most);
        if (a.json()) {
            d.out().println(Json.of(all.stream().map(QueryCommands::json).toList()));
            return;
        }
        all.forEach(x -> d.out().println(line(d, x)));
        if (all.isEmpty()) {
            d.out().println("None before this.");
        }
    }

    private static void executions(Debugger d, String arguments) {
        Asked a = Asked.of(d, arguments);
        a.required();
        long address = a.register() == null ? a.address() : d.machine().get(a.register());
        int most = (int) Math.min(a.number(0, PAGE), 1_000_000);
        List<Long> all = d.timeline().queries().executions(address, d.timeline().start(), d.timeline().position(), true,
                most);
        if (a.json()) {
            d.out().println(Json.of(all));
            return;
        }
        all.forEach(p -> d.out().println("position " + p));
        if (all.isEmpty()) {
            d.out().println("Not executed before this: " + d.symbols().format(address));
        }
    }

    private static void whoCalled(Debugger d, String arguments) {
        boolean json = arguments.equals("/j");
        if (!json) {
            Arguments.none(arguments, "who-called");
        }
        Optional<Caller> c = d.timeline().queries().whoCalled();
        if (json) {
            d.out().println(Json.of(c.map(QueryCommands::json).orElse(null)));
        } else if (c.isEmpty()) {
            d.out().println("No call before this that has not returned.");
        } else {
            String entry = c.get().entry().map(e -> "  " + d.events().line(e)).orElse(instruction(d, c.get().ip()));
            d.out().println("position " + c.get().position() + "  " + d.symbols().format(c.get().ip()) + entry);
        }
    }

    private static void origin(Debugger d, String arguments) {
        Asked a = Asked.of(d, arguments);
        a.required();
        Origin.Place place = a.register() != null
                ? new Origin.Place.Register(a.register())
                : new Origin.Place.Memory(a.address(), (int) Math.min(a.number(0, word(d)), 1 << 20));
        List<Origin> way = d.timeline().queries().origin(place, LINKS);
        if (a.json()) {
            d.out().println(Json.of(way.stream().map(QueryCommands::json).toList()));
            return;
        }
        for (Origin o : way) {
            d.out().printf("%-9s %s at position %d, %s:  %s%n", o.kind().name().toLowerCase(Locale.ROOT),
                    name(d, o.place()), o.position(), d.symbols().format(o.ip()), o.text());
        }
        if (way.size() == LINKS) {
            d.out().println("... and on: this is the way of " + LINKS + " copies.");
        }
    }

    private static String name(Debugger d, Origin.Place place) {
        return switch (place) {
            case Origin.Place.Register(Reg r) -> r.label();
            case Origin.Place.Memory(long linear, int size) -> d.symbols().format(linear) + "[" + size + "]";
        };
    }

    private static String instruction(Debugger d, long ip) {
        Insn insn = d.code().at(ip);
        return insn == null ? "" : ":  " + d.code().text(insn);
    }

    private static String line(Debugger d, Access x) {
        if (x.byDebugger()) {
            return "position " + x.position() + "  written by a debugger: " + bytes(x.after());
        }
        String values = !x.write() ? bytes(x.before())
                : bytes(x.before()) + " -> " + bytes(x.after());
        return "position " + x.position() + "  " + d.symbols().format(x.ip()) + instruction(d, x.ip()) + "  ["
                + values + "]";
    }

    private static String line(Debugger d, Change c) {
        return "position " + c.position() + "  " + d.symbols().format(c.ip()) + instruction(d, c.ip()) + "  ["
                + c.register().label() + " 0x" + Long.toHexString(c.before()) + " -> 0x"
                + Long.toHexString(c.after()) + "]";
    }

    /** A word as a number, more as bytes in the order of their addresses. */
    private static String bytes(byte[] b) {
        StringBuilder sb = new StringBuilder();
        if (b.length <= 8) {
            for (int i = b.length - 1; i >= 0; i--) {
                sb.append(String.format("%02x", b[i]));
            }
            return b.length == 0 ? "?" : "0x" + sb;
        }
        for (byte x : b) {
            sb.append(sb.isEmpty() ? "" : " ").append(String.format("%02x", x));
        }
        return sb.toString();
    }

    private static Map<String, Object> json(Access x) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("position", x.position());
        m.put("ip", hex(x.ip()));
        m.put("address", hex(x.address()));
        m.put("write", x.write());
        m.put("before", bytes(x.before()));
        m.put("after", bytes(x.after()));
        m.put("byDebugger", x.byDebugger());
        return m;
    }

    private static Map<String, Object> json(Change c) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("position", c.position());
        m.put("ip", hex(c.ip()));
        m.put("register", c.register().label());
        m.put("before", hex(c.before()));
        m.put("after", hex(c.after()));
        return m;
    }

    private static Map<String, Object> json(Caller c) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("position", c.position());
        m.put("ip", hex(c.ip()));
        m.put("event", c.entry().map(e -> (Object) e.index()).orElse(null));
        return m;
    }

    private static Map<String, Object> json(Origin o) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("kind", o.kind().name().toLowerCase(Locale.ROOT));
        switch (o.place()) {
            case Origin.Place.Register(Reg r) -> m.put("register", r.label());
            case Origin.Place.Memory(long linear, int size) -> {
                m.put("address", hex(linear));
                m.put("size", size);
            }
        }
        m.put("position", o.position());
        m.put("ip", hex(o.ip()));
        m.put("text", o.text());
        return m;
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
