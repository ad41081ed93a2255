package dev.retrap.repl.debug;

import dev.retrap.repl.expr.ExprException;
import dev.retrap.repl.expr.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the session remembers: the value history ({@code $1}, {@code $}, {@code $$}) and its variables. */
final class Values {
    private final List<Value> history = new ArrayList<>();
    private final Map<String, Value> variables = new TreeMap<>();

    /** {@return the value of a name without its first dollar sign, or null if there is none} */
    Value get(String name) {
        if (name.isEmpty()) {
            return recall(history.size());
        }
        if (name.equals("$")) {
            return recall(history.size() - 1);
        }
        if (name.chars().allMatch(Character::isDigit)) {
            return recall(name.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(name));
        }
        return variables.get(name);
    }

    private Value recall(int number) {
        if (number < 1 || number > history.size()) {
            throw new ExprException("History has not yet reached $" + number + ".");
        }
        return history.get(number - 1);
    }

    /** Keeps a value; returns its number. */
    int remember(Value value) {
        history.add(value);
        return history.size();
    }

    /** Sets a variable. */
    void set(String name, Value value) {
        variables.put(name, value);
    }

    /** {@return the variables, sorted by name} */
    Map<String, Value> variables() {
        return variables;
    }
}
