package dev.retrap.trace.check;

import dev.retrap.cpu.Reg;
import dev.retrap.trace.unwind.UnwindRegisters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Unwind rules of the vDSO against the registers themselves. */
final class VdsoCfiCheck extends Assertion {
    private static final List<Reg> CALLERS = List.of(Reg.RBX, Reg.RCX, Reg.RDX, Reg.RSI, Reg.RDI, Reg.RBP);
    private static final List<Reg> INTERRUPTED =
            List.of(Reg.RAX, Reg.RBX, Reg.RCX, Reg.RDX, Reg.RSI, Reg.RDI, Reg.RBP);
    /** A sigreturn stub has at most three instructions. */
    private static final int STUB = 3;

    VdsoCfiCheck(Scene scene) {
        super(scene);
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
                compare(c, vdso.get(), s, INTERRUPTED, c.exit().after(), c.exit().after(Reg.RIP),
                        c.exit().after(Reg.RSP), "the interrupted code's");
            }
            return;
        }
        Walk w = scene.walk(c, vdso.get());
        if (w.complete()) {
            for (Walk.Step s : w.steps()) {
                compare(c, vdso.get(), s, CALLERS, w.arrival(), w.departure()[Reg.RIP.slot()],
                        w.arrival()[Reg.RSP.slot()] + 4, "the caller's");
            }
        }
    }

    private void compare(SystemCall c, Vdso vdso, Walk.Step s, List<Reg> registers, long[] real, long ip, long sp,
            String whose) {
        examined();
        String where = "at " + vdso.name(s.ip());
        if (s.caller() == null) {
            violated(c.entry(), s.position(), where + " there are no unwind rules", "a backtrace ends here");
            return;
        }
        UnwindRegisters r = s.caller().registers();
        List<String> differ = new ArrayList<>();
        if (r.ip() != ip) {
            differ.add(Text.differs("eip", r.ip(), ip));
        }
        if (r.sp() != sp) {
            differ.add(Text.differs("esp", r.sp(), sp));
        }
        for (Reg reg : registers) {
            Long unwound = r.value(reg);
            if (unwound == null) {
                differ.add(Text.name(reg, false) + " is not known");
            } else if (unwound != real[reg.slot()]) {
                differ.add(Text.differs(Text.name(reg, false), unwound, real[reg.slot()]));
            }
        }
        if (!differ.isEmpty()) {
            violated(c.entry(), s.position(), where + " unwinding does not give " + whose + " registers: "
                    + String.join("; ", differ), "debuggers and exception handlers go on with these values");
        }
    }
}
