package dev.retrap.cpu.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The ELF parser on files that GNU ld made (what it should say is what readelf says), and on damaged ones. */
final class ElfImageTest {
    private final ElfImage kernel = ElfImage.parse("multiboot.elf", Images.bytes("multiboot.elf"));
    private final ElfImage hello = ElfImage.parse("hello64.elf", Images.bytes("hello64.elf"));

    private static void refused(byte[] data, String message) {
        assertThatThrownBy(() -> ElfImage.parse("hello", data)).isInstanceOf(BadImageException.class)
                .hasMessage("hello: " + message);
    }

    @Test
    void readsHeaders() {
        assertThat(kernel.is64()).isFalse();
        assertThat(kernel.machine()).isEqualTo(ElfImage.EM_386);
        assertThat(kernel.type()).isEqualTo(ElfImage.ET_EXEC);
        assertThat(kernel.entry()).isEqualTo(0xC010000CL);
        assertThat(hello.is64()).isTrue();
        assertThat(hello.machine()).isEqualTo(ElfImage.EM_X86_64);
        assertThat(hello.entry()).isEqualTo(0x4000B0);
        assertThat(hello).hasToString("hello64.elf (ELF64, entry 0x4000b0)");
    }

    @Test
    void readsSegments() {
        assertThat(kernel.segments()).containsExactly(
                new Segment(0xC0100000L, 0x100000, 0x1000, 0xBC, 0xBC, 5),
                new Segment(0xC0101000L, 0x101000, 0x2000, 4, 0x138C, 6));
        assertThat(kernel.segments().getFirst().executable()).isTrue();
        assertThat(kernel.segments().getLast().writable()).isTrue();
        assertThat(kernel.bytes(kernel.segments().getLast())).containsExactly(42, 0, 0, 0);
        assertThat(hello.segments()).containsExactly(new Segment(0x400000, 0x400000, 0, 0xB9, 0xB9, 5));
    }

    @Test
    void readsSections() {
        assertThat(kernel.section(".data")).hasValue(new byte[] { 42, 0, 0, 0 });
        assertThat(kernel.section(".bss")).hasValue(new byte[0x1388]);
        assertThat(kernel.section(".nonesuch")).isEmpty();
    }

    @Test
    void readsSymbols() {
        SymbolTable table = kernel.symbolTable(0);
        assertThat(table.named("print")).hasValue(new Symbol("print", 0xC0100044L, 14, Symbol.Type.FUNCTION,
                Symbol.Binding.LOCAL, 0xC0100059L));
        assertThat(table.named("counter")).hasValue(new Symbol("counter", 0xC0101000L, 4, Symbol.Type.OBJECT,
                Symbol.Binding.GLOBAL, 0xC0101004L));
        assertThat(table.named("BASE").orElseThrow().limit()).as("absolute").isEqualTo(0xC0000000L);
        assertThat(table.named("multiboot.o")).as("file names are no symbols").isEmpty();
        assertThat(hello.symbolTable(0).named("alias").orElseThrow().binding()).isEqualTo(Symbol.Binding.WEAK);
        assertThat(hello.symbolTable(0x1000).named("_start").orElseThrow().address()).isEqualTo(0x4010B0);
    }

    @Test
    void readsNotes() {
        assertThat(kernel.notes()).singleElement().satisfies(n -> {
            assertThat(n.owner()).isEqualTo("GNU");
            assertThat(n.type()).isEqualTo(3);
        });
        assertThat(kernel.buildId()).hasValue(HexFormat.of().parseHex("00112233445566778899aabbccddeeff"));
        assertThat(hello.buildId()).isEmpty();
    }

    @Test
    void saysWhatIsNoElfFile() {
        refused("#!/bin/sh".getBytes(StandardCharsets.US_ASCII), "not an ELF file (starts with 23 21 2f 62)");
        refused(new byte[0], "the file is empty");
        refused(new byte[] { 0x7F }, "not an ELF file (starts with 7f)");
        refused(Arrays.copyOf(Images.bytes("hello64.elf"), 8), "the file ends within the ELF header");
        refused(Arrays.copyOf(Images.bytes("hello64.elf"), 40),
                "the ELF header is not within the file: 64 bytes at 0x0, the file has 40");
    }

    @Test
    void saysWhatIsNotForX86() {
        byte[] arm = Images.bytes("multiboot.elf");
        arm[18] = 40;
        refused(arm, "an ELF32 file for machine 40, not for x86 (3 or 62)");
        byte[] big = Images.bytes("multiboot.elf");
        big[5] = 2;
        refused(big, "an ELF file that is not little-endian, so not for x86");
        byte[] odd = Images.bytes("multiboot.elf");
        odd[4] = 3;
        refused(odd, "ELF class 3 is neither 1 (32 bits) nor 2 (64 bits)");
    }

