package dev.retrap.trace;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.isa.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Repeats, on recorded {@code pt_regs}, the tests by which Linux chooses the exit instruction. Most decisions are taken
 * on the same few values as the one before, whose conditions then serve again.
 */
final class DecisionTest {
    /** {@code _TIF_ALLWORK_MASK} of Linux 4.2, arch/x86/include/asm/thread_info.h. */
    static final long ALL_WORK = 0x1008_feffL;

    private static final long TF = 1L << 8;
    private static final long RF = 1L << 16;
    private static final long VM = 1L << 17;

    /** All that conditions depend on. */
    private record Tested(
            ProbeSite site, long cs, long ss, long ip, long flags, long cx, long r11, long threadFlags,
            OptionalLong landingPad) {}

    private final CpuModel cpu;
    private Tested last;
    private List<ExitDecision.Condition> lastConditions = List.of();

    DecisionTest(CpuModel cpu) {
        this.cpu = cpu;
    }

    /**
     * The decision taken at a probe.
     *
     * @param landingPad where the fast exit may lead, if known
     * @param taken the exit that followed, null if none is known
     */
    ExitDecision of(ProbeSite site, long position, PtRegs r, long threadFlags, OptionalLong landingPad,
            Crossing.Kind taken) {
        boolean wide = site.style() == ExitDecision.Style.SYSRET64;
        Tested now = new Tested(site, r.get("cs"), r.get("ss"), r.get("ip"), r.get("flags"), wide ? r.get("cx") : 0,
                wide ? r.get("r11") : 0, threadFlags, landingPad);
        if (!now.equals(last)) {
            last = now;
            lastConditions = conditions(site, r, threadFlags, landingPad);
        }
        boolean verdict = !lastConditions.isEmpty() && lastConditions.stream().allMatch(ExitDecision.Condition::holds);
        OptionalLong flags = site.threadFlags() ? OptionalLong.of(threadFlags) : OptionalLong.empty();
        return new ExitDecision(site.style(), position, r, flags, lastConditions, verdict, taken);
    }

    private List<ExitDecision.Condition> conditions(
            ProbeSite site, PtRegs r, long threadFlags, OptionalLong landingPad) {
        return switch (site.style()) {
            case UNCONDITIONAL -> List.of();
            case THREAD_FLAGS -> List.of(condition("work",
                    "thread flags & _TIF_ALLWORK_MASK 0x%08x == 0".formatted(ALL_WORK), hex(threadFlags),
                    (threadFlags & ALL_WORK) == 0));
            case PT_REGS -> List.copyOf(ptRegs(r, landingPad));
            case SYSRET64 -> List.copyOf(sysret64(r));
        };
    }

    /** {@code do_fast_syscall_32} of Linux 4.4, arch/x86/entry/common.c: native, or for a 64-bit kernel compat. */
    private List<ExitDecision.Condition> ptRegs(PtRegs r, OptionalLong landingPad) {
        boolean i386 = r.layout() == PtRegs.Layout.I386;
        List<ExitDecision.Condition> c = new ArrayList<>();
        if (i386) {
            boolean sep = cpu.has(Feature.SEP);
            c.add(condition("sep", "CPU has SEP", sep ? "yes" : "no", sep));
        }
        equal(c, "cs", "__USER_CS", r.get("cs"), i386 ? 0x73 : 0x23);
        equal(c, "ss", "__USER_DS", r.get("ss"), i386 ? 0x7b : 0x2b);
        if (landingPad.isPresent()) {
            equal(c, "ip", "landing pad", r.get("ip"), landingPad.getAsLong());
        }
        clear(c, "rf", "RF", r.get("flags"), RF);
        clear(c, "tf", "TF", r.get("flags"), TF);
        if (i386) {
            clear(c, "vm", "VM", r.get("flags"), VM);
        }
        return c;
    }

    /** {@code opportunistic_sysret} of Linux 4.2, arch/x86/entry/entry_64.S, in its order. */
    private static List<ExitDecision.Condition> sysret64(PtRegs r) {
        List<ExitDecision.Condition> c = new ArrayList<>();
        long ip = r.get("ip");
        c.add(condition("rcx", "pt_regs.cx == pt_regs.ip " + hex(ip), hex(r.get("cx")), r.get("cx") == ip));
        c.add(condition("canonical", "pt_regs.ip canonical", hex(ip), ip << 16 >> 16 == ip));
        equal(c, "cs", "__USER_CS", r.get("cs"), 0x33);
        c.add(condition("r11", "pt_regs.r11 == pt_regs.flags " + hex(r.get("flags")), hex(r.get("r11")),
                r.get("r11") == r.get("flags")));
        clear(c, "rf", "RF", r.get("flags"), RF);
        clear(c, "tf", "TF", r.get("flags"), TF);
        equal(c, "ss", "__USER_DS", r.get("ss"), 0x2b);
        return c;
    }

    private static void equal(List<ExitDecision.Condition> c, String id, String name, long actual, long wanted) {
        c.add(condition(id, "pt_regs." + id + " == " + name + " " + hex(wanted), hex(actual), actual == wanted));
    }

    private static void clear(List<ExitDecision.Condition> c, String id, String name, long flags, long bit) {
        c.add(condition(id, "pt_regs.flags." + name + " clear", hex(flags), (flags & bit) == 0));
    }

    private static ExitDecision.Condition condition(String id, String tested, String actual, boolean holds) {
        return new ExitDecision.Condition(id, tested, actual, holds);
    }

    private static String hex(long v) {
        return "0x" + Long.toHexString(v);
    }
}
