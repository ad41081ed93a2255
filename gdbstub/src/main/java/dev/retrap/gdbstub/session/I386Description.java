package dev.retrap.gdbstub.session;

import static dev.retrap.gdbstub.session.X86Features.cpu;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.isa.Feature;
import java.util.ArrayList;
import java.util.List;

/**
 * A 32-bit machine: the features gdb requires of an i386 GNU/Linux target (GDB manual, node "i386 Features"), and
 * {@code dev.retrap.machine} with what only a machine has.
 */
final class I386Description {
    private I386Description() {}

    /** The description of a machine with this processor. */
    static TargetDescription of(CpuModel cpu) {
        List<TargetDescription.Feature> features = new ArrayList<>();
        features.add(new TargetDescription.Feature("org.gnu.gdb.i386.core", X86Features.EFLAGS, core(), true));
        if (cpu.has(Feature.SSE)) {
            features.add(new TargetDescription.Feature("org.gnu.gdb.i386.sse",
                    X86Features.VECTOR_TYPES + X86Features.MXCSR, X86Features.sse(8), true));
        }
        features.add(new TargetDescription.Feature("org.gnu.gdb.i386.linux", "",
                List.of(new Register("orig_eax", 32, "int", X86Features.NONE, new Register.Source.OrigAx())), false));
        features.add(new TargetDescription.Feature("dev.retrap.machine", X86Features.controlTypes(4),
                X86Features.machine(32), false));
        return new TargetDescription("i386", "GNU/Linux", List.of(), List.of("ebp", "esp", "eip"), 0xffff_ffffL,
                features);
    }

    private static List<Register> core() {
        List<Register> list = new ArrayList<>();
        list.add(cpu("eax", Reg.RAX, 32, "int32"));
        list.add(cpu("ecx", Reg.RCX, 32, "int32"));
        list.add(cpu("edx", Reg.RDX, 32, "int32"));
        list.add(cpu("ebx", Reg.RBX, 32, "int32"));
        list.add(cpu("esp", Reg.RSP, 32, "data_ptr"));
        list.add(cpu("ebp", Reg.RBP, 32, "data_ptr"));
        list.add(cpu("esi", Reg.RSI, 32, "int32"));
        list.add(cpu("edi", Reg.RDI, 32, "int32"));
        list.add(cpu("eip", Reg.RIP, 32, "code_ptr"));
        list.add(cpu("eflags", Reg.RFLAGS, 32, "i386_eflags"));
        list.addAll(X86Features.selectors());
        list.addAll(X86Features.x87());
        return list;
    }
}
