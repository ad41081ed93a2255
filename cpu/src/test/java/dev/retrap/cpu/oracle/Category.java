package dev.retrap.cpu.oracle;

import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.Op;
import dev.retrap.cpu.isa.OpcodeMap;
import dev.retrap.cpu.isa.Operand;

/** Parts of the instruction set that a run can be confined to. */
enum Category {
    /** General registers and memory, control transfer, strings, segments. */
    INTEGER,
    /** Privileged instructions, which user mode only sees fault. */
    SYSTEM,
    X87,
    MMX,
    SSE,
    /** AES, carry-less multiplication, SHA, Galois field. */
    CRYPTO,
    AVX,
    /** 3DNow! and SSE4a. */
    AMD_MEDIA;

    static Category of(Form form) {
        int opcode = form.encoding().opcode();
        if (form.encoding().map() == OpcodeMap.ONE_BYTE && (opcode >= 0xD8 && opcode <= 0xDF || form.op() == Op.FWAIT)) {
            return X87;
        }
        return switch (form.feature()) {
            case AES, PCLMUL, SHA, GFNI, KL, WIDE_KL -> CRYPTO;
            case AVX, AVX2, FMA, F16C -> AVX;
            case THREEDNOW, SSE4A -> AMD_MEDIA;
            default -> switch (form.op()) {
                case FXSAVE, FXRSTOR, LDMXCSR, STMXCSR -> SSE;
                case EMMS -> MMX;
                default -> byOperands(form);
            };
        };
    }

    private static Category byOperands(Form form) {
        boolean mmx = false;
        for (Operand o : form.operands()) {
            switch (o.place()) {
                case XMM, XMM_RM, XMM_RM_REGISTER, XMM0 -> {
                    return SSE;
                }
                case MMX, MMX_RM, MMX_RM_REGISTER -> mmx = true;
                default -> { }
            }
        }
        return mmx ? MMX : form.has(Form.PRIVILEGED) || form.has(Form.IOPL) ? SYSTEM : INTEGER;
    }

    /** Tests have x87 and XMM state. */
    boolean usesFx() {
        return switch (this) {
            case INTEGER, SYSTEM -> false;
            default -> true;
        };
    }
}
