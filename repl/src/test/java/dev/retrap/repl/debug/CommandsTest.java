package dev.retrap.repl.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrap.repl.terminal.Trouble;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CommandsTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "stepi, stepi", "si, stepi", "s, stepi", "step, stepi", "stepi 3, stepi", "rsi, reverse-stepi",
        "c, continue", "cont, continue", "rc, reverse-continue", "reverse-c, reverse-continue", "n, nexti",
        "b, break", "br *0, break", "tb x, tbreak", "d 1, delete", "i r, info registers", "info reg, info registers",
        "info b, info breakpoints", "i program, info program", "p 1, print", "p/x 1, print", "x/4xw 0, x",
        "bt, backtrace",
        "disas, disassemble", "h, help", "q, quit", "set dis intel, set disassembly-flavor", "wat 1, watch",
        "fin, finish", "g 1, goto", "continue-, reverse-continue", "set $x = 1, set variable", "info ev, info events",
    })
    void abbreviations(String line, String command) {
        assertThat(Commands.find(line).command().name()).isEqualTo(command);
    }

    @Test
    void argumentsAreWhatFollows() {
        assertThat(Commands.find("x/4xw $esp + 4").arguments()).isEqualTo("/4xw $esp + 4");
        assertThat(Commands.find("info registers eax").arguments()).isEqualTo("eax");
        assertThat(Commands.find("p/x 1").arguments()).isEqualTo("/x 1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            foo       ; Undefined command: "foo"
            whe       ; Ambiguous command "whe": when, where.
            re        ; Ambiguous command "re": reads, restart, reverse-
            info foo  ; Undefined command: "info foo"
            info      ; "info" must be followed by one of: address
            !ls       ; Undefined command
            """)
    void unknownAndAmbiguous(String line, String message) {
        assertThatThrownBy(() -> Commands.find(line)).isInstanceOf(Trouble.class).hasMessageContaining(message);
    }

    @Test
    void namesAreUnique() {
        Set<String> names = new HashSet<>();
        for (Command c : Commands.all()) {
            String prefix = c.family() == null ? "" : c.family() + " ";
            assertThat(names.add(c.name())).as(c.name()).isTrue();
            c.aliases().forEach(a -> assertThat(names.add(prefix + a)).as(a).isTrue());
        }
    }

    static Stream<Command> all() {
        return Commands.all().stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyCommandHasHelp(Command c) {
        assertThat(c.summary()).isNotBlank().doesNotEndWith(".");
        assertThat(Commands.help(c.name())).contains(c.summary());
        assertThat(Commands.overview()).contains(c.summary());
        assertThat(Commands.find(c.name()).command()).isEqualTo(c);
        assertThat(Commands.help(c.name()).lines()).allMatch(l -> l.length() <= 100);
    }

    @Test
    void aFamilyListsItsMembers() {
        assertThat(Commands.help("info")).contains("info registers").contains("info breakpoints");
        assertThat(Commands.help("i")).isEqualTo(Commands.help("info"));
    }
}
