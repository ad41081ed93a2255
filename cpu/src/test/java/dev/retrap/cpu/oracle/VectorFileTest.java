package dev.retrap.cpu.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.cpu.isa.Insn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the file keeps comes back as it was, and a comparison notices what differs. */
class VectorFileTest {
    private static final int TESTS = 3000;
    private static final long SEED = 20261124;

    private final MemoryImage image = MemoryImage.draw(SEED);

    private static HostFacts facts(CodeMode mode) {
        var selectors = List.of(new HostFacts.Visible(0xCFF300, -1, true, true), new HostFacts.Visible(0, 0, false, false));
        return new HostFacts(mode == CodeMode.CODE64 ? 64 : 32, "a processor", EnumSet.of(Feature.I386, Feature.SSE2,
                Feature.FPU, Feature.MMX, Feature.LM), selectors, mode != CodeMode.CODE64, 0, 0x40, 0x80050033L);
    }

    /** Tests of all kinds with outcomes as odd as the format allows. */
    private List<VectorFile.Vector> vectors(CodeMode mode) {
        var selection = new Selection(mode, EnumSet.allOf(Category.class), facts(mode).features());
        var generator = new Generator(mode, SEED, selection, selection.forms());
        var d = new Draw(SEED);
        var list = new ArrayList<VectorFile.Vector>();
        for (int i = 0; i < TESTS; i++) {
            TestCase t = generator.next(image);
            list.add(new VectorFile.Vector(t, outcome(t, d)));
        }
        return list;
    }

    private static Outcome outcome(TestCase t, Draw d) {
        State s = t.initial.copy();
        for (int i = d.below(4); i > 0; i--) {
            s.gpr[d.below(16)] = Numbers.integer(d);
        }
        s.eflags ^= (int) d.next() & Normal.FLAGS;
        s.ip += d.percent(10) ? d.next() : d.below(16);
        if (d.percent(10)) {
            s.seg[d.below(6)] = d.below(0x10000);
            s.fsBase = d.next();
        }
        if (s.fx != null) {
            d.fill(s.fx, d.below(200), 200 + d.below(200));
        }
        var changes = new ArrayList<Outcome.Change>();
        for (int i = d.below(3); i > 0; i--) {
            var bytes = new byte[1 + d.below(40)];
            d.fill(bytes, 0, bytes.length);
            changes.add(new Outcome.Change(Layout.STACK.address() - 4096 * i, bytes));
        }
        boolean fault = d.percent(20);
        return new Outcome(fault ? d.below(20) : Outcome.COMPLETED, fault ? d.below(0x10000) : 0,
                fault ? d.next() : 0, s, changes);
    }

    @ParameterizedTest
    @EnumSource(CodeMode.class)
    void comesBackAsItWas(CodeMode mode) throws IOException {
        List<VectorFile.Vector> written = vectors(mode);
        var header = new VectorFile.Header(mode, SEED, facts(mode));
        byte[] bytes = VectorFile.bytes(header, List.of(new VectorFile.Block(image, written)));
        var in = VectorFile.open(new ByteArrayInputStream(bytes));
        VectorFile.Header read = VectorFile.readHeader(in);
        assertThat(read).isEqualTo(header);
        assertThat(in.readInt()).isOne();
        VectorFile.Block block = VectorFile.readBlock(in, read);
        assertThat(in.read()).isEqualTo(-1);
        assertThat(block.image().bytes()).isEqualTo(image.bytes());
        for (int i = 0; i < TESTS; i++) {
            TestCase a = written.get(i).test();
            TestCase b = block.vectors().get(i).test();
            assertThat(b.initial).as("state of %s", a.codeText()).isEqualTo(a.initial);
            assertThat(b.codeText()).isEqualTo(a.codeText());
            assertThat(b.address).isEqualTo(a.address);
            assertThat(b.bases).isEqualTo(a.bases);
            assertThat(b.patches).usingRecursiveComparison().isEqualTo(a.patches);
            assertThat(block.vectors().get(i).outcome()).as("outcome of %s", a.codeText())
                    .isEqualTo(written.get(i).outcome());
        }
    }

    /** Each kind of difference counts, and only undefined flags do not. */
    @Test
    void comparisonNoticesWhatDiffers() {
        var subject = new Subject(CodeMode.CODE64, facts(CodeMode.CODE64));
        var t = new TestCase(CodeMode.CODE64, SEED, 1, new byte[] {0x21, (byte) 0xC8}, Layout.CODE.address(), false);
        Insn and = subject.decode(t);
        State s = t.initial.copy();
        var right = new Outcome(Outcome.COMPLETED, 0, 0, s, List.of());
        assertThat(count(t, and, right, o -> o)).isTrue();
        assertThat(count(t, and, right, o -> changed(o, x -> x.eflags ^= Flags.AF))).isTrue();
        assertThat(count(t, and, right, o -> changed(o, x -> x.eflags ^= Flags.CF))).isFalse();
        assertThat(count(t, and, right, o -> changed(o, x -> x.gpr[7] ^= 1L << 63))).isFalse();
        assertThat(count(t, and, right, o -> changed(o, x -> x.ip++))).isFalse();
        assertThat(count(t, and, right, o -> changed(o, x -> x.seg[3] = Layout.USER_DS))).isFalse();
        assertThat(count(t, and, right, o -> changed(o, x -> x.gsBase++))).isFalse();
        assertThat(count(t, and, right, o -> new Outcome(6, 0, 0, o.state(), o.changes()))).isFalse();
        assertThat(count(t, and, right, o -> new Outcome(o.vector(), 0, 0, o.state(),
                List.of(new Outcome.Change(Layout.WINDOW.address(), new byte[1]))))).isFalse();
    }

    private interface Change {
        void apply(State s);
    }

    private static Outcome changed(Outcome o, Change change) {
        State s = o.state().copy();
        change.apply(s);
        return new Outcome(o.vector(), o.error(), o.cr2(), s, o.changes());
    }

    private boolean count(TestCase t, Insn insn, Outcome right, UnaryOperator<Outcome> got) {
        return new Tally(1).count(t, insn, image, right, got.apply(right));
    }
}
