package dev.retrap.cpu.boot;

import dev.retrap.cpu.isa.SymbolResolver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Symbols by address and by name. Immutable. Of several symbols at an address the one preferred is a function, then an
 * object, then an untyped label; global before weak before local; sized before unsized; then the first in the file.
 */
public final class SymbolTable {
    private static final Comparator<Symbol> BY_ADDRESS = (a, b) -> Long.compareUnsigned(a.address(), b.address());
    private static final Comparator<Symbol> BY_PREFERENCE = Comparator.comparingInt(SymbolTable::rank);

    /** No symbols. */
    public static final SymbolTable EMPTY = new SymbolTable(List.of());

    private final List<Symbol> all;
    /** Preferred symbol of each address, ascending; thread-local offsets are not addresses and not in here. */
    private final Symbol[] sorted;
    /** For each of {@link #sorted}, the nearest one before it whose bytes reach past it, or -1. */
    private final int[] enclosing;
    private final Map<String, Symbol> byName = new HashMap<>();

    private SymbolTable(Collection<Symbol> symbols) {
        all = List.copyOf(symbols);
        List<Symbol> order = new ArrayList<>(all);
        order.removeIf(s -> s.type() == Symbol.Type.TLS);
        order.sort(BY_ADDRESS.thenComparing(BY_PREFERENCE));
        List<Symbol> first = new ArrayList<>();
        for (Symbol s : order) {
            if (first.isEmpty() || first.getLast().address() != s.address()) {
                first.add(s);
            }
        }
        sorted = first.toArray(Symbol[]::new);
        enclosing = new int[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            int outer = i - 1;
            while (outer >= 0 && !sorted[outer].contains(sorted[i].address())) {
                outer = enclosing[outer];
            }
            enclosing[i] = outer;
        }
        for (Symbol s : all) {
            byName.merge(s.name(), s, (a, b) -> BY_PREFERENCE.compare(b, a) < 0 ? b : a);
        }
    }

    private static int rank(Symbol s) {
        int type = switch (s.type()) {
            case FUNCTION, IFUNC -> 0;
            case OBJECT, COMMON -> 1;
            case NONE -> 2;
            case TLS, OTHER -> 3;
        };
        int binding = switch (s.binding()) {
            case GLOBAL -> 0;
            case WEAK -> 1;
            case LOCAL, OTHER -> 2;
        };
        return type * 8 + binding * 2 + (s.size() == 0 ? 1 : 0);
    }

    /** A table of symbols. */
    public static SymbolTable of(Collection<Symbol> symbols) {
        return new SymbolTable(symbols);
    }

    /** A table of these symbols and another's; of equals, these are preferred. */
    public SymbolTable and(SymbolTable other) {
        List<Symbol> both = new ArrayList<>(all);
        both.addAll(other.all);
        return new SymbolTable(both);
    }

    /**
     * The symbol that an address belongs to: the nearest at or before it that contains it or, having no size, is
     * followed by no other symbol and by no end of its section up to there.
     *
     * @return empty if there is none, also for an address in a gap after a symbol with a size, as gdb has it
     */
    public Optional<SymbolOffset> nearest(long address) {
        int at = find(address);
        if (at >= 0 && unsized(sorted[at]) && Long.compareUnsigned(address, sorted[at].limit()) < 0) {
            return Optional.of(new SymbolOffset(sorted[at], address - sorted[at].address()));
        }
        while (at >= 0 && !sorted[at].contains(address)) {
            at = enclosing[at];
        }
        return at < 0 ? Optional.empty() : Optional.of(new SymbolOffset(sorted[at], address - sorted[at].address()));
    }

    private static boolean unsized(Symbol s) {
        return s.size() == 0;
    }

    /** Index of the last symbol at or before an address, or -1. */
    private int find(long address) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (Long.compareUnsigned(sorted[middle].address(), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** The preferred symbol of a name. */
    public Optional<Symbol> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All symbols, in the order in which they were given. */
    public List<Symbol> all() {
        return all;
    }

    /** For the disassembler. */
    public SymbolResolver resolver() {
        return address -> nearest(address).map(SymbolOffset::toString).orElse(null);
    }
}
