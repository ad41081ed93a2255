package dev.retrap.trace.check;

import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;

/** Hidden part of SS in 32-bit user mode. */
final class StackSegmentCheck extends Assertion {
    /**
     * Present, no system segment, writable: descriptor bits 47, 44 and 41. Not the DPL: after SYSRET on AMD it is still the
     * kernel stack's 0, and nothing but a load of SS ever looks at it.
     */
    private static final long USABLE = 0x92;

    StackSegmentCheck(Scene scene) {
        super(scene);
    }

    @Override
    void crossing(Event e) {
        if (e.isEntry() || !e.toUser() || e.after(Reg.CS) == SystemCall.USER_CS_64) {
            return;
        }
        examined();
        long attributes = e.after(Reg.SS_ATTR);
        if ((attributes & USABLE) != USABLE) {
            violated(e, "after " + e.name() + " SS is " + Text.hex(e.after(Reg.SS)) + " with attributes "
                            + Text.hex(attributes) + ": no usable stack segment",
                    "the next PUSH or POP faults, although the selector is right");
        }
    }
}
