package dev.retrap.repl.symbols;

import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.cpu.boot.Symbol;
import dev.retrap.cpu.boot.SymbolOffset;
import dev.retrap.cpu.boot.SymbolTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The guest's symbols: of its kernel, its program and its vDSO, looked up together.
 *
 * @param images each with its table, in the order in which names are looked up
 */
public record Symbols(List<Image> images) {
    /** No symbols. */
    public static final Symbols NONE = new Symbols(List.of());

    /** Bytes taken for a function of which neither size nor successor is known. */
    private static final long UNKNOWN_SIZE = 16;

    /**
     * One ELF image.
     *
     * @param name for the user: {@code kernel}, {@code vdso} or the program's name
     * @param elf its file
     * @param bias where it is loaded minus where it is linked for
     * @param table its symbols, where it is loaded
     */
    public record Image(String name, ElfImage elf, long bias, SymbolTable table) {
        /** An image with the symbols of its file. */
        public static Image of(String name, ElfImage elf, long bias) {
            return new Image(name, elf, bias, elf.symbolTable(bias));
        }
    }

    public Symbols {
        images = List.copyOf(images);
    }

    /** {@return the symbol at or before an address that has the address in it, with the distance} */
    public Optional<SymbolOffset> nearest(long address) {
        return images.stream()
                .flatMap(i -> i.table().nearest(address).stream())
                .min(Comparator.comparingLong(SymbolOffset::offset));
    }

    /** {@return the address of a symbol, program first} */
    public Optional<Symbol> named(String name) {
        return images.stream().flatMap(i -> i.table().named(name).stream()).findFirst();
    }

    /** {@return {@code " <name+0x12>"}, or nothing if no symbol is near} */
    public String suffix(long address) {
        return nearest(address).map(s -> " <" + s + ">").orElse("");
    }

    /** {@return {@code "0x1234 <name>"}} */
    public String format(long address) {
        return "0x" + Long.toHexString(address) + suffix(address);
    }

    /** {@return {@code "name+0x12"} or the bare address} */
    public String shortest(long address) {
        return nearest(address).map(SymbolOffset::toString).orElse("0x" + Long.toHexString(address));
    }

    /**
     * {@return the code range of the function an address is in}: of the smallest symbol with a size that has it; else
     * from the label before it to the next one
     */
    public Optional<Range> function(long address) {
        Optional<Range> sized = images.stream()
                .flatMap(i -> i.table().all().stream())
                .filter(s -> s.size() > 0 && s.type() == Symbol.Type.FUNCTION)
                .filter(s -> Long.compareUnsigned(address - s.address(), s.size()) < 0)
                .min(Comparator.comparingLong(Symbol::size))
                .map(s -> new Range(s.name(), s.address(), s.address() + s.size()));
        return sized.or(() -> nearest(address).map(s -> new Range(s.symbol().name(), s.symbol().address(),
                following(s.symbol().address()).orElse(address + UNKNOWN_SIZE))));
    }

    private Optional<Long> following(long address) {
        return images.stream()
                .flatMap(i -> i.table().all().stream())
                .map(Symbol::address)
                .filter(a -> Long.compareUnsigned(a, address) > 0)
                .min(Long::compareUnsigned);
    }

    /** {@return the name of the image that has a symbol} */
    public String imageOf(Symbol symbol) {
        return images.stream()
                .filter(i -> i.table().named(symbol.name()).filter(symbol::equals).isPresent())
                .findFirst()
                .map(Image::name)
                .orElse("the guest");
    }

    /** {@return all names that begin with a prefix, sorted} */
    public List<String> startingWith(String prefix) {
        TreeSet<String> names = new TreeSet<>();
        for (Image image : images) {
            for (Symbol s : image.table().all()) {
                if (s.name().startsWith(prefix)) {
                    names.add(s.name());
                }
            }
        }
        return new ArrayList<>(names);
    }

    /**
     * Addresses of a function.
     *
     * @param name its symbol
     * @param start first byte
     * @param end first byte after it
     */
    public record Range(String name, long start, long end) {}
}
