package dev.retrap.cpu.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrap.cpu.Watch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Page walks: rights, error codes, A and D, big pages, PAE; and that cached translations never go stale. */
class PagingTest {
    private static final long PG = 1L << 31;
    private static final long WP = 1 << 16;
    private static final int DIR = 0x1000;
    private static final int TABLE = 0x2000;

    private final PhysicalMemory memory = new PhysicalMemory(1 << 20);
    private final Paging paging = new Paging(memory, (la, e) -> {
        throw new PageFaultSeen(la, e);
    }, la -> {
        throw new AssertionError("not canonical: " + Long.toHexString(la));
    });
    private Mmu mmu;

    private static final class PageFaultSeen extends RuntimeException {
        private static final long serialVersionUID = 1;
        final long la;
        final int error;

        PageFaultSeen(long la, int error) {
            this.la = la;
            this.error = error;
        }
    }

    @BeforeEach
    void wire() {
        mmu = new Mmu(memory, paging, new MemoryEvents() {
            @Override
            public void watched(Watch watch, long address, boolean write) {}

            @Override
            public void debugged(int registers) {}

            @Override
            public void misaligned() {}

            @Override
            public void codeWritten(int pfn) {}

            @Override
            public void tableWritten() {
                mmu.flush();
            }
        });
        paging.attach(mmu);
    }

    private void poke(int at, int v) {
        PhysicalMemory.INT.set(memory.writable(at >>> 12), at & 0xFFF, v);
    }

    private int peek(int at) {
        return memory.read32(at);
    }

    private void on(long cr0, long cr4) {
        paging.configure(PG | cr0, DIR, cr4, 0, 36);
        mmu.flush();
    }

    private void fault(int error, Runnable r) {
        assertThatThrownBy(r::run)
                .isInstanceOfSatisfying(PageFaultSeen.class, f -> assertThat(f.error).isEqualTo(error));
    }

    @Test
    void rightsAndErrorCodes() {
        poke(DIR, TABLE | 7);
        poke(TABLE + 4 * 5, 0x5000 | 7);
        poke(TABLE + 4 * 6, 0x6000 | 5);
        poke(TABLE + 4 * 7, 0x7000 | 3);
        on(WP, 0);
        mmu.select(Mmu.USER);
        mmu.store32(0x5000, 0x12345678);
        assertThat(peek(0x5000)).isEqualTo(0x12345678);
        fault(Paging.P | Paging.W | Paging.U, () -> mmu.store32(0x6000, 1));
        fault(Paging.P | Paging.U, () -> mmu.load32(0x7000));
        fault(Paging.U, () -> mmu.load32(0x8000));
        fault(Paging.W | Paging.U, () -> mmu.store8(0x400000, 1));
        mmu.select(Mmu.SUPERVISOR);
        fault(Paging.P | Paging.W, () -> mmu.store32(0x6000, 1));
        mmu.store32(0x7000, 1);
        on(0, 0);
        mmu.store32(0x6000, 99);
        assertThat(peek(0x6000)).isEqualTo(99);
    }

    @Test
    void accessedAndDirty() {
        poke(DIR, TABLE | 7);
        poke(TABLE + 4 * 5, 0x5000 | 7);
        on(0, 0);
        mmu.load32(0x5000);
        assertThat(peek(DIR)).isEqualTo(TABLE | 0x27);
        assertThat(peek(TABLE + 20)).isEqualTo(0x5027);
        mmu.store32(0x5000, 1);
        assertThat(peek(TABLE + 20)).isEqualTo(0x5067);
    }

    @Test
    void writesToTablesTakeEffectAtOnce() {
        poke(DIR, TABLE | 7);
        poke(TABLE + 4 * 2, TABLE | 7);
        poke(TABLE + 4 * 5, 0x5000 | 7);
        poke(0x5000, 55);
        poke(0x6000, 66);
        on(0, 0);
        assertThat(mmu.load32(0x5000)).isEqualTo(55);
        mmu.store32(0x2000 + 4 * 5, 0x6000 | 7);
        assertThat(mmu.load32(0x5000)).isEqualTo(66);
        // A cleared D bit is set again by the next write.
        mmu.store32(0x5000, 67);
        mmu.store32(0x2000 + 4 * 5, 0x6000 | 0x27);
        mmu.store32(0x5000, 68);
        assertThat(peek(TABLE + 20)).isEqualTo(0x6067);
    }

