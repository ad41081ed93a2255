package dev.retrap.cpu.oracle;

import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Form;
import java.util.List;

/** Makes tests: every form in turn, with a few encodings at random in between. A function of its seed. */
final class Generator {
    private static final int RANDOM_ENCODINGS = 3;

    private final CodeMode mode;
    private final List<Form> forms;
    private final long seed;
    private final Draw draw;
    private final EncodingDraw encodings;
    private final Selection selection;
    private long count;
    private int next;

    /**
     * A generator.
     *
     * @param selection what may be run
     * @param forms the forms to go through in turn; a random encoding may be of any that may be run
     */
    Generator(CodeMode mode, long seed, Selection selection, List<Form> forms) {
        this.mode = mode;
        this.seed = seed;
        this.forms = forms;
        this.selection = selection;
        draw = new Draw(Draw.seed(seed, mode.bits()));
        encodings = new EncodingDraw(mode, draw);
    }

    /** The next test, for memory that holds {@code image}. */
    TestCase next(MemoryImage image) {
        while (true) {
            int address = Layout.CODE.address() + (draw.percent(10)
                    ? Layout.PAGE - draw.below(15) : 16 + draw.below(Layout.CODE.bytes() - 64));
            TestCase test = draw.percent(RANDOM_ENCODINGS) ? random(address, image) : ofForm(address, image);
            if (test != null) {
                return test;
            }
        }
    }

    private TestCase ofForm(int address, MemoryImage image) {
        Form form = forms.get(next);
        next = (next + 1) % forms.size();
        // The address matters to RIP-relative operands and branches only: both are aimed at their target afterwards.
        EncodingDraw.Encoded e = encodings.draw(form, address & 0xFFFFFFFFL);
        return e == null || selection.refusal(e.insn()) != null ? null : test(e, address, image);
    }

    private TestCase random(int address, MemoryImage image) {
        EncodingDraw.Encoded e = encodings.drawAny(address & 0xFFFFFFFFL);
        return selection.refusal(e.insn()) != null ? null : test(e, address, image);
    }

    private TestCase test(EncodingDraw.Encoded e, int address, MemoryImage image) {
        var test = new TestCase(mode, seed, count, e.code(), address, Category.of(e.insn().form).usesFx());
        new Aim(test, e, image, draw).aim();
        count++;
        return test;
    }
}
