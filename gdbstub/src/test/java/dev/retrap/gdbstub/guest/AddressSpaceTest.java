package dev.retrap.gdbstub.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.Reg;
import dev.retrap.fixtures.Fixtures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSpaceTest {
    private static final int TABLES = 0x1000000;

    private final Machine machine = Machine.boot(
            new MachineConfig(CpuModels.named("p6"), 32 << 20),
            new BootImage(Fixtures.kernel("v4.4"), "", List.of(
                    new BootImage.Module("hello", Fixtures.program("hello"), "hello"))));

    @Test
    void withoutPagingAllIsTheKernels() {
        assertThat(AddressSpace.of(machine)).containsExactly(
                new AddressSpace.Mapping(0, 1L << 32, false, true, true));
    }

    /** Random tables, compared page by page with what the machine translates. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void twoLevelTablesAreWalkedAsTheMachineDoes(long seed) {
        Random random = new Random(seed);
        ByteBuffer directory = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        for (int n = 0; n < 40; n++) {
            int slot = random.nextInt(1024);
            int table = TABLES + 4096 * (n + 1);
            if (random.nextInt(4) == 0) {
                directory.putInt(4 * slot, random.nextInt(8) << 22 | 0x80 | random.nextInt(8));
                continue;
            }
            directory.putInt(4 * slot, table | random.nextInt(8));
            ByteBuffer entries = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < 300; i++) {
                entries.putInt(4 * random.nextInt(1024), random.nextInt(8192) << 12 | random.nextInt(8));
            }
            machine.write(table, entries.array(), 0, 4096);
        }
        machine.write(TABLES, directory.array(), 0, 4096);
        machine.set(Reg.CR3, TABLES);
        machine.set(Reg.CR4, 0x10);
        machine.set(Reg.CR0, 0x80000011L);

        List<AddressSpace.Mapping> mappings = AddressSpace.of(machine);
        assertThat(mappings).isNotEmpty();
        long at = 0;
        for (AddressSpace.Mapping m : mappings) {
            assertThat(m.start()).isGreaterThanOrEqualTo(at);
            checkPages(at, m.start(), false);
            checkPages(m.start(), m.end(), true);
            at = m.end();
        }
        checkPages(at, 1L << 32, false);
    }

    private void checkPages(long from, long to, boolean mapped) {
        for (long page = from; page < to; page += 4096) {
            assertThat(machine.translate(page) >= 0).as("page 0x%x", page).isEqualTo(mapped);
        }
    }
}
