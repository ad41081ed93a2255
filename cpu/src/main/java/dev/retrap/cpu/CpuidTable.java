package dev.retrap.cpu;

import dev.retrap.cpu.CpuModel.CpuidLeaf;
import dev.retrap.cpu.CpuModel.Vendor;
import dev.retrap.cpu.isa.Feature;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Builds the CPUID leaves of a model from its features, its signature, its names and its caches. */
final class CpuidTable {
    private static final int ANY = -1;
    private static final int EXTENDED_BASE = 0x80000000;
    /** Leaf 1 flags that AMD repeats in leaf 80000001h EDX: bits 9:0, 17:12, 23 and 24 (APM vol. 3, E.4.2). */
    private static final int REPEATED_BY_AMD = 0x0183F3FF;
    private static final int PHYSICAL_BITS = 36;
    private static final int LINEAR_BITS = 48;
    private static final int X87_STATE = 1;
    private static final int SSE_STATE = 2;
    private static final int SAVE_AREA = 512 + 64;
    /** Leaf 80000001h EDX: AMD's SSE instructions on MM registers (APM vol. 3, E.4.2); Intel has no flag for them. */
    private static final int AMD_MMXEXT = 1 << 22;

    private final Vendor vendor;
    private final Set<Feature> features;
    private final Set<SystemFeature> system;
    private final List<CpuidLeaf> leaves = new ArrayList<>();

    CpuidTable(Vendor vendor, Set<Feature> features, Set<SystemFeature> system) {
        this.vendor = vendor;
        this.features = features;
        this.system = system;
    }

    /** A leaf as it is, for cache and TLB descriptors. */
    CpuidTable leaf(int leaf, int subleaf, int eax, int ebx, int ecx, int edx) {
        leaves.add(new CpuidLeaf(leaf, subleaf, eax, ebx, ecx, edx));
        return this;
    }

    /**
     * The leaves in order.
     *
     * @param signature family, model, stepping as in leaf 1 EAX
     * @param extendedSignature leaf 80000001h EAX (AMD), else 0
     * @param brand the name string, at most 47 characters; null if there are no extended leaves
     */
    List<CpuidLeaf> build(int signature, int extendedSignature, String brand) {
        // EBX: CLFLUSH line of 64 bytes where there is CLFLUSH; one logical processor, APIC ID 0.
        leaf(1, ANY, signature, features.contains(Feature.CLFSH) ? 8 << 8 : 0, bits(1, CpuidBit.ECX),
                bits(1, CpuidBit.EDX));
        int structured = bits(7, CpuidBit.EBX);
        int structured2 = bits(7, CpuidBit.ECX);
        if (structured != 0 || structured2 != 0) {
            leaf(7, 0, 0, structured, structured2, bits(7, CpuidBit.EDX));
        }
        if (features.contains(Feature.XSAVE)) {
            saveArea();
        }
        if (brand != null) {
            extended(extendedSignature, brand);
        }
        leaf(0, ANY, highest(0), octets(vendorString(), 0), octets(vendorString(), 8), octets(vendorString(), 4));
        leaves.sort(Comparator.comparingLong((CpuidLeaf l) -> Integer.toUnsignedLong(l.leaf()))
                .thenComparingInt(CpuidLeaf::subleaf));
        return List.copyOf(leaves);
    }

    /**
     * Leaf 0Dh: x87 and SSE state are all that XCR0 can have, in the legacy region and header of the area. Its subleaf 1
     * has the kin of XSAVE, and where there is XSAVES the size of a compacted area.
     */
    private void saveArea() {
        leaf(0xD, 0, X87_STATE | SSE_STATE, SAVE_AREA, SAVE_AREA, 0);
        int kin = (features.contains(Feature.XSAVEOPT) ? 1 : 0) | (features.contains(Feature.XSAVEC) ? 2 | 4 : 0)
                | (features.contains(Feature.XSAVES) ? 8 : 0);
        if (kin != 0) {
            leaf(0xD, 1, kin, features.contains(Feature.XSAVES) ? SAVE_AREA : 0, 0, 0);
        }
    }

    private void extended(int signature, String brand) {
        int repeated = vendor == Vendor.AMD ? bits(1, CpuidBit.EDX) & REPEATED_BY_AMD : 0;
        if (vendor == Vendor.AMD && features.contains(Feature.MMXEXT)) {
            repeated |= AMD_MMXEXT;
        }
        leaf(0x80000001, ANY, signature, 0, bits(0x80000001, CpuidBit.ECX), bits(0x80000001, CpuidBit.EDX) | repeated);
        for (int i = 0; i < 3; i++) {
            leaf(0x80000002 + i, ANY, octets(brand, 16 * i), octets(brand, 16 * i + 4), octets(brand, 16 * i + 8),
                    octets(brand, 16 * i + 12));
        }
        int power = bits(0x80000007, CpuidBit.EDX);
        if (power != 0) {
            leaf(0x80000007, ANY, 0, 0, 0, power);
        }
        if (features.contains(Feature.LM)) {
            leaf(0x80000008, ANY, LINEAR_BITS << 8 | PHYSICAL_BITS, bits(0x80000008, CpuidBit.EBX), 0, 0);
        }
        // AMD names itself in leaf 80000000h too; Intel leaves the registers zero.
        boolean amd = vendor == Vendor.AMD;
        leaf(EXTENDED_BASE, ANY, highest(EXTENDED_BASE), amd ? octets(vendorString(), 0) : 0,
                amd ? octets(vendorString(), 8) : 0, amd ? octets(vendorString(), 4) : 0);
    }

    /** The highest leaf there is of those that start at a base. */
    private int highest(int base) {
        return leaves.stream().mapToInt(CpuidLeaf::leaf).filter(l -> (l & EXTENDED_BASE) == base)
                .reduce(base, (a, b) -> Integer.compareUnsigned(a, b) > 0 ? a : b);
    }

    private int bits(int leaf, int register) {
        return CpuidBit.register(leaf, register, features, system);
    }

    private String vendorString() {
        return switch (vendor) {
            case INTEL -> "GenuineIntel";
            case AMD -> "AuthenticAMD";
            case OTHER -> "RetrapRetrap";
        };
    }

    /** Four characters from a position on as a register holds them, NUL where there are none. */
    private static int octets(String s, int from) {
        byte[] all = new byte[48];
        byte[] ascii = s.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, all, 0, Math.min(ascii.length, 47));
        return ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getInt(from);
    }
}
