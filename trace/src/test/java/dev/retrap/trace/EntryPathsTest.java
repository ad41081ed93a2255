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
 * What each native i386 kernel does to a system call with six arguments, as measured on Linux of those versions: pt_regs
 * as the kernel builds them, registers right after the exit instruction, flags in and out, the fault on the argument,
 * signals on the way out, single-stepping.
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
     * The numbers of the rows are those of the table of measurements: 5 and 6 are v4.2 with and without SYSENTER, 12
     * the rewrite with ECX, 17, 15 and 16 v4.4, 21 v6.1.
     */
    @ParameterizedTest(name = "row {0}: {1} {2} {3}")
    @CsvSource(delimiter = '|', value = {
        // row | kernel | cpu | call | entry    | ip     | sp  | exit    | ecx | edx | ebp | flags
        "5     | v4.2   | p6     | vdso | SYSENTER | 16   | -12 | SYSEXIT | sp  | ip  | 0   | 0x246",
        "5     | v4.2   | k7     | vdso | SYSENTER | 16   | -12 | SYSEXIT | sp  | ip  | 0   | 0x246",
        "5     | v4.0   | p6     | vdso | SYSENTER | 16   | -12 | SYSEXIT | sp  | ip  | 0   | 0x246",
        "5     | v3.17  | k7     | vdso | SYSENTER | 16   | -12 | SYSEXIT | sp  | ip  | 0   | 0x246",
        "6     | v4.2   | no-sep | vdso | INT_N    | 2    | 0   | IRET    | cx  | dx  | bp  | exact",
        "6     | v4.0   | no-sep | vdso | INT_N    | 2    | 0   | IRET    | cx  | dx  | bp  | exact",
        "6     | mid-series | p6 | vdso | INT_N    | 2    | 0   | IRET    | cx  | dx  | bp  | exact",
        "6     | mid-series | k7 | vdso | INT_N    | 2    | 0   | IRET    | cx  | dx  | bp  | exact",
        "6 raw | v4.2   | p6     | raw  | INT_N    | next | 0   | IRET    | cx  | dx  | bp  | exact",
        "6 raw | v4.2   | k7     | raw  | INT_N    | next | 0   | IRET    | cx  | dx  | bp  | exact",
        "12    | rfc-ecx | p6    | vdso | SYSENTER | 11   | -8  | SYSEXIT | sp  | ip  | bp  | 0x202",
        "12    | rfc-ecx | k7    | vdso | SYSENTER | 11   | -8  | SYSEXIT | sp  | ip  | bp  | 0x202",
        "12 int80 | rfc-ecx | no-sep | vdso | INT_N | 11  | -8  | IRET    | cx  | dx  | bp  | exact",
        "16    | v4.4   | p6     | raw  | INT_N    | next | 0   | IRET    | cx  | dx  | bp  | exact",
        "16    | rfc-ecx | k7    | raw  | INT_N    | next | 0   | IRET    | cx  | dx  | bp  | exact",
        "16    | v6.1   | k7     | raw  | INT_N    | next | 0   | IRET    | cx  | dx  | bp  | exact",
        "15    | v4.4   | no-sep | vdso | INT_N    | 9    | -12 | IRET    | cx  | dx  | bp  | exact",
        "15    | v4.6   | no-sep | vdso | INT_N    | 9    | -12 | IRET    | cx  | dx  | bp  | exact",
        "17    | v4.4   | p6     | vdso | SYSENTER | 9    | -12 | SYSEXIT | sp  | ip  | bp  | 0x202",
        "17    | v4.4   | k7     | vdso | SYSENTER | 9    | -12 | SYSEXIT | sp  | ip  | bp  | 0x202",
        "17    | v4.5   | p6     | vdso | SYSENTER | 9    | -12 | SYSEXIT | sp  | ip  | bp  | 0x202",
        "21    | v4.6   | p6     | vdso | SYSENTER | 9    | -12 | SYSEXIT | sp  | ip  | bp  | exact",
        "21    | v6.1   | p6     | vdso | SYSENTER | 9    | -12 | SYSEXIT | sp  | ip  | bp  | exact",
        "21    | v6.1   | k7     | vdso | SYSENTER | 9    | -12 | SYSEXIT | sp  | ip  | bp  | exact",
        // The proposals leave the fast path as it is in all of this.
        "17    | ts-fastsyscall       | p6 | vdso | SYSENTER | 9 | -12 | SYSEXIT | sp | ip | bp | 0x202",
        "17    | exit-work-return     | p6 | vdso | SYSENTER | 9 | -12 | SYSEXIT | sp | ip | bp | 0x202",
        "17    | pt-regs-accessors    | p6 | vdso | SYSENTER | 9 | -12 | SYSEXIT | sp | ip | bp | 0x202",
        "17    | open-coded-fast-path | p6 | vdso | SYSENTER | 9 | -12 | SYSEXIT | sp | ip | bp | 0x202",
        "17    | syscall-abi          | p6 | vdso | SYSENTER | 9 | -12 | SYSEXIT | sp | ip | bp | 0x202",
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

    /** EFLAGS given to the vDSO and got back; until 4.6 SYSEXIT restores none. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
        "v4.2 | 0     | 0x246 0x4246 0x40246 0x246 0x200246 0x246",
        "v4.4 | 0x8d5 | 0x202 0x4202 0x40202 0x202 0x200202 0x202",
        "rfc-ecx | 0x8d5 | 0x202 0x4202 0x40202 0x202 0x200202 0x202",
        "v4.6 | 0     | 0x202 0x4202 0x40202 0x602 0x200ed7 0xad7",
        "v6.1 | 0     | 0x202 0x4202 0x40202 0x602 0x200ed7 0xad7",
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
        "5  | v4.2    | 16 | kept | kept",
        "12 | rfc-ecx | 11 | 0    | kept",
        "17 | v4.4    | 9  | kept | 0",
        "21 | v4.6    | 9  | kept | 0",
        "21 | v6.1    | 9  | kept | 0",
    })
    void argumentFault(String row, String variant, long ip, String ecx, String ebp) throws Exception {
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
                assertThat(exit.after(Reg.RCX)).isEqualTo(ecx.equals("kept") ? e.before(Reg.RCX) : 0);
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

    private static String console(Recording r) {
        return new String(r.console().bytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /** A signal on the way out: what the handler's frame has, and what the caller gets back. */
    @ParameterizedTest(name = "row {0}: {1} {2}")
    @CsvSource(delimiter = '|', value = {
        "5  | v4.2    | p6     | VS+16",
        "5  | v4.0    | k7     | VS+16",
        "6  | v4.2    | no-sep | VS+2",
        "6  | mid-series | p6  | VS+2",
        "12 | rfc-ecx | p6     | VS+11",
        "15 | v4.4    | no-sep | VS+9",
        "17 | v4.4    | p6     | VS+9",
        "17 | v4.4    | k7     | VS+9",
        "21 | v4.6    | p6     | VS+9",
        "21 | v6.1    | k7     | VS+9",
    })
    void signalOnExit(String row, String variant, String cpu, String eip) throws Exception {
        try (Recording r = record(variant, cpu, "signals")) {
            String back = "caller  eax=0 ebx=1 ecx=a edx=33333333 esi=44444444 edi=55555555 ebp=66666666 esp=S0+4";
            String frame = " eax=0 ebx=1 ecx=a edx=33333333 ebp=66666666";
            assertThat(console(r).lines())
                    .contains("vdso : handler eax=10 ecx=&uc edx=&info eip=" + eip + frame, "vdso : " + back)
                    .contains("int80: handler eax=10 ecx=&uc edx=&info eip=behind-int80" + frame, "int80: " + back);
        }
    }

    /**
     * TF over SYSENTER. Up to 4.5 the entry's #DB becomes a SIGTRAP at the landing pad; since 4.6 the call comes back by
     * IRET with TF, which traps after the landing pad's first instruction.
     */
    @ParameterizedTest(name = "row {0}: {1} {2}")
    @CsvSource(delimiter = '|', value = {
        "5  | v4.2    | p6 | 16 | handler",
        "5  | v4.2    | k7 | 16 | handler",
        "12 | rfc-ecx | p6 | 11 | handler",
        "17 | v4.4    | p6 | 9  | handler",
        "17 | v4.4    | k7 | 9  | handler",
        "21 | v4.6    | p6 | 9  | pad",
        "21 | v6.1    | k7 | 9  | pad",
    })
    void steppingOverSysenter(String row, String variant, String cpu, long pad, String to) throws Exception {
        try (Recording r = record(variant, cpu, "selftest single-step"); Timeline t = Timeline.replay(r)) {
            Event entry = r.findForward(0, e -> e.kind() == Crossing.Kind.SYSENTER
                    && (e.before(Reg.RFLAGS) & 0x100) != 0).orElseThrow();
            Event exit = r.event(entry.pair());
            assertThat(exit.kind()).isEqualTo(Crossing.Kind.IRET);
            if (to.equals("pad")) {
                assertThat(exit.after(Reg.RIP)).isEqualTo(VS + pad);
                assertThat(exit.after(Reg.RFLAGS) & 0x100).as("TF").isNotZero();
                Event trap = r.findForward(exit.position() + 1, Event::fromUser).orElseThrow();
                assertThat(trap.name()).isEqualTo("#DB");
                assertThat(trap.before(Reg.RIP)).as("after the landing pad's POP").isEqualTo(VS + pad + 1);
                return;
            }
            t.seek(exit.position() + 1);
            // The frame of an SA_SIGINFO handler: its third argument, 20 bytes of ucontext, then the sigcontext.
            long sigcontext = word(t, exit.after(Reg.RSP) + 12) + 20;
            assertThat(word(t, sigcontext + 14 * 4)).as("eip").isEqualTo(VS + pad);
            assertThat(word(t, sigcontext + 16 * 4) & ~ARITHMETIC).as("eflags").isEqualTo(0x302);
            assertThat(word(t, sigcontext + 10 * 4)).as("ecx").isEqualTo(entry.ptRegs().orElseThrow().get("cx"));
        }
    }

    private static long word(Timeline t, long address) {
        byte[] b = new byte[4];
        assertThat(t.machine().read(address, b, 0, 4)).isEqualTo(4);
        return java.nio.ByteBuffer.wrap(b).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt() & 0xffff_ffffL;
    }
}
