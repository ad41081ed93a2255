package dev.retrap.gdbstub.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AgentPrintfTest {
    private static String format(String format, long... values) {
        return AgentPrintf.format(format, values, address -> "<" + address + ">");
    }

    @Test
    void formatsAsC() {
        assertThat(format("%d %u %x %#x %o", -1, -1, -1, 255, 8)).isEqualTo("-1 4294967295 ffffffff 0xff 10");
        assertThat(format("%ld %lu %llx %p", -1, -1, -1, 16)).isEqualTo("-1 18446744073709551615 ffffffffffffffff 0x10");
        assertThat(format("%hd %hhu", 0x18000, 0x1ff)).isEqualTo("-32768 255");
        assertThat(format("[%5d] [%-5d] [%05x] [%+d]", 42, 42, 0xab, 7)).isEqualTo("[   42] [42   ] [000ab] [+7]");
        assertThat(format("%s %c 100%%", 7, 'x')).isEqualTo("<7> x 100%");
        assertThat(format("%f %y $1 \\", 1)).as("what it does not know").isEqualTo("%f %y $1 \\");
        assertThat(format("%d %d", 1)).isEqualTo("1 0");
    }
}
