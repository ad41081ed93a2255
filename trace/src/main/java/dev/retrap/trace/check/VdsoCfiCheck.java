package dev.retrap.trace.check;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.unwind.UnwindRegisters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Unwind rules of the vDSO against the registers themselves. */
final class VdsoCfiCheck extends Assertion {
    private static final List<Reg> CALLERS = List.of(Reg.RBX, Reg.RCX, Reg.RDX, Reg.RSI, Reg.RDI, Reg.RBP);
    private static final List<Reg> INTERRUPTED =
            List.of(Reg.RAX, Reg.RBX, Reg.RCX, Reg.RDX, Reg.RSI, Reg.RDI, Reg.RBP);
    /** A sigreturn stub has at most three instructions. */
    private static final int STUB = 3;
    /** Of each function of the 64-bit vDSO so many calls are stepped, and of a call so many steps: an interrupt may come. */
    private static final int CALLS_OF_FUNCTION = 16;
    private static final int STEPS_IN_FUNCTION = 20_000;

    private static final List<Reg> PRESERVED_64 =
            List.of(Reg.RBX, Reg.RBP, Reg.R12, Reg.R13, Reg.R14, Reg.R15);
    private static final int EXECVE_64 = 59;

    private final Map<Long, WideVdso> wide = new TreeMap<>();
    private long firstWide = -1;

    VdsoCfiCheck(Scene scene) {
        super(scene);
    }

    /** A 64-bit program is about to start: it makes calls of its vDSO that are no events. */
    @Override
    void crossing(Event e) {
        if (e.isEntry() || !e.toUser() || e.after(Reg.CS) != SystemCall.USER_CS_64
                || e.pair() >= 0 && !(e.systemCall() == EXECVE_64 && e.after(Reg.RAX) == 0)) {
            return;
        }
        WideVdso.of(scene.at(e.position() + 1)).ifPresent(v -> {
            wide.putIfAbsent(v.base(), v);
            firstWide = firstWide < 0 ? e.position() + 1 : firstWide;
        });
    }

    /** Runs through the recording once more, and steps the first calls of each function. */
    @Override
    void end() {
        Map<Long, Integer> left = new TreeMap<>();
        wide.values().forEach(v -> v.functions().forEach(f -> left.put(f, CALLS_OF_FUNCTION)));
        if (left.isEmpty()) {
            return;
        }
        scene.at(firstWide);
        while (!left.isEmpty() && scene.reach(left.keySet())) {
            long function = scene.machine().linearIp();
            left.computeIfPresent(function, (f, n) -> n > 1 ? n - 1 : null);
            WideVdso vdso = wide.values().stream().filter(v -> v.contains(function)).findFirst().orElseThrow();
            Event last = scene.recording().findBackward(scene.position(), x -> true).orElse(null);
            if (last == null || !step(last, function, vdso)) {
                break;
            }
        }
    }

    /** Through a function, up to its return; false if the recording ends before. */
    private boolean step(Event last, long function, WideVdso vdso) {
        Machine m = scene.machine();
        long sp = m.get(Reg.RSP);
        Long back = Scene.word(m, sp, 8);
        long[] arrival = new long[Reg.COUNT];
        m.capture(arrival);
        for (int i = 0; i < STEPS_IN_FUNCTION; i++) {
            if (m.get(Reg.CPL) == 3) {
                if (!vdso.contains(m.linearIp()) || back == null) {
                    return true;
                }
                Walk.Step s = new Walk.Step(scene.position(), m.linearIp(), vdso.caller(m).orElse(null));
                compare(last, "function+" + (s.ip() - function), s, PRESERVED_64, arrival, back, sp + 8, "the caller's");
            }
            if (!scene.step()) {
                return false;
            }
            m = scene.machine();
        }
        return true;
    }

    @Override
    void call(SystemCall c) {
        if (c.wide()) {
            return;
        }
        Optional<Vdso> vdso = scene.vdso(c.entry());
        if (vdso.isEmpty() || c.traced() || !scene.close(Check.VDSO_CFI, c)) {
            return;
        }
        if (c.sigreturn()) {
            for (Walk.Step s : scene.before(c.entry(), vdso.get(), STUB)) {
                compare(c.entry(), vdso.get().name(s.ip()), s, INTERRUPTED, c.exit().after(), c.exit().after(Reg.RIP),
                        c.exit().after(Reg.RSP), "the interrupted code's");
            }
            return;
        }
        Walk w = scene.walk(c, vdso.get());
        if (w.complete()) {
            for (Walk.Step s : w.steps()) {
                compare(c.entry(), vdso.get().name(s.ip()), s, CALLERS, w.arrival(), w.departure()[Reg.RIP.slot()],
                        w.arrival()[Reg.RSP.slot()] + 4, "the caller's");
            }
        }
    }

    private void compare(Event at, String place, Walk.Step s, List<Reg> registers, long[] real, long ip, long sp,
            String whose) {
        examined();
        String where = "at " + place;
        if (s.caller() == null) {
            violated(at, s.position(), where + " there are no unwind rules", "a backtrace ends here");
            return;
        }
        UnwindRegisters r = s.caller().registers();
        boolean wide = r.wordBytes() == 8;
        List<String> differ = new ArrayList<>();
        if (r.ip() != ip) {
            differ.add(Text.differs(Text.name(Reg.RIP, wide), r.ip(), ip));
        }
        if (r.sp() != sp) {
            differ.add(Text.differs(Text.name(Reg.RSP, wide), r.sp(), sp));
        }
        for (Reg reg : registers) {
            Long unwound = r.value(reg);
            if (unwound == null) {
                differ.add(Text.name(reg, wide) + " is not known");
            } else if (unwound != real[reg.slot()]) {
                differ.add(Text.differs(Text.name(reg, wide), unwound, real[reg.slot()]));
            }
        }
        if (!differ.isEmpty()) {
            violated(at, s.position(), where + " unwinding does not give " + whose + " registers: "
                    + String.join("; ", differ), "debuggers and exception handlers go on with these values");
        }
    }
}
