package dev.retrap.cpu.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.BootImage.Module;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the boot loader leaves in memory, read as a kernel would. */
final class MultibootTest {
    private static final long RAM = 32 << 20;

    /** RAM of the machine after loading. */
    private static ByteBuffer memory(BootState state, long ram) {
        ByteBuffer memory = ByteBuffer.allocate((int) ram).order(ByteOrder.LITTLE_ENDIAN);
        for (BootState.Chunk c : state.chunks()) {
            memory.put((int) c.physical(), c.data());
        }
        return memory;
    }

    private static String string(ByteBuffer memory, int at) {
        int end = at;
        while (memory.get(end) != 0) {
            end++;
        }
        byte[] octets = new byte[end - at];
        memory.get(at, octets);
        return new String(octets, StandardCharsets.UTF_8);
    }

    private static BootImage image(byte[] kernel, String commandLine, Module... modules) {
        return new BootImage(kernel, commandLine, List.of(modules));
    }

    @Test
    void loadsSegmentsAtTheirPhysicalAddresses() {
        BootState state = Multiboot.load(image(Images.bytes("multiboot.elf"), ""), RAM);
        assertThat(state.entry()).as("e_entry is virtual").isEqualTo(0x10000C);
        assertThat(state.eax()).isEqualTo(0x2BADB002);
        ByteBuffer memory = memory(state, RAM);
        assertThat(memory.getInt(0x100000)).isEqualTo(0x1BADB002);
        assertThat(memory.getInt(0x101000)).isEqualTo(42);
        assertThat(memory.getInt(0x101004)).isZero();
    }

    @Test
    void handsOverStringsAndModules() {
        byte[] first = "MOD".getBytes(StandardCharsets.US_ASCII);
        byte[] second = new byte[10_000];
        Arrays.fill(second, (byte) 0xAA);
        BootState state = Multiboot.load(image(Images.bytes("multiboot.elf"), "a=1 b", new Module("m", first, "m x y"),
                new Module("n", second, "n")), RAM);
        ByteBuffer memory = memory(state, RAM);
        int info = state.ebx();
        assertThat(info & 4095).isZero();
        assertThat(info).as("behind the kernel and its .bss").isEqualTo(0x103000);
        assertThat(memory.getInt(info)).isEqualTo(1 | 4 | 8 | 64 | 512);
        assertThat(string(memory, memory.getInt(info + 16))).isEqualTo("kernel a=1 b");
        assertThat(string(memory, memory.getInt(info + 64))).isEqualTo("retrap");
        assertThat(memory.getInt(info + 20)).isEqualTo(2);
        int modules = memory.getInt(info + 24);
        assertThat(memory.getInt(modules)).isEqualTo(0x104000);
        assertThat(memory.getInt(modules + 4)).isEqualTo(0x104003);
        assertThat(string(memory, memory.getInt(modules + 8))).isEqualTo("m x y");
        assertThat(memory.getInt(modules + 12)).isZero();
        assertThat(memory.getInt(modules + 16)).isEqualTo(0x105000);
        assertThat(memory.getInt(modules + 20)).isEqualTo(0x105000 + 10_000);
        assertThat(string(memory, memory.getInt(modules + 24))).isEqualTo("n");
        assertThat(memory.get(0x104000)).isEqualTo((byte) 'M');
        assertThat(memory.get(0x105000 + 9_999)).isEqualTo((byte) 0xAA);
    }

    @Test
    void emptyCommandLineIsTheNameAlone() {
        BootState state = Multiboot.load(image(Images.bytes("multiboot.elf"), ""), RAM);
        ByteBuffer memory = memory(state, RAM);
        assertThat(string(memory, memory.getInt(state.ebx() + 16))).isEqualTo("kernel");
        assertThat(memory.getInt(state.ebx() + 20)).isZero();
    }

    @Test
    void reportsMemory() {
        BootState state = Multiboot.load(image(Images.bytes("multiboot.elf"), ""), RAM);
        ByteBuffer memory = memory(state, RAM);
        int info = state.ebx();
        assertThat(memory.getInt(info + 4)).isEqualTo(640);
        assertThat(memory.getInt(info + 8)).isEqualTo(31 * 1024);
        int at = memory.getInt(info + 48);
        int end = at + memory.getInt(info + 44);
        StringBuilder map = new StringBuilder();
        while (at < end) {
            map.append(String.format("%x+%x:%d ", memory.getLong(at + 4), memory.getLong(at + 12),
                    memory.getInt(at + 20)));
            at += memory.getInt(at) + 4;
        }
        assertThat(map).hasToString("0+a0000:1 f0000+10000:2 100000+1f00000:1 ");
    }

