package dev.retrap.trace.check;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;

/** Flags before and after a call. */
final class EflagsCheck extends Assertion {
    private static final long RF = 1 << 16;
    private static final long ARITHMETIC = 0x8d5;

    EflagsCheck(Scene scene) {
        super(scene);
    }

    @Override
    void call(SystemCall c) {
        if (!c.plain() || c.traced()) {
            return;
        }
        examined();
        long before = c.entry().before(Reg.RFLAGS) & ~RF;
        long after = c.exit().after(Reg.RFLAGS) & ~RF;
        if (before != after) {
            String how = c.exit().kind() == Crossing.Kind.SYSEXIT
                    ? "SYSEXIT loads no flags: these are what the kernel's last instructions left; "
                    : "";
            violated(c.exit(), "flags are " + Text.hex(after) + ", expected " + Text.hex(before) + "; changed: "
                    + Text.flags(before ^ after), how + (((before ^ after) & ~ARITHMETIC) == 0
                            ? "arithmetic flags are for any callee to change by the ABI, but INT 0x80 keeps them"
                            : "a program that set DF, ID or the like goes on without"));
        }
    }
}
