package dev.retrap.repl.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.repl.TestRecordings;
import dev.retrap.repl.symbols.GuestSymbols;
import dev.retrap.repl.symbols.Symbols;
import dev.retrap.trace.Recording;
import dev.retrap.trace.StopSet;
import dev.retrap.trace.Timeline;
import dev.retrap.trace.unwind.CallFrameInfo;
import dev.retrap.trace.unwind.UnwindRegisters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The vDSO's call frame information gives the caller's registers at every instruction of {@code __kernel_vsyscall}: the
 * program is stepped through a call with marked registers, and what is unwound compared with what they were.
 */
class VdsoUnwindTest {
    /** Registers that v4.4's information covers; that of v4.2 does not describe ECX and EDX. */
    private static final List<Reg> ALL = List.of(Reg.RBX, Reg.RSI, Reg.RDI, Reg.RBP, Reg.RCX, Reg.RDX);
    private static final List<Reg> WITHOUT_ECX_EDX = List.of(Reg.RBX, Reg.RSI, Reg.RDI, Reg.RBP);

    @ParameterizedTest
    @CsvSource({"v4.2, 7", "v4.4, 7"})
    void everyInstruction(String variant, int atLeast) throws Exception {
        try (Recording recording = Recording.open(TestRecordings.of(variant, "sixargs"));
                Timeline timeline = Timeline.replay(recording)) {
            Symbols symbols = GuestSymbols.of(recording);
            Symbols.Image vdso = symbols.images().stream().filter(i -> i.name().equals("vdso")).findFirst()
                    .orElseThrow();
            CallFrameInfo cfi = CallFrameInfo.of(vdso.elf(), vdso.bias()).orElseThrow();
            long entry = symbols.named("__kernel_vsyscall").orElseThrow().address();
            timeline.continueForward(StopSet.breakpoints(Set.of(entry)));

            Machine machine = timeline.machine();
            long[] marked = new long[Reg.COUNT];
            machine.capture(marked);
            long returnAddress = word(machine, machine.get(Reg.RSP));
            long stack = machine.get(Reg.RSP) + 4;
            Set<Long> seen = new TreeSet<>();
            while (machine.linearIp() != returnAddress) {
                if (machine.get(Reg.CPL) == 3) {
                    seen.add(machine.linearIp());
                    UnwindRegisters caller = cfi.unwind(UnwindRegisters.of(machine), machine.linearIp(),
                            (address, bytes) -> word(machine, address)).orElseThrow().registers();
                    String where = variant + " at " + symbols.format(machine.linearIp());
                    assertThat(caller.ip()).as(where).isEqualTo(returnAddress);
                    assertThat(caller.sp()).as(where).isEqualTo(stack);
                    for (Reg reg : variant.equals("v4.2") ? WITHOUT_ECX_EDX : ALL) {
                        assertThat(caller.value(reg)).as("%s in %s", reg, where).isEqualTo(marked[reg.slot()]);
                    }
                }
                timeline.stepForward(1);
            }
            assertThat(seen).hasSizeGreaterThanOrEqualTo(atLeast);
        }
    }

    private static long word(Machine machine, long address) {
        byte[] bytes = new byte[4];
        assertThat(machine.read(address, bytes, 0, 4)).isEqualTo(4);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xFFFF_FFFFL;
    }
}
