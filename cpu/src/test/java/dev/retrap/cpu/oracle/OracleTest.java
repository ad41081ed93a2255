package dev.retrap.cpu.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.InstructionTable;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our machine against captured outcomes of the physical processor. */
class OracleTest {
    /** Forms of 64-bit mode that no file of vectors had a test of, and why. */
    private static final Map<Form, String> UNTESTED = new HashMap<>();
    private static int filesOf64Bits;

    /** Every form that user mode can run has vectors; of the others each has a reason. */
    @AfterAll
    static void everyFormOf64BitModeHasVectorsOrAReason() {
        if (filesOf64Bits < 3) {
            return;
        }
        Map<String, List<Form>> byReason = new TreeMap<>();
        UNTESTED.forEach((f, why) -> byReason.computeIfAbsent(why, w -> new ArrayList<>()).add(f));
        byReason.forEach((why, forms) -> System.out.printf("no vectors, %d: %s: %s%n", forms.size(), why,
                forms.stream().map(Form::toString).distinct().sorted().collect(Collectors.joining(", "))));
        assertThat(byReason).doesNotContainKey(NO_REASON);
    }

    private static final String NO_REASON = "none";

    private static void note(Subject subject, Selection selection, Tally tally) {
        List<Form> exist = InstructionTable.forms().stream().filter(f -> f != Form.UNDEFINED && selection.exists(f)).toList();
        List<Form> missing = tally.missing(exist);
        if (filesOf64Bits++ == 0) {
            missing.forEach(f -> UNTESTED.put(f, Objects.requireNonNullElse(selection.refusal(f),
                    subject.knows(f) ? NO_REASON : "no model here has it")));
        } else {
            UNTESTED.keySet().retainAll(missing);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"integer-64", "media-64", "amd-64", "integer-32", "integer-16"})
    void agreesWithThePhysicalProcessor(String name) throws IOException {
        try (InputStream resource = OracleTest.class.getResourceAsStream(name + ".vectors")) {
            assumeTrue(resource != null, name + ": no vectors captured yet (cpu/src/test/oracle/README.md says how)");
            DataInputStream in = VectorFile.open(resource);
            VectorFile.Header header = VectorFile.readHeader(in);
            var subject = new Subject(header.mode(), header.facts());
            // Vectors captured before a refusal was added are passed over as a new capture would not draw them.
            var selection = new Selection(header.mode(), EnumSet.allOf(Category.class), header.facts().features());
            var tally = new Tally(3);
            for (int blocks = in.readInt(); blocks > 0; blocks--) {
                run(selection, subject, VectorFile.readBlock(in, header), tally);
            }
            System.out.printf("%s: outcomes of %s%n", name, header.facts().brand());
            tally.print(System.out);
            System.out.println(coverage(header, selection, tally));
            if (header.mode() == CodeMode.CODE64) {
                note(subject, selection, tally);
            }
            assertThat(tally.run()).as("vectors run").isPositive();
            assertThat(tally.mismatches()).as(() -> examples(tally)).isZero();
        }
    }

    private static void run(Selection selection, Subject subject, VectorFile.Block block, Tally tally) {
        for (VectorFile.Vector v : block.vectors()) {
            Insn insn = subject.decode(v.test());
            if (selection.refusal(insn) != null) {
                continue;
            }
            Exec exec = subject.bind(insn);
            if (exec == null) {
                tally.unimplemented(insn);
            } else {
                tally.count(v.test(), insn, block.image(), v.outcome(), subject.run(v.test(), block.image(), insn, exec));
            }
        }
    }

    private static String coverage(VectorFile.Header h, Selection all, Tally tally) {
        long exist = InstructionTable.forms().stream().filter(f -> f != Form.UNDEFINED && all.exists(f)).count();
        return String.format("forms covered: %d (by 5 tests or more: %d) of %d in the table for %s; %d of them can be"
                + " tested on that processor in user mode", tally.covered(1), tally.covered(5), exist,
                h.mode() == CodeMode.CODE64 ? "64-bit mode" : h.mode().bits() + "-bit code", all.forms().size());
    }

    private static String examples(Tally tally) {
        var bytes = new ByteArrayOutputStream();
        tally.examples(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
