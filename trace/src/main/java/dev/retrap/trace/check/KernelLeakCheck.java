package dev.retrap.trace.check;

import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.PtRegs;
import java.util.ArrayList;
import java.util.List;

/** Values that only the kernel can have put into a register. */
final class KernelLeakCheck extends Assertion {
    /** PAGE_OFFSET of 32-bit kernels; above the second limit lie error numbers. */
    private static final long KERNEL_32 = 0xc000_0000L;
    private static final long ERRORS_32 = 0xffff_f000L;
    private static final long KERNEL_64 = 0xffff_8000_0000_0000L;
    private static final long ERRORS_64 = -4096;

    /** D/B of a segment: 32 bits. */
    private static final long BIG = 1 << 14;

    private boolean wideKernel;
    private boolean known;

    KernelLeakCheck(Scene scene) {
        super(scene);
    }

    @Override
    void crossing(Event e) {
        if (e.isEntry() || !e.toUser() || e.pair() < 0) {
            return;
        }
        Event entry = scene.recording().event(e.pair());
        SystemCall c = new SystemCall(entry, e, false);
        examined();
        upperHalf(e, entry, c.left());
        if (entry.systemCall() >= 0 && c.sigreturn()) {
            return; // restores what the user had, or made up
        }
        List<String> leaked = new ArrayList<>();
        PtRegs r = c.left() != null ? c.left() : c.built();
        for (int n = 0; n < 16; n++) {
            Reg reg = Reg.gpr(n);
            long v = e.after(reg);
            if (kernels(v) && v != entry.before(reg) && !(reg == Reg.RAX && entry.systemCall() >= 0) && !has(r, v)) {
                leaked.add(Text.name(reg, c.wide()) + " is " + Text.hex(v));
            }
        }
        if (!leaked.isEmpty()) {
            violated(e, String.join("; ", leaked) + " in user mode, and was not the user's",
                    "tells the program where the kernel's data lie");
        }
    }

    /** IRET to a 16-bit stack loads SP, and leaves the upper half of ESP as it was (SDM vol. 3, 22.33.4; espfix). */
    private void upperHalf(Event e, Event entry, PtRegs left) {
        if ((e.after(Reg.SS_ATTR) & BIG) != 0 || e.after(Reg.CS) == SystemCall.USER_CS_64
                || left == null && entry.systemCall() >= 0) {
            return;
        }
        long expected = left != null ? left.get("sp") : entry.before(Reg.RSP);
        if (((e.after(Reg.RSP) ^ expected) & 0xffff_0000L) != 0) {
            violated(e, "esp is " + Text.hex(e.after(Reg.RSP)) + " on a 16-bit stack, expected " + Text.hex(expected)
                    + ": bits 16 to 31 are the kernel's", "tells the program where the kernel's stack lies");
        }
    }

    private boolean kernels(long v) {
        if (!known) {
            wideKernel = dev.retrap.cpu.boot.ElfImage.parse("kernel", scene.recording().bootImage().kernel()).is64();
            known = true;
        }
        return wideKernel
                ? Long.compareUnsigned(v, KERNEL_64) >= 0 && Long.compareUnsigned(v, ERRORS_64) < 0
                : v >= KERNEL_32 && v < ERRORS_32;
    }

    /** What is in pt_regs is the user's own, or meant for him. */
    private static boolean has(PtRegs r, long v) {
        if (r != null) {
            for (long w : r.words()) {
                if (w == v) {
                    return true;
                }
            }
        }
        return false;
    }
}
