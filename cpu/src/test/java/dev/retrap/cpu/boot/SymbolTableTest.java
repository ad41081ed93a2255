package dev.retrap.cpu.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which symbol an address belongs to. */
final class SymbolTableTest {
    private static Symbol function(String name, long address, long size) {
        return new Symbol(name, address, size, Symbol.Type.FUNCTION, Symbol.Binding.GLOBAL, address | 0xFFF);
    }

    private static Symbol label(String name, long address, long limit) {
        return new Symbol(name, address, 0, Symbol.Type.NONE, Symbol.Binding.LOCAL, limit);
    }

    private static String at(SymbolTable table, long address) {
        return table.nearest(address).map(SymbolOffset::toString).orElse("-");
    }

    @Test
    void findsFunctionsLabelsAndGaps() {
        SymbolTable t = SymbolTable.of(List.of(function("b", 0x1100, 0x10), function("a", 0x1000, 0x20),
                label("inside", 0x1008, 0x1800), label("tail", 0x1200, 0x1800)));
        assertThat(at(t, 0xFFF)).isEqualTo("-");
        assertThat(at(t, 0x1000)).isEqualTo("a");
        assertThat(at(t, 0x1007)).isEqualTo("a+0x7");
        assertThat(at(t, 0x1009)).isEqualTo("inside+0x1");
        assertThat(at(t, 0x110F)).isEqualTo("b+0xf");
        assertThat(at(t, 0x1110)).as("past the end of b").isEqualTo("-");
        assertThat(at(t, 0x17FF)).isEqualTo("tail+0x5ff");
        assertThat(at(t, 0x1800)).as("the section ends").isEqualTo("-");
        assertThat(t.resolver().symbol(0x1001)).isEqualTo("a+0x1");
        assertThat(t.resolver().symbol(0x1110)).isNull();
    }

    @Test
    void returnsToTheEnclosingFunction() {
        SymbolTable t = SymbolTable.of(List.of(function("outer", 0x1000, 0x100), function("part", 0x1010, 0x10),
                function("small", 0x1018, 2), label("end", 0x1030, 0x1030)));
        assertThat(at(t, 0x1019)).isEqualTo("small+0x1");
        assertThat(at(t, 0x101A)).isEqualTo("part+0xa");
        assertThat(at(t, 0x1020)).isEqualTo("outer+0x20");
        assertThat(at(t, 0x1030)).isEqualTo("end");
        assertThat(at(t, 0x1031)).isEqualTo("outer+0x31");
    }

    @Test
    void prefersFunctionsThenGlobalsThenSized() {
        Symbol weak = new Symbol("weak", 0x10, 4, Symbol.Type.FUNCTION, Symbol.Binding.WEAK, 0x20);
        Symbol global = new Symbol("global", 0x10, 4, Symbol.Type.FUNCTION, Symbol.Binding.GLOBAL, 0x20);
        Symbol unsized = new Symbol("unsized", 0x10, 0, Symbol.Type.FUNCTION, Symbol.Binding.GLOBAL, 0x20);
        Symbol text = new Symbol("_text", 0x10, 0, Symbol.Type.NONE, Symbol.Binding.GLOBAL, 0x20);
        SymbolTable t = SymbolTable.of(List.of(text, weak, unsized, global));
        assertThat(at(t, 0x10)).isEqualTo("global");
        assertThat(t.all()).hasSize(4);
        assertThat(t.named("_text")).hasValue(text);
        assertThat(t.named("none")).isEmpty();
    }

    @Test
    void addressesAreUnsigned() {
        SymbolTable t = SymbolTable.of(List.of(function("kernel", 0xFFFFFFFF81000000L, 0x100),
                function("user", 0x400000, 8)));
        assertThat(at(t, 0xFFFFFFFF81000010L)).isEqualTo("kernel+0x10");
        assertThat(at(t, 0x400001)).isEqualTo("user+0x1");
        assertThat(at(t, -1)).isEqualTo("-");
    }

    @Test
    void mergesAndPrefersTheFirst() {
        SymbolTable kernel = SymbolTable.of(List.of(function("main", 0xC0100000L, 0x10)));
        SymbolTable user = SymbolTable.of(List.of(function("main", 0x8048000, 0x10), function("only", 0x8049000, 4)));
        SymbolTable both = kernel.and(user);
        assertThat(at(both, 0x8048004)).isEqualTo("main+0x4");
        assertThat(at(both, 0xC0100004L)).isEqualTo("main+0x4");
        assertThat(both.named("main").orElseThrow().address()).isEqualTo(0xC0100000L);
        assertThat(both.named("only")).isPresent();
        assertThat(SymbolTable.EMPTY.and(user).all()).isEqualTo(user.all());
        assertThat(SymbolTable.EMPTY.nearest(5)).isEmpty();
    }

    @Test
    void threadLocalOffsetsAreNoAddresses() {
        SymbolTable t = ElfImage.parse("hello64.elf", Images.bytes("hello64.elf")).symbolTable(0);
        assertThat(t.named("tls_variable")).isPresent();
        assertThat(at(t, 0)).isEqualTo("-");
        assertThat(at(t, 0x4000B4)).isEqualTo("_start+0x4");
        assertThat(at(t, 0x4000B6)).isEqualTo("inner+0x1");
    }

    @Test
    void equalsASearchThroughAllSymbols() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int run = 0; run < 60; run++) {
            List<Symbol> symbols = new ArrayList<>();
            for (int i = 0; i < random.nextInt(30); i++) {
                symbols.add(function("f" + i, 0x1000 + random.nextInt(200), 1 + random.nextInt(60)));
            }
            SymbolTable table = SymbolTable.of(symbols);
            for (long a = 0xFF0; a < 0x1200; a++) {
                long address = a;
                // The last start whose preferred symbol contains the address.
                Symbol expected = null;
                for (Symbol s : symbols) {
                    boolean first = symbols.stream().filter(o -> o.address() == s.address()).findFirst().get() == s;
                    if (first && s.contains(address) && (expected == null || s.address() > expected.address())) {
                        expected = s;
                    }
                }
                assertThat(table.nearest(address).map(SymbolOffset::symbol).orElse(null))
                        .as("seed %d run %d at %x", seed, run, address).isEqualTo(expected);
            }
        }
    }
}
