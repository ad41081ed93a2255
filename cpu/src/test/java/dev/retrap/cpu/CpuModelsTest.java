package dev.retrap.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrap.cpu.CpuModel.CpuidLeaf;
import dev.retrap.cpu.CpuModel.Vendor;
import dev.retrap.cpu.isa.Feature;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The processor catalogue: names, what CPUID says against what there is, where the vendors differ. */
final class CpuModelsTest {
    static java.util.List<CpuModel> all() {
        return CpuModels.all();
    }

    private static CpuidLeaf leaf(CpuModel model, int leaf) {
        return model.cpuid().stream().filter(l -> l.leaf() == leaf && l.subleaf() <= 0).findFirst()
                .orElse(new CpuidLeaf(leaf, -1, 0, 0, 0, 0));
    }

    private static int register(CpuModel model, CpuidBit bit) {
        CpuidLeaf l = leaf(model, bit.leaf());
        return switch (bit.register()) {
            case CpuidBit.EAX -> l.eax();
            case CpuidBit.EBX -> l.ebx();
            case CpuidBit.ECX -> l.ecx();
            default -> l.edx();
        };
    }

    private static String text(int... registers) {
        ByteBuffer b = ByteBuffer.allocate(4 * registers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int r : registers) {
            b.putInt(r);
        }
        return new String(b.array(), StandardCharsets.US_ASCII).replace("\0", "");
    }

    @Test
    void namesAreFoundAndUnknownOnesListTheRest() {
        for (CpuModel m : CpuModels.all()) {
            assertThat(CpuModels.named(m.name())).isSameAs(m);
            assertThat(m).hasToString(m.name());
            assertThat(m.description()).isNotBlank().doesNotContain("\n");
        }
        assertThatThrownBy(() -> CpuModels.named("pentium9")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no processor model \"pentium9\"; there are p6, no-sep, k7, core2, haswell, k8, zen, zen2, no-fast32, "
                        + "core2-tcg");
    }

    @ParameterizedTest
    @MethodSource("all")
    void cpuidTellsTheTruth(CpuModel model) {
        for (Feature f : Feature.values()) {
            CpuidBit bit = CpuidBit.of(f);
            if (bit != null) {
                assertThat((register(model, bit) >>> bit.bit() & 1) != 0).as("%s %s", model, f).isEqualTo(model.has(f));
            }
        }
        for (SystemFeature f : SystemFeature.values()) {
            CpuidBit bit = f.bit();
            assertThat((register(model, bit) >>> bit.bit() & 1) != 0).as("%s %s", model, f).isEqualTo(model.has(f));
        }
        assertThat(model.features()).noneMatch(model.pending()::contains);
        assertThat(model.system()).noneMatch(model.pendingSystem()::contains);
    }

    @Test
    void everyFlagHasItsOwnPlace() {
        Set<CpuidBit> places = new HashSet<>();
        for (Feature f : Feature.values()) {
            if (CpuidBit.of(f) != null) {
                assertThat(places.add(CpuidBit.of(f))).as("%s", f).isTrue();
            }
        }
        for (SystemFeature f : SystemFeature.values()) {
            assertThat(places.add(f.bit())).as("%s", f).isTrue();
        }
        // A model's feature that CPUID has no flag for is one that no CPUID flag exists for.
        for (CpuModel m : CpuModels.all()) {
            Set<Feature> all = new HashSet<>(m.features());
            all.addAll(m.pending());
            all.removeIf(f -> CpuidBit.of(f) != null);
            assertThat(all).isSubsetOf(Feature.I386, Feature.I486, Feature.CPUID, Feature.SMM, Feature.PMC,
                    Feature.NOPL, Feature.FCMOV, Feature.MMXEXT, Feature.XSAVEOPT, Feature.XSAVEC, Feature.XSAVES);
        }
    }

