package dev.retrap.gdbstub.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.gdbstub.Guests;
import dev.retrap.trace.Timeline;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentExpressionTest {
    private static Timeline timeline;
    private static Registers registers;

    @BeforeAll
    static void boot() throws Exception {
        timeline = Guests.live("v4.4", "hello");
        registers = new Registers(timeline, I386Description.of(timeline.recording().config().cpu()));
        timeline.stepForward(20_000);
    }

    @AfterAll
    static void close() throws Exception {
        timeline.close();
    }

    private static boolean holds(byte[] code) {
        return new AgentExpression(code, registers, 0xffff_ffffL).test(timeline.machine());
    }

    /** Bytecode as gdb writes it, see {@code maint agent-eval}. */
    @ParameterizedTest
    @CsvSource({
        "2205 2205 13 27, true", // 5 == 5
        "2205 2206 13 27, false",
        "22ff 1608 220d 14 27, true", // (signed char) 0xff < 13
        "22ff 220d 14 27, false",
        "22ff 1608 220d 15 27, false", // the same, unsigned
        "25ffffffffffffffff 2a20 24ffffffff 13 27, true", // zero_ext 32
        "2203 2204 02 2207 13 27, true",
        "2203 2204 03 25ffffffffffffffff 13 27, true",
        "2203 2204 04 220c 13 27, true",
        "25fffffffffffffff9 2202 05 25fffffffffffffffd 13 27, true", // -7 / 2, signed
        "25fffffffffffffff9 2202 07 25ffffffffffffffff 13 27, true", // -7 % 2, signed
        "25fffffffffffffff9 2202 06 257ffffffffffffffc 13 27, true", // unsigned
        "2201 2204 09 2210 13 27, true",
        "2580000000 00000000 2204 0a 25f8000000 00000000 13 27, true",
        "2580000000 00000000 2204 0b 2508000000 00000000 13 27, true",
        "220c 220a 0f 2208 13 27, true",
        "220c 220a 10 220e 13 27, true",
        "220c 220a 11 2206 13 27, true",
        "2200 0e 27, true",
        "2200 12 25ffffffffffffffff 13 27, true",
        "2201 28 02 2202 13 27, true", // dup
        "2201 2200 29 27, true", // pop
        "2201 2202 2b 03 2201 13 27, true", // swap: 2 - 1
        "2201 2202 3201 27, true", // pick
        "2201 20 0007 2200 27 2201 27, true", // if_goto over a false
        "2201 21 0007 29 27 2200 27, false", // goto
    })
    void operators(String code, boolean expected) {
        byte[] bytes = HexFormat.of().parseHex(code.replace(" ", ""));
        assertThat(holds(bytes)).isEqualTo(expected);
    }

    @Test
    void registersAndMemoryAreRead() {
        int position = registers.numberOf("position");
        assertThat(holds(HexFormat.of().parseHex("26%04x 24%08x 13 27".formatted(position, timeline.position())
                .replace(" ", "")))).isTrue();
        byte[] word = new byte[4];
        assertThat(timeline.machine().read(0xc0100000L, word, 0, 4)).isEqualTo(4);
        String big = "%02x%02x%02x%02x".formatted(word[3], word[2], word[1], word[0]);
        assertThat(holds(HexFormat.of().parseHex("24c010000019" + "24" + big + "1327"))).isTrue();
    }

    @Test
    void whatCannotBeEvaluatedStops() {
        for (String code : new String[] {"", "27", "02", "2201 2200 05 27", "26ffff 27", "2410 19 27", "1b27", "22",
            "21 0000", "2201 1600 27", "2a"}) {
            assertThat(holds(HexFormat.of().parseHex(code.replace(" ", "")))).as(code).isTrue();
        }
    }

    @Test
    void anyBytesAreAnExpression() {
        long seed = 42;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] code = new byte[random.nextInt(24)];
            for (int k = 0; k < code.length; k++) {
                code[k] = (byte) random.nextInt(0x36);
            }
            holds(code);
        }
    }
}
