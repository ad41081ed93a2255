package dev.retrap.cpu.oracle;

import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.InstructionTable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Finds out what the physical processor has by running instructions: CPUID may deny what the processor does all the
 * same, and what an operating system has not enabled raises #UD whatever CPUID says.
 */
final class Probe {
    private static final int SAMPLES = 12;

    private final Host host;
    private final MemoryImage image = MemoryImage.draw(1);

    Probe(Host host) {
        this.host = host;
    }

    HostFacts complete(HostFacts f) {
        CodeMode mode = f.bits() == 64 ? CodeMode.CODE64 : CodeMode.CODE32;
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        for (Feature feature : Feature.values()) {
            if (present(mode, feature)) {
                features.add(feature);
            }
        }
        // Without their feature the bytes are another instruction, not #UD.
        if (!leadingZerosCounts(mode)) {
            features.remove(Feature.LZCNT);
        }
        features.remove(Feature.CET_SS);
        features.remove(Feature.CET_IBT);
        return new HostFacts(f.bits(), f.brand(), features, f.selectors(), f.ldt(), (int) result(mode, "0f00c0"),
                (int) result(mode, "0f00c8"), result(mode, "0f01e0"));
    }

    /** The feature has forms and none of those tried raises #UD throughout. */
    private boolean present(CodeMode mode, Feature feature) {
        var tests = new ArrayList<TestCase>();
        for (Form form : InstructionTable.forms()) {
            boolean here = mode == CodeMode.CODE64 ? !form.has(Form.INVALID64) : !form.has(Form.ONLY64);
            boolean sure = form.fallback() == null && !form.has(Form.UD) && !form.has(Form.REST);
            if (form != Form.UNDEFINED && form.feature() == feature && here && sure && Selection.unfit(form.op()) == null
                    && !form.has(Form.PRIVILEGED) && tests.size() < SAMPLES) {
                sample(mode, form, tests);
            }
        }
        if (tests.isEmpty()) {
            return unjudged(feature);
        }
        for (Host.Answer a : host.run(image, tests, false)) {
            if (a.stability() == Host.Stability.STABLE && a.outcome().vector() != Fault.UD) {
                return true;
            }
        }
        return false;
    }

    /** Features all of whose forms are privileged: user mode sees the same #GP whether they are there or not. */
    private static boolean unjudged(Feature feature) {
        return switch (feature) {
            case I386, I486, MSR -> true;
            default -> false;
        };
    }

    private void sample(CodeMode mode, Form form, List<TestCase> into) {
        int address = Layout.CODE.address() + 64;
        var draw = new Draw(form.id());
        var encodings = new EncodingDraw(mode, draw);
        for (int i = 0; i < 20; i++) {
            EncodingDraw.Encoded e = encodings.draw(form, address);
            if (e != null && e.insn().op == form.op() && !e.insn().lock) {
                var test = new TestCase(mode, 0, i, e.code(), address, Category.of(form).usesFx());
                new Aim(test, e, image, draw).aim();
                into.add(test);
                return;
            }
        }
    }

    private boolean leadingZerosCounts(CodeMode mode) {
        TestCase t = registers(mode, "f30fbdc0");
        t.initial.gpr[0] = 0;
        Outcome o = host.run(image, List.of(t), false).getFirst().outcome();
        return o.completed() && (o.state().eflags & Flags.CF) != 0 && o.state().gpr[0] == 32;
    }

    /** EAX after an instruction. */
    private long result(CodeMode mode, String code) {
        Outcome o = host.run(image, List.of(registers(mode, code)), false).getFirst().outcome();
        return o.completed() ? o.state().gpr[0] & 0xFFFFFFFFL : 0;
    }

    private TestCase registers(CodeMode mode, String code) {
        var t = new TestCase(mode, 0, 1, HexFormat.of().parseHex(code), Layout.CODE.address() + 64, false);
        t.initial.seg[1] = mode == CodeMode.CODE64 ? Layout.USER64_CS : Layout.USER32_CS;
        t.initial.ip = t.address;
        return t;
    }
}
