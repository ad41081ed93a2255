package dev.retrap.cpu.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The {@code .retrap.probes} section of the test kernel, as it is and damaged. */
final class ProbeTableTest {
    private static final int SECTION_OFFSET = 0x1059;

    @Test
    void readsRecords() {
        ElfImage kernel = ElfImage.parse("kernel", Images.bytes("multiboot.elf"));
        long here = kernel.symbolTable(0).named("probe_here").orElseThrow().address();
        assertThat(ProbeTable.of(kernel)).containsExactly(
                new Probe(2, here, Probe.STACK_POINTER, -4, 5, 7),
                new Probe(3, 0xC010000CL, 6, 0, 0, 0));
    }

    @Test
    void noSectionNoProbes() {
        assertThat(ProbeTable.of(ElfImage.parse("hello", Images.bytes("hello64.elf")))).isEmpty();
    }

    @Test
    void versionZeroIsPadding() {
        assertThat(ProbeTable.of(patched(0, 0))).hasSize(1);
    }

    @Test
    void saysWhatItCannotRead() {
        assertThatThrownBy(() -> ProbeTable.of(patched(32, 9))).isInstanceOf(BadImageException.class)
                .hasMessage("k: section .retrap.probes record 1 is of version 9, this program knows version 1");
        assertThatThrownBy(() -> ProbeTable.of(patched(16, 17)))
                .hasMessage("k: section .retrap.probes record 0 has location 17, known are 0..16");
        byte[] data = Images.bytes("multiboot.elf");
        int header = Images.view(data).getInt(32) + 2 * 40;
        Images.view(data).putInt(header + 20, 33);
        assertThatThrownBy(() -> ProbeTable.of(ElfImage.parse("k", data)))
                .hasMessage("k: section .retrap.probes has 33 bytes, not a multiple of 32");
    }

    private static ElfImage patched(int at, int value) {
        byte[] data = Images.bytes("multiboot.elf");
        Images.view(data).putInt(SECTION_OFFSET + at, value);
        return ElfImage.parse("k", data);
    }
}
