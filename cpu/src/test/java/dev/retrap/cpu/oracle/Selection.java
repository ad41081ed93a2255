package dev.retrap.cpu.oracle;

import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.InstructionTable;
import dev.retrap.cpu.isa.Op;
import java.util.List;
import java.util.Set;

/** Which forms can be tested in a mode, and why the others cannot. */
final class Selection {
    private final CodeMode mode;
    private final Set<Category> categories;
    private final Set<Feature> features;

    /**
     * A selection.
     *
     * @param features what the physical processor has
     */
    Selection(CodeMode mode, Set<Category> categories, Set<Feature> features) {
        this.mode = mode;
        this.categories = categories;
        this.features = features;
    }

    /** All forms that can be tested, in table order. */
    List<Form> forms() {
        return InstructionTable.forms().stream().filter(f -> f != Form.UNDEFINED && refusal(f) == null).toList();
    }

    /** Why a form cannot be tested, or null. */
    String refusal(Form form) {
        if (form == Form.UNDEFINED) {
            return null;
        }
        if (!exists(form)) {
            return "not in this mode";
        }
        if (!categories.contains(Category.of(form))) {
            return "category " + Category.of(form) + " is not selected";
        }
        String reason = unfit(form.op());
        if (reason != null) {
            return reason;
        }
        return features.contains(form.feature()) ? null : "the physical processor lacks " + form.feature();
    }

    /** Why an instruction cannot be tested, or null. */
    String refusal(Insn insn) {
        if (insn.op == Op.INT && ((insn.imm & 0xFF) == 0x80 || (insn.imm & 0xE0) == 0 && (insn.imm & 0x1F) >= 0x14)) {
            return "a system call of Linux, or a vector that hypervisors without VMX or SVM use";
        }
        if (insn.lock && insn.form.op() == Op.VERW) {
            return "LOCK VERW, which the captured processors execute; the SDM has #UD for LOCK on it (vol. 2, 2.1.1)";
        }
        if (insn.op == Op.INVALID && insn.form != Form.UNDEFINED && unfit(insn.form.op()) != null) {
            return unfit(insn.form.op());
        }
        if (insn.lock && insn.form.op() == Op.VERW) {
            return "Zen 5 executes LOCK VERW with a memory operand; the manuals say #UD";
        }
        if (insn.op == Op.TOO_LONG) {
            return "longer than a test holds";
        }
        if (insn.form == Form.UNDEFINED && vectorPrefix(insn)) {
            return "the table does not have AVX and XOP";
        }
        return refusal(insn.form);
    }

    /** The opcode is where VEX, EVEX or XOP may begin. */
    private static boolean vectorPrefix(Insn insn) {
        return switch (insn.byteAt(insn.prefixLength)) {
            case 0xC4, 0xC5, 0x62, 0x8F -> true;
            default -> false;
        };
    }

    /** In the table for this mode; what {@link Form#INVALID64} says of others is in another row. */
    boolean exists(Form form) {
        return mode == CodeMode.CODE64 ? !form.has(Form.INVALID64) : !form.has(Form.ONLY64);
    }

    /** Why an operation cannot be judged by one run in user mode, or null. */
    static String unfit(Op op) {
        return switch (op) {
            case SYSCALL, SYSENTER -> "a system call of Linux";
            case RDTSC, RDTSCP, RDPMC, RDPRU, RDRAND, RDSEED -> "its result is never the same";
            case CPUID, XGETBV, RDPID, SGDT, SIDT -> "its result is the machine's own";
            case VMCALL, VMMCALL, VMGEXIT -> "a call to the hypervisor";
            case MONITOR, MWAIT, MONITORX, MWAITX, UMONITOR, UMWAIT, TPAUSE -> "it waits";
            case XSAVE, XRSTOR, XSAVEOPT, XSAVEC, XSAVES, XRSTORS -> "its state is more than a test has";
            case ENCLS, ENCLU, ENCLV, GETSEC, PCONFIG, ENQCMD, ENQCMDS, PTWRITE, SENDUIPI, TESTUI, CLUI, STUI, UIRET
                    -> "it needs set-up by the kernel";
            default -> null;
        };
    }
}
