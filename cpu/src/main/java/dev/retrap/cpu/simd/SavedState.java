package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Op;

/** Binds the instructions about the register state as a whole. */
final class SavedState {
    private SavedState() {}

    static Exec bind(Op op) {
        return switch (op) {
            case EMMS, FEMMS -> Access::emptyMm;
            case LDMXCSR -> Mxcsr::load;
            case STMXCSR -> Mxcsr::store;
            case FXSAVE -> FxArea::save;
            case FXRSTOR -> FxArea::restore;
            case XSAVE -> XsaveArea::save;
            case XSAVEOPT -> XsaveArea::saveOptimized;
            case XSAVEC -> XsaveArea::saveCompacted;
            case XSAVES -> XsaveArea::saveSupervisor;
            case XRSTOR -> XsaveArea::restore;
            case XRSTORS -> XsaveArea::restoreSupervisor;
            case XGETBV -> XsaveArea::getRegister;
            case XSETBV -> XsaveArea::setRegister;
            default -> null;
        };
    }
}
