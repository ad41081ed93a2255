package dev.retrap.repl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.repl.Cli;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code retrap run} says at the end of what the machine did not have, and how the engine is chosen. */
class RunSummaryTest {
    private static final int BASE = 0x08048000, HEADERS = 52 + 32;

    @TempDir
    private Path directory;

    /** An ELF program for i386 of this code alone (System V ABI, ELF Header and Program Header). */
    private String program(String code) throws IOException {
        byte[] text = HexFormat.of().parseHex(code);
        ByteBuffer b = ByteBuffer.allocate(HEADERS + text.length).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(0x464C457F).putInt(0x00010101).putLong(0).putShort((short) 2).putShort((short) 3).putInt(1)
                .putInt(BASE + HEADERS).putInt(52).putInt(0).putInt(0).putShort((short) 52).putShort((short) 32)
                .putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 0);
        b.putInt(1).putInt(0).putInt(BASE).putInt(BASE).putInt(b.capacity()).putInt(b.capacity()).putInt(5).putInt(4096);
        b.put(text);
        return Files.write(directory.resolve("program"), b.array()).toString();
    }

    @Test
    void namesWhatTheMachineLacks() throws IOException {
        // vzeroupper: Haswell has AVX, this machine not yet. CPUID says so, which this program does not ask.
        Cli run = Cli.run("run", "--cpu", "haswell", program("c5f877"));
        assertThat(run.status()).as("SIGILL").isEqualTo(128 + 4);
        assertThat(run.err()).contains("retrap: unsupported: an instruction with VEX prefix (AVX) in 32-bit code of haswell is not"
                + " implemented (c5 f8 77) at 0x8048054, 1 time; the guest got #UD\n");
        // rdrand: has a row in the table.
        assertThat(Cli.run("run", "--cpu", "haswell", program("0fc7f0")).err()).contains(
                "retrap: unsupported: rdrand eax (RDRAND) in 32-bit code of haswell is not implemented (0f c7 f0)");
        // What the model never had is no news.
        assertThat(Cli.run("run", "--cpu", "p6", program("c5f877")).err()).doesNotContain("unsupported");
    }

    @Test
    void anUnknownEngineIsOneLine() {
        String before = System.setProperty("retrap.engine", "fastest");
        try {
            Cli run = Cli.run("run", "hello");
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err()).isEqualTo(
                    "retrap: -Dretrap.engine must be interpreter, tiered or compiled-at-once, not \"fastest\"\n");
        } finally {
            if (before == null) {
                System.clearProperty("retrap.engine");
            } else {
                System.setProperty("retrap.engine", before);
            }
        }
    }
}