    @Test
    void floatingPointIsThereAndWhatFollowsItIsNot() {
        assertThat(CpuModels.all()).allMatch(m -> m.has(Feature.FPU) && m.has(Feature.MMX) && m.has(Feature.FXSR));
        assertThat(CpuModels.all()).noneMatch(m -> m.has(Feature.AVX) || m.has(Feature.AVX2) || m.has(Feature.FMA)
                || m.has(Feature.F16C));
        assertThat(CpuModels.named("k7").has(Feature.SSE)).isFalse();
        assertThat(CpuModels.named("k7").has(Feature.MMXEXT)).isTrue();
        assertThat(CpuModels.named("p6").has(Feature.SSE2)).isFalse();
        assertThat(CpuModels.named("haswell").pending()).contains(Feature.AVX, Feature.AVX2, Feature.RDRAND);
        assertThat(CpuModels.named("p6").pendingSystem()).contains(SystemFeature.APIC, SystemFeature.MTRR);
    }

    @Test
    void onlyAmdHasAFlagForTheSseInstructionsOnMmRegisters() {
        for (CpuModel m : CpuModels.all()) {
            assertThat((leaf(m, 0x80000001).edx() & 1 << 22) != 0).as("%s", m)
                    .isEqualTo(m.vendor() == Vendor.AMD && m.has(Feature.MMXEXT));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // model, XSAVEOPT, XSAVEC with XGETBV(1), XSAVES: leaf 0Dh subleaf 1 EAX; its EBX
        "haswell, 1,  0",
        "zen,     15, 576",
    })
    void saveAreaLeaves(String name, int kin, int compacted) {
        CpuModel model = CpuModels.named(name);
        assertThat(leaf(model, 0xD)).isEqualTo(new CpuidLeaf(0xD, 0, 3, 576, 576, 0));
        assertThat(model.cpuid()).contains(new CpuidLeaf(0xD, 1, kin, compacted, 0, 0));
        assertThat(CpuModels.named("core2").cpuid()).noneMatch(l -> l.leaf() == 0xD);
    }

    @ParameterizedTest
    @MethodSource("all")
    void leavesAreInOrderAndTheHighestIsNamed(CpuModel model) {
        long last = -1;
        for (CpuidLeaf l : model.cpuid()) {
            long key = Integer.toUnsignedLong(l.leaf()) * 256 + Math.max(l.subleaf(), 0);
            assertThat(key).as("%s leaf %x", model, l.leaf()).isGreaterThan(last);
            last = key;
        }
        int basic = model.cpuid().stream().mapToInt(CpuidLeaf::leaf).filter(l -> l >= 0).max().orElseThrow();
        assertThat(leaf(model, 0).eax()).isEqualTo(basic);
        int extended = model.cpuid().stream().mapToInt(CpuidLeaf::leaf).filter(l -> l < 0).max().orElse(0);
        assertThat(leaf(model, 0x80000000).eax()).isEqualTo(extended);
    }

    @ParameterizedTest
    @CsvSource({
        // model, vendor string, family, model, stepping, leaf 0 EAX, leaf 80000000h EAX
        "p6,      GenuineIntel, 6,  8,    6, 2, 0",
        "no-sep,  GenuineIntel, 6,  8,    6, 2, 0",
        "k7,      AuthenticAMD, 6,  4,    2, 1, 80000006",
        "core2,   GenuineIntel, 6,  15,   6, 4, 80000008",
        "haswell, GenuineIntel, 6,  60,   3, 13, 80000008",
        "k8,      AuthenticAMD, 15, 47,   2, 1, 80000008",
        "zen,     AuthenticAMD, 23, 1,    1, 13, 80000008",
    })
    void signatures(String name, String vendor, int family, int number, int stepping, int basic, String extended) {
        CpuModel model = CpuModels.named(name);
        CpuidLeaf zero = leaf(model, 0);
        assertThat(text(zero.ebx(), zero.edx(), zero.ecx())).isEqualTo(vendor);
        assertThat(zero.eax()).isEqualTo(basic);
        int eax = leaf(model, 1).eax();
        int shortFamily = eax >> 8 & 15;
        assertThat(shortFamily == 15 ? shortFamily + (eax >> 20 & 0xFF) : shortFamily).isEqualTo(family);
        assertThat((eax >> 4 & 15) + (shortFamily == 6 || shortFamily == 15 ? eax >> 12 & 0xF0 : 0)).isEqualTo(number);
        assertThat(eax & 15).isEqualTo(stepping);
        assertThat(Integer.toHexString(leaf(model, 0x80000000).eax())).isEqualTo(extended);
    }

