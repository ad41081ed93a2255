package dev.retrap.cpu;

import static dev.retrap.cpu.isa.Feature.*;

import dev.retrap.cpu.CpuModel.CpuidLeaf;
import dev.retrap.cpu.CpuModel.Vendor;
import dev.retrap.cpu.isa.Feature;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The catalogue of processor models. Each is described by what the real processor has; what of it this machine has too
 * ({@link #IMPLEMENTED}, {@link #IMPLEMENTED_SYSTEM}) is what the model has and CPUID reports, the rest is pending. An
 * engine that gains a feature adds it there and nowhere else.
 */
public final class CpuModels {
    /** Instruction features that the engines execute. */
    private static final Set<Feature> IMPLEMENTED = EnumSet.of(
            I386, I486, CPUID, TSC, MSR, CX8, SMM, PMC, CMOV, NOPL, SEP, SYSCALL, LM, LAHF_LM, CX16, CLFSH, CLFLUSHOPT,
            RDTSCP, RDPID, CLWB, WBNOINVD, FSGSBASE, SMAP, POPCNT, LZCNT, BMI1, BMI2, ADX, MOVBE, PREFETCHW, FPU, FCMOV, MMX, MMXEXT, FXSR, SSE,
            SSE2, SSE3, SSSE3, SSE41, SSE42, SSE4A, AES, PCLMUL, SHA, XSAVE, XSAVEOPT, XSAVEC, XSAVES);

    /** Other features that the machine has. */
    private static final Set<SystemFeature> IMPLEMENTED_SYSTEM = EnumSet.of(
            SystemFeature.VME, SystemFeature.DE, SystemFeature.PSE, SystemFeature.PAE, SystemFeature.PGE,
            SystemFeature.SMEP, SystemFeature.UMIP, SystemFeature.NX, SystemFeature.PAGE1GB, SystemFeature.MISALIGN_SSE,
            SystemFeature.INVARIANT_TSC);

    private static final Set<Feature> PENTIUM_PRO = EnumSet.of(
            I386, I486, CPUID, FPU, TSC, MSR, CX8, SMM, PMC, CMOV, FCMOV, NOPL);
    private static final Set<Feature> PENTIUM_III = with(PENTIUM_PRO, SEP, MMX, MMXEXT, FXSR, SSE);
    private static final Set<Feature> ATHLON = with(PENTIUM_PRO, SEP, MMX, MMXEXT, FXSR, SYSCALL, THREEDNOW);
    private static final Set<Feature> CORE_2 = with(PENTIUM_III, SSE2, SSE3, SSSE3, CLFSH, MONITOR, CX16, VMX,
            SYSCALL, LM, LAHF_LM);
    private static final Set<Feature> HASWELL = with(CORE_2, SSE41, SSE42, POPCNT, AES, PCLMUL, XSAVE, XSAVEOPT, AVX,
            F16C, RDRAND, FSGSBASE, FMA, MOVBE, AVX2, BMI1, BMI2, LZCNT, INVPCID, RTM, RDTSCP);
    private static final Set<Feature> ATHLON_64 = with(ATHLON, SSE, SSE2, SSE3, CLFSH, LM, LAHF_LM);
    private static final Set<Feature> RYZEN = with(PENTIUM_III, SSE2, SSE3, SSSE3, SSE41, SSE42, SSE4A, POPCNT, LZCNT,
            CLFSH, MONITOR, MONITORX, CX16, SYSCALL, LM, LAHF_LM, AES, PCLMUL, XSAVE, XSAVEOPT, XSAVEC, XSAVES, AVX,
            AVX2, F16C, FMA, RDRAND, RDSEED, FSGSBASE, BMI1, BMI2, MOVBE, ADX, SMAP, SHA, CLFLUSHOPT, CLZERO,
            PREFETCHW, RDTSCP, SVM);
    private static final Set<Feature> RYZEN_3000 = with(RYZEN, CLWB, RDPID, WBNOINVD, RDPRU, MCOMMIT);

    private static final Set<SystemFeature> P6_SYSTEM = EnumSet.range(SystemFeature.VME, SystemFeature.PSE36);
    private static final Set<SystemFeature> AMD64_SYSTEM = with(P6_SYSTEM, SystemFeature.NX);
    private static final Set<SystemFeature> HASWELL_SYSTEM = with(AMD64_SYSTEM, SystemFeature.PAGE1GB,
            SystemFeature.PCID, SystemFeature.SMEP, SystemFeature.INVARIANT_TSC);
    private static final Set<SystemFeature> ZEN_SYSTEM = with(AMD64_SYSTEM, SystemFeature.PAGE1GB, SystemFeature.SMEP,
            SystemFeature.ALT_MOV_CR8, SystemFeature.MISALIGN_SSE, SystemFeature.INVARIANT_TSC);

    private static final Set<SystemFeature> ZEN2_SYSTEM = with(ZEN_SYSTEM, SystemFeature.UMIP);

    private static final List<CpuModel> ALL = List.of(p6(), noSep(), k7(), core2(), haswell(), k8(), zen(), zen2(),
            noFast32(), core2Tcg());

    private CpuModels() {}

    /**
     * The model of a name.
     *
     * @throws IllegalArgumentException if there is none, with a message that lists the names there are
     */
    public static CpuModel named(String name) {
        return ALL.stream().filter(m -> m.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no processor model \"" + name + "\"; there are "
                        + ALL.stream().map(CpuModel::name).collect(Collectors.joining(", "))));
    }

    /** All models, 32-bit ones first. */
    public static List<CpuModel> all() {
        return ALL;
    }

    private static CpuModel p6() {
        return pentiumIII("p6", "Intel Pentium III (Coppermine): 32 bits, SYSENTER", PENTIUM_III);
    }

    private static CpuModel noSep() {
        Set<Feature> features = EnumSet.copyOf(PENTIUM_III);
        features.remove(SEP);
        return pentiumIII("no-sep", "p6 without SYSENTER: INT 80h is the only way in; no such chip was sold", features);
    }

    private static CpuModel pentiumIII(String name, String description, Set<Feature> silicon) {
        // Leaf 2: TLBs, 16 KiB L1 each, 256 KiB L2 on the chip (SDM vol. 2, table 3-12). No extended leaves.
        return model(name, description, Vendor.INTEL, VendorBehaviour.INTEL, silicon, P6_SYSTEM, CostTable.Family.P6,
                0x686, 0, null, t -> t.leaf(2, -1, 0x03020101, 0, 0, 0x0C040882));
    }

    private static CpuModel k7() {
        return model("k7", "AMD Athlon (Thunderbird): 32 bits, SYSENTER and SYSCALL", Vendor.AMD, VendorBehaviour.AMD,
                ATHLON, P6_SYSTEM, CostTable.Family.K7, 0x642, 0x742, "AMD Athlon(tm) Processor", t -> t
                        .leaf(0x80000005, -1, 0x0408FF08, 0xFF18FF10, 0x40020140, 0x40020140)
                        .leaf(0x80000006, -1, 0, 0x41004100, 0x01008140, 0));
    }

    private static CpuModel core2() {
        return core2("core2", "Intel Core 2 (Conroe): 64 bits, SYSENTER in all modes, SYSCALL in 64-bit mode only",
                VendorBehaviour.INTEL);
    }

    /** A mistake of emulators, among them QEMU 7.2: only 64-bit code is asked for the vendor. */
    private static CpuModel core2Tcg() {
        return core2("core2-tcg", "core2 as emulators have it that let 32-bit SYSCALL through, QEMU 7.2 for one; no such chip"
                + " was sold", VendorBehaviour.INTEL_SYSCALL32);
    }

    private static CpuModel core2(String name, String description, VendorBehaviour behaviour) {
        return model(name, description, Vendor.INTEL, behaviour, CORE_2, AMD64_SYSTEM, CostTable.Family.CORE2,
                0x6F6, 0, "Intel(R) Core(TM)2 CPU          6600  @ 2.40GHz", t -> caches(t
                        .leaf(2, -1, 0x05B0B101, 0x005657F0, 0, 0x2CB43049), 0x03C0003F, 4095));
    }

    private static CpuModel haswell() {
        return model("haswell", "Intel Core i7-4770 (Haswell): 64 bits, BMI, FSGSBASE, SMEP", Vendor.INTEL,
                VendorBehaviour.INTEL, HASWELL, HASWELL_SYSTEM, CostTable.Family.HASWELL, 0x306C3, 0,
                "Intel(R) Core(TM) i7-4770 CPU @ 3.40GHz", t -> caches(t
                        .leaf(2, -1, 0x76036301, 0x00F0B5FF, 0, 0x00C10000), 0x01C0003F, 511));
    }

    /** Leaf 4: L1 data and L1 code of 32 KiB, then L2; one processor (SDM vol. 2, CPUID, leaf 04H). */
    private static CpuidTable caches(CpuidTable t, int l2Geometry, int l2Sets) {
        return t.leaf(4, 0, 0x121, 0x01C0003F, 63, 0).leaf(4, 1, 0x122, 0x01C0003F, 63, 0)
                .leaf(4, 2, 0x143, l2Geometry, l2Sets, 0);
    }

    private static CpuModel k8() {
        return model("k8", "AMD Athlon 64 (Venice): 64 bits, SYSCALL in all modes, SYSENTER not in long mode",
                Vendor.AMD, VendorBehaviour.AMD, ATHLON_64, AMD64_SYSTEM, CostTable.Family.K8, 0x20FF2, 0x20FF2,
                "AMD Athlon(tm) 64 Processor 3200+", t -> t
                        .leaf(0x80000005, -1, 0xFF08FF08, 0xFF20FF20, 0x40020140, 0x40020140)
                        .leaf(0x80000006, -1, 0, 0x42004200, 0x02008140, 0));
    }

    private static CpuModel zen() {
        return model("zen", "AMD Ryzen 7 1700 (Zen): 64 bits, BMI, FSGSBASE, SMEP, SMAP", Vendor.AMD,
                VendorBehaviour.AMD, RYZEN, ZEN_SYSTEM, CostTable.Family.ZEN, 0x800F11, 0x800F11,
                "AMD Ryzen 7 1700 Eight-Core Processor", t -> t
                        .leaf(0x80000005, -1, 0xFF40FF40, 0xFF40FF40, 0x20080140, 0x40040140)
                        .leaf(0x80000006, -1, 0x26006400, 0x66006400, 0x02006140, 0x00808140));
    }

    private static CpuModel zen2() {
        return model("zen2", "AMD Ryzen 7 3700X (Zen 2): as zen, with UMIP, RDPID", Vendor.AMD,
                VendorBehaviour.AMD_ZEN2, RYZEN_3000, ZEN2_SYSTEM, CostTable.Family.ZEN, 0x870F10, 0x870F10,
                "AMD Ryzen 7 3700X 8-Core Processor", t -> t
                        .leaf(0x80000005, -1, 0xFF40FF40, 0xFF40FF40, 0x20080140, 0x20080140)
                        .leaf(0x80000006, -1, 0x48006400, 0x68006400, 0x02006140, 0x01009140));
    }

    private static CpuModel noFast32() {
        return model("no-fast32", "zen of a maker unknown to kernels, which let 32-bit programs have INT 80h only; no such"
                + " chip was sold", Vendor.OTHER, VendorBehaviour.AMD, RYZEN, ZEN_SYSTEM, CostTable.Family.ZEN, 0x800F11,
                0x800F11, "Retrap 64-bit processor", t -> t);
    }

    private static CpuModel model(String name, String description, Vendor vendor, VendorBehaviour behaviour,
            Set<Feature> silicon, Set<SystemFeature> siliconSystem, CostTable.Family family, int signature,
            int extendedSignature, String brand, UnaryOperator<CpuidTable> more) {
        Set<Feature> features = both(silicon, IMPLEMENTED);
        Set<SystemFeature> system = both(siliconSystem, IMPLEMENTED_SYSTEM);
        List<CpuidLeaf> cpuid = more.apply(new CpuidTable(vendor, features, system))
                .build(signature, extendedSignature, brand);
        return new CpuModel(name, description, vendor, behaviour, features, system, rest(silicon, IMPLEMENTED),
                rest(siliconSystem, IMPLEMENTED_SYSTEM), cpuid, CostTable.of(family));
    }

    @SafeVarargs
    private static <E extends Enum<E>> Set<E> with(Set<E> set, E... more) {
        EnumSet<E> all = EnumSet.copyOf(set);
        for (E e : more) {
            all.add(e);
        }
        return all;
    }

    private static <E extends Enum<E>> Set<E> both(Set<E> a, Set<E> b) {
        EnumSet<E> set = EnumSet.copyOf(a);
        set.retainAll(b);
        return Collections.unmodifiableSet(set);
    }

    private static <E extends Enum<E>> Set<E> rest(Set<E> a, Set<E> without) {
        EnumSet<E> set = EnumSet.copyOf(a);
        set.removeAll(without);
        return Collections.unmodifiableSet(set);
    }
}
