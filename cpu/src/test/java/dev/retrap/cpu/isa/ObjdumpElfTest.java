package dev.retrap.cpu.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares with objdump on the code of our images and of installed programs, among them a static busybox, whose bytes are
 * also read as 16- and 32-bit code. What is not there is skipped. {@code -Dretrap.isa.elfBytes=N} looks at more of each.
 */
class ObjdumpElfTest {
    private static final int LIMIT = Integer.getInteger("retrap.isa.elfBytes", 60_000);
    private static final Path IMAGES = Path.of("../fixtures/src/main/resources/dev/retrap/fixtures/images");

    /** All images, in their own mode. */
    static List<Path> images() throws IOException {
        try (Stream<Path> files = Files.exists(IMAGES) ? Files.walk(IMAGES) : Stream.empty()) {
            List<Path> images = files.filter(Files::isRegularFile).sorted().toList();
            // The test is skipped, not absent, where only the module is.
            return images.isEmpty() ? List.of(IMAGES) : images;
        }
    }

    @ParameterizedTest
    @MethodSource("images")
    void imagesDisassembleAsByObjdump(Path image) throws IOException {
        CodeMode mode = image.toString().contains("x86_64") ? CodeMode.CODE64 : CodeMode.CODE32;
        for (Syntax syntax : Syntax.values()) {
            compare(image, mode, syntax, 500);
        }
    }

    @ParameterizedTest
    @CsvSource({"/bin/busybox,CODE64,ATT", "/bin/busybox,CODE64,INTEL", "/bin/busybox,CODE32,ATT",
        "/bin/busybox,CODE32,INTEL", "/bin/busybox,CODE16,ATT", "/bin/busybox,CODE16,INTEL", "/bin/bash,CODE64,ATT",
        "/bin/bash,CODE64,INTEL", "/lib/x86_64-linux-gnu/libc.so.6,CODE64,ATT", "/lib32/libc.so.6,CODE32,ATT",
        "/lib32/libc.so.6,CODE32,INTEL"})
    void programsDisassembleAsByObjdump(Path file, CodeMode mode, Syntax syntax) throws IOException {
        compare(file, mode, syntax, 10_000);
    }

    private static void compare(Path file, CodeMode mode, Syntax syntax, int least) throws IOException {
        String version = Objdump.version();
        assumeTrue(version != null && version.contains("2.40"), "needs objdump of binutils 2.40, found " + version);
        assumeTrue(Files.isReadable(file) && Files.isRegularFile(file), "needs " + file);
        byte[] text = text(Files.readAllBytes(file));
        byte[] code = Arrays.copyOf(text, Math.min(text.length, LIMIT));
        var lines = new TreeMap<>(Objdump.listing(mode, syntax, "", code));
        var comparison = new Comparison(mode, true, syntax);
        int last = (mode == CodeMode.CODE16 ? Math.min(code.length, 0x10000) : code.length) - 200;
        lines.forEach((address, line) -> {
            // Targets of short branches near either end would wrap.
            if (address < last && (mode == CodeMode.CODE64 || address >= 200)) {
                comparison.compare(code, address.intValue(), address, line);
            }
        });
        System.out.printf("isa: %s %s %s: %d compared, excluded %s%n", file, mode, syntax, comparison.compared,
                comparison.exclusions.counts());
        assertThat(comparison.compared).isGreaterThan(least);
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
            if (new String(elf, name, 6, StandardCharsets.US_ASCII).equals(".text\0")) {
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
