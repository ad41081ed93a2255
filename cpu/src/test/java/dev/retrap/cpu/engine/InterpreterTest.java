package dev.retrap.cpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.Stop;
import dev.retrap.cpu.Watch;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.CpuState;
import dev.retrap.cpu.core.Registers;
import dev.retrap.cpu.device.Devices;
import dev.retrap.cpu.memory.PhysicalMemory;
import dev.retrap.cpu.memory.StateWriter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The outer loop: stops, self-modifying code, traps, interrupts, all at exact positions. */
class InterpreterTest {
    private static final int CODE = 0x1000;

    private final PhysicalMemory memory = new PhysicalMemory(1 << 20);
    private final Devices devices = new Devices(b -> {}, 1 << 20);
    private final Cpu c = new Cpu(CpuModels.named("p6"), memory, devices);
    private final Interpreter engine = new Interpreter(c);

    private void load(int at, String hex) {
        byte[] code = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        c.mmu.physicalStore(at, code, 0, code.length);
    }

    private void start(String hex) {
        load(CODE, hex);
        Registers.multiboot(c, CODE, 0, 0);
        c.r32(4, 0x8000);
    }

    /** IDT at 0x3000 with a 32-bit interrupt gate for a vector, GDT at 0x3800 with flat code 8 and data 16. */
    private void gate(int vector, int handler) {
        load(0x3800, "0000000000000000 FFFF0000009BCF00 FFFF00000093CF00");
        c.gdtrBase = 0x3800;
        c.gdtrLimit = 23;
        c.idtrBase = 0x3000;
        c.idtrLimit = 0x7FF;
        load(0x3000 + 8 * vector,
                String.format("%02X%02X0800008E0000", handler & 0xFF, handler >>> 8 & 0xFF));
    }

    @Test
    void countsEachInstructionOnceAndStopsExactly() {
        // mov ecx,10; loop: dec ecx; jnz loop; hlt
        start("B90A000000 49 75FD F4");
        assertThat(engine.run(7)).isInstanceOf(Stop.Reached.class);
        assertThat(c.position).isEqualTo(7);
        assertThat(c.r32(1)).isEqualTo(7);
        assertThat(engine.run(1000)).isInstanceOf(Stop.Idle.class);
        assertThat(c.position).isEqualTo(1 + 20 + 1);
    }

    @Test
    void breakpointStopsBeforeEachPassButNotWhereTheRunBegins() {
        start("B903000000 49 75FD F4");
        engine.setBreakpoints(List.of(CODE + 5L));
        for (int left = 3; left > 0; left--) {
            assertThat(engine.run(1000)).isEqualTo(new Stop.Breakpoint(CODE + 5));
            assertThat(c.r32(1)).isEqualTo(left);
        }
        assertThat(engine.run(1000)).isInstanceOf(Stop.Idle.class);
    }

    @Test
    void watchpointStopsAfterTheAccess() {
        // mov eax,5; mov [0x5000],eax; mov [0x5ff0],eax; mov ebx,[0x5002]; hlt
        start("B805000000 A300500000 A3F05F0000 8B1D02500000 F4");
        Watch write = new Watch(0x5000, 4, Watch.Access.WRITE);
        Watch read = new Watch(0x5003, 1, Watch.Access.READ);
        c.mmu.setWatches(List.of(write, read));
        assertThat(engine.run(1000)).isEqualTo(new Stop.Watchpoint(write, 0x5000, true));
        assertThat(c.position).isEqualTo(2);
        assertThat(engine.run(1000)).isEqualTo(new Stop.Watchpoint(read, 0x5003, false));
        assertThat(c.position).isEqualTo(4);
        assertThat(engine.run(1000)).isInstanceOf(Stop.Idle.class);
    }

    @Test
    void aStoreIntoTheNextInstructionTakesEffect() {
        // mov byte [CODE+8],0x43 ; (at +7) nop ; (at +8) inc ecx -> becomes inc ebx ; hlt
        start("C6050810000043 90 41 F4");
        engine.run(1000);
        assertThat(c.r32(1)).isZero();
        assertThat(c.r32(3)).isEqualTo(1);
    }

