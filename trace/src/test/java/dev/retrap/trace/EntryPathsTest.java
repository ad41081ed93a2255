package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.Reg;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What Linux 4.2 and 4.4, native i386, do to a system call with six arguments, as measured on those kernels: pt_regs as
 * the kernel builds them, registers right after the exit instruction, flags in and out, and the fault on the argument.
 */
class EntryPathsTest {
    /** Where the fixture kernels map {@code __kernel_vsyscall}, see fixtures/README.md. */
    private static final long VS = 0xb7fff400L;
    /** What the address of the kernel stack decides: CF PF AF ZF SF OF. */
    private static final long ARITHMETIC = 0x8d5;
    private static final long[] A = {
        0, 0x1111_1111L, 0x2222_2222L, 0x3333_3333L, 0x4444_4444L, 0x5555_5555L, 0x6666_6666L
    };

    @TempDir
    Path dir;

    private Recording record(String variant, String cpu, String command) throws Exception {
        RecordingInfo base = Guests.info(variant, command);
        MachineConfig config = MachineConfig.of(CpuModels.named(cpu));
        RecordingInfo info =
                new RecordingInfo(config, base.image(), variant, base.program(), base.commandLine(), "test");
        Path file = dir.resolve(variant + cpu);
        try (Timeline t = Timeline.live(config, info.image(), Recorder.create(file, info))) {
            t.continueForward(StopSet.NONE);
        }
        return Recording.open(file);
    }

    /** ESP on arrival at {@code __kernel_vsyscall}, or at the INT 80h of a raw call. */
    private static long s0(Timeline t, Event entry, boolean raw) {
        t.seek(entry.position());
        if (!raw && entry.before(Reg.RIP) != VS) {
            assertThat(t.continueBackward(StopSet.breakpoints(List.of(VS)))).isEqualTo(new Arrival.Breakpoint(VS));
        }
        return t.machine().get(Reg.RSP);
    }

    /**
     * The numbers of the rows are those of the table of measurements: 5 and 6 are v4.2 with and without SYSENTER, 17
     * and 16 v4.4; {@code -} in a column: the value before the entry.
     */
    @ParameterizedTest(name = "row {0}: {1} {2} {3}")
    @CsvSource(delimiter = '|', value = {
        // row | kernel | cpu | call | entry    | ip     | sp  | exit    | ecx | edx | ebp | flags
        "5     | v4.2   | p6     | vdso | SYSENTER | 16   | -12 | SYSEXIT | sp  | ip  | 0   | 0x246",
        "6     | v4.2   | no-sep | vdso | INT_N    | 2    | 0   | IRET    | cx  | dx  | bp  | exact",
        "6 raw | v4.2   | p6     | raw  | INT_N    | next | 0   | IRET    | cx  | dx  | bp  | exact",
        "16    | v4.4   | p6     | raw  | INT_N    | next | 0   | IRET    | cx  | dx  | bp  | exact",
        "15    | v4.4   | no-sep | vdso | INT_N    | 9    | -12 | IRET    | cx  | dx  | bp  | exact",
        "17    | v4.4   | p6     | vdso | SYSENTER | 9    | -12 | SYSEXIT | sp  | ip  | bp  | 0x202",
    })
    void sixArguments(String row, String variant, String cpu, String call, Crossing.Kind entryKind, String ip, long sp,
            Crossing.Kind exitKind, String ecx, String edx, String ebp, String flags) throws Exception {
        try (Recording r = record(variant, cpu, "sixargs"); Timeline t = Timeline.replay(r)) {
            boolean raw = call.equals("raw");
            Event entry = r.findForward(0, e -> e.isEntry() && e.systemCall() == 224
                    && raw == (e.before(Reg.RIP) < VS)).orElseThrow();
            assertThat(entry.kind()).isEqualTo(entryKind);
            PtRegs p = entry.ptRegs().orElseThrow();
            long next = entry.before(Reg.RIP) + 2;
            assertThat(p.get("ip")).isEqualTo(ip.equals("next") ? next : VS + Long.parseLong(ip));
            assertThat(p.get("sp")).isEqualTo(s0(t, entry, raw) + sp);
            assertThat(List.of(p.get("bx"), p.get("cx"), p.get("dx"), p.get("si"), p.get("di"), p.get("bp")))
                    .containsExactly(A[1], A[2], A[3], A[4], A[5], A[6]);
            assertThat(p.get("orig_ax")).isEqualTo(224);
            assertThat(p.get("cs")).isEqualTo(0x73);
            assertThat(p.get("ss")).isEqualTo(0x7b);
            assertThat(p.get("flags")).isEqualTo(entry.before(Reg.RFLAGS) | 0x200);

            Event exit = r.event(entry.pair());
            assertThat(exit.kind()).isEqualTo(exitKind);
            assertThat(exit.after(Reg.RIP)).isEqualTo(p.get("ip"));
            assertThat(exit.after(Reg.RSP)).isEqualTo(p.get("sp"));
            assertThat(exit.after(Reg.RBX)).isEqualTo(A[1]);
            assertThat(exit.after(Reg.RCX)).isEqualTo(p.get(ecx));
            assertThat(exit.after(Reg.RDX)).isEqualTo(p.get(edx));
            assertThat(exit.after(Reg.RBP)).isEqualTo(ebp.equals("0") ? 0 : p.get(ebp));
            switch (flags) {
                case "exact" -> assertThat(exit.after(Reg.RFLAGS)).isEqualTo(entry.before(Reg.RFLAGS));
                case "0x246" -> assertThat(exit.after(Reg.RFLAGS)).isEqualTo(0x246);
                default -> assertThat(exit.after(Reg.RFLAGS) & ~ARITHMETIC).isEqualTo(0x202);
            }
            assertThat(exit.decision()).hasValueSatisfying(d -> assertThat(d.consistent()).isTrue());
        }
    }