    @Test
    void saysWhichTableDoesNotFit() {
        byte[] cut = Images.bytes("multiboot.elf");
        refused(Arrays.copyOf(cut, 8700), "the table of section headers is not within the file: 360 bytes at 0x213c, "
                + "the file has 8700");
        byte[] many = Images.bytes("multiboot.elf");
        Images.view(many).putShort(44, (short) 0x7000);
        refused(many, "a table of 28672 program headers does not fit into the file");
        byte[] segment = Images.bytes("multiboot.elf");
        Images.view(segment).putInt(52 + 16, 0x7FFFFFFF);
        refused(segment, "segment 0 is not within the file: 2147483647 bytes at 0x1000, the file has 8868");
        byte[] small = Images.bytes("multiboot.elf");
        Images.view(small).putInt(52 + 20, 1);
        refused(small, "segment 0 has fewer bytes in memory (1) than in the file (188)");
        byte[] wraps = Images.bytes("multiboot.elf");
        Images.view(wraps).putInt(52 + 12, 0xFFFFFF80);
        refused(wraps, "segment 0 does not fit into the address space: 0xbc bytes at 0xc0100000, physical 0xffffff80");
        Images.view(wraps).putInt(52 + 12, 0xFFFFFF44);
        assertThat(ElfImage.parse("hello", wraps).segments()).as("up to the very end").hasSize(2);
    }

    @Test
    void takesExtendedNumbering() {
        byte[] data = Images.bytes("multiboot.elf");
        int sections = Images.view(data).getInt(32);
        Images.view(data).putShort(48, (short) 0).putShort(50, (short) 0xFFFF).putShort(44, (short) 0xFFFF)
                .putInt(sections + 20, 9).putInt(sections + 24, 8).putInt(sections + 28, 3);
        ElfImage extended = ElfImage.parse("x", data);
        assertThat(extended.segments()).isEqualTo(kernel.segments());
        assertThat(extended.symbols()).isEqualTo(kernel.symbols());
        assertThat(extended.section(".data")).isPresent();
    }

    @Test
    void worksWithoutSections() {
        byte[] data = Images.bytes("multiboot.elf");
        Images.view(data).putInt(32, 0).putShort(48, (short) 0).putShort(50, (short) 0);
        ElfImage stripped = ElfImage.parse("x", Arrays.copyOf(data, 0x2004));
        assertThat(stripped.segments()).isEqualTo(kernel.segments());
        assertThat(stripped.symbols()).isEmpty();
        assertThat(stripped.buildId()).hasValue(kernel.buildId().orElseThrow());
    }

    @Test
    void readsCutFilesOrRefusesThem() {
        for (String name : List.of("multiboot.elf", "hello64.elf")) {
            byte[] whole = Images.bytes(name);
            for (int length = 0; length < whole.length; length += length < 1000 ? 1 : 17) {
                use(Arrays.copyOf(whole, length), "cut to " + length);
            }
        }
    }

    @Test
    void readsDamagedFilesOrRefusesThem() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int good = 0;
        int runs = 4_000;
        for (int i = 0; i < runs; i++) {
            byte[] data = (i % 2 == 0 ? kernel : hello).data().clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                damage(data, random);
            }
            good += use(data, "seed " + seed + " run " + i) ? 1 : 0;
        }
        assertThat(good).as("seed %d: some damage is harmless, some is not", seed).isBetween(runs / 20, runs * 19 / 20);
    }

    /** Hits headers and symbols more often than code, with values that parsers fear. */
    private static void damage(byte[] data, Random random) {
        int[] fearful = { 0, 1, -1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, data.length, data.length - 1,
            random.nextInt() };
        int sections = (int) (data[4] == 1 ? Images.view(data).getInt(32) : Images.view(data).getLong(40));
        int near = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> Math.clamp(sections, 0, data.length - 1);
            case 2 -> data[4] == 1 ? 0x2004 : 0xC0;
            default -> random.nextInt(data.length);
        };
        int at = Math.min(near + random.nextInt(300), data.length - 4);
        if (random.nextBoolean()) {
            Images.view(data).putInt(at & ~3, fearful[random.nextInt(fearful.length)]);
        } else {
            data[at] = (byte) random.nextInt();
        }
    }

    /** Parses and asks for everything; true if all of it was there. */
    private static boolean use(byte[] data, String what) {
        try {
            ElfImage image = ElfImage.parse("fuzz", data);
            image.segments().forEach(image::bytes);
            image.notes();
            image.section(".data");
            ProbeTable.of(image);
            SymbolTable table = image.symbolTable(random(data));
            for (Symbol s : image.symbols()) {
                table.nearest(s.address() + 3);
            }
            return true;
        } catch (BadImageException e) {
            assertThat(e.getMessage()).as(what).startsWith("fuzz: ").doesNotContain("\n");
            return false;
        }
    }

    private static long random(byte[] data) {
        return Arrays.hashCode(data);
    }
}
