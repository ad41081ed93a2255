package dev.retrap.cpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.Stop;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.CpuState;
import dev.retrap.cpu.core.Registers;
import dev.retrap.cpu.device.Devices;
import dev.retrap.cpu.memory.PhysicalMemory;
import dev.retrap.cpu.memory.StateWriter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Debug registers, TF, RF and the shadow of MOV SS (SDM vol. 3, chapter 17 and 6.8.3). */
class DebugTrapTest {
    private static final int CODE = 0x1000;
    private static final int HANDLER = 0x2000;
    private static final int DATA = 0x5000;
    private static final int LOG = 0x6000;

    private final Cpu c = new Cpu(CpuModels.named("haswell"), new PhysicalMemory(1 << 20), new Devices(b -> {}, 1 << 20));
    private final Interpreter engine = new Interpreter(c);

    private void load(int at, String hex) {
        byte[] code = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        c.mmu.physicalStore(at, code, 0, code.length);
    }

    /** #DB logs EIP, EFLAGS and DR6, clears DR6 and returns; INT 80h returns; others halt. */
    @BeforeEach
    void handlers() {
        load(0x3800, "0000000000000000 FFFF0000009BCF00 FFFF00000093CF00");
        c.gdtrBase = 0x3800;
        c.gdtrLimit = 23;
        c.idtrBase = 0x3000;
        c.idtrLimit = 0x7FF;
        gate(1, HANDLER);
        gate(0x80, 0x2100);
        gate(14, 0x2180);
        gate(0, 0x2180);
        // push eax; mov eax,[esp+4]; mov [esi],eax; mov eax,[esp+12]; mov [esi+4],eax; mov eax,dr6; mov [esi+8],eax
        // xor eax,eax; mov dr6,eax; add esi,12; pop eax; iret
        load(HANDLER, "50 8B442404 8906 8B44240C 894604 0F21F0 894608 31C0 0F23F0 83C60C 58 CF");
        load(0x2100, "CF");
        load(0x2180, "F4");
        Registers.multiboot(c, CODE, 0, 0);
        c.r32(4, 0x8000);
        c.r32(6, LOG);
    }

    private void gate(int vector, int handler) {
        load(0x3000 + 8 * vector, String.format("%02X%02X0800008E0000", handler & 0xFF, handler >>> 8 & 0xFF));
    }

    private record Trap(int eip, boolean rf, int dr6) {}

    private List<Trap> run(String hex) {
        load(CODE, hex);
        c.debugChanged();
        assertThat(engine.run(10_000)).isInstanceOf(Stop.Idle.class);
        List<Trap> traps = new ArrayList<>();
        for (int at = LOG; at < c.r32(6); at += 12) {
            traps.add(new Trap(c.mmu.load32(at) - CODE, (c.mmu.load32(at + 4) & 0x10000) != 0,
                    c.mmu.load32(at + 8) & 0xE00F));
        }
        return traps;
    }

    private void watch(int n, long address, int kind, int length) {
        int len = length == 8 ? 2 : length - 1;
        c.dr[n] = address;
        c.dr[7] |= 2L << 2 * n | (long) (kind | len << 2) << 16 + 4 * n;
    }

    private static final int EXECUTE = 0, WRITE = 1, IO = 2, ACCESS = 3;

    @Test
    void aWriteWatchTrapsAfterTheInstruction() {
        watch(0, DATA, WRITE, 4);
        // mov eax,[DATA]; mov [DATA+2],al; nop; mov [DATA+4],eax; hlt
        assertThat(run("A100500000 A202500000 90 A304500000 F4")).containsExactly(new Trap(10, false, 1));
    }

    @Test
    void anAccessWatchTrapsAfterReadsToo() {
        watch(2, DATA, ACCESS, 2);
        // mov eax,[DATA-3]: its last byte; mov al,[DATA+2]; inc byte [DATA+1]; hlt
        assertThat(run("A1FD4F0000 A002500000 FE0501500000 F4"))
                .containsExactly(new Trap(5, false, 4), new Trap(16, false, 4));
    }

    /** Address bits below the length do not count; two registers may see one access. */
    @Test
    void lengthAlignsTheAddress() {
        watch(1, DATA + 3, WRITE, 4);
        watch(3, DATA, WRITE, 1);
        assertThat(run("C60500500000 01 C60501500000 01 F4"))
                .containsExactly(new Trap(7, false, 10), new Trap(14, false, 2));
    }

    @ParameterizedTest
    @CsvSource({"true, 2", "false, 0"})
    void portWatchesNeedDe(boolean de, int dr6) {
        c.cr4 = de ? Cpu.CR4_DE : 0;
        watch(1, 0x80, IO, 1);
        // out 80h,al; out 81h,al; hlt
        List<Trap> traps = run("E680 E681 F4");
        assertThat(traps).isEqualTo(de ? List.of(new Trap(2, false, dr6)) : List.of());
    }

    @Test
    void executionIsAFaultBeforeTheInstructionAndRfLetsItGo() {
        watch(0, CODE + 1, EXECUTE, 1);
        // The handler's IRET brings RF back as it was saved, so the handler must set it: or byte [esp+10],1 before IRET.
        load(0x2200, "50 8B442404 8906 8B44240C 894604 0F21F0 894608 31C0 0F23F0 83C60C 58 804C240A01 CF");
        gate(1, 0x2200);
        assertThat(run("90 90 90 F4")).containsExactly(new Trap(1, false, 1));
    }

