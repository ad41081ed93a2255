package dev.retrap.cpu.oracle;

import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Insn;
import java.util.Arrays;
import java.util.HexFormat;

/** Compares what our machine did with what the physical processor did. */
final class Comparison {
    private static final String[] REGISTERS = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10",
        "r11", "r12", "r13", "r14", "r15"};
    private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs"};

    private Comparison() {}

    /** True if all agrees that the manuals define. */
    static boolean agree(Insn insn, Outcome expected, Outcome got, int undefinedFlags) {
        State e = expected.state();
        State g = got.state();
        return expected.vector() == got.vector() && expected.error() == got.error() && expected.cr2() == got.cr2()
                && e.ip == g.ip && Arrays.equals(e.gpr, g.gpr) && Arrays.equals(e.seg, g.seg)
                && ((e.eflags ^ g.eflags) & Normal.FLAGS & ~undefinedFlags) == 0
                && e.fsBase == g.fsBase && e.gsBase == g.gsBase
                && expected.changes().equals(got.changes()) && Fx.agree(e.fx, g.fx, transcendental(insn));
    }

    private static boolean transcendental(Insn insn) {
        return switch (insn.op) {
            case FSIN, FCOS, FSINCOS, FPTAN, FPATAN, F2XM1, FYL2X, FYL2XP1 -> true;
            default -> false;
        };
    }

    /** True if the two agree only because a transcendental result may be off by one unit. */
    static boolean offByOne(Insn insn, Outcome expected, Outcome got) {
        return transcendental(insn) && !Fx.agree(expected.state().fx, got.state().fx, false);
    }

    /** Undefined flags in which the two differ. */
    static int undefinedDifference(Outcome expected, Outcome got, int undefinedFlags) {
        return (expected.state().eflags ^ got.state().eflags) & undefinedFlags;
    }

    /** The test and both outcomes, in a few lines. */
    static String describe(TestCase t, Insn insn, MemoryImage image, Outcome expected, Outcome got) {
        var s = new StringBuilder();
        s.append(t.codeText()).append("  ").append(insn).append("  [").append(insn.form).append(", ").append(t.mode)
                .append(", opsize ").append(insn.opSize).append("]\n");
        s.append("  initial  ").append(state(t, t.initial)).append('\n');
        for (TestCase.Patch p : t.patches) {
            s.append(String.format("           [%08x] = %s%n", p.address(), HexFormat.of().formatHex(p.bytes())));
        }
        s.append(String.format("           memory seed %d, state seed %d%n", image.seed(), t.seed));
        s.append("  expected ").append(outcome(t, expected)).append('\n');
        s.append("  got      ").append(outcome(t, got)).append('\n');
        return s.toString();
    }

    private static String state(TestCase t, State s) {
        var b = new StringBuilder();
        int n = t.mode == CodeMode.CODE64 ? 16 : 8;
        for (int i = 0; i < n; i++) {
            b.append(REGISTERS[i]).append('=').append(Long.toHexString(s.gpr[i])).append(' ');
        }
        b.append("rip=").append(Long.toHexString(s.ip)).append(" flags=").append(flags(s.eflags));
        if (t.mode != CodeMode.CODE64) {
            for (int i = 0; i < 6; i++) {
                b.append(' ').append(SEGMENTS[i]).append('=').append(Integer.toHexString(s.seg[i]));
            }
        }
        return b.append(Fx.text(s.fx)).toString();
    }

    /** Only what differs from the initial state. */
    private static String outcome(TestCase t, Outcome o) {
        var b = new StringBuilder();
        State s = o.state();
        State i = t.initial;
        b.append(o.completed() ? "completed" : "vector " + o.vector() + " error " + Integer.toHexString(o.error()));
        if (o.cr2() != 0) {
            b.append(" cr2=").append(Long.toHexString(o.cr2()));
        }
        b.append(" rip=").append(Long.toHexString(s.ip)).append(" flags=").append(flags(s.eflags));
        for (int r = 0; r < 16; r++) {
            if (s.gpr[r] != i.gpr[r]) {
                b.append(' ').append(REGISTERS[r]).append('=').append(Long.toHexString(s.gpr[r]));
            }
        }
        for (int r = 0; r < 6; r++) {
            if (s.seg[r] != i.seg[r]) {
                b.append(' ').append(SEGMENTS[r]).append('=').append(Integer.toHexString(s.seg[r]));
            }
        }
        if (s.fsBase != i.fsBase || s.gsBase != i.gsBase) {
            b.append(" fsbase=").append(Long.toHexString(s.fsBase)).append(" gsbase=").append(Long.toHexString(s.gsBase));
        }
        for (Outcome.Change c : o.changes()) {
            b.append(String.format(" [%08x]=%s", c.address(), HexFormat.of().formatHex(c.bytes())));
        }
        return b.append(Fx.difference(i.fx, s.fx)).toString();
    }

    static String flags(int f) {
        var b = new StringBuilder(Integer.toHexString(f)).append('(');
        String names = "CF..PF..AF..ZFSFTFIFDFOF....NT";
        for (int bit = 0; bit < 15; bit++) {
            if ((f & 1 << bit & (Flags.ARITH | Flags.DF | Flags.NT)) != 0) {
                b.append(b.charAt(b.length() - 1) == '(' ? "" : " ").append(names, bit * 2, bit * 2 + 2);
            }
        }
        return b.append(')').toString();
    }
}
