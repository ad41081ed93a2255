package dev.retrap.cpu.oracle;

import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.InstructionTable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Counts, by form, of tests run and of how they came out. */
final class Tally {
    private static final int FLAG_BITS = 12;

    private final int[] run = new int[InstructionTable.forms().size()];
    private final int[] completed = new int[run.length];
    private final int[] mismatched = new int[run.length];
    private final int[] unimplemented = new int[run.length];
    private final int[] offByOne = new int[run.length];
    private final int[] undefinedSeen = new int[run.length];
    private final int[] undefinedAgreed = new int[run.length];
    private final int[][] undefinedWrong = new int[run.length][];
    private final List<List<String>> examples = new ArrayList<>();
    private final List<List<String>> undefinedExamples = new ArrayList<>();
    private final int[] vectors = new int[256];
    private long ownPages;
    private long unstable;
    private long died;

    private final int keptPerForm;

    /**
     * All zero.
     *
     * @param keptPerForm examples of disagreement to keep of each form
     */
    Tally(int keptPerForm) {
        this.keptPerForm = keptPerForm;
        for (int i = 0; i < run.length; i++) {
            examples.add(new ArrayList<>());
            undefinedExamples.add(new ArrayList<>());
        }
    }

    void ownPages(int tests) {
        ownPages += tests;
    }

    void unstable() {
        unstable++;
    }

    void died() {
        died++;
    }

    void unimplemented(Insn insn) {
        unimplemented[insn.form.id()]++;
    }

    /** Compares and counts; true if all agrees that is defined. */
    boolean count(TestCase t, Insn insn, MemoryImage image, Outcome expected, Outcome got) {
        int id = insn.form.id();
        run[id]++;
        vectors[expected.vector()]++;
        if (expected.completed()) {
            completed[id]++;
        }
        int undefined = Undefined.flags(insn, t.initial, expected);
        if (!Comparison.agree(insn, expected, got, undefined)) {
            mismatched[id]++;
            if (examples.get(id).size() < keptPerForm) {
                examples.get(id).add(Comparison.describe(t, insn, image, expected, got));
            }
            return false;
        }
        if (Comparison.offByOne(insn, expected, got)) {
            offByOne[id]++;
        }
        if (undefined != 0) {
            undefinedSeen[id]++;
            int wrong = Comparison.undefinedDifference(expected, got, undefined);
            if (wrong == 0) {
                undefinedAgreed[id]++;
            } else {
                undefinedWrong(id, wrong);
                if (undefinedExamples.get(id).size() < keptPerForm) {
                    undefinedExamples.get(id).add(Comparison.describe(t, insn, image, expected, got));
                }
            }
        }
        return true;
    }

    private void undefinedWrong(int id, int flags) {
        if (undefinedWrong[id] == null) {
            undefinedWrong[id] = new int[FLAG_BITS];
        }
        for (int bit = 0; bit < FLAG_BITS; bit++) {
            undefinedWrong[id][bit] += flags >> bit & 1;
        }
    }

    private static long sum(int[] counts) {
        long n = 0;
        for (int c : counts) {
            n += c;
        }
        return n;
    }

    long run() {
        return sum(run);
    }

    long mismatches() {
        return sum(mismatched);
    }

    long unimplemented() {
        return sum(unimplemented);
    }

    /** Forms with at least {@code times} tests that completed, or that can only fault. */
    int covered(int times) {
        int n = 0;
        for (int id = 1; id < run.length; id++) {
            n += run[id] >= times ? 1 : 0;
        }
        return n;
    }

    /** Forms of the list without a test. */
    List<Form> missing(List<Form> wanted) {
        return wanted.stream().filter(f -> run[f.id()] == 0).toList();
    }

    /** Forms none of whose tests completed. */
    List<Form> neverCompleted() {
        return InstructionTable.forms().stream().filter(f -> run[f.id()] > 0 && completed[f.id()] == 0).toList();
    }

    /** One line for each form that disagrees, and a summary. */
    void print(PrintStream out) {
        out.printf("%,d tests run, %,d completed, %,d mismatches; %,d without semantics, %,d touch the helper's own pages,"
                + " %,d not repeatable, %,d fatal to the helper%n", run(), sum(completed), mismatches(),
                unimplemented(), ownPages, unstable, died);
        out.print("faults:");
        for (int v = 0; v < 255; v++) {
            if (vectors[v] > 0) {
                out.printf(" #%d %,d", v, vectors[v]);
            }
        }
        out.println();
        for (Form f : InstructionTable.forms()) {
            if (mismatched[f.id()] > 0) {
                out.printf("MISMATCH %-28s %s: %,d of %,d%n", f, encoding(f), mismatched[f.id()], run[f.id()]);
            }
        }
        out.printf("undefined flags agree in %,d of %,d tests%n", sum(undefinedAgreed), sum(undefinedSeen));
        for (Form f : InstructionTable.forms()) {
            if (undefinedWrong[f.id()] != null) {
                out.printf("undefined %-27s %s: %,d of %,d differ:%s%n", f, encoding(f),
                        undefinedSeen[f.id()] - undefinedAgreed[f.id()], undefinedSeen[f.id()], flagCounts(f.id()));
            }
        }
        for (Form f : InstructionTable.forms()) {
            if (offByOne[f.id()] > 0) {
                out.printf("one unit off %-24s %s: %,d of %,d%n", f, encoding(f), offByOne[f.id()], run[f.id()]);
            }
            if (unimplemented[f.id()] > 0) {
                out.printf("no semantics %s %s%n", f, encoding(f));
            }
        }
    }

    private String flagCounts(int id) {
        var b = new StringBuilder();
        for (int bit = 0; bit < FLAG_BITS; bit++) {
            if (undefinedWrong[id][bit] > 0) {
                b.append(' ').append("CF..PF..AF..ZFSF......OF", bit * 2, bit * 2 + 2).append(' ')
                        .append(undefinedWrong[id][bit]);
            }
        }
        return b.toString();
    }

    static String encoding(Form f) {
        var e = f.encoding();
        return (e.vex() ? "VEX " : "") + switch (e.map()) {
            case ONE_BYTE -> "";
            case MAP_0F -> "0f ";
            case MAP_0F38 -> "0f38 ";
            case MAP_0F3A -> "0f3a ";
            case MAP_0F0F -> "0f0f ";
        } + (e.opcode() < 0 ? "-" : String.format("%02x", e.opcode())) + (e.reg() >= 0 ? " /" + e.reg() : "");
    }

    /** Examples of mismatches, as Markdown. */
    void examples(PrintStream out) {
        section(out, "Mismatches", examples);
        section(out, "Undefined flags that differ from the physical processor", undefinedExamples);
    }

    private static void section(PrintStream out, String title, List<List<String>> of) {
        out.println("## " + title + "\n");
        for (Form f : InstructionTable.forms()) {
            if (!of.get(f.id()).isEmpty()) {
                out.println("### " + f + " (" + encoding(f) + ")\n\n```");
                of.get(f.id()).forEach(out::print);
                out.println("```\n");
            }
        }
    }
}