    /** EFLAGS given to the vDSO and got back, where SYSEXIT restores none. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
        "v4.2 | 0     | 0x246 0x4246 0x40246 0x246 0x200246 0x246",
        "v4.4 | 0x8d5 | 0x202 0x4202 0x40202 0x202 0x200202 0x202",
    })
    void flagsThroughTheVdso(String variant, String masked, String expected) throws Exception {
        long mask = Long.decode(masked);
        try (Recording r = record(variant, "p6", "sixargs")) {
            List<Event> calls = new ArrayList<>();
            for (Event e : r.events()) {
                if (e.kind() == Crossing.Kind.SYSENTER) {
                    calls.add(e);
                }
            }
            List<Event> measured = calls.subList(calls.size() - 6, calls.size());
            assertThat(measured).extracting(e -> e.before(Reg.RFLAGS))
                    .containsExactly(0x202L, 0x4202L, 0x40202L, 0x602L, 0x200ed7L, 0xad7L);
            List<Long> out = measured.stream().map(e -> r.event(e.pair()).after(Reg.RFLAGS) & ~mask).toList();
            assertThat(out).containsExactlyElementsOf(
                    Arrays.stream(expected.split(" ")).map(Long::decode).toList());
        }
    }

    /** The sixth argument lies on a page that cannot be read. */
    @ParameterizedTest(name = "row {0}: {1}")
    @CsvSource(delimiter = '|', value = {
        "5  | v4.2 | 16 | kept",
        "17 | v4.4 | 9  | 0",
    })
    void argumentFault(String row, String variant, long ip, String ebp) throws Exception {
        try (Recording r = record(variant, "p6", "badstack")) {
            int faults = 0;
            for (Event e : r.events()) {
                if (e.kind() != Crossing.Kind.SYSENTER || e.ptRegs().isPresent()) {
                    continue; // one whose argument could be read gets to its handler
                }
                faults++;
                Event exit = r.event(e.pair());
                assertThat(exit.kind()).isEqualTo(Crossing.Kind.IRET);
                assertThat(exit.after(Reg.RIP)).isEqualTo(VS + ip);
                assertThat((int) exit.after(Reg.RAX)).isEqualTo(-14);
                assertThat(exit.after(Reg.RCX)).isEqualTo(e.before(Reg.RCX));
                assertThat(exit.after(Reg.RBP)).isEqualTo(ebp.equals("kept") ? e.before(Reg.RBP) : 0);
                assertThat(exit.decision()).hasValueSatisfying(d -> {
                    assertThat(d.style()).isEqualTo(ExitDecision.Style.UNCONDITIONAL);
                    assertThat(d.consistent()).isTrue();
                });
                Event fault = r.event(exit.index() + 1);
                assertThat(fault.name()).as("the pop at the landing pad").isEqualTo("#PF");
                assertThat(fault.before(Reg.RIP)).isEqualTo(VS + ip);
            }
            assertThat(faults).isGreaterThanOrEqualTo(3);
        }
    }
}