    @Test
    void loadsByTheAddressesInTheHeader() {
        byte[] kernel = new byte[8192];
        new Random(1).nextBytes(kernel);
        ByteBuffer b = Images.view(kernel);
        int flags = 0x10003;
        b.putInt(0x40, 0x1BADB002).putInt(0x44, flags).putInt(0x48, -(0x1BADB002 + flags)).putInt(0x4C, 0x200030)
                .putInt(0x50, 0x200000).putInt(0x54, 0x201000).putInt(0x58, 0x209001).putInt(0x5C, 0x200800);
        BootState state = Multiboot.load(image(kernel, ""), RAM);
        assertThat(state.entry()).isEqualTo(0x200800);
        assertThat(state.ebx()).isEqualTo(0x20A000);
        ByteBuffer memory = memory(state, RAM);
        assertThat(memory.getInt(0x200030)).isEqualTo(0x1BADB002);
        assertThat(memory.get(0x200FFF)).isEqualTo(kernel[0x100F]);
        assertThat(memory.get(0x201000)).isZero();
        b.putInt(0x54, 0);
        assertThat(memory(Multiboot.load(image(kernel, ""), RAM), RAM).get(0x200000 + 8191 - 0x10))
                .as("load_end_addr 0 is the whole file").isEqualTo(kernel[8191]);
        b.putInt(0x4C, 0x1FFFFF);
        assertThatThrownBy(() -> Multiboot.load(image(kernel, ""), RAM))
                .hasMessage("kernel: the load addresses in its Multiboot header do not fit the file");
    }

    private static void refused(byte[] kernel, long ram, String message) {
        assertThatThrownBy(() -> Multiboot.load(image(kernel, "", new Module("prog", new byte[70_000], "prog")), ram))
                .isInstanceOf(BadImageException.class).hasMessage(message);
    }

    @Test
    void saysWhyAKernelCannotBeLoaded() {
        refused(Images.bytes("hello64.elf"), RAM,
                "kernel: no Multiboot 1 header (magic 1badb002) in its first 8192 bytes");
        byte[] checksum = Images.bytes("multiboot.elf");
        checksum[0x1008]++;
        refused(checksum, RAM, "kernel: the Multiboot header at offset 0x1000 has a wrong checksum");
        byte[] flags = Images.bytes("multiboot.elf");
        flags[0x1004] |= 0x10;
        flags[0x1008] -= 0x10;
        refused(flags, RAM, "kernel: its Multiboot header requires what this loader does not know: flags 0x10");
        byte[] entry = Images.bytes("multiboot.elf");
        Images.view(entry).putInt(24, 0xC0101000);
        refused(entry, RAM, "kernel: its entry point 0xc0101000 is in no executable segment");
        byte[] both = Images.bytes("hello64.elf");
        Images.view(both).putInt(0x200, 0x1BADB002).putInt(0x204, 0).putInt(0x208, -0x1BADB002);
        refused(both, RAM, "kernel: a 64-bit ELF file without a PVH entry (a note of Xen, type 18); Multiboot 1 loads 32-bit "
                + "ones");
        refused(Images.bytes("multiboot.elf"), 0x102000,
                "the kernel needs RAM up to 0x10238c, the machine has 0x102000; give it more");
        refused(Images.bytes("multiboot.elf"), 0x110000,
                "module prog needs RAM up to 0x115170, the machine has 0x110000; give it more");
        assertThatThrownBy(() -> Multiboot.load(image(Images.bytes("multiboot.elf"), "a\0b"), RAM))
                .hasMessage("the kernel's command line contains a NUL character");
    }

    @Test
    void loadsDamagedKernelsOrRefusesThem() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] good = Images.bytes("multiboot.elf");
        for (int i = 0; i < 1_500; i++) {
            byte[] kernel = good.clone();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                int at = random.nextBoolean() ? random.nextInt(148) : 0x1000 + random.nextInt(32);
                kernel[at] = (byte) random.nextInt();
            }
            try {
                BootState state = Multiboot.load(image(kernel, "x"), RAM);
                for (BootState.Chunk c : state.chunks()) {
                    assertThat(c.physical()).as("seed %d run %d", seed, i).isNotNegative();
                    assertThat(c.physical() + c.data().length).as("seed %d run %d", seed, i).isLessThanOrEqualTo(RAM);
                }
            } catch (BadImageException e) {
                assertThat(e.getMessage()).as("seed %d run %d", seed, i).doesNotContain("\n");
            }
        }
    }
}
