package dev.retrap.cpu.isa;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the rows of the instruction table. A row is a line of columns separated by {@code |}:
 * <ol>
 * <li>the encoding in the manual's notation: mandatory prefixes ({@code NP 66 F3 F2}, alternatives joined by a slash;
 *     none means that prefixes do not select), {@code 0F}, {@code 0F 38}, {@code 0F 3A} or {@code VEX.L0.F3.0F38}, the
 *     opcode ({@code 50+r}: eight opcodes that name a register; {@code 70+cc}: sixteen, one form each;
 *     {@code 91-97}: a range), then {@code /r} or {@code /digit}, {@code mem} or {@code reg} for ModRM.mod, or a fixed
 *     ModRM byte ({@code D0}, {@code C0+i}), and {@code W0} or {@code W1} for REX.W;</li>
 * <li>the operation and its operands; {@code JMP_FAR/jmp} gives a mnemonic of its own, {@code j*} takes the
 *     condition's name for the star;</li>
 * <li>attributes, see {@link #attribute};</li>
 * <li>flags: a letter for each of O S Z A P C as in SDM vol. 1, appendix A: M modified, T tested, X tested and
 *     modified, 0 cleared, 1 set, - undefined, a dot untouched; then others as {@code DF:T}; {@code cc} means those the
 *     condition tests;</li>
 * <li>the feature, and after {@code else} the operation the bytes have without it; I386 if empty.</li>
 * </ol>
 * Empty columns at the end are left out; {@code #} starts a comment line.
 */
final class RowParser {
    /** Names of the conditions in Jcc, SETcc and CMOVcc, by number. */
    static final String[] CONDITIONS = {
        "o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g"};

    private static final int[] CONDITION_FLAGS = {Form.OF, Form.CF, Form.ZF, Form.CF | Form.ZF, Form.SF, Form.PF,
        Form.SF | Form.OF, Form.SF | Form.OF | Form.ZF};
    private static final int[] STATUS = {Form.OF, Form.SF, Form.ZF, Form.AF, Form.PF, Form.CF};

    /** A parsed row; the fallback is still a name. */
    record Row(Encoding encoding, Op op, String mnemonic, List<Operand> operands, int attributes, int modifies,
            int clears, int sets, int undefined, int tests, Feature feature, Op fallback, String text) {
    }

    private int modifies;
    private int clears;
    private int sets;
    private int undefined;
    private int tests;

    private RowParser() {
    }

    /** Adds the forms of a table's text to the list, in order. */
    static void parse(String table, List<Row> into) {
        for (String line : split(table, '\n')) {
            if (line.charAt(0) != '#') {
                try {
                    row(line, into);
                } catch (IllegalArgumentException e) {
                    throw new IllegalStateException("instruction table: " + e.getMessage() + " in: " + line, e);
                }
            }
        }
    }

    private static void row(String line, List<Row> into) {
        List<String> column = columns(line);
        var encoding = new EncodingParser(column.get(0));
        String what = column.get(1);
        int space = what.indexOf(' ');
        String name = space < 0 ? what : what.substring(0, space);
        var operands = new ArrayList<Operand>();
        if (space >= 0) {
            for (String operand : split(what.substring(space + 1), ',')) {
                operands.add(Operand.of(operand));
            }
        }
        int slash = name.indexOf('/');
        Op op = Op.valueOf(slash < 0 ? name : name.substring(0, slash));
        String mnemonic = slash < 0 ? op.mnemonic() : name.substring(slash + 1);
        int attributes = 0;
        for (String attribute : words(column, 2)) {
            attributes |= attribute(attribute);
        }
        List<String> feature = words(column, 4);
        Feature needs = feature.isEmpty() ? Feature.I386 : Feature.valueOf(feature.get(0));
        Op fallback = feature.size() == 3 && feature.get(1).equals("else") ? Op.valueOf(feature.get(2)) : null;
        for (int cc = 0; cc < (encoding.conditional ? 16 : 1); cc++) {
            var flags = new RowParser();
            for (String word : words(column, 3)) {
                flags.flags(word, cc);
            }
            into.add(new Row(encoding.encoding(cc), op, mnemonic.replace("*", CONDITIONS[cc]), operands, attributes,
                    flags.modifies, flags.clears, flags.sets, flags.undefined, flags.tests, needs, fallback, line));
        }
    }

    /** Splits without regular expressions, and leaves out empty parts: this runs at class initialization. */
    static List<String> split(String text, char separator) {
        var parts = new ArrayList<String>(8);
        int from = 0;
        while (from < text.length()) {
            int to = text.indexOf(separator, from);
            to = to < 0 ? text.length() : to;
            if (to > from) {
                parts.add(text.substring(from, to));
            }
            from = to + 1;
        }
        return parts;
    }

    private static List<String> columns(String line) {
        var columns = new ArrayList<String>(5);
        int from = 0;
        while (from <= line.length()) {
            int to = line.indexOf('|', from);
            to = to < 0 ? line.length() : to;
            columns.add(line.substring(from, to).strip());
            from = to + 1;
        }
        return columns;
    }

    private static List<String> words(List<String> columns, int at) {
        return at >= columns.size() ? List.of() : split(columns.get(at), ' ');
    }

    private static int attribute(String name) {
        return switch (name) {
            case "lock" -> Form.LOCKABLE;
            case "priv" -> Form.PRIVILEGED;
            case "iopl" -> Form.IOPL;
            case "d64" -> Form.DEFAULT64;
            case "f64" -> Form.FORCE64;
            case "i64" -> Form.INVALID64;
            case "o64" -> Form.ONLY64;
            case "jump" -> Form.BRANCH;
            case "state" -> Form.STATE;
            case "rep" -> Form.REP;
            case "repe" -> Form.REPE;
            case "ud" -> Form.UD | Form.BRANCH;
            case "prot" -> Form.PROTECTED;
            case "msize" -> Form.MODE_SIZE;
            case "np" -> Form.NO_PREFIX;
            case "src" -> Form.SOURCE_SIZE;
            case "rest" -> Form.REST;
            case "undoc" -> Form.UNDOCUMENTED;
            default -> throw new IllegalArgumentException("unknown attribute " + name);
        };
    }

    private void flags(String word, int cc) {
        if (word.equals("cc")) {
            tests |= CONDITION_FLAGS[cc >> 1];
            return;
        }
        int colon = word.indexOf(':');
        if (colon >= 0) {
            for (String name : split(word.substring(0, colon), ',')) {
                flag(systemFlag(name), word.charAt(colon + 1));
            }
        } else if (word.length() == STATUS.length) {
            for (int i = 0; i < STATUS.length; i++) {
                flag(STATUS[i], word.charAt(i));
            }
        } else {
            throw new IllegalArgumentException("flags " + word);
        }
    }

    private void flag(int mask, char effect) {
        switch (effect) {
            case 'M' -> modifies |= mask;
            case 'T' -> tests |= mask;
            case 'X' -> {
                modifies |= mask;
                tests |= mask;
            }
            case '0' -> clears |= mask;
            case '1' -> sets |= mask;
            case '-' -> undefined |= mask;
            case '.' -> { }
            default -> throw new IllegalArgumentException("flag effect " + effect);
        }
    }

    private static int systemFlag(String name) {
        return switch (name) {
            case "TF" -> Form.TF;
            case "IF" -> Form.IF;
            case "DF" -> Form.DF;
            case "NT" -> Form.NT;
            case "RF" -> Form.RF;
            case "VM" -> Form.VM;
            case "AC" -> Form.AC;
            case "VIF" -> Form.VIF;
            case "SYS" -> Form.TF | Form.IF | Form.DF | Form.IOPL_MASK | Form.NT | Form.RF | Form.VM | Form.AC
                    | Form.VIF | Form.VIP | Form.ID;
            default -> throw new IllegalArgumentException("unknown flag " + name);
        };
    }
}
