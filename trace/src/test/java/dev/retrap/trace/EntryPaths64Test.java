package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What each x86-64 kernel does to system calls of 32-bit and 64-bit programs, as measured on Linux of those versions: pt_regs
 * as a tracer would see them, registers right after the exit instruction, flags in and out, the fault on argument 6,
 * single-stepping; and fast system calls that a program makes by hand.
 */
class EntryPaths64Test {
    /** Where the fixture kernels map {@code __kernel_vsyscall}, see fixtures/README.md. */
    private static final long VS = 0xf7ffd400L;
    private static final long[] A = {
        0, 0x1111_1111L, 0x2222_2222L, 0x3333_3333L, 0x4444_4444L, 0x5555_5555L, 0x6666_6666L
    };
    private static final long[] FLAGS = {0x202, 0x4202, 0x40202, 0x602, 0x200ed7, 0xad7};
    /** CF PF AF ZF SF OF. */
    private static final long ARITHMETIC = 0x8d5;
    private static final long PF = 4;
    private static final long TF = 0x100;

    @TempDir
    Path dir;

    private Recording record(String variant, String cpu, String command) throws Exception {
        return Guests.record64(dir, variant, cpu, command);
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
        "7     | v3.17  | core2     | vdso | SYSENTER | 16   | -12 | SYSEXIT | sp | ip  | a6       | 0",
        "7     | v3.17  | k8        | vdso | SYSCALL  | 5    | -4  | SYSRET | ip  | dx  | a2       | flags",
        "7     | v4.0   | core2     | vdso | SYSENTER | 16   | -12 | SYSEXIT | sp | ip  | a6       | 0",
        "7     | v4.0   | haswell   | vdso | SYSENTER | 16   | -12 | SYSEXIT | sp | ip  | a6       | 0",
        "7     | v4.0   | k8        | vdso | SYSCALL  | 5    | -4  | SYSRET | ip  | dx  | a2       | flags",
        "7     | v4.0   | zen       | vdso | SYSCALL  | 5    | -4  | SYSRET | ip  | dx  | a2       | flags",
        "3 v4.0 | v4.0  | no-fast32 | vdso | INT_N    | 2    | 0   | IRET   | cx  | dx  | a6       | 0",
        "4 v3.17 | v3.17 | k8       | raw  | INT_N    | next | 0   | IRET   | cx  | dx  | a6       | 0",
        "8 9   | mid-series | core2 | vdso | INT_N    | 2    | 0   | IRET   | cx  | dx  | a6       | 0",
        "8 9   | mid-series | k8    | vdso | INT_N    | 2    | 0   | IRET   | cx  | dx  | a6       | 0",
        "10    | rfc-ecx | core2    | vdso | SYSENTER | 11   | -8  | SYSRET | ip  | dx  | a6       | flags",
        "10    | rfc-ecx | haswell  | vdso | SYSENTER | 11   | -8  | SYSRET | ip  | dx  | a6       | flags",
        "11    | rfc-ecx | k8       | vdso | SYSCALL  | 11   | -8  | SYSRET | ip  | dx  | a6       | flags",
        "11    | rfc-ecx | zen      | vdso | SYSCALL  | 11   | -8  | SYSRET | ip  | dx  | a6       | flags",
        "10 int80 | rfc-ecx | no-fast32 | vdso | INT_N | 11  | -8  | IRET   | cx  | dx  | a6       | 0",
        "13    | v4.5   | core2     | vdso | SYSENTER | 9    | -12 | SYSRET | ip  | dx  | a6       | flags",
        "14    | v4.5   | k8        | vdso | SYSCALL  | 9    | -12 | SYSRET | ip  | dx  | a6       | flags",
        "13    | v4.6   | haswell   | vdso | SYSENTER | 9    | -12 | SYSRET | ip  | dx  | a6       | flags",
        "14    | v4.6   | zen       | vdso | SYSCALL  | 9    | -12 | SYSRET | ip  | dx  | a6       | flags",
        "15    | v4.6   | no-fast32 | vdso | INT_N    | 9    | -12 | IRET   | cx  | dx  | a6       | 0",
        "19    | v6.1   | core2     | vdso | SYSENTER | 9    | -12 | SYSRET | ip  | dx  | a6       | flags",
        "19    | v6.1   | haswell   | vdso | SYSENTER | 9    | -12 | SYSRET | ip  | dx  | a6       | flags",
        "20    | v6.1   | k8        | vdso | SYSCALL  | 9    | -12 | SYSRET | ip  | dx  | a6       | flags",
        "20    | v6.1   | zen       | vdso | SYSCALL  | 9    | -12 | SYSRET | ip  | dx  | a6       | flags",
        "15    | v6.1   | no-fast32 | vdso | INT_N    | 9    | -12 | IRET   | cx  | dx  | a6       | 0",
        "16    | v6.1   | core2     | raw  | INT_N    | next | 0   | IRET   | cx  | dx  | a6       | kept",
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
            boolean pti = variant.equals("v6.1") && entryKind == Crossing.Kind.SYSENTER;
            long flags = pti ? entry.before(Reg.RFLAGS) & ~ARITHMETIC | PF : entry.before(Reg.RFLAGS);
            assertThat(p.get("flags")).isEqualTo(flags | 0x200);

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
            assertThat(exit.after(Reg.R11)).isEqualTo(switch (r11) {
                case "flags" -> p.get("flags");
                case "kept" -> entry.before(Reg.R11);
                default -> 0;
            });
            assertThat(exit.after(Reg.RFLAGS)).isEqualTo(flags);
            assertThat(exit.after(Reg.CS)).isEqualTo(0x23);
            assertThat(exit.decision()).hasValueSatisfying(d -> {
                assertThat(d.consistent()).isTrue();
                assertThat(d.verdict()).isEqualTo(exitKind != Crossing.Kind.IRET);
                assertThat(d.ptRegs().get("bp")).as("bp at the exit stop").isEqualTo(bpAfter.equals("a2") ? A[2] : A[6]);
            });
        }
    }

    /**
     * EFLAGS given to the vDSO are got back, all of them, whatever the way; but in row 19, where SYSENTER saves them behind
     * the AND that makes the kernel's CR3.
     */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"v4.2,core2,SYSENTER", "v4.2,k8,SYSCALL", "v4.4,core2,SYSENTER", "v4.4,k8,SYSCALL",
        "v4.2,no-fast32,INT_N", "v4.4,no-fast32,INT_N", "v4.0,core2,SYSENTER", "v4.0,k8,SYSCALL", "v3.17,core2,SYSENTER",
        "rfc-ecx,core2,SYSENTER", "rfc-ecx,k8,SYSCALL", "v4.5,haswell,SYSENTER", "v4.6,core2,SYSENTER", "v4.6,k8,SYSCALL",
        "v6.1,core2,SYSENTER", "v6.1,k8,SYSCALL", "v6.1,no-fast32,INT_N", "mid-series,k8,INT_N"})
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
                long out = variant.equals("v6.1") && kind == Crossing.Kind.SYSENTER ? FLAGS[i] & ~ARITHMETIC | PF : FLAGS[i];
                assertThat(r.event(measured.get(i).pair()).after(Reg.RFLAGS)).isEqualTo(out);
            }
        }
    }

    /**
     * Argument 6 cannot be read, for a SYSENTER or SYSCALL made by hand: EIP is relative to {@code __kernel_vsyscall}, or to
     * the instruction behind. What stands there faults on the stack, or, in row 2, is the caller's own POP. With ESP = -1 AMD's
     * hardware gives #SS (SIGBUS); the manuals leave open whether a 4 GiB segment has a limit that an access can exceed (SDM
     * vol. 3A, 5.3), and here it wraps, to a #PF.
     */
    @ParameterizedTest(name = "row {0}: {1} {2}")
    @CsvSource(delimiter = '|', value = {
        // row | kernel | cpu      | entry    | eip  | ecx  | ebp
        "1     | v4.2   | core2    | SYSENTER | 16   | kept | kept",
        "2     | v4.2   | k8       | SYSCALL  | next | ebp  | kept",
        "2     | v4.2   | zen      | SYSCALL  | next | ebp  | kept",
        "7     | v4.0   | core2    | SYSENTER | 16   | kept | kept",
        "7     | v4.0   | k8       | SYSCALL  | next | ebp  | kept",
        "7     | v3.17  | haswell  | SYSENTER | 16   | kept | kept",
        "13    | v4.4   | core2    | SYSENTER | 9    | kept | 0",
        "14    | v4.4   | k8       | SYSCALL  | 9    | ebp  | 0",
        "14    | v4.5   | zen      | SYSCALL  | 9    | ebp  | 0",
        "13    | v4.6   | haswell  | SYSENTER | 9    | kept | 0",
        "19    | v6.1   | core2    | SYSENTER | 9    | kept | 0",
        "20    | v6.1   | k8       | SYSCALL  | 9    | ebp  | 0",
        "11    | rfc-ecx | k8      | SYSCALL  | 11   | 0    | kept",
    })
    void argumentFault(String row, String variant, String cpu, Crossing.Kind entryKind, String eip, String ecx, String ebp)
            throws Exception {
        try (Recording r = record(variant, cpu, "rawfast")) {
            int faults = 0;
            for (Event e : r.events()) {
                if (e.kind() != entryKind || e.ptRegs().isPresent()) {
                    continue; // one whose argument could be read gets to its handler
                }
                faults++;
                Event exit = r.event(e.pair());
                assertThat(exit.kind()).isEqualTo(Crossing.Kind.IRET);
                long ip = eip.equals("next") ? e.before(Reg.RIP) + 2 : VS + Long.parseLong(eip);
                assertThat(exit.after(Reg.RIP)).isEqualTo(ip);
                assertThat((int) exit.after(Reg.RAX)).isEqualTo(-14);
                assertThat(exit.after(Reg.RCX)).isEqualTo(switch (ecx) {
                    case "kept" -> e.before(Reg.RCX);
                    case "ebp" -> e.before(Reg.RBP);
                    default -> 0;
                });
                assertThat(exit.after(Reg.RBP)).isEqualTo(ebp.equals("kept") ? e.before(Reg.RBP) : 0);
                assertThat(exit.decision()).hasValueSatisfying(d -> assertThat(d.consistent()).isTrue());
                Event fault = r.findForward(exit.position() + 1, Event::fromUser).orElseThrow();
                assertThat(fault.before(Reg.RIP)).as("the first instruction behind").isEqualTo(ip);
                assertThat(fault.name()).isIn("#PF", "#SS");
            }
            assertThat(faults).isEqualTo(2);
        }
    }

    /**
     * Row 10: under the first merged form a program with v4.2's SYSENTER sequence built in has its argument 2 for a stack
     * pointer: B5.
     */
    @ParameterizedTest
    @CsvSource({"core2", "haswell"})
    void sysenterByHandUnderTheEcxForm(String cpu) throws Exception {
        try (Recording r = record("rfc-ecx", cpu, "rawfast")) {
            Event entry = r.findForward(0, e -> e.kind() == Crossing.Kind.SYSENTER).orElseThrow();
            Event exit = r.event(entry.pair());
            assertThat(exit.kind()).isEqualTo(Crossing.Kind.IRET);
            assertThat((int) exit.after(Reg.RAX)).isEqualTo(-14);
            assertThat(exit.after(Reg.RIP)).isEqualTo(VS + 11);
            assertThat(exit.after(Reg.RSP)).isEqualTo(A[2]);
            assertThat(exit.after(Reg.RCX)).isZero();
        }
    }

    /**
     * Row 18, and 22 and 24: SYSCALL by hand, with the vDSO's three pushes, comes back at the vDSO's landing pad since 4.4,
     * behind itself before; where the CPU has the instruction not, or not in this mode, it is #UD.
     */
    @ParameterizedTest(name = "row {0}: {1} {2} {3}")
    @CsvSource(delimiter = '|', value = {
        "18 | v4.4 | k8      | SYSCALL  | 9",
        "18 | v4.4 | zen     | SYSCALL  | 9",
        "18 | v4.6 | k8      | SYSCALL  | 9",
        "18 | v6.1 | zen     | SYSCALL  | 9",
        "2  | v4.2 | k8      | SYSCALL  | next",
        "1  | v4.2 | core2   | SYSENTER | 16",
        "13 | v4.4 | core2   | SYSENTER | 9",
        "19 | v6.1 | haswell | SYSENTER | 9",
        "22 | v4.2 | k8      | SYSENTER | #UD",
        "22 | v6.1 | zen     | SYSENTER | #UD",
        "24 | v4.2 | core2   | SYSCALL  | #UD",
        "24 | v6.1 | haswell | SYSCALL  | #UD",
    })
    void fastCallByHand(String row, String variant, String cpu, Crossing.Kind kind, String ip) throws Exception {
        try (Recording r = record(variant, cpu, "rawfast")) {
            if (ip.equals("#UD")) {
                assertThat(r.findForward(0, e -> e.kind() == kind)).isEmpty();
                assertThat(Guests.console(r)).contains(kind + ": signal 4, trap 6, at " + kind + "+0 eax=224 ");
                return;
            }
            // Another SYSCALL is v4.2's sigreturn.
            Event entry = r.findForward(0, e -> e.kind() == kind && e.systemCall() == 224).orElseThrow();
            PtRegs p = entry.ptRegs().orElseThrow();
            long pad = ip.equals("next") ? entry.before(Reg.RIP) + 2 : VS + Long.parseLong(ip);
            assertThat(p.get("ip")).isEqualTo(pad);
            assertThat(p.get("sp")).isEqualTo(entry.before(Reg.RSP));
            assertThat(p.get("cx")).isEqualTo(A[2]);
            assertThat(p.get("dx")).isEqualTo(A[3]);
            assertThat(p.get("bp")).as("the word on the stack").isEqualTo(A[6]);
            Event exit = r.event(entry.pair());
            assertThat(exit.kind()).isEqualTo(Crossing.Kind.SYSRET);
            assertThat(exit.after(Reg.RIP)).isEqualTo(pad);
        }
    }

    /** Rows 8 and 9: the entries of the series' middle are only there to be refused. */
    @ParameterizedTest
    @CsvSource({"core2, SYSENTER", "haswell, SYSENTER", "k8, SYSCALL", "zen, SYSCALL"})
    void fastCallsInTheMiddleOfTheSeries(String cpu, Crossing.Kind kind) throws Exception {
        try (Recording r = record("mid-series", cpu, "rawfast")) {
            Event entry = r.findForward(0, e -> e.kind() == kind).orElseThrow();
            if (kind == Crossing.Kind.SYSENTER) {
                assertThat(entry.pair()).as("never comes back").isNegative();
                assertThat(r.endStatus()).isEqualTo(new EndStatus.PoweredOff(128 + 11));
                return;
            }
            Event exit = r.event(entry.pair());
            assertThat(exit.kind()).isEqualTo(Crossing.Kind.SYSRET);
            assertThat((int) exit.after(Reg.RAX)).isEqualTo(-38);
            assertThat(exit.after(Reg.RIP)).isEqualTo(entry.before(Reg.RIP) + 2).isEqualTo(exit.after(Reg.RCX));
            assertThat(exit.position()).as("three instructions").isEqualTo(entry.position() + 4);
        }
    }

    /** R8 to R15, which a 32-bit program can fill by a far call: 0, kept, or for R11 of a fast call the flags. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(delimiter = '|', value = {
        // kernel | cpu   | entry    | r8 to r10 | r11   | r12 to r15
        "v3.17    | core2 | SYSENTER | 0         | 0     | kept",
        "v4.0     | core2 | SYSENTER | 0         | 0     | kept",
        "v4.0     | k8    | SYSCALL  | 0         | flags | kept",
        "v4.2     | core2 | SYSENTER | 0         | flags | kept",
        "v4.2     | k8    | SYSCALL  | 0         | flags | kept",
        "v4.2     | k8    | INT_N    | 0         | 0     | kept",
        "rfc-ecx  | core2 | SYSENTER | 0         | flags | kept",
        "rfc-ecx  | k8    | SYSCALL  | 0         | flags | kept",
        "v4.4     | core2 | SYSENTER | 0         | flags | kept",
        "v4.4     | k8    | SYSCALL  | 0         | flags | kept",
        "v4.4     | core2 | INT_N    | 0         | 0     | kept",
        "v4.6     | core2 | INT_N    | 0         | 0     | kept",
        "v6.1     | core2 | SYSENTER | 0         | flags | 0",
        "v6.1     | k8    | SYSCALL  | 0         | flags | 0",
        "v6.1     | k8    | INT_N    | kept      | kept  | kept",
    })
    void highRegisters(String variant, String cpu, Crossing.Kind kind, String r8to10, String r11, String r12to15)
            throws Exception {
        try (Recording r = record(variant, cpu, "selftest registers")) {
            Event entry = r.findForward(0, e -> e.isEntry() && e.kind() == kind && e.systemCall() == 224
                    && e.before(Reg.R12) != 0 && e.before(Reg.R8) != 0).orElseThrow();
            Event exit = r.event(entry.pair());
            for (Reg reg : List.of(Reg.R8, Reg.R9, Reg.R10, Reg.R11, Reg.R12, Reg.R13, Reg.R14, Reg.R15)) {
                String how = reg == Reg.R11 ? r11 : reg.compareTo(Reg.R11) < 0 ? r8to10 : r12to15;
                assertThat(exit.after(reg)).as(reg.label()).isEqualTo(switch (how) {
                    case "kept" -> entry.before(reg);
                    case "flags" -> exit.after(Reg.RFLAGS);
                    default -> 0;
                });
            }
        }
    }

    /**
     * 7.7, TF over a fast call through the vDSO: where the first trap afterwards is. The entry's #DB of SYSENTER becomes a
     * SIGTRAP at the landing pad up to 4.5; SYSRET with TF traps at once (row 2); IRET with TF, after an instruction.
     */
    @ParameterizedTest(name = "row {0}: {1} {2}")
    @CsvSource(delimiter = '|', value = {
        "1  | v4.2    | core2   | VS+5 | VS+16 | 22222222",
        "2  | v4.2    | k8      | VS+3 | VS+5  | VS+5",
        "7  | v4.0    | haswell | VS+5 | VS+16 | 22222222",
        "7  | v4.0    | k8      | VS+3 | VS+5  | VS+5",
        "10 | rfc-ecx | core2   | VS+4 | VS+11 | 22222222",
        "11 | rfc-ecx | k8      | VS+4 | VS+12 | 22222222",
        "13 | v4.4    | core2   | VS+5 | VS+9  | 22222222",
        "14 | v4.4    | k8      | VS+5 | VS+10 | 22222222",
        "14 | v4.5    | zen     | VS+5 | VS+10 | 22222222",
        "19 | v4.6    | core2   | VS+5 | VS+10 | 22222222",
        "19 | v6.1    | haswell | VS+5 | VS+10 | 22222222",
        "20 | v6.1    | zen     | VS+5 | VS+10 | 22222222",
        "14 | exit-work-return | k8 | VS+5 | VS+9 | VS+9",
    })
    void stepping(String row, String variant, String cpu, String before, String after, String ecx) throws Exception {
        try (Recording r = record(variant, cpu, "ptrace-probe steps")) {
            List<String> lines = Guests.console(r).lines().toList();
            int at = 0;
            while (!lines.get(at).startsWith("vdso: step ip=" + before + " ")) {
                at++;
            }
            assertThat(lines.get(at + 1)).isEqualTo("vdso: step ip=" + after + " cx=" + ecx + " flags=00000302");
            assertThat(lines).contains("int80: step ip=int80+0 cx=22222222 flags=00000302",
                    "int80: step ip=caller cx=22222222 flags=00000302");
            assertThat(lines).last().isEqualTo("vdso: step ip=caller cx=22222222 flags=00000302");
        }
    }

    /** A 64-bit program's call: SYSCALL keeps RCX and R11, SYSRET brings them back, and nothing else changes. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"v4.2,core2", "v4.2,k8", "v4.4,haswell", "v4.4,zen", "v3.17,core2", "v4.0,k8", "v6.1,core2", "v6.1,zen"})
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
                assertThat(d.style()).isEqualTo(
                        variant.equals("v6.1") ? ExitDecision.Style.SYSRET64 : ExitDecision.Style.THREAD_FLAGS);
                assertThat(d.consistent()).isTrue();
            });
        }
    }
}
