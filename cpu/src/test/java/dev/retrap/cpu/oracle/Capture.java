package dev.retrap.cpu.oracle;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.InstructionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Has the physical processor run tests of every form and keeps the outcomes as a {@link VectorFile}. */
final class Capture {
    /** A form counts as done with fewer completed tests than wanted after this many times as many. */
    private static final int PATIENCE = 4;
    private static final int BLOCK = 4096;

    private final Host host;
    private final CodeMode mode;
    private final long seed;
    private final Selection selection;
    private final int perForm;
    private final Subject subject;
    private final boolean peer;
    /** A test has touched the helper's own pages: its batch is dropped, the next one begins a new process. */
    private boolean spoilt;
    private final int[] kept = new int[InstructionTable.forms().size()];
    private final int[] faults = new int[kept.length];

    /**
     * A capture.
     *
     * @param perForm tests to keep of each form
     * @param peer what runs the helper is another emulator: keep only what both agree on
     */
    Capture(Host host, CodeMode mode, long seed, Set<Category> categories, int perForm, boolean peer) {
        this.host = host;
        this.mode = mode;
        this.seed = seed;
        this.perForm = perForm;
        this.peer = peer;
        selection = new Selection(mode, categories, host.facts().features());
        subject = new Subject(mode, host.facts());
    }

    void write(Path file) throws IOException {
        List<Form> forms = selection.forms();
        var blocks = new ArrayList<VectorFile.Block>();
        var generator = new Generator(mode, seed, selection, forms);
        long wanted = (long) forms.size() * perForm;
        long drawn = 0;
        int vectors = 0;
        while (drawn < wanted * PATIENCE && forms.stream().anyMatch(f -> wants(f.id()))) {
            MemoryImage image = MemoryImage.draw(Draw.seed(seed, -1 - blocks.size()));
            var block = new ArrayList<VectorFile.Vector>();
            for (int i = 0; i < BLOCK / Host.BATCH; i++) {
                batch(generator, image, block);
                drawn += Host.BATCH;
            }
            vectors += block.size();
            blocks.add(new VectorFile.Block(image, block));
        }
        try (var out = Files.newOutputStream(file)) {
            VectorFile.write(out, new VectorFile.Header(mode, seed, host.facts()), blocks);
        }
        System.out.printf("%,d vectors of %d forms in %,d bytes: %s%n", vectors,
                forms.stream().filter(f -> kept[f.id()] > 0).count(), Files.size(file), file);
    }

    private boolean wants(int id) {
        return kept[id] < perForm;
    }

    private void batch(Generator generator, MemoryImage image, List<VectorFile.Vector> into) {
        var tests = new ArrayList<TestCase>();
        for (int i = 0; i < Host.BATCH; i++) {
            tests.add(generator.next(image));
        }
        host.send(image, tests, true, spoilt);
        spoilt = false;
        int before = into.size();
        int at = 0;
        for (Host.Answer a : host.receive(tests)) {
            TestCase t = tests.get(at++);
            Insn insn = subject.decode(t);
            int id = insn.form.id();
            if (a.stability() == Host.Stability.STABLE && wants(id) && fit(t, image, insn, a.outcome())
                    && keepsFault(id, a.outcome())) {
                kept[id]++;
                into.add(new VectorFile.Vector(t, a.outcome()));
            }
        }
        if (spoilt) {
            into.subList(before, into.size()).clear();
        }
    }

    /** At most a third of a form's tests fault, unless it can do nothing else. */
    private boolean keepsFault(int id, Outcome o) {
        if (o.completed()) {
            return true;
        }
        faults[id]++;
        return faults[id] <= Math.max(2, perForm / 3) || faults[id] > 3 * perForm;
    }

    /**
     * False if the test touches addresses that only the helper has, known from where our machine faults; and, if the
     * outcomes come from a peer, if our machine disagrees.
     */
    private boolean fit(TestCase t, MemoryImage image, Insn insn, Outcome expected) {
        Exec exec = subject.bind(insn);
        if (exec == null) {
            return !peer;
        }
        Outcome o = subject.run(t, image, insn, exec);
        if (Subject.owns(o.cr2())) {
            return false;
        }
        if (o.cr2() != 0 && host.owns(o.cr2())) {
            spoilt = true;
            return false;
        }
        return !peer || Comparison.agree(insn, expected, o, Undefined.flags(insn, t.initial, expected));
    }
}
