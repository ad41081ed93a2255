package dev.retrap.repl.report;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.Crossing.Kind;
import dev.retrap.cpu.SystemFeature;
import dev.retrap.cpu.VendorBehaviour;
import dev.retrap.cpu.isa.Feature;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What of a CPU model matters to kernel entries and exits, in words; all of it asked of the model itself. */
public record CpuReport(CpuModel model) {
    /** Features that change what a kernel's entry code can or must do. */
    private static final Set<Feature> FOR_ENTRIES = Set.of(Feature.FSGSBASE, Feature.SMAP, Feature.RDTSCP);
    private static final List<SystemFeature> FOR_ENTRIES_SYSTEM =
            List.of(SystemFeature.NX, SystemFeature.SMEP, SystemFeature.PAE, SystemFeature.PGE);

    /** {@return the maker as lists have it} */
    public String vendor() {
        return model.vendor().name().toLowerCase(Locale.ROOT);
    }

    /** {@return the widest mode, in bits} */
    public int bits() {
        return model.has(Feature.LM) ? 64 : 32;
    }

    /** {@return where SYSENTER and SYSEXIT work; #UD elsewhere} */
    public String sysenter() {
        if (!model.has(Feature.SEP)) {
            return "no";
        }
        return bits() == 32 ? "yes" : model.behaviour().sysenterInLongMode() ? "all modes" : "not in long mode";
    }

    /** {@return where SYSCALL and SYSRET work; #UD elsewhere} */
    public String syscall() {
        if (!model.has(Feature.SYSCALL)) {
            return "no";
        }
        return bits() == 32 ? "yes" : model.behaviour().syscallOutside64BitMode() ? "all modes" : "64-bit mode only";
    }

    /** {@return what SYSRET does with the hidden part of SS} */
    public String sysretSs() {
        return !model.has(Feature.SYSCALL) ? "-" : model.behaviour().sysretLoadsSsAttributes() ? "loaded" : "kept";
    }

    /** {@return what comes of SYSRET to a RCX that is not canonical} */
    public String sysretRcx() {
        return bits() == 32 ? "-" : model.behaviour().sysretChecksRcx() ? "#GP at CPL 0" : "#GP at CPL 3";
    }

    /** {@return features that entry code has to do with} */
    public String protection() {
        return Stream.concat(
                FOR_ENTRIES_SYSTEM.stream().filter(model::has).map(Enum::name),
                FOR_ENTRIES.stream().filter(model::has).map(Enum::name).sorted()).collect(Collectors.joining(" "));
    }

    /** {@return all that there is to tell, name by name, in order} */
    public Map<String, String> details() {
        VendorBehaviour b = model.behaviour();
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("maker", vendor());
        rows.put("bits", Integer.toString(bits()));
        rows.put("SYSENTER, SYSEXIT", sysenter());
        if (model.has(Feature.SEP)) {
            rows.put("SYSENTER's MSRs", b.sysenterMsrs64() && bits() == 64 ? "64 bits" : "32 bits");
        }
        rows.put("SYSCALL, SYSRET", syscall());
        if (model.has(Feature.SYSCALL)) {
            rows.put("SYSRET, hidden SS", b.sysretLoadsSsAttributes()
                    ? "loaded: base 0, limit 4 GiB, DPL 3" : "kept: only the selector changes");
            if (bits() == 64) {
                rows.put("SYSRET, RCX not canonical", b.sysretChecksRcx()
                        ? "#GP(0) at CPL 0, on the user's stack" : "completes; the fetch raises #GP at CPL 3");
            }
        }
        rows.put("null into FS, GS", b.nullSelectorClearsBase() ? "clears the base" : "keeps the base");
        rows.put("system features", names(model.system()));
        rows.put("instructions", names(model.features()));
        String missing = Stream.of(names(model.pending()), names(model.pendingSystem())).filter(s -> !s.isEmpty())
                .collect(Collectors.joining(" "));
        rows.put("not here yet", missing.isEmpty() ? "-" : missing + " (CPUID denies them)");
        rows.put("cycles of a crossing", cycles() + " (a model)");
        return rows;
    }

    private String cycles() {
        return Arrays.stream(Kind.values()).filter(this::has)
                .map(k -> k.name() + " " + model.costs().crossing(k))
                .collect(Collectors.joining(", "));
    }

    private boolean has(Kind kind) {
        return switch (kind) {
            case SYSENTER, SYSEXIT -> model.has(Feature.SEP);
            case SYSCALL, SYSRET -> model.has(Feature.SYSCALL);
            default -> true;
        };
    }

    private static String names(Set<? extends Enum<?>> features) {
        return features.stream().sorted().map(Enum::name).collect(Collectors.joining(" "));
    }
}
