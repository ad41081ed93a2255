package dev.retrap.cpu.fpu;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/**
 * The control instructions: they leave the last instruction and operand pointers alone, and most do not wait for
 * pending exceptions (SDM vol. 1, 8.3.11).
 */
final class Control {
    private Control() {}

    static Exec bind(Op op, Insn i) {
        return switch (op) {
            case FNINIT -> (c, x) -> {
                Availability.noWait(c);
                c.fpu.init();
            };
            case FNCLEX -> (c, x) -> {
                Availability.noWait(c);
                c.fpu.status &= ~(Status.EXCEPTIONS | Status.SF | Status.ES | Status.B);
            };
            // The 8087's interrupt enable and the 80287's mode: nothing since.
            case FNENI, FNDISI, FNSETPM -> (c, x) -> Availability.noWait(c);
            case FNSTCW -> (c, x) -> {
                Availability.noWait(c);
                c.st16(x.seg, c.ea(x), c.fpu.control);
            };
            case FNSTSW -> i.mem() ? (c, x) -> {
                Availability.noWait(c);
                c.st16(x.seg, c.ea(x), FpuImage.statusWord(c.fpu));
            } : (c, x) -> {
                Availability.noWait(c);
                c.r16(0, FpuImage.statusWord(c.fpu));
            };
            case FNSTENV -> (c, x) -> {
                Availability.noWait(c);
                Environment.storeEnvironment(c, x);
            };
            case FNSAVE -> (c, x) -> {
                Availability.noWait(c);
                Environment.save(c, x);
            };
            case FLDCW -> waiting((c, x) -> Status.control(c.fpu, c.ld16(x.seg, c.ea(x))));
            case FLDENV -> waiting(Environment::loadEnvironment);
            case FRSTOR -> waiting(Environment::restore);
            case FWAIT -> Control::fwait;
            default -> null;
        };
    }

    private static Exec waiting(Exec e) {
        return (c, x) -> {
            if (Availability.waiting(c, x)) {
                e.exec(c, x);
            }
        };
    }

    private static void fwait(Cpu c, Insn i) {
        Availability.fwait(c, i);
    }
}
