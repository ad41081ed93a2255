package dev.retrap.trace.unwind;

import java.util.Map;
import java.util.TreeMap;

/** One row of the unwind table: how to compute the CFA and each register of the caller (DWARF 4, 6.4.1). */
final class RuleRow {
    /** How a register of the caller is found. */
    sealed interface Rule {
        /** It is lost. */
        record Undefined() implements Rule {}

        /** It is what it is in the callee. */
        record Same() implements Rule {}

        /** {@code *(CFA + offset)}. */
        record Saved(long offset) implements Rule {}

        /** {@code CFA + offset}. */
        record Value(long offset) implements Rule {}

        /** What another register is in the callee. */
        record InRegister(int number) implements Rule {}

        /** {@code *(expression)}, with the CFA on the stack. */
        record SavedAt(Bytes expression) implements Rule {}

        /** The value of an expression, with the CFA on the stack. */
        record Computed(Bytes expression) implements Rule {}
    }

    private final TreeMap<Integer, Rule> rules;
    private int cfaRegister;
    private long cfaOffset;
    private Bytes cfaExpression;

    RuleRow() {
        rules = new TreeMap<>();
    }

    private RuleRow(RuleRow other) {
        rules = new TreeMap<>(other.rules);
        cfaRegister = other.cfaRegister;
        cfaOffset = other.cfaOffset;
        cfaExpression = other.cfaExpression;
    }

    RuleRow copy() {
        return new RuleRow(this);
    }

    void cfa(int register, long offset) {
        cfaRegister = register;
        cfaOffset = offset;
        cfaExpression = null;
    }

    void cfaRegister(int register) {
        cfaRegister = register;
    }

    void cfaOffset(long offset) {
        cfaOffset = offset;
    }

    void cfaExpression(Bytes expression) {
        cfaExpression = expression;
    }

    void rule(int register, Rule rule) {
        rules.put(register, rule);
    }

    /** Gives a register the rule it has in another row. */
    void restore(int register, RuleRow initial) {
        Rule rule = initial.rules.get(register);
        if (rule == null) {
            rules.remove(register);
        } else {
            rules.put(register, rule);
        }
    }

    /** The caller's registers. */
    UnwindRegisters apply(UnwindRegisters r, Memory memory, int returnColumn) {
        long mask = r.wordBytes() == 8 ? -1 : 0xFFFF_FFFFL;
        long cfa = (cfaExpression != null
                ? DwarfExpression.evaluate(cfaExpression, r, memory, null)
                : r.get(cfaRegister) + cfaOffset) & mask;
        UnwindRegisters caller = r.blank();
        for (int i = 0; i < r.count(); i++) {
            if (r.isKnown(i) && i != returnColumn) {
                caller.set(i, r.get(i));
            }
        }
        // By convention the caller's stack pointer is the CFA, unless a rule says otherwise.
        caller.set(r.spNumber(), cfa);
        UnwindRegisters result = caller;
        for (Map.Entry<Integer, Rule> e : rules.entrySet()) {
            int number = e.getKey();
            Long value = switch (e.getValue()) {
                case Rule.Undefined u -> null;
                case Rule.Same s -> r.isKnown(number) ? r.get(number) : null;
                case Rule.Saved s -> memory.read(cfa + s.offset() & mask, r.wordBytes());
                case Rule.Value v -> cfa + v.offset();
                case Rule.InRegister i -> r.get(i.number());
                case Rule.SavedAt s -> memory.read(
                        DwarfExpression.evaluate(s.expression(), r, memory, cfa) & mask, r.wordBytes());
                case Rule.Computed c -> DwarfExpression.evaluate(c.expression(), r, memory, cfa);
            };
            if (value == null && number == returnColumn) {
                throw new BadCallFrameInfo("the return address cannot be read");
            }
            if (value == null) {
                result = without(result, number);
            } else {
                result.set(number, value);
            }
        }
        if (returnColumn != r.ipNumber() && result.isKnown(returnColumn)) {
            result.set(r.ipNumber(), result.get(returnColumn));
        }
        return result;
    }

    private static UnwindRegisters without(UnwindRegisters r, int number) {
        UnwindRegisters copy = r.blank();
        for (int i = 0; i < r.count(); i++) {
            if (i != number && r.isKnown(i)) {
                copy.set(i, r.get(i));
            }
        }
        return copy;
    }
}
