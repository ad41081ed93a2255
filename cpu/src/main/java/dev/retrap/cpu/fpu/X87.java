package dev.retrap.cpu.fpu;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;

/** Binds the x87 instructions to their meaning (SDM vol. 1, chapter 8). */
public final class X87 {
    private X87() {}

    /**
     * {@return the handler of an instruction, or null if it is not an x87 instruction}
     * @param i the instruction
     * @param model whose x87 unit it is, for what units differ in
     */
    public static Exec bind(Insn i, CpuModel model) {
        return bind(i, X87Behaviour.of(model));
    }

    private static Exec bind(Insn i, X87Behaviour b) {
        return switch (i.op) {
            case FADD, FADDP, FIADD, FMUL, FMULP, FIMUL, FSUB, FSUBP, FISUB, FSUBR, FSUBRP, FISUBR, FDIV, FDIVP,
                    FIDIV, FDIVR, FDIVRP, FIDIVR -> Arithmetic.bind(i.op, i, b);
            case FCOM, FCOMP, FCOMPP, FUCOM, FUCOMP, FUCOMPP, FICOM, FICOMP, FTST, FXAM, FCOMI, FCOMIP, FUCOMI,
                    FUCOMIP -> Comparisons.bind(i.op, i, b);
            case FLD, FILD, FBLD, FLD1, FLDL2T, FLDL2E, FLDPI, FLDLG2, FLDLN2, FLDZ -> Loads.bind(i.op, i, b);
            case FST, FSTP, FIST, FISTP, FISTTP, FBSTP -> Stores.bind(i.op, i, b);
            case FCHS, FABS, FSQRT, FRNDINT, FSCALE, FPREM, FPREM1, FXTRACT -> Unary.bind(i.op, i, b);
            case FSIN, FCOS, FSINCOS, FPTAN, FPATAN, F2XM1, FYL2X, FYL2XP1 -> Transcendentals.bind(i.op, i, b);
            case FXCH, FFREE, FFREEP, FINCSTP, FDECSTP, FNOP, FCMOVB, FCMOVNB, FCMOVE, FCMOVNE, FCMOVBE, FCMOVNBE,
                    FCMOVU, FCMOVNU -> StackControl.bind(i.op, i, b);
            case FNINIT, FNCLEX, FNENI, FNDISI, FNSETPM, FNSTCW, FNSTSW, FNSTENV, FNSAVE, FLDCW, FLDENV, FRSTOR,
                    FWAIT -> Control.bind(i.op, i);
            default -> null;
        };
    }
}
