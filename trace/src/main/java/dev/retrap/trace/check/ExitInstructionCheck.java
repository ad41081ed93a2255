package dev.retrap.trace.check;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.PtRegs;
import java.util.ArrayList;
import java.util.List;

/** Whether what a fast exit does not restore needed restoring. */
final class ExitInstructionCheck extends Assertion {
    private static final long TF = 1 << 8;
    private static final long RF = 1 << 16;
    private static final long VM = 1 << 17;

    ExitInstructionCheck(Scene scene) {
        super(scene);
    }

    @Override
    void call(SystemCall c) {
        PtRegs r = c.left();
        if (r == null || c.exit().kind() != Crossing.Kind.SYSEXIT && c.exit().kind() != Crossing.Kind.SYSRET) {
            return;
        }
        examined();
        boolean native32 = r.layout() == PtRegs.Layout.I386;
        List<String> wrong = new ArrayList<>();
        expect(wrong, "cs", r.get("cs"), c.wide() ? SystemCall.USER_CS_64 : native32 ? 0x73 : 0x23);
        expect(wrong, "ss", r.get("ss"), native32 ? 0x7b : 0x2b);
        if (c.wide()) {
            expect(wrong, "cx", r.get("cx"), r.get("ip"));
            expect(wrong, "r11", r.get("r11"), r.get("flags"));
            if (r.get("ip") << 16 >> 16 != r.get("ip")) {
                wrong.add("ip is " + Text.hex(r.get("ip")) + ", which is not canonical");
            }
        } else if (c.back() >= 0) {
            expect(wrong, "ip", r.get("ip"), c.back());
        }
        long flags = r.get("flags") & (RF | TF | VM);
        if (flags != 0) {
            wrong.add("flags have " + Text.flags(flags));
        }
        if (!wrong.isEmpty()) {
            String clobbered = c.exit().kind() == Crossing.Kind.SYSEXIT
                    ? "ecx = " + Text.hex(c.exit().after(Reg.RCX)) + " and edx = " + Text.hex(c.exit().after(Reg.RDX))
                    : "rcx = " + Text.hex(c.exit().after(Reg.RCX)) + " and r11 = " + Text.hex(c.exit().after(Reg.R11));
            violated(c.exit(), c.exit().name() + " although " + String.join("; ", wrong),
                    "the code at " + Text.hex(c.exit().after(Reg.RIP)) + " finds " + clobbered
                            + " instead of what pt_regs say, and no segments or trap flag restored");
        }
    }

    private static void expect(List<String> wrong, String member, long actual, long expected) {
        if (actual != expected) {
            wrong.add(Text.differs("pt_regs." + member, actual, expected));
        }
    }
}
