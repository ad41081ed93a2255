package dev.retrap.cpu.engine;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.fpu.X87;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import dev.retrap.cpu.semantics.Semantics;
import dev.retrap.cpu.simd.Simd;
import dev.retrap.cpu.system.SystemSemantics;

/** Finds the meaning of a decoded instruction on a processor model. */
final class Binder {
    /** Stands for what the processor has and this machine has not. */
    static final Exec UNSUPPORTED = Binder::unsupported;

    private final Cpu c;

    Binder(Cpu c) {
        this.c = c;
    }

    /** The instruction as this model reads its bytes: without the form's feature they may spell an older one. */
    Insn read(Insn i) {
        if (i.op == Op.INVALID || c.model.has(i.form.feature()) || c.model.pending().contains(i.form.feature())) {
            return i;
        }
        Insn older = i.fallback();
        return older == null ? i : older;
    }

    Exec bind(Insn i) {
        if (i.op == Op.INVALID || i.form.has(Form.UD)) {
            return vex(i) && c.model.pending().contains(Feature.AVX) ? UNSUPPORTED : Binder::undefined;
        }
        if (i.op == Op.TOO_LONG) {
            return (cpu, insn) -> {
                throw cpu.gp(0);
            };
        }
        if (!c.model.has(i.form.feature())) {
            return c.model.pending().contains(i.form.feature()) ? UNSUPPORTED : Binder::undefined;
        }
        Exec e = SystemSemantics.bind(i);
        if (e == null) {
            e = Semantics.bind(i);
        }
        if (e == null) {
            e = X87.bind(i, c.model);
        }
        if (e == null) {
            e = Simd.bind(i);
        }
        return e == null ? UNSUPPORTED : e;
    }

    /** True if the outer loop, or at least the choice of the next block, must follow this instruction. */
    boolean endsBlock(Insn i) {
        return i.form.endsBlock() || switch (i.op) {
            case POPF, STI, HLT, IN, OUT, INS, OUTS, MOV_TO_CR, LMSW, INVLPG, WRMSR, RDMSR, RDTSC, RDTSCP, RDPMC, CLAC, STAC,
                    MOV_TO_DR, INT, INT3, INTO, INT1, IRET, SYSENTER, SYSEXIT, SYSCALL, SYSRET, LGDT, LIDT, LLDT, LTR,
                    CPUID, LSS, JMP_FAR, JMP_FAR_IND, CALL_FAR, CALL_FAR_IND, RETF, INVALID, TOO_LONG, SWAPGS -> true;
            case MOV_TO_SREG, POP_SREG -> i.r0 == 2;
            default -> false;
        };
    }

    /** A VEX prefix before what is not in the table, which has none of AVX. In 16-bit code it is mostly a bad LES. */
    private static boolean vex(Insn i) {
        return i.form == Form.UNDEFINED && i.mode != CodeMode.CODE16 && i.prefixLength < i.length
                && (i.byteAt(i.prefixLength) | 1) == 0xC5;
    }

    private static void undefined(Cpu c, Insn i) {
        throw c.ud();
    }

    private static void unsupported(Cpu c, Insn i) {
        if (c.boundary.observer() != null) {
            byte[] bytes = new byte[i.length];
            for (int n = 0; n < bytes.length; n++) {
                bytes[n] = (byte) i.byteAt(n);
            }
            c.boundary.observer().unsupported(c.position, i.ip, bytes,
                    (vex(i) ? "an instruction with VEX prefix (AVX)" : i + " (" + i.form.feature() + ")") + " in " + i.mode.bits() + "-bit code of " + c.model.name()
                            + " is not implemented");
        }
        throw c.ud();
    }
}
