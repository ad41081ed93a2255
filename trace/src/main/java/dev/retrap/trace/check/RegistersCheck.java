package dev.retrap.trace.check;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Registers before and after a call. */
final class RegistersCheck extends Assertion {
    private static final Set<Reg> SEGMENTS = EnumSet.of(Reg.CS, Reg.SS, Reg.DS, Reg.ES, Reg.FS, Reg.GS);
    private static final Set<Reg> GENERAL_32 =
            EnumSet.of(Reg.RBX, Reg.RCX, Reg.RDX, Reg.RSI, Reg.RDI, Reg.RBP, Reg.RSP);
    /** SYSCALL in 64-bit mode leaves RCX and R11 to the kernel. */
    private static final Set<Reg> GENERAL_64 = EnumSet.of(Reg.RBX, Reg.RDX, Reg.RSI, Reg.RDI, Reg.RBP, Reg.RSP, Reg.R8,
            Reg.R9, Reg.R10, Reg.R12, Reg.R13, Reg.R14, Reg.R15);
    /** What no vDSO touches between its caller and the kernel. */
    private static final Set<Reg> ALWAYS_32 = EnumSet.of(Reg.RBX, Reg.RSI, Reg.RDI);

    RegistersCheck(Scene scene) {
        super(scene);
    }

    private interface Registers {
        long of(Reg r);
    }

    @Override
    void call(SystemCall c) {
        if (!c.plain() || c.traced()) {
            return;
        }
        if (c.wide()) {
            compare(c, GENERAL_64, c.entry()::before, c.exit()::after, 0);
            return;
        }
        Optional<Vdso> vdso = scene.vdso(c.entry());
        if (c.entry().kind() == Crossing.Kind.INT_N && vdso.isEmpty()) {
            compare(c, GENERAL_32, c.entry()::before, c.exit()::after, 0);
            return;
        }
        if (vdso.isPresent() && scene.close(Check.REGISTERS, c)) {
            Walk w = scene.walk(c, vdso.get());
            if (w.complete()) {
                compare(c, GENERAL_32, r -> w.arrival()[r.slot()], r -> w.departure()[r.slot()], 4);
                return;
            }
        }
        compare(c, ALWAYS_32, c.entry()::before, c.exit()::after, 0);
    }

    private void compare(SystemCall c, Set<Reg> general, Registers before, Registers after, long popped) {
        examined();
        List<String> differ = new ArrayList<>();
        for (Reg r : general) {
            long expected = before.of(r) + (r == Reg.RSP ? popped : 0);
            if (after.of(r) != expected) {
                differ.add(Text.differs(Text.name(r, c.wide()), after.of(r), expected));
            }
        }
        for (Reg r : SEGMENTS) {
            if (after.of(r) != before.of(r)) {
                differ.add(Text.differs(r.label(), after.of(r), before.of(r)));
            }
        }
        if (!differ.isEmpty()) {
            violated(c.exit(), "the caller does not get back: " + String.join("; ", differ),
                    "compilers and C libraries rely on every register but the result");
        }
    }
}
