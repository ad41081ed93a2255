package dev.retrap.cpu.oracle;

import dev.retrap.cpu.isa.Feature;
import java.util.List;
import java.util.Set;

/**
 * The processor and the kernel that outcomes come from, as far as user mode can tell.
 *
 * @param bits of the helper, 32 or 64
 * @param brand processor brand string
 * @param features those whose instructions do not raise #UD
 * @param selectors what LAR and LSL say of GDT selectors 8, 16, ...
 * @param ldt the tests' LDT is loaded
 * @param ldtr what SLDT stores
 * @param tr what STR stores
 * @param cr0 what SMSW stores
 */
record HostFacts(int bits, String brand, Set<Feature> features, List<Visible> selectors, boolean ldt, int ldtr, int tr,
        long cr0) {

    /** Results of LAR and LSL, 0 if ZF was clear. */
    record Visible(int lar, int lsl, boolean larValid, boolean lslValid) {}
}
