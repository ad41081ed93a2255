package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.Reg;
import dev.retrap.fixtures.Architecture;
import dev.retrap.fixtures.Fixtures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What Linux 4.2 and 4.4, x86-64, do to system calls of 32-bit and 64-bit programs, as measured on those kernels: pt_regs
 * as a tracer would see them, registers right after the exit instruction, flags in and out, and the fault on argument 6.
 */
class EntryPaths64Test {
    /** Where the fixture kernels map {@code __kernel_vsyscall}, see fixtures/README.md. */
    private static final long VS = 0xf7ffd400L;
    private static final long[] A = {
        0, 0x1111_1111L, 0x2222_2222L, 0x3333_3333L, 0x4444_4444L, 0x5555_5555L, 0x6666_6666L
    };
    private static final long[] FLAGS = {0x202, 0x4202, 0x40202, 0x602, 0x200ed7, 0xad7};

    @TempDir
    Path dir;

    private Recording record(String variant, String cpu, String program) throws Exception {
        BootImage image = new BootImage(Fixtures.kernel(variant, Architecture.X86_64), "",
                List.of(new BootImage.Module(program, Fixtures.program(program), program)));
        RecordingInfo info = new RecordingInfo(MachineConfig.of(CpuModels.named(cpu)), image, variant, program,
                List.of("retrap", "record", program), "test");
        Path file = dir.resolve(variant + cpu);
        try (Timeline t = Timeline.live(info.config(), image, Recorder.create(file, info))) {
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

    /** The numbers of the rows are those of the table of measurements; bp at the entry is always argument 6. */
    @ParameterizedTest(name = "row {0}: {1} {2} {3}")
    @CsvSource(delimiter = '|', value = {
        // row | kernel | cpu       | call | entry    | ip   | sp  | exit   | ecx | edx | bp after | r11
        "1     | v4.2   | core2     | vdso | SYSENTER | 16   | -12 | SYSRET | ip  | 0   | a6       | flags",
        "2     | v4.2   | k8        | vdso | SYSCALL  | 5    | -4  | SYSRET | ip  | dx  | a2       | flags",
        "3     | v4.2   | no-fast32 | vdso | INT_N    | 2    | 0   | IRET   | cx  | dx  | a6       | 0",
        "4     | v4.2   | core2     | raw  | INT_N    | next | 0   | IRET   | cx  | dx  | a6       | 0",
        "4 AMD | v4.2   | zen       | raw  | INT_N    | next | 0   | IRET   | cx  | dx  | a6       | 0",
        "13    | v4.4   | core2     | vdso | SYSENTER | 9    | -12 | SYSRET | ip  | dx  | a6       | flags",
        "14    | v4.4   | k8        | vdso | SYSCALL  | 9    | -12 | SYSRET | ip  | dx  | a6       | flags",
        "15    | v4.4   | no-fast32 | vdso | INT_N    | 9    | -12 | IRET   | cx  | dx  | a6       | 0",
        "16    | v4.4   | k8        | raw  | INT_N    | next | 0   | IRET   | cx  | dx  | a6       | 0",
    })
    void sixArguments(String row, String variant, String cpu, String call, Crossing.Kind entryKind, String ip, long sp,
            Crossing.Kind exitKind, String ecx, String edx, String bpAfter, String r11) throws Exception {
        try (Recording r = record(variant, cpu, "sixargs"); Timeline t = Timeline.replay(r)) {
            boolean raw = call.equals("raw");
            Event entry = r.findForward(0, e -> e.isEntry() && e.systemCall() == 224
                    && raw == (e.before(Reg.RIP) < VS)).orElseThrow();
            assertThat(entry.kind()).isEqualTo(entryKind);
            PtRegs p = entry.ptRegs().orElseThrow();
            assertThat(p.layout()).isEqualTo(PtRegs.Layout.X86_64);
            long next = entry.before(Reg.RIP) + 2;
            assertThat(p.get("ip")).isEqualTo(ip.equals("next") ? next : VS + Long.parseLong(ip));
            assertThat(p.get("sp")).isEqualTo(s0(t, entry, raw) + sp);
            assertThat(List.of(p.get("bx"), p.get("cx"), p.get("dx"), p.get("si"), p.get("di"), p.get("bp")))
                    .containsExactly(A[1], A[2], A[3], A[4], A[5], A[6]);
            assertThat(p.get("orig_ax")).isEqualTo(224);
            assertThat(p.get("ax")).isEqualTo(-38);
            assertThat(p.get("cs")).isEqualTo(0x23);
            assertThat(p.get("ss")).isEqualTo(0x2b);
            assertThat(p.get("flags")).isEqualTo(entry.before(Reg.RFLAGS) | 0x200);

            Event exit = r.event(entry.pair());
            assertThat(exit.kind()).isEqualTo(exitKind);
            assertThat(exit.after(Reg.RIP)).isEqualTo(p.get("ip"));
            assertThat(exit.after(Reg.RSP)).isEqualTo(p.get("sp"));
            assertThat(exit.after(Reg.RBX)).isEqualTo(A[1]);
            assertThat(exit.after(Reg.RCX)).isEqualTo(p.get(ecx));
            assertThat(exit.after(Reg.RDX)).isEqualTo(edx.equals("0") ? 0 : p.get(edx));
            assertThat(exit.after(Reg.RSI)).isEqualTo(A[4]);
            assertThat(exit.after(Reg.RDI)).isEqualTo(A[5]);
            assertThat(exit.after(Reg.RBP)).isEqualTo(bpAfter.equals("a2") ? A[2] : A[6]);
            assertThat(List.of(exit.after(Reg.R8), exit.after(Reg.R9), exit.after(Reg.R10))).containsOnly(0L);
            assertThat(exit.after(Reg.R11)).isEqualTo(r11.equals("0") ? 0 : p.get("flags"));
            assertThat(exit.after(Reg.RFLAGS)).isEqualTo(entry.before(Reg.RFLAGS));
            assertThat(exit.after(Reg.CS)).isEqualTo(0x23);
            assertThat(exit.decision()).hasValueSatisfying(d -> {
                assertThat(d.consistent()).isTrue();
                assertThat(d.verdict()).isEqualTo(exitKind == Crossing.Kind.SYSRET);
                assertThat(d.ptRegs().get("bp")).as("bp at the exit stop").isEqualTo(bpAfter.equals("a2") ? A[2] : A[6]);
            });
        }
    }

    /** EFLAGS given to the vDSO are got back, all of them, whatever the way. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"v4.2,core2,SYSENTER", "v4.2,k8,SYSCALL", "v4.4,core2,SYSENTER", "v4.4,k8,SYSCALL",
        "v4.2,no-fast32,INT_N", "v4.4,no-fast32,INT_N"})
    void flagsThroughTheVdso(String variant, String cpu, Crossing.Kind kind) throws Exception {
        try (Recording r = record(variant, cpu, "sixargs")) {
            List<Event> calls = new ArrayList<>();
            for (Event e : r.events()) {
                if (e.kind() == kind && e.isEntry() && e.systemCall() == 224 && e.before(Reg.RIP) >= VS) {
                    calls.add(e);
                }
            }
            List<Event> measured = calls.subList(calls.size() - FLAGS.length, calls.size());
            for (int i = 0; i < FLAGS.length; i++) {
                assertThat(measured.get(i).before(Reg.RFLAGS)).isEqualTo(FLAGS[i]);
                assertThat(r.event(measured.get(i).pair()).after(Reg.RFLAGS)).isEqualTo(FLAGS[i]);
            }
        }
    }

    /** The sixth argument lies on a page that cannot be read. */
    @ParameterizedTest(name = "row {0}: {1}")
    @CsvSource(delimiter = '|', value = {"1  | v4.2 | 16 | kept", "13 | v4.4 | 9  | 0"})
    void argumentFault(String row, String variant, long ip, String ebp) throws Exception {
        try (Recording r = record(variant, "core2", "badstack")) {
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
                assertThat(exit.decision()).hasValueSatisfying(d -> assertThat(d.consistent()).isTrue());
            }
            assertThat(faults).isGreaterThanOrEqualTo(3);
        }
    }

    /** A 64-bit program's call: SYSCALL keeps RCX and R11, SYSRET brings them back, and nothing else changes. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"v4.2,core2", "v4.2,k8", "v4.4,haswell", "v4.4,zen"})
    void sixArguments64(String variant, String cpu) throws Exception {
        try (Recording r = record(variant, cpu, "sixargs64")) {
            Event entry = r.findForward(0, e -> e.isEntry() && e.systemCall() == 186).orElseThrow();
            assertThat(entry.kind()).isEqualTo(Crossing.Kind.SYSCALL);
            PtRegs p = entry.ptRegs().orElseThrow();
            assertThat(p.get("cs")).isEqualTo(0x33);
            assertThat(p.get("ss")).isEqualTo(0x2b);
            assertThat(p.get("ip")).isEqualTo(entry.before(Reg.RIP) + 2).isEqualTo(p.get("cx"));
            assertThat(p.get("flags")).isEqualTo(entry.before(Reg.RFLAGS)).isEqualTo(p.get("r11"));
            assertThat(p.get("r15")).isEqualTo(0x1f1f1f1f1f1f1f1fL);
            assertThat(p.get("bp")).isEqualTo(0xbbbbbbbbbbbbbbbbL);
            Event exit = r.event(entry.pair());
            assertThat(exit.kind()).isEqualTo(Crossing.Kind.SYSRET);
            for (Reg same : List.of(Reg.RBX, Reg.RDX, Reg.RSI, Reg.RDI, Reg.RBP, Reg.RSP, Reg.R8, Reg.R9, Reg.R10,
                    Reg.R12, Reg.R13, Reg.R14, Reg.R15, Reg.RFLAGS, Reg.SS)) {
                assertThat(exit.after(same)).as(same.label()).isEqualTo(entry.before(same));
            }
            assertThat(exit.decision()).hasValueSatisfying(d -> {
                assertThat(d.style()).isEqualTo(ExitDecision.Style.THREAD_FLAGS);
                assertThat(d.consistent()).isTrue();
            });
        }
    }
}
