package dev.retrap.repl.debug;

import dev.retrap.repl.terminal.Trouble;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Things the user refers to by number; numbers are not used again.
 *
 * @param <T> the things
 */
final class Numbered<T> {
    private final TreeMap<Integer, T> things = new TreeMap<>();
    private final String what;
    private int last;

    Numbered(String what) {
        this.what = what;
    }

    int add(T thing) {
        things.put(++last, thing);
        return last;
    }

    T get(int number) {
        T thing = things.get(number);
        if (thing == null) {
            throw new Trouble("No " + what + " number " + number + ".");
        }
        return thing;
    }

    void remove(int number) {
        get(number);
        things.remove(number);
    }

    void clear() {
        things.clear();
    }

    boolean isEmpty() {
        return things.isEmpty();
    }

    void forEach(BiConsumer<? super Integer, ? super T> action) {
        things.forEach(action);
    }
}
