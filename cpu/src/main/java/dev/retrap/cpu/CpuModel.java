package dev.retrap.cpu;

import dev.retrap.cpu.isa.Feature;
import java.util.List;
import java.util.Set;

/**
 * A processor model as data: what CPUID says, which instructions there are, where the vendors differ, what a step costs
 * in the cycle model. Engines ask it at decode time and at the few places where Intel and AMD part.
 *
 * @param name short name for command lines, e.g. {@code p6}
 * @param description one line for lists
 * @param vendor maker
 * @param behaviour where makers part
 * @param features instruction features present: what CPUID reports and what decodes
 * @param system other features present
 * @param pending instruction features that the real processor has and this machine does not have yet; CPUID denies them
 * @param pendingSystem likewise of the other features
 * @param cpuid CPUID leaves in ascending order of leaf and subleaf
 * @param costs the cycle model
 */
public record CpuModel(
        String name,
        String description,
        Vendor vendor,
        VendorBehaviour behaviour,
        Set<Feature> features,
        Set<SystemFeature> system,
        Set<Feature> pending,
        Set<SystemFeature> pendingSystem,
        List<CpuidLeaf> cpuid,
        CostTable costs) {

    private static final long CR4_TSD = 1 << 2;
    private static final long CR4_PCE = 1 << 8;
    private static final long CR4_OSFXSR = 1 << 9;
    private static final long CR4_OSXMMEXCPT = 1 << 10;
    private static final long CR4_FSGSBASE = 1 << 16;
    private static final long CR4_OSXSAVE = 1 << 18;
    private static final long CR4_SMAP = 1 << 21;
    private static final long EFER_SCE = 1;
    private static final long EFER_LME = 1 << 8;

    /** Who made it. */
    public enum Vendor { INTEL, AMD, OTHER }

    /**
     * One CPUID answer.
     *
     * @param leaf EAX in
     * @param subleaf ECX in, or -1 if any
     */
    public record CpuidLeaf(int leaf, int subleaf, int eax, int ebx, int ecx, int edx) {}

    /** True if the model has a feature. */
    public boolean has(Feature f) {
        return features.contains(f);
    }

    /** True if the model has a feature. */
    public boolean has(SystemFeature f) {
        return system.contains(f);
    }

    /** The bits of CR4 that software may set (SDM vol. 3, 2.5); another one raises #GP. */
    public long cr4Bits() {
        long bits = system.stream().mapToLong(SystemFeature::cr4).reduce(0, (a, b) -> a | b);
        for (Feature f : features) {
            bits |= switch (f) {
                case TSC -> CR4_TSD;
                case PMC -> CR4_PCE;
                case FXSR -> CR4_OSFXSR;
                case SSE -> CR4_OSXMMEXCPT;
                case FSGSBASE -> CR4_FSGSBASE;
                case XSAVE -> CR4_OSXSAVE;
                case SMAP -> CR4_SMAP;
                default -> 0;
            };
        }
        return bits;
    }

    /** The bits of IA32_EFER that software may set; LMA (bit 10) is not one, but may be written as it is. */
    public long eferBits() {
        long bits = system.stream().mapToLong(SystemFeature::efer).reduce(0, (a, b) -> a | b);
        return bits | (has(Feature.SYSCALL) ? EFER_SCE : 0) | (has(Feature.LM) ? EFER_LME : 0);
    }

    @Override
    public String toString() {
        return name;
    }
}
