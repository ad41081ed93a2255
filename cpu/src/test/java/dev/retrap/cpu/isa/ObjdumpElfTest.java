package dev.retrap.cpu.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares with objdump on the code of installed programs; a program that is not there is skipped. */
class ObjdumpElfTest {
    private static final int LIMIT = Integer.getInteger("retrap.isa.elfBytes", 120_000);

    @ParameterizedTest
    @CsvSource({"/bin/bash,CODE64,ATT", "/bin/bash,CODE64,INTEL", "/lib/x86_64-linux-gnu/libc.so.6,CODE64,ATT",
        "/lib32/libc.so.6,CODE32,ATT", "/lib32/libc.so.6,CODE32,INTEL"})
    void textSectionDisassemblesAsObjdumpDoes(Path file, CodeMode mode, Syntax syntax) throws IOException {
        String version = Objdump.version();
        assumeTrue(version != null && version.contains("2.40"), "needs objdump of binutils 2.40, found " + version);
        assumeTrue(Files.isReadable(file), "needs " + file);
        byte[] text = text(Files.readAllBytes(file));
        byte[] code = Arrays.copyOf(text, Math.min(text.length, LIMIT));
        var lines = new TreeMap<>(Objdump.listing(mode, syntax, "", code));
        var comparison = new Comparison(mode, true, syntax);
        lines.forEach((address, line) -> {
            if (address < code.length - Decoder.MAX_LENGTH) {
                comparison.compare(code, address.intValue(), address, line);
            }
        });
        System.out.printf("isa: %s %s: %d compared, excluded %s%n", file, syntax, comparison.compared,
                comparison.exclusions.counts());
        assertThat(comparison.compared).isGreaterThan(10_000);
        assertThat(comparison.differences).isEmpty();
    }

    /** {@return the contents of section .text (System V ABI, Section Header)} */
    private static byte[] text(byte[] elf) {
        ByteBuffer b = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        boolean wide = elf[4] == 2;
        long headers = wide ? b.getLong(0x28) : b.getInt(0x20);
        int size = b.getShort(wide ? 0x3A : 0x2E);
        int count = b.getShort(wide ? 0x3C : 0x30);
        int names = b.getShort(wide ? 0x3E : 0x32);
        int strings = offset(b, wide, (int) headers + names * size);
        for (int i = 0; i < count; i++) {
            int header = (int) headers + i * size;
            int name = strings + b.getInt(header);
            if (new String(elf, name, 6, java.nio.charset.StandardCharsets.US_ASCII).equals(".text\0")) {
                int from = offset(b, wide, header);
                int length = wide ? (int) b.getLong(header + 0x20) : b.getInt(header + 0x14);
                return Arrays.copyOfRange(elf, from, from + length);
            }
        }
        throw new IllegalStateException("no .text");
    }

    private static int offset(ByteBuffer b, boolean wide, int header) {
        return wide ? (int) b.getLong(header + 0x18) : b.getInt(header + 0x10);
    }
}
