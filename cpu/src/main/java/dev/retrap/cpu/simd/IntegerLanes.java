package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import java.util.function.LongBinaryOperator;

/** Integer instructions that are a function of lanes: sums, products, comparisons, logic, shifts, packs, unpacks. */
final class IntegerLanes {
    private IntegerLanes() {}

    static Exec bind(Op op, Insn i) {
        LongBinaryOperator lanes = lanes(op);
        if (lanes != null) {
            return Shapes.halves(i, lanes);
        }
        LongBinaryOperator joined = joined(op);
        return joined != null ? Shapes.joined(i, joined) : unpack(op, i);
    }

    /** The function that makes each quadword of the result, or null. */
    private static LongBinaryOperator lanes(Op op) {
        return switch (op) {
            case PADDB -> Lane.BYTE::add;
            case PADDW -> Lane.WORD::add;
            case PADDD -> Lane.DWORD::add;
            case PADDQ -> (a, b) -> a + b;
            case PSUBB -> Lane.BYTE::subtract;
            case PSUBW -> Lane.WORD::subtract;
            case PSUBD -> Lane.DWORD::subtract;
            case PSUBQ -> (a, b) -> a - b;
            case PADDSB -> Lane.BYTE::addSigned;
            case PADDSW -> Lane.WORD::addSigned;
            case PADDUSB -> Lane.BYTE::addUnsignedSaturated;
            case PADDUSW -> Lane.WORD::addUnsignedSaturated;
            case PSUBSB -> Lane.BYTE::subtractSigned;
            case PSUBSW -> Lane.WORD::subtractSigned;
            case PSUBUSB -> Lane.BYTE::subtractUnsignedSaturated;
            case PSUBUSW -> Lane.WORD::subtractUnsignedSaturated;
            case PCMPEQB -> Lane.BYTE::equal;
            case PCMPEQW -> Lane.WORD::equal;
            case PCMPEQD -> Lane.DWORD::equal;
            case PCMPEQQ -> Lane.QWORD::equal;
            case PCMPGTB -> Lane.BYTE::greater;
            case PCMPGTW -> Lane.WORD::greater;
            case PCMPGTD -> Lane.DWORD::greater;
            case PCMPGTQ -> Lane.QWORD::greater;
            case PMINUB -> Lane.BYTE::minUnsigned;
            case PMINUW -> Lane.WORD::minUnsigned;
            case PMINUD -> Lane.DWORD::minUnsigned;
            case PMINSB -> Lane.BYTE::minSigned;
            case PMINSW -> Lane.WORD::minSigned;
            case PMINSD -> Lane.DWORD::minSigned;
            case PMAXUB -> Lane.BYTE::maxUnsigned;
            case PMAXUW -> Lane.WORD::maxUnsigned;
            case PMAXUD -> Lane.DWORD::maxUnsigned;
            case PMAXSB -> Lane.BYTE::maxSigned;
            case PMAXSW -> Lane.WORD::maxSigned;
            case PMAXSD -> Lane.DWORD::maxSigned;
            case PAVGB -> Lane.BYTE::average;
            case PAVGW -> Lane.WORD::average;
            case PABSB -> Lane.BYTE::absolute;
            case PABSW -> Lane.WORD::absolute;
            case PABSD -> Lane.DWORD::absolute;
            case PSIGNB -> Lane.BYTE::sign;
            case PSIGNW -> Lane.WORD::sign;
            case PSIGND -> Lane.DWORD::sign;
            case PAND, ANDPS, ANDPD -> (a, b) -> a & b;
            case PANDN, ANDNPS, ANDNPD -> (a, b) -> ~a & b;
            case POR, ORPS, ORPD -> (a, b) -> a | b;
            case PXOR, XORPS, XORPD -> (a, b) -> a ^ b;
            case PMULLW -> Products::lowWords;
            case PMULHW -> Products::highWords;
            case PMULHUW -> Products::highWordsUnsigned;
            case PMULHRSW -> Products::roundedWords;
            case PMADDWD -> Products::addPairs;
            case PMADDUBSW -> Products::addBytePairs;
            case PMULUDQ -> Products::dwordsUnsigned;
            case PMULDQ -> Products::dwords;
            case PMULLD -> Products::lowDwords;
            case PSADBW -> Products::sumOfDifferences;
            default -> null;
        };
    }

    /** The function that makes the low half of the result from the destination and the high one from the source. */
    private static LongBinaryOperator joined(Op op) {
        return switch (op) {
            case PACKSSWB -> Packing::wordsToBytes;
            case PACKUSWB -> Packing::wordsToUnsignedBytes;
            case PACKSSDW -> Packing::dwordsToWords;
            case PACKUSDW -> Packing::dwordsToUnsignedWords;
            case PHADDW -> Packing::addWords;
            case PHADDD -> Packing::addDwords;
            case PHADDSW -> Packing::addWordsSaturated;
            case PHSUBW -> Packing::subtractWords;
            case PHSUBD -> Packing::subtractDwords;
            case PHSUBSW -> Packing::subtractWordsSaturated;
            default -> null;
        };
    }

    private static Exec unpack(Op op, Insn i) {
        return switch (op) {
            case PUNPCKLBW -> Shapes.low(i, Packing::interleaveBytes);
            case PUNPCKLWD -> Shapes.low(i, Packing::interleaveWords);
            case PUNPCKLDQ, UNPCKLPS -> Shapes.low(i, Packing::interleaveDwords);
            case PUNPCKHBW -> Shapes.high(i, Packing::interleaveBytes);
            case PUNPCKHWD -> Shapes.high(i, Packing::interleaveWords);
            case PUNPCKHDQ, UNPCKHPS -> Shapes.high(i, Packing::interleaveDwords);
            case PUNPCKLQDQ, UNPCKLPD -> Shapes.wide((x, d, lo, hi) -> x[d + 1] = lo);
            case PUNPCKHQDQ, UNPCKHPD -> Shapes.wide((x, d, lo, hi) -> {
                x[d] = x[d + 1];
                x[d + 1] = hi;
            });
            case MPSADBW -> slidingDifferences((int) i.imm);
            case PHMINPOSUW -> Shapes.wide((x, d, lo, hi) -> {
                x[d] = minimum(lo, hi);
                x[d + 1] = 0;
            });
            default -> null;
        };
    }

    /** MPSADBW: immediate 2 the doubleword of the destination where the eleven bytes begin, 1:0 that of the source. */
    private static Exec slidingDifferences(int imm) {
        return Shapes.wide((x, d, lo, hi) -> {
            int from = imm & 4;
            long b = Shuffles.dword(lo, hi, imm);
            long low = Products.slidingDifferences(Shuffles.window(x[d], x[d + 1], 0, 0, from), b);
            x[d + 1] = Products.slidingDifferences(Shuffles.window(x[d], x[d + 1], 0, 0, from + 4), b);
            x[d] = low;
        });
    }

    /** The least of eight unsigned words, and in bits 18:16 where it is; of equals the first. */
    private static long minimum(long lo, long hi) {
        long least = 0x10000;
        int at = 0;
        for (int n = 0; n < 8; n++) {
            long w = (n < 4 ? lo : hi) >>> ((n & 3) << 4) & 0xFFFF;
            if (w < least) {
                least = w;
                at = n;
            }
        }
        return least | (long) at << 16;
    }
}