    @Test
    void brandStrings() {
        CpuModel zen = CpuModels.named("zen");
        StringBuilder brand = new StringBuilder();
        for (int i = 0x80000002; i <= 0x80000004; i++) {
            CpuidLeaf l = leaf(zen, i);
            brand.append(text(l.eax(), l.ebx(), l.ecx(), l.edx()));
        }
        assertThat(brand).hasToString("AMD Ryzen 7 1700 Eight-Core Processor");
    }

    @Test
    void amdRepeatsTheOldFlags() {
        int edx = leaf(CpuModels.named("k7"), 1).edx();
        int extended = leaf(CpuModels.named("k7"), 0x80000001).edx();
        assertThat(extended & 0x0183F3FF).isEqualTo(edx & 0x0183F3FF);
        assertThat(extended & 1 << 11).as("SYSCALL").isNotZero();
        assertThat(leaf(CpuModels.named("core2"), 0x80000001).edx()).as("SYSCALL, NX, LM").isEqualTo(0x20100800);
    }

    @Test
    void systemCallInstructions() {
        assertThat(CpuModels.named("p6").has(Feature.SEP)).isTrue();
        assertThat(CpuModels.named("p6").has(Feature.SYSCALL)).isFalse();
        assertThat(CpuModels.named("no-sep").has(Feature.SEP)).isFalse();
        assertThat(CpuModels.named("no-sep").pending()).doesNotContain(Feature.SEP);
        assertThat(CpuModels.named("k7").has(Feature.SYSCALL)).isTrue();
        assertThat(CpuModels.named("k7").has(Feature.LM)).isFalse();
        for (CpuModel m : CpuModels.all()) {
            boolean amd = m.vendor() != Vendor.INTEL;
            assertThat(m.behaviour().syscallOutside64BitMode()).isEqualTo(amd || m.name().equals("core2-tcg"));
            assertThat(m.behaviour().sysenterInLongMode()).isEqualTo(!amd);
            assertThat(m.behaviour().sysretLoadsSsAttributes()).isEqualTo(!amd);
            assertThat(m.behaviour().sysretChecksRcx()).isEqualTo(!amd);
        }
    }

    @Test
    void controlRegisterBitsFollowTheFeatures() {
        int k7 = 0x1BF | 1 << 9;
        assertThat(CpuModels.named("k7").cr4Bits()).as("VME PVI TSD DE PSE PAE PGE PCE OSFXSR").isEqualTo(k7);
        int p6 = k7 | 1 << 10;
        assertThat(CpuModels.named("p6").cr4Bits()).as("and OSXMMEXCPT").isEqualTo(p6);
        int haswell = p6 | 1 << 16 | 1 << 18 | 1 << 20;
        assertThat(CpuModels.named("haswell").cr4Bits()).as("and FSGSBASE, OSXSAVE, SMEP").isEqualTo(haswell);
        assertThat(CpuModels.named("zen").cr4Bits()).as("and SMAP").isEqualTo(haswell | 1 << 21);
        assertThat(CpuModels.named("zen2").cr4Bits()).as("and UMIP").isEqualTo(haswell | 1 << 21 | 1 << 11);
        assertThat(CpuModels.named("p6").eferBits()).isZero();
        assertThat(CpuModels.named("k7").eferBits()).isEqualTo(1);
        assertThat(CpuModels.named("k8").eferBits()).as("SCE LME NXE").isEqualTo(0x901);
    }
}
