package dev.retrap.repl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retrap.repl.Cli;
import dev.retrap.repl.Tools;
import dev.retrap.repl.terminal.Io;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Help teaches: examples, exit status, lines that fit. */
class HelpTest {
    private static final CommandLine TOP = Retrap.commandLine(new Context(Io.of(
            new ByteArrayInputStream(new byte[0]), OutputStream.nullOutputStream(), OutputStream.nullOutputStream())));

    static Stream<String> commands() {
        return TOP.getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommand(String command) {
        Cli help = Cli.run(command, "--help");
        assertThat(help.status()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out()).contains("Usage: retrap " + command).contains("Exit status:").contains("Examples:")
                .contains("retrap " + command);
        assertThat(help.out().lines()).allMatch(l -> l.length() <= 80);
        assertThat(Cli.run("--help").out()).contains("  " + command);
    }

    @Test
    void theReadmeNamesEveryCommand() throws Exception {
        String readme = Files.readString(Path.of("..", "README.md"));
        assertThat(commands()).allMatch(c -> readme.contains("`" + c + "`"));
    }

    @Test
    void theCompletionScriptIsShell() throws Exception {
        assumeTrue(Tools.has("bash"), "bash is not installed");
        Cli completion = Cli.run("completion");
        Process bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
        try (OutputStream in = bash.getOutputStream()) {
            in.write(completion.out().getBytes());
        }
        assertThat(new String(bash.getInputStream().readAllBytes())).isEmpty();
        assertThat(bash.waitFor()).isZero();
        assertThat(completion.out()).contains("complete -F").doesNotContain("# Date:");
    }
}
