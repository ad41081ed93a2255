package dev.retrap.cpu;

import dev.retrap.cpu.isa.Feature;
import java.util.Set;

/**
 * Where CPUID reports a feature: a bit of a register of a leaf (subleaf 0).
 *
 * @param leaf EAX in
 * @param register one of {@link #EAX}, {@link #EBX}, {@link #ECX}, {@link #EDX}
 * @param bit 0..31
 */
record CpuidBit(int leaf, int register, int bit) {
    static final int EAX = 0;
    static final int EBX = 1;
    static final int ECX = 2;
    static final int EDX = 3;

    private static final int STRUCTURED = 7;
    private static final int EXTENDED = 0x80000001;
    private static final int EXTENDED_AMD = 0x80000008;

    /** The place of an instruction feature, or null if CPUID has no flag for it (or no model here has the feature). */
    static CpuidBit of(Feature feature) {
        return switch (feature) {
            case FPU -> new CpuidBit(1, EDX, 0);
            case TSC -> new CpuidBit(1, EDX, 4);
            case MSR -> new CpuidBit(1, EDX, 5);
            case CX8 -> new CpuidBit(1, EDX, 8);
            case SEP -> new CpuidBit(1, EDX, 11);
            case CMOV -> new CpuidBit(1, EDX, 15);
            case CLFSH -> new CpuidBit(1, EDX, 19);
            case MMX -> new CpuidBit(1, EDX, 23);
            case FXSR -> new CpuidBit(1, EDX, 24);
            case SSE -> new CpuidBit(1, EDX, 25);
            case SSE2 -> new CpuidBit(1, EDX, 26);

            case SSE3 -> new CpuidBit(1, ECX, 0);
            case PCLMUL -> new CpuidBit(1, ECX, 1);
            case MONITOR -> new CpuidBit(1, ECX, 3);
            case VMX -> new CpuidBit(1, ECX, 5);
            case SMX -> new CpuidBit(1, ECX, 6);
            case SSSE3 -> new CpuidBit(1, ECX, 9);
            case FMA -> new CpuidBit(1, ECX, 12);
            case CX16 -> new CpuidBit(1, ECX, 13);
            case SSE41 -> new CpuidBit(1, ECX, 19);
            case SSE42 -> new CpuidBit(1, ECX, 20);
            case MOVBE -> new CpuidBit(1, ECX, 22);
            case POPCNT -> new CpuidBit(1, ECX, 23);
            case AES -> new CpuidBit(1, ECX, 25);
            case XSAVE -> new CpuidBit(1, ECX, 26);
            case AVX -> new CpuidBit(1, ECX, 28);
            case F16C -> new CpuidBit(1, ECX, 29);
            case RDRAND -> new CpuidBit(1, ECX, 30);

            case FSGSBASE -> new CpuidBit(STRUCTURED, EBX, 0);
            case BMI1 -> new CpuidBit(STRUCTURED, EBX, 3);
            case AVX2 -> new CpuidBit(STRUCTURED, EBX, 5);
            case BMI2 -> new CpuidBit(STRUCTURED, EBX, 8);
            case INVPCID -> new CpuidBit(STRUCTURED, EBX, 10);
            case RTM -> new CpuidBit(STRUCTURED, EBX, 11);
            case RDSEED -> new CpuidBit(STRUCTURED, EBX, 18);
            case ADX -> new CpuidBit(STRUCTURED, EBX, 19);
            case SMAP -> new CpuidBit(STRUCTURED, EBX, 20);
            case CLFLUSHOPT -> new CpuidBit(STRUCTURED, EBX, 23);
            case CLWB -> new CpuidBit(STRUCTURED, EBX, 24);
            case SHA -> new CpuidBit(STRUCTURED, EBX, 29);
            case RDPID -> new CpuidBit(STRUCTURED, ECX, 22);

            case LAHF_LM -> new CpuidBit(EXTENDED, ECX, 0);
            case SVM -> new CpuidBit(EXTENDED, ECX, 2);
            case LZCNT -> new CpuidBit(EXTENDED, ECX, 5);
            case SSE4A -> new CpuidBit(EXTENDED, ECX, 6);
            case PREFETCHW -> new CpuidBit(EXTENDED, ECX, 8);
            case MONITORX -> new CpuidBit(EXTENDED, ECX, 29);
            case SYSCALL -> new CpuidBit(EXTENDED, EDX, 11);
            case RDTSCP -> new CpuidBit(EXTENDED, EDX, 27);
            case LM -> new CpuidBit(EXTENDED, EDX, 29);
            case THREEDNOW -> new CpuidBit(EXTENDED, EDX, 31);

            case CLZERO -> new CpuidBit(EXTENDED_AMD, EBX, 0);
            case RDPRU -> new CpuidBit(EXTENDED_AMD, EBX, 4);
            case MCOMMIT -> new CpuidBit(EXTENDED_AMD, EBX, 8);
            case WBNOINVD -> new CpuidBit(EXTENDED_AMD, EBX, 9);
            default -> null;
        };
    }

    /** The feature bits of a register of a leaf. */
    static int register(int leaf, int register, Set<Feature> features, Set<SystemFeature> system) {
        int value = 0;
        for (Feature f : features) {
            CpuidBit b = of(f);
            if (b != null) {
                value |= b.in(leaf, register);
            }
        }
        for (SystemFeature f : system) {
            value |= f.bit().in(leaf, register);
        }
        return value;
    }

    private int in(int ofLeaf, int ofRegister) {
        return leaf == ofLeaf && register == ofRegister ? 1 << bit : 0;
    }
}
