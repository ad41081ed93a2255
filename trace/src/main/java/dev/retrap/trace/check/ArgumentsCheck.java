package dev.retrap.trace.check;

import dev.retrap.cpu.Reg;
import dev.retrap.trace.PtRegs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Arguments passed against arguments in pt_regs. */
final class ArgumentsCheck extends Assertion {
    ArgumentsCheck(Scene scene) {
        super(scene);
    }

    @Override
    void call(SystemCall c) {
        PtRegs r = c.built();
        if (r == null) {
            return;
        }
        if (!c.fast() || c.wide()) {
            if (scene.vdso(c.entry()).isEmpty() || c.wide()) {
                compare(c, r, c.entry()::before);
                return;
            }
        }
        Optional<Vdso> vdso = scene.vdso(c.entry());
        if (vdso.isPresent() && scene.close(Check.ARGUMENTS, c)) {
            long[] caller = scene.walk(c, vdso.get()).arrival();
            if (caller != null) {
                compare(c, r, reg -> caller[reg.slot()]);
            }
        }
    }

    private interface Registers {
        long of(Reg r);
    }

    private void compare(SystemCall c, PtRegs r, Registers caller) {
        examined();
        List<String> differ = new ArrayList<>();
        long number = caller.of(Reg.RAX) & 0xffff_ffffL;
        if ((r.get("orig_ax") & 0xffff_ffffL) != number) {
            differ.add(Text.differs("orig_ax", r.get("orig_ax"), number));
        }
        for (SystemCall.Place p : c.arguments()) {
            long passed = caller.of(p.reg());
            if (r.get(p.member()) != passed) {
                differ.add(Text.differs(p.member(), r.get(p.member()), passed));
            }
        }
        if (!differ.isEmpty()) {
            violated(c.entry(), "pt_regs are not what the caller passed: " + String.join("; ", differ),
                    "a tracer sees wrong arguments, and a restart passes them");
        }
    }
}
