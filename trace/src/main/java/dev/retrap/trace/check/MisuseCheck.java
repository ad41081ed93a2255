package dev.retrap.trace.check;

import dev.retrap.cpu.Reg;
import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.cpu.boot.Symbol;
import dev.retrap.trace.Event;

/** Reports of a kernel that watches its pt_regs: a #UD at a symbol of its own. */
final class MisuseCheck extends Assertion {
    private static final String SYMBOL = "pt_regs_misused";
    private static final int INVALID_OPCODE = 6;

    private final long address;

    MisuseCheck(Scene scene) {
        super(scene);
        address = ElfImage.parse("kernel", scene.recording().bootImage().kernel()).symbols().stream()
                .filter(s -> s.name().equals(SYMBOL)).mapToLong(Symbol::address).findFirst().orElse(0);
    }

    @Override
    void crossing(Event e) {
        if (address != 0 && e.isEntry() && e.vector() == INVALID_OPCODE && e.before(Reg.RIP) == address) {
            violated(e, "pt_regs were changed and nobody had taken them to write",
                    "by the accessors' rule the exit would not have looked at them");
        }
    }

    @Override
    void call(SystemCall c) {
        if (address != 0) {
            examined();
        }
    }
}
