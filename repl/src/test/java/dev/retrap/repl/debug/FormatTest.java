package dev.retrap.repl.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrap.repl.expr.ExprException;
import dev.retrap.repl.symbols.Symbols;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {
    @Test
    void partsInAnyOrder() {
        assertThat(Format.parse("8xw")).isEqualTo(new Format(8, 'x', 4));
        assertThat(Format.parse("wx")).isEqualTo(new Format(0, 'x', 4));
        assertThat(Format.parse("i")).isEqualTo(new Format(0, 'i', 0));
        assertThat(Format.parse("3")).isEqualTo(new Format(3, '\0', 0));
        assertThat(Format.parse("2").orElse(new Format(9, 'd', 2))).isEqualTo(new Format(2, 'd', 2));
        assertThatThrownBy(() -> Format.parse("8xk")).isInstanceOf(ExprException.class);
        assertThatThrownBy(() -> Format.parse("99999999999x")).isInstanceOf(ExprException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1, x, 0xff", "-1, 4, d, -1", "-1, 2, u, 65535", "8, 4, o, 010", "0, 4, o, 0", "5, 1, t, 101",
        "255, 4, z, 0x000000ff", "-1, 8, x, 0xffffffffffffffff", "-1, 8, u, 18446744073709551615", "4096, 4, a, 0x1000",
    })
    void numbers(long bits, int size, char letter, String expected) {
        assertThat(Format.number(bits, size, letter, Symbols.NONE)).isEqualTo(expected);
    }

    @Test
    void characters() {
        assertThat(Format.number('A', 1, 'c', Symbols.NONE)).isEqualTo("65 'A'");
        assertThat(Format.character('\n')).isEqualTo("'\\n'");
        assertThat(Format.character('\'')).isEqualTo("'\\''");
        assertThat(Format.character(0x80)).isEqualTo("'\\200'");
        assertThat(Format.escaped('"', '"')).isEqualTo("\\\"");
    }
}
