package dev.retrap.repl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.CpuModels;
import dev.retrap.repl.Cli;
import org.junit.jupiter.api.Test;

/** {@code retrap cpus} tells the models apart by what entry code sees of them. */
class CpusTest {
    @Test
    void listsWhereModelsDiffer() {
        String list = Cli.run("cpus").out();
        assertThat(CpuModels.all()).allMatch(m -> list.contains(m.name()) && list.contains(m.description()));
        assertThat(list.lines().filter(l -> l.startsWith("haswell")).findFirst().orElseThrow())
                .contains("all modes", "64-bit mode only", "loaded", "#GP at CPL 0", "SMEP");
        assertThat(list.lines().filter(l -> l.startsWith("k8")).findFirst().orElseThrow())
                .contains("not in long mode", "all modes", "kept", "#GP at CPL 3").doesNotContain("SMEP");
    }

    @Test
    void tellsAllOfOne() {
        assertThat(Cli.run("cpus", "no-sep").out()).contains("SYSENTER, SYSEXIT         no")
                .doesNotContain("SYSENTER 4").contains("IRET ");
        assertThat(Cli.run("cpus", "zen").out()).contains("AVX2", "CPUID denies them", "SYSRET ");
        assertThat(Cli.run("cpus", "zen", "--format", "json").out()).startsWith("[{\"name\":\"zen\"");
    }

    @Test
    void namesTheModelsThereAre() {
        Cli run = Cli.run("cpus", "k9");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("no processor model \"k9\"; there are p6");
    }
}
