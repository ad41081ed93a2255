package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Binds the instructions on MM and XMM registers, and those that save and restore them, to their meaning. */
public final class Simd {
    private Simd() {}

    /** {@return the handler of an instruction, or null if it is not one of these} */
    public static Exec bind(Insn i) {
        Op op = i.op;
        return switch (op) {
            case PADDB, PADDW, PADDD, PADDQ, PSUBB, PSUBW, PSUBD, PSUBQ, PADDSB, PADDSW, PADDUSB, PADDUSW, PSUBSB,
                    PSUBSW, PSUBUSB, PSUBUSW, PCMPEQB, PCMPEQW, PCMPEQD, PCMPEQQ, PCMPGTB, PCMPGTW, PCMPGTD, PCMPGTQ,
                    PMINUB, PMINUW, PMINUD, PMINSB, PMINSW, PMINSD, PMAXUB, PMAXUW, PMAXUD, PMAXSB, PMAXSW, PMAXSD,
                    PAVGB, PAVGW, PABSB, PABSW, PABSD, PSIGNB, PSIGNW, PSIGND, PAND, PANDN, POR, PXOR, ANDPS, ANDPD,
                    ANDNPS, ANDNPD, ORPS, ORPD, XORPS, XORPD, PMULLW, PMULHW, PMULHUW, PMULHRSW, PMADDWD, PMADDUBSW,
                    PMULUDQ, PMULDQ, PMULLD, PSADBW, MPSADBW, PHMINPOSUW, PACKSSWB, PACKUSWB, PACKSSDW, PACKUSDW,
                    PHADDW, PHADDD, PHADDSW, PHSUBW, PHSUBD, PHSUBSW, PUNPCKLBW, PUNPCKLWD, PUNPCKLDQ, PUNPCKLQDQ,
                    PUNPCKHBW, PUNPCKHWD, PUNPCKHDQ, PUNPCKHQDQ, UNPCKLPS, UNPCKHPS, UNPCKLPD, UNPCKHPD ->
                IntegerLanes.bind(op, i);
            case PSLLW, PSLLD, PSLLQ, PSRLW, PSRLD, PSRLQ, PSRAW, PSRAD, PSLLDQ, PSRLDQ -> PackedShifts.bind(op, i);
            case PSHUFB, PSHUFW, PSHUFLW, PSHUFHW, PSHUFD, SHUFPS, SHUFPD, PALIGNR, MOVSLDUP, MOVSHDUP, MOVDDUP,
                    BLENDPS, BLENDPD, PBLENDW, PBLENDVB, BLENDVPS, BLENDVPD -> Shuffles.bind(op, i);
            case PINSRB, PINSRW, PINSRD, PEXTRB, PEXTRW, PEXTRD, EXTRACTPS, INSERTPS, PMOVMSKB, MOVMSKPS, MOVMSKPD,
                    PMOVSXBW, PMOVSXBD, PMOVSXBQ, PMOVSXWD, PMOVSXWQ, PMOVSXDQ, PMOVZXBW, PMOVZXBD, PMOVZXBQ, PMOVZXWD,
                    PMOVZXWQ, PMOVZXDQ, PTEST -> Elements.bind(op, i);
            case MOVAPS, MOVAPD, MOVDQA, MOVUPS, MOVUPD, MOVDQU, LDDQU, MOVNTPS, MOVNTPD, MOVNTDQ, MOVNTDQA, MOVNTQ,
                    MOVNTSS, MOVNTSD, MOVSS, MOVSD, MOVLPS, MOVLPD, MOVHPS, MOVHPD, MOVHLPS, MOVLHPS, MOVD, MOVQ,
                    MOVQ2DQ, MOVDQ2Q -> SimdMoves.bind(op, i);
            case MASKMOVQ, MASKMOVDQU -> MaskedStores.bind(op);
            case EXTRQ, INSERTQ -> BitFields.bind(op, i);
            case PCMPESTRI, PCMPESTRM, PCMPISTRI, PCMPISTRM -> StringInstructions.bind(op);
            case AESENC, AESENCLAST, AESDEC, AESDECLAST, AESIMC, AESKEYGENASSIST -> Aes.bind(op, i);
            case PCLMULQDQ -> CarrylessMultiply.bind((int) i.imm);
            case SHA1NEXTE, SHA1MSG1, SHA1MSG2, SHA1RNDS4, SHA256RNDS2, SHA256MSG1, SHA256MSG2 -> Sha.bind(op, i);
            case ADDPS, ADDPD, ADDSS, ADDSD, SUBPS, SUBPD, SUBSS, SUBSD, MULPS, MULPD, MULSS, MULSD, DIVPS, DIVPD,
                    DIVSS, DIVSD, MINPS, MINPD, MINSS, MINSD, MAXPS, MAXPD, MAXSS, MAXSD, CMPPS, CMPPD, CMPSS, CMPSD,
                    SQRTPS, SQRTPD, SQRTSS, SQRTSD, ROUNDPS, ROUNDPD, ROUNDSS, ROUNDSD, RCPPS, RCPSS, RSQRTPS, RSQRTSS,
                    CVTDQ2PS, CVTPS2DQ, CVTTPS2DQ, CVTSD2SS, CVTSS2SD -> FloatBinary.bind(op, i);
            case CVTSI2SS, CVTSI2SD, CVTSS2SI, CVTTSS2SI, CVTSD2SI, CVTTSD2SI, CVTPS2PD, CVTDQ2PD, CVTPD2PS, CVTPD2DQ,
                    CVTTPD2DQ, CVTPI2PS, CVTPI2PD, CVTPS2PI, CVTTPS2PI, CVTPD2PI, CVTTPD2PI -> Conversions.bind(op, i);
            case COMISS, COMISD, UCOMISS, UCOMISD -> FloatFlags.bind(op);
            case HADDPS, HADDPD, HSUBPS, HSUBPD, ADDSUBPS, ADDSUBPD, DPPS, DPPD -> FloatAcross.bind(op, i);
            case EMMS, FEMMS, FXSAVE, FXRSTOR, LDMXCSR, STMXCSR, XSAVE, XSAVEOPT, XSAVEC, XSAVES, XRSTOR, XRSTORS,
                    XGETBV, XSETBV -> SavedState.bind(op);
            default -> null;
        };
    }
}
