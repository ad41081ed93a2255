package dev.retrap.trace;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.cpu.boot.Probe;
import dev.retrap.cpu.boot.ProbeTable;
import dev.retrap.trace.v1.DecisionStyle;
import dev.retrap.trace.v1.ProbeKind;
import dev.retrap.trace.v1.PtRegsLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A place in the kernel at which {@code pt_regs} is recorded.
 *
 * @param address linear address of the instruction before which to look
 * @param handler true where a C handler is entered, false where the exit is decided
 * @param layout of {@code pt_regs}
 * @param style of the decision; UNCONDITIONAL for a handler
 * @param threadFlags whether the thread flags can be had there
 * @param location how the kernel tells where {@code pt_regs} is; null in a recording read back
 */
record ProbeSite(
        long address,
        boolean handler,
        PtRegs.Layout layout,
        ExitDecision.Style style,
        boolean threadFlags,
        Probe location) {

    private static final int KIND_HANDLER = 1;
    private static final int KIND_DECISION = 2;

    /** The probes that a kernel tells of in its {@code .retrap.probes} section; none for other kernels. */
    static List<ProbeSite> of(BootImage image) {
        ElfImage elf = ElfImage.parse("kernel", image.kernel());
        PtRegs.Layout layout = elf.is64() ? PtRegs.Layout.X86_64 : PtRegs.Layout.I386;
        List<ProbeSite> sites = new ArrayList<>();
        for (Probe p : ProbeTable.of(elf)) {
            int kind = p.kind() & Probe.KIND_MASK;
            if (kind == KIND_HANDLER || kind == KIND_DECISION) {
                ExitDecision.Style style = style(p.decision());
                boolean flags = p.extraLocation() != Probe.NOWHERE && p.extraLocation() < Probe.STACK_POINTER;
                sites.add(new ProbeSite(p.address(), kind == KIND_HANDLER, layout, style, flags, p));
            }
        }
        return List.copyOf(sites);
    }

    private static ExitDecision.Style style(int decision) {
        ExitDecision.Style[] styles = ExitDecision.Style.values();
        return styles[decision >= 0 && decision < styles.length ? decision : 0];
    }

    dev.retrap.trace.v1.ProbePoint encode() {
        return dev.retrap.trace.v1.ProbePoint.newBuilder()
                .setAddress(address)
                .setKind(handler ? ProbeKind.PROBE_KIND_HANDLER_ENTERED : ProbeKind.PROBE_KIND_EXIT_DECISION)
                .setLayout(layout == PtRegs.Layout.I386
                        ? PtRegsLayout.PT_REGS_LAYOUT_I386
                        : PtRegsLayout.PT_REGS_LAYOUT_X86_64)
                .setDecision(switch (style) {
                    case UNCONDITIONAL -> DecisionStyle.DECISION_STYLE_UNCONDITIONAL;
                    case THREAD_FLAGS -> DecisionStyle.DECISION_STYLE_THREAD_FLAGS;
                    case PT_REGS -> DecisionStyle.DECISION_STYLE_PT_REGS;
                    case SYSRET64 -> DecisionStyle.DECISION_STYLE_SYSRET64;
                })
                .setHasThreadFlags(threadFlags)
                .build();
    }

    static ProbeSite decode(dev.retrap.trace.v1.ProbePoint p) {
        return new ProbeSite(
                p.getAddress(),
                p.getKind() == ProbeKind.PROBE_KIND_HANDLER_ENTERED,
                p.getLayout() == PtRegsLayout.PT_REGS_LAYOUT_X86_64 ? PtRegs.Layout.X86_64 : PtRegs.Layout.I386,
                switch (p.getDecision()) {
                    case DECISION_STYLE_THREAD_FLAGS -> ExitDecision.Style.THREAD_FLAGS;
                    case DECISION_STYLE_PT_REGS -> ExitDecision.Style.PT_REGS;
                    case DECISION_STYLE_SYSRET64 -> ExitDecision.Style.SYSRET64;
                    default -> ExitDecision.Style.UNCONDITIONAL;
                },
                p.getHasThreadFlags(),
                null);
    }
}
