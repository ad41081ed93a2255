package dev.retrap.repl.debug;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.repl.expr.CType;
import dev.retrap.repl.expr.Value;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Registers by the names gdb has for them, in any width. */
final class Registers {
    /** How a register is shown. */
    private enum Kind { INTEGER, CODE, DATA, FLAGS }

    /**
     * A register, or a part of one, by name.
     *
     * @param reg where the value is
     * @param shift lowest bit
     * @param bytes width
     * @param kind how it is shown
     */
    private record View(Reg reg, int shift, int bytes, Kind kind) {}

    private static final Map<String, View> VIEWS = new LinkedHashMap<>();

    /** What {@code info registers} lists, in gdb's order. */
    private static final List<String> GENERAL_32 = List.of("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi",
            "eip", "eflags", "cs", "ss", "ds", "es", "fs", "gs");
    private static final List<String> GENERAL_64 = List.of("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8",
            "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip", "eflags", "cs", "ss", "ds", "es", "fs", "gs",
            "fs_base", "gs_base");

    private static final String[] FLAGS = {"CF", "", "PF", "", "AF", "", "ZF", "SF", "TF", "IF", "DF", "OF", "", "",
        "NT", "", "RF", "VM", "AC", "VIF", "VIP", "ID"};

    static {
        String[] old = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};
        for (int i = 0; i < 16; i++) {
            Reg reg = Reg.gpr(i);
            Kind kind = i == 4 || i == 5 ? Kind.DATA : Kind.INTEGER;
            if (i < 8) {
                view("r" + old[i], reg, 0, 8, kind);
                view("e" + old[i], reg, 0, 4, kind);
                view(old[i], reg, 0, 2, Kind.INTEGER);
            } else {
                view("r" + i, reg, 0, 8, Kind.INTEGER);
                view("r" + i + "d", reg, 0, 4, Kind.INTEGER);
                view("r" + i + "w", reg, 0, 2, Kind.INTEGER);
                view("r" + i + "l", reg, 0, 1, Kind.INTEGER);
            }
            if (i < 4) {
                view(old[i].charAt(0) + "l", reg, 0, 1, Kind.INTEGER);
                view(old[i].charAt(0) + "h", reg, 8, 1, Kind.INTEGER);
            } else if (i < 8) {
                view(old[i] + "l", reg, 0, 1, Kind.INTEGER);
            }
        }
        view("rip", Reg.RIP, 0, 8, Kind.CODE);
        view("eip", Reg.RIP, 0, 4, Kind.CODE);
        view("rflags", Reg.RFLAGS, 0, 8, Kind.FLAGS);
        view("eflags", Reg.RFLAGS, 0, 4, Kind.FLAGS);
        for (Reg reg : Reg.values()) {
            VIEWS.putIfAbsent(reg.label(), new View(reg, 0, bytes(reg), kind(reg)));
        }
    }

    private Registers() {}

    private static void view(String name, Reg reg, int shift, int bytes, Kind kind) {
        VIEWS.put(name, new View(reg, shift, bytes, kind));
    }

    private static int bytes(Reg reg) {
        return switch (reg) {
            case ES, CS, SS, DS, FS, GS, LDTR, TR, CPL -> 4;
            default -> reg.name().endsWith("_ATTR") || reg.name().endsWith("_LIMIT") ? 4 : 8;
        };
    }

    private static Kind kind(Reg reg) {
        return switch (reg) {
            case SYSENTER_EIP, LSTAR, CSTAR -> Kind.CODE;
            case CR2, SYSENTER_ESP -> Kind.DATA;
            default -> reg.name().endsWith("_BASE") ? Kind.DATA : Kind.INTEGER;
        };
    }

    /** {@return all names, without the dollar sign} */
    static List<String> names() {
        return List.copyOf(VIEWS.keySet());
    }

    /** {@return the registers of {@code info registers} in a mode} */
    static List<String> general(CodeMode mode) {
        return mode == CodeMode.CODE64 ? GENERAL_64 : GENERAL_32;
    }

    /** {@return the rest: control, debug, table and model-specific registers, segment bases} */
    static List<String> system() {
        return Arrays.stream(Reg.values())
                .filter(r -> r.compareTo(Reg.GS) > 0)
                .map(Reg::label)
                .toList();
    }

    /** {@return value of a register, or null if there is none of that name}
     * @param name any case, without the dollar sign */
    static Value value(Machine machine, String name) {
        CodeMode mode = machine.codeMode();
        boolean wide = mode == CodeMode.CODE64;
        String canonical = switch (name.toLowerCase(Locale.ROOT)) {
            case "pc" -> wide ? "rip" : "eip";
            case "sp" -> wide ? "rsp" : "esp";
            case "fp" -> wide ? "rbp" : "ebp";
            case "ps", "flags" -> "eflags";
            case String other -> other;
        };
        View view = VIEWS.get(canonical);
        if (view == null) {
            return null;
        }
        int word = wide ? 8 : 4;
        int bytes = Math.min(view.bytes, view.reg.ordinal() <= Reg.RIP.ordinal() ? word : 8);
        CType type = switch (view.kind) {
            case INTEGER -> CType.signed(bytes);
            case FLAGS -> new CType.Flags(bytes);
            case CODE, DATA -> new CType.Pointer(CType.VOID, bytes);
        };
        return Value.of(type, machine.get(view.reg) >>> view.shift);
    }

    /** {@return EFLAGS as gdb shows them: {@code [ ZF PF IF ]}} */
    static String flags(long value) {
        StringBuilder sb = new StringBuilder("[ ");
        for (int bit = 0; bit < FLAGS.length; bit++) {
            if ((value >>> bit & 1) != 0 && !FLAGS[bit].isEmpty()) {
                sb.append(FLAGS[bit]).append(' ');
            }
        }
        long iopl = value >>> 12 & 3;
        return sb.append(iopl == 0 ? "]" : "IOPL=" + iopl + " ]").toString();
    }

    /** An unmodifiable view of the names for tests. */
    static Map<String, ?> views() {
        return Collections.unmodifiableMap(VIEWS);
    }
}
