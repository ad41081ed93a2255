package dev.retrap.cpu.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Registers;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.device.Devices;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Alignment checking (SDM vol. 3, 6.15, interrupt 17), and the edge of the canonical hole. */
class AlignmentTest {
    private static final int TABLES = 0x1000;

    private final PhysicalMemory memory = new PhysicalMemory(1 << 16);
    private final Cpu c = new Cpu(CpuModels.named("haswell"), memory, new Devices(b -> {}, 1 << 16));

    @BeforeEach
    void user() {
        Registers.multiboot(c, 0, 0, 0);
        c.setControl(c.cr0 | Cpu.CR0_AM, 0, 0, 0);
        c.alone = true;
        c.setCpl(3);
    }

    private int vector(Runnable access) {
        try {
            access.run();
            return -1;
        } catch (Fault f) {
            assertThat(f.error).isZero();
            return f.vector;
        }
    }

    private void flag(boolean on) {
        c.setEflags(on ? Flags.AC : 0);
    }

    @Test
    void eachSizeIsChecked() {
        flag(true);
        assertThat(vector(() -> c.ld8(Seg.DS, 0x5001))).isEqualTo(-1);
        for (int at = 0x5000; at < 0x5010; at++) {
            int a = at;
            assertThat(vector(() -> c.ld16(Seg.DS, a))).isEqualTo((a & 1) == 0 ? -1 : Fault.AC);
            assertThat(vector(() -> c.st32(Seg.DS, a, 1))).isEqualTo((a & 3) == 0 ? -1 : Fault.AC);
            assertThat(vector(() -> c.rmw32(Seg.DS, a))).isEqualTo((a & 3) == 0 ? -1 : Fault.AC);
            assertThat(vector(() -> c.ld64(Seg.DS, a))).isEqualTo((a & 7) == 0 ? -1 : Fault.AC);
        }
    }

    /** Also after an aligned access to the page, which must leave no translation that skips the check. */
    @Test
    void allThreeConditionsAreNeeded() {
        for (int n = 0; n < 2; n++) {
            flag(true);
            assertThat(vector(() -> c.st32(Seg.DS, 0x5000, 7))).isEqualTo(-1);
            assertThat(vector(() -> c.st32(Seg.DS, 0x5002, 7))).isEqualTo(Fault.AC);
            assertThat(vector(() -> c.ld32(Seg.DS, 0x5FFE))).as("across pages").isEqualTo(Fault.AC);
            flag(false);
            assertThat(vector(() -> c.st32(Seg.DS, 0x5002, 7))).isEqualTo(-1);
            flag(true);
            c.setCpl(0);
            assertThat(vector(() -> c.ld32(Seg.DS, 0x5002))).isEqualTo(-1);
            c.setCpl(3);
            c.setControl(c.cr0 & ~Cpu.CR0_AM, 0, 0, 0);
            assertThat(vector(() -> c.ld32(Seg.DS, 0x5002))).isEqualTo(-1);
            c.setControl(c.cr0 | Cpu.CR0_AM, 0, 0, 0);
        }
    }

    @Test
    void supervisorAccessesOnTheWayAreNotChecked() {
        flag(true);
        assertThat(vector(() -> c.mmu.systemLoad(0x5001, 8))).isEqualTo(-1);
        assertThat(vector(() -> c.mmu.systemStore(0x5001, 1, 4))).isEqualTo(-1);
    }

    /** An access that begins below the hole and ends in it is #GP or #SS, whatever is mapped below. */
    @Test
    void reachingIntoTheCanonicalHole() {
        c.setCpl(0);
        c.attr[Seg.CS] = c.attr[Seg.CS] & ~Seg.DB | Seg.L;
        c.setControl(Cpu.CR0_PE | Cpu.CR0_PG, TABLES, Cpu.CR4_PAE, Cpu.EFER_LME | Cpu.EFER_LMA);
        long edge = 0x7FFFFFFFFFFFL;
        assertThat(vector(() -> c.ld16(Seg.DS, edge))).isEqualTo(Fault.GP);
        assertThat(vector(() -> c.ld64(Seg.DS, edge - 6))).isEqualTo(Fault.GP);
        assertThat(vector(() -> c.st32(Seg.DS, edge - 2, 1))).isEqualTo(Fault.GP);
        assertThat(vector(() -> c.rmw64(Seg.DS, edge - 3))).isEqualTo(Fault.GP);
        assertThat(vector(() -> c.ld64(Seg.SS, edge - 6))).isEqualTo(Fault.SS);
        assertThat(vector(() -> c.st16(Seg.SS, edge, 1))).isEqualTo(Fault.SS);
        assertThat(vector(() -> c.ld64(Seg.DS, edge - 7))).as("just below").isEqualTo(Fault.PF);
        c.base[Seg.FS] = 0x1000;
        c.segmentLoaded(Seg.FS);
        assertThat(vector(() -> c.ld64(Seg.FS, edge - 0x1000 - 6))).isEqualTo(Fault.GP);
    }
}