    @Test
    void singleStepTrapComesAfterTheInstructionThatBeganWithTf() {
        gate(1, 0x2000);
        // handler: inc edx; iret
        load(0x2000, "42 CF");
        // pushf; or dword [esp],0x100; popf; inc eax; inc eax; pushf; and dword [esp],~0x100; popf; inc eax; hlt
        start("9C 810C2400010000 9D 40 40 9C 812424FFFEFFFF 9D 40 F4");
        c.r32(2, 0);
        engine.run(1000);
        assertThat(c.r32(0)).isEqualTo(3);
        // Traps after: inc, inc, pushf, and, popf.
        assertThat(c.r32(2)).isEqualTo(5);
    }

    @Test
    void divideErrorSavesTheInstructionItself() {
        gate(0, 0x2000);
        // handler: mov ebx,[esp]; mov esi,[esp+8]; hlt
        load(0x2000, "8B1C24 8B742408 F4");
        // xor ecx,ecx; div ecx
        start("31C9 F7F1 F4");
        engine.run(1000);
        assertThat(c.r32(3)).isEqualTo(CODE + 2);
        assertThat(c.r32(6) & 0x10000).as("RF in the saved EFLAGS of a fault").isNotZero();
        assertThat(c.position).as("xor, delivery, two movs, hlt").isEqualTo(5);
    }

    @Test
    void faultWithoutHandlerEndsInShutdown() {
        start("31C9 F7F1");
        c.idtrLimit = 0;
        assertThat(engine.run(100)).isInstanceOfSatisfying(Stop.Shutdown.class,
                s -> assertThat(s.report()).contains("triple fault").contains("1002"));
        assertThat(engine.run(100)).isInstanceOf(Stop.Shutdown.class);
    }

    /** Timer at vector 0x20 while a loop runs: however the run is cut, the states are the same. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14})
    void interruptsArriveAtTheSamePositionsHoweverTheRunIsCut(long seed) {
        byte[] straight = timerRun(null);
        byte[] cut = new InterpreterTest().timerRun(new Random(seed));
        assertThat(cut).isEqualTo(straight);
    }

    private byte[] timerRun(Random random) {
        gate(0x20, 0x2000);
        // handler: inc dword [0x6000]; mov al,0x20; out 0x20,al; iret
        load(0x2000, "FF0500600000 B020 E620 CF");
        // PIC: ICW1 11, ICW2 20, ICW3 4, ICW4 1, mask fe; PIT ch0 mode 2 count 0x0100
        start("B011E620 B020E621 B004E621 B001E621 B0FEE621 B034E643 B000E640 B001E640"
                // mov ebx,0x20000; sti; loop: push ebx; pop eax; add [0x6004],eax; dec ebx; jnz loop; hlt
                + "BB00000200 FB 53 58 010504600000 4B 75F5 F4 EBFD");
        long end = 1_000_000;
        while (c.position < end) {
            long to = random == null ? end : Math.min(end, c.position + 1 + random.nextInt(random.nextBoolean() ? 3 : 20_000));
            Stop s = engine.run(to);
            assertThat(s).isInstanceOf(Stop.Reached.class);
        }
        StateWriter w = new StateWriter();
        CpuState.save(c, w);
        devices.save(w);
        w.u64(memory.contentHash());
        assertThat(memory.read32(0x6000)).as("ticks").isGreaterThan(1);
        return w.toByteArray();
    }

    @Test
    void haltSleepsUntilTheTimerWithoutCountingSteps() {
        gate(0x20, 0x2000);
        load(0x2000, "B020 E620 43 CF");
        start("B011E620 B020E621 B004E621 B001E621 B0FEE621 B034E643 B000E640 B001E640 FB F4 F4 FA F4");
        assertThat(engine.run(10_000)).isInstanceOf(Stop.Idle.class);
        assertThat(c.r32(3)).isEqualTo(2);
        assertThat(c.idleNanos).as("two periods of 256 / 1193182 s").isBetween(200_000L, 430_000L);
    }

    @Test
    void restoredStateIsEqual() {
        start("B90A000000 49 75FD F4");
        engine.run(9);
        byte[] first = saved();
        assertThat(Arrays.equals(first, saved())).isTrue();
    }

    private byte[] saved() {
        StateWriter w = new StateWriter();
        CpuState.save(c, w);
        return w.toByteArray();
    }
}