    /** Faults save RF = 1, so that a breakpoint already reported does not count again. */
    @Test
    void aFaultBehindABreakpointSavesRf() {
        watch(0, CODE + 2, EXECUTE, 1);
        load(0x2200, "50 8B442404 8906 8B44240C 894604 0F21F0 894608 31C0 0F23F0 83C60C 58 804C240A01 CF");
        gate(1, 0x2200);
        // #DE: mov ecx,1; iret
        load(0x2180, "B901000000 CF");
        // xor ecx,ecx; div ecx; hlt
        assertThat(run("31C9 F7F1 F4")).containsExactly(new Trap(2, false, 1));
        assertThat(c.r32(1)).isEqualTo(1);
    }

    /** CVE-2018-8897: the trap of a load of SS comes after the next instruction, here in the handler of INT 80h. */
    @Test
    void theTrapOfMovSsComesAtTheFirstInstructionOfTheHandler() {
        watch(0, DATA, ACCESS, 2);
        load(DATA, "1000");
        // mov ss,[DATA]; int 80h; hlt
        assertThat(run("8E1500500000 CD80 F4")).containsExactly(new Trap(0x2100 - CODE, false, 1));
    }

    @Test
    void theTrapOfPopSsComesAfterTheNextInstruction() {
        watch(0, DATA, ACCESS, 4);
        load(DATA, "10000000");
        // mov esp,DATA; pop ss; mov esp,8000h; nop; hlt
        assertThat(run("BC00500000 17 BC00800000 90 F4")).containsExactly(new Trap(11, false, 1));
    }

    /** And a breakpoint there is passed as if RF were set. */
    @Test
    void noInstructionBreakpointInTheShadowOfMovSs() {
        watch(0, CODE + 4, EXECUTE, 1);
        // mov eax,ss; mov ss,eax; nop; hlt
        assertThat(run("8CD0 8ED0 90 F4")).isEmpty();
    }

    @Test
    void theTrapOfAFaultingInstructionIsLost() {
        watch(0, DATA, ACCESS, 4);
        c.r32(1, 0);
        // div dword [DATA], which is 0
        assertThat(run("F73500500000 F4")).isEmpty();
    }

    @Test
    void repeatedInstructionsTrapAfterTheIteration() {
        watch(0, DATA + 4, WRITE, 4);
        c.r32(7, DATA);
        c.r32(1, 4);
        // rep stosd; hlt: the instruction is returned to, RF set
        assertThat(run("F3AB F4")).containsExactly(new Trap(0, true, 1));
        assertThat(c.r32(1)).isZero();
        assertThat(c.r32(7)).isEqualTo(DATA + 16);
    }

    @Test
    void generalDetectFaultsBeforeTheMoveAndIsOffInTheHandler() {
        c.dr[7] |= 1 << 13;
        // mov eax,dr0; hlt; the handler clears GD by being entered, the move is made when it returns
        assertThat(run("0F21C0 F4")).containsExactly(new Trap(0, false, 1 << 13));
        assertThat(c.dr[7] & 1 << 13).isZero();
    }

    @Test
    void singleStepSetsBsAndMeetsOtherConditionsInOneTrap() {
        watch(0, DATA, WRITE, 4);
        // pushf; or byte [esp+1],1; popf; mov [DATA],eax; pushf; and byte [esp+1],0FEh; popf; hlt
        List<Trap> traps = run("9C 804C240101 9D A300500000 9C 80642401FE 9D F4");
        assertThat(traps).startsWith(new Trap(12, false, 0x4001)).hasSize(4);
        assertThat(traps.get(3)).isEqualTo(new Trap(19, false, 0x4000));
    }

    @Test
    void singleStepIsSuppressedNotDeferredAfterMovSs() {
        // mov ecx,ss; pushf; or; popf; nop (trap); mov ss,ecx (none); nop (trap); pushf; and; popf (3 traps); hlt
        List<Trap> traps = run("8CD1 9C 804C240101 9D 90 8ED1 90 9C 80642401FE 9D F4");
        assertThat(traps).extracting(Trap::eip).containsExactly(10, 13, 14, 19, 20);
    }

    /** INT n clears TF: no trap in the handler, one after the instruction behind the IRET. */
    @Test
    void noSingleStepAfterIntN() {
        // pushf; or; popf; int 80h; nop; pushf; and; popf; hlt
        List<Trap> traps = run("9C 804C240101 9D CD80 90 9C 80642401FE 9D F4");
        assertThat(traps).extracting(Trap::eip).containsExactly(10, 11, 16, 17);
    }

    @Test
    void watchesArePartOfTheStateAndNotOfTheRun() {
        watch(0, DATA, WRITE, 4);
        load(CODE, "A300500000 40 A300500000 40 F4");
        c.debugChanged();
        engine.run(1);
        StateWriter w = new StateWriter();
        CpuState.save(c, w);
        assertThat(c.pendingDebug).isEqualTo(1);
        engine.run(40);
        long after = c.r[0] << 32 | c.r[6];
        c.dr[7] = 0x400;
        c.debugChanged();
        CpuState.load(c, new dev.retrap.cpu.memory.StateReader(w.toByteArray()));
        engine.restored();
        engine.run(40);
        assertThat(c.r[0] << 32 | c.r[6]).isEqualTo(after);
        assertThat(c.r32(6)).as("two traps").isEqualTo(LOG + 24);
    }
}
