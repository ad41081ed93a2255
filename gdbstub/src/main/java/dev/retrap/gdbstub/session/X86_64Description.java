package dev.retrap.gdbstub.session;

import static dev.retrap.gdbstub.session.X86Features.cpu;
import static dev.retrap.gdbstub.session.X86Features.system;

import dev.retrap.cpu.Reg;
import java.util.ArrayList;
import java.util.List;

/**
 * A 64-bit machine, in whichever mode it is (GDB manual, node "i386 Features"). gdb takes one description for a whole
 * connection: it holds every mode, 32-bit code shows the low halves ({@code $eax}, {@code $esp} are gdb's own
 * pseudo-registers). It says that i386 programs run on it, too: gdb would else believe a 32-bit program file more than
 * the description, and find the packets too long.
 */
final class X86_64Description {
    private X86_64Description() {}

    /** The description; every processor with long mode has x87 and SSE. */
    static TargetDescription make() {
        List<TargetDescription.Feature> features = new ArrayList<>();
        features.add(new TargetDescription.Feature("org.gnu.gdb.i386.core", X86Features.EFLAGS, core(), true));
        features.add(new TargetDescription.Feature("org.gnu.gdb.i386.sse",
                X86Features.VECTOR_TYPES + X86Features.MXCSR, X86Features.sse(16), true));
        features.add(new TargetDescription.Feature("org.gnu.gdb.i386.segments", "", List.of(
                cpu("fs_base", Reg.FS_BASE, 64, "int"), cpu("gs_base", Reg.GS_BASE, 64, "int")), true));
        features.add(new TargetDescription.Feature("org.gnu.gdb.i386.linux", "",
                List.of(new Register("orig_rax", 64, "int", X86Features.NONE, new Register.Source.OrigAx())), false));
        List<Register> machine = X86Features.machine(64);
        machine.addAll(longMode());
        features.add(new TargetDescription.Feature(
                "dev.retrap.machine", X86Features.controlTypes(8), machine, false));
        return new TargetDescription("i386:x86-64", "GNU/Linux", List.of("i386"), List.of("rbp", "rsp", "rip"), -1L,
                features);
    }

    private static List<Register> core() {
        List<Register> list = new ArrayList<>();
        for (Reg r : List.of(Reg.RAX, Reg.RBX, Reg.RCX, Reg.RDX, Reg.RSI, Reg.RDI)) {
            list.add(cpu(r.label(), r, 64, "int64"));
        }
        list.add(cpu("rbp", Reg.RBP, 64, "data_ptr"));
        list.add(cpu("rsp", Reg.RSP, 64, "data_ptr"));
        for (int i = 8; i < 16; i++) {
            list.add(cpu("r" + i, Reg.gpr(i), 64, "int64"));
        }
        list.add(cpu("rip", Reg.RIP, 64, "code_ptr"));
        list.add(cpu("eflags", Reg.RFLAGS, 32, "i386_eflags"));
        list.addAll(X86Features.selectors());
        list.addAll(X86Features.x87());
        return list;
    }

    private static List<Register> longMode() {
        List<Register> list = new ArrayList<>();
        list.add(system("efer", Reg.EFER, 64, "x86_efer"));
        list.add(system("cr8", Reg.CR8, 64, "uint64"));
        // The name that QEMU and crash(8) have for it.
        list.add(system("k_gs_base", Reg.KERNEL_GS_BASE, 64, "data_ptr"));
        list.add(system("star", Reg.STAR, 64, "uint64"));
        list.add(system("lstar", Reg.LSTAR, 64, "code_ptr"));
        list.add(system("cstar", Reg.CSTAR, 64, "code_ptr"));
        list.add(system("fmask", Reg.FMASK, 64, "uint64"));
        list.add(system("tsc_aux", Reg.TSC_AUX, 64, "uint64"));
        return list;
    }
}