    @Test
    void fourMegabytePages() {
        poke(DIR + 4, 0x83);
        on(0, 16);
        poke(0x5000, 5);
        assertThat(mmu.load32(0x405000)).isEqualTo(5);
        poke(DIR + 4, 0x83 | 1 << 14);
        mmu.flush();
        fault(Paging.P | Paging.RSVD, () -> mmu.load32(0x405000));
    }

    @Test
    void accessesAcrossPagesCheckBothFirst() {
        poke(DIR, TABLE | 7);
        poke(TABLE + 4 * 5, 0x9000 | 7);
        poke(TABLE + 4 * 6, 0x7000 | 7);
        on(0, 0);
        mmu.store32(0x5FFE, 0x44332211);
        assertThat(memory.page(9)[0xFFE] & 0xFF).isEqualTo(0x11);
        assertThat(memory.page(7)[1] & 0xFF).isEqualTo(0x44);
        assertThat(mmu.load32(0x5FFE)).isEqualTo(0x44332211);
        poke(TABLE + 4 * 6, 0);
        mmu.flush();
        assertThatThrownBy(() -> mmu.store32(0x5FFE, -1))
                .isInstanceOfSatisfying(PageFaultSeen.class, f -> assertThat(f.la).isEqualTo(0x6000));
        assertThat(memory.page(9)[0xFFE] & 0xFF).isEqualTo(0x11);
    }

    @Test
    void paeWithNoExecute() {
        // PDPT at 0x3000, PD at 0x4000, PT at 0x2000
        poke(0x3000, 0x4001);
        poke(0x4000, TABLE | 7);
        poke(TABLE + 8 * 5, 0x5007);
        poke(TABLE + 8 * 5 + 4, 0x80000000);
        poke(TABLE + 8 * 6, 0x6007);
        assertThat(paging.loadPdptes(0x3000)).isTrue();
        paging.configure(PG | WP, 0x3000, 32, 1 << 11, 36);
        mmu.flush();
        mmu.select(Mmu.USER);
        mmu.store32(0x5000, 3);
        fault(Paging.P | Paging.U | Paging.I, () -> mmu.fetchFrame(0x5000));
        assertThat(mmu.fetchFrame(0x6000)).isEqualTo(6);
        // Without NXE the bit is reserved.
        paging.configure(PG | WP, 0x3000, 32, 0, 36);
        mmu.flush();
        fault(Paging.P | Paging.U | Paging.RSVD, () -> mmu.load32(0x5000));
    }

    @Test
    void copyOnWriteIsSeenThroughEveryMapping() {
        poke(DIR, TABLE | 7);
        poke(TABLE + 4 * 5, 0x5007);
        poke(TABLE + 4 * 6, 0x5007);
        poke(0x5000, 1);
        on(0, 0);
        assertThat(mmu.load32(0x5000)).isEqualTo(1);
        assertThat(mmu.load32(0x6000)).isEqualTo(1);
        PageTree snapshot = memory.share();
        mmu.flushWrites();
        mmu.store32(0x5000, 2);
        assertThat(mmu.load32(0x6000)).isEqualTo(2);
        assertThat(snapshot.page(5)[0]).isEqualTo((byte) 1);
    }

    @Test
    void probesAnotherAddressSpace() {
        poke(DIR, TABLE | 7);
        poke(TABLE + 4 * 5, 0x5000 | 7);
        int otherDir = 0x3000;
        int otherTable = 0x4000;
        poke(otherDir, otherTable | 7);
        poke(otherTable + 4 * 5, 0x6000 | 7);
        on(0, 0);
        assertThat(paging.probe(0x5123)).isEqualTo(0x5123);
        assertThat(paging.probe(0x5123, DIR)).isEqualTo(0x5123);
        assertThat(paging.probe(0x5123, otherDir)).isEqualTo(0x6123);
        assertThat(paging.probe(0x6123, otherDir)).isEqualTo(-1);
    }

    /** With PAE, by the PDPTEs in memory, not by those of the processor. */
    @Test
    void probesAnotherAddressSpaceWithPae() {
        int pointers = 0x3020;
        int directory = 0x4000;
        poke(pointers + 8 * 3, directory | 1);
        poke(directory + 8, 0x80000 | 0x83);
        on(0, 1 << 5);
        assertThat(paging.probe(0xC0212345L)).isEqualTo(-1);
        assertThat(paging.probe(0xC0212345L, pointers)).isEqualTo(0x12345);
        assertThat(paging.probe(0x40212345L, pointers)).isEqualTo(-1);
    }
}
