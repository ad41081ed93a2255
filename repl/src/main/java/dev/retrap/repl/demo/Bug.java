package dev.retrap.repl.demo;

import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.check.Check;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * A bug, or a proposal's weak spot, to be seen on two kernels.
 *
 * @param name as the command line has it
 * @param title what it is, in a line
 * @param bad variant that has it
 * @param good variant that has not
 * @param cpu CPU model; one of 64 bits runs the 64-bit kernels
 * @param command program that shows it, and its arguments
 * @param check the check that finds it, if one does
 * @param where by entry and exit (null if it has none), the call to look at in both
 * @param members what of pt_regs is worth a line, at the entry and where the exit instruction is chosen
 * @param registers what of the user's registers after that call is worth a line
 * @param story what happens, and why
 */
record Bug(String name, String title, String bad, String good, String cpu, String command, Optional<Check> check,
        BiPredicate<Event, Event> where, List<String> members, List<Reg> registers, String story) {

    /** Without a line for pt_regs. */
    Bug(String name, String title, String bad, String good, String cpu, String command, Optional<Check> check,
            BiPredicate<Event, Event> where, List<Reg> registers, String story) {
        this(name, title, bad, good, cpu, command, check, where, List.of(), registers, story);
    }

    private static final long OPEN = 5;
    private static final long GETPID = 20;
    private static final long PAUSE = 29;
    private static final long CLONE = 120;
    private static final long NANOSLEEP = 162;
    private static final long RT_SIGRETURN = 173;
    private static final long GETTID = 224;
    private static final long VDSO_32 = 0xf7ffd000L;
    /** Selector of the 16-bit data segment that the selftest makes, LDT entry 2. */
    private static final long DATA_16 = 0x17;
    private static final int SIGUSR2 = 12;
    private static final int BREAKPOINT = 3;
    private static final int DOUBLE_FAULT = 8;
    private static final int EFAULT = -14;
    private static final long NT = 1 << 14;
    private static final long TF = 1 << 8;

    private static final List<Reg> FAULT = List.of(Reg.RIP, Reg.RAX, Reg.RCX, Reg.RBP, Reg.RSP);

    /** All there are, in the order of the list. */
    static final List<Bug> ALL = List.of(
            new Bug("nt-iret", "NT goes into the kernel by SYSENTER and meets IRET", "v4.4", "v4.6", "p6",
                    "selftest nt-signal", Optional.of(Check.NT_TF_AC),
                    (in, out) -> in.name().equals("SYSENTER") && (in.before(Reg.RFLAGS) & NT) != 0,
                    List.of(Reg.RIP, Reg.RFLAGS), """
                    SYSENTER leaves NT as the user set it. A call that leaves by SYSEXIT takes no notice; one that a
                    signal sends out by IRET is taken for the return of a nested task, #TS, and the program dies of
                    SIGILL. Linux 4.6 clears NT on the way in."""),
            new Bug("inlined-sysenter", "a program that has v4.2's SYSENTER sequence built in", "rfc-ecx", "v4.4", "p6",
                    "badstack", Optional.empty(), Bug::argumentFault, FAULT, """
                    The sequence passes the stack pointer in EBP. The rewrite as first merged reads it from ECX, which
                    here is argument 2: EFAULT, and the program goes on with ESP = argument 2 and ECX = 0. That is why
                    Linux 4.4 went back to EBP."""),
            new Bug("fs-after-pops", "FS loaded after the stack pointer has moved", "rfc-ecx-fs", "rfc-ecx", "p6",
                    "sixargs", Optional.of(Check.REGISTERS), (in, out) -> out != null && out.name().equals("SYSEXIT"),
                    List.of(Reg.FS, Reg.RIP), """
                    PT_FS(%esp) is the fs slot of pt_regs before the POPs, and the ss slot after them: the user's FS
                    becomes 7b."""),
            new Bug("return-to-zero", "SYSENTER while the vDSO has no landing pad for it", "mid-series", "v4.4", "p6",
                    "badstack", Optional.of(Check.RESTART), Bug::argumentFault, FAULT, """
                    SYSENTER saves no return address. With the INT 0x80 image thread_info.sysenter_return is 0: the call
                    is made, the program goes on at address 0, and a restart would go to fffffffe."""),
            new Bug("eflags-sysexit", "EFLAGS after SYSEXIT are the kernel's leftovers", "v4.4", "v4.6", "p6", "sixargs",
                    Optional.of(Check.EFLAGS), (in, out) -> in.name().equals("SYSENTER")
                            && in.before(Reg.RFLAGS) == 0x200ed7, List.of(Reg.RFLAGS), """
                    SYSEXIT loads no flags. Until Linux 4.6 pops the saved ones, the user finds what the last ADD left,
                    and DF is lost."""),
            new Bug("tf-argument-fault", "TF lost when argument 6 cannot be read", "v4.4", "v4.6", "p6",
                    "selftest argument-fault", Optional.of(Check.NT_TF_AC),
                    (in, out) -> in.name().equals("SYSENTER") && (in.before(Reg.RFLAGS) & TF) != 0,
                    List.of(Reg.RFLAGS, Reg.RIP, Reg.RAX), """
                    #DB in the kernel takes TF away for the entry work to put back; an argument fault leaves before the
                    entry work. Linux 4.6 has TF in pt_regs from the start."""),
            new Bug("ebp-argument-fault", "EBP after an argument fault", "v4.4", "v4.2", "p6", "badstack",
                    Optional.empty(), Bug::argumentFault, FAULT, """
                    A failed get_user() stores 0 in its target, here pt_regs.bp. The assembly before had not got as far
                    as writing it. (Both are Linux as it was; 4.4's is kept to this day.)"""),
            new Bug("ts-fastsyscall", "a status flag instead of the test of pt_regs", "ts-fastsyscall", "v4.4", "p6",
                    "signals", Optional.of(Check.EXIT_INSTRUCTION),
                    (in, out) -> in.name().equals("SYSENTER") && in.systemCall() == 37,
                    List.of(Reg.RIP, Reg.RCX, Reg.RDX), """
                    Only force_iret() clears the flag, and signal delivery does not call it. SYSEXIT enters the handler,
                    with EDX = EIP and ECX = ESP where &info and &uc belong: "anything that triggers the slow path", as
                    the objection was."""),
            new Bug("asmlinkage-protect", "system calls that reuse their argument slots", "asmlinkage-protect-off", "v4.2",
                    "p6", "kernel-check", Optional.of(Check.REGISTERS), (in, out) -> in.systemCall() == 125,
                    List.of(Reg.RBX, Reg.RCX, Reg.RDX, Reg.RAX), """
                    Legacy entry code passes the live slots of pt_regs. mprotect ends in a sibling call whose argument
                    the compiler puts into the first of them: the user's EBX is the protection that he passed."""),
            new Bug("pt-regs-misuse", "pt_regs changed through the read accessor", "pt-regs-accessors", "v4.4", "p6",
                    "signals", Optional.of(Check.PT_REGS_MISUSE),
                    (in, out) -> in.name().equals("SYSENTER") && in.systemCall() == 173, List.of(Reg.RIP, Reg.RSP), """
                    sigreturn was not converted to the write accessor. The exit code sees that pt_regs are not what they
                    were, reports it by a #UD of its own, and tests them after all."""),
            new Bug("vdso-cfi", "unwind rules that leave out ECX and EDX", "v4.2", "v4.4", "p6", "sixargs",
                    Optional.of(Check.VDSO_CFI), (in, out) -> in.name().equals("SYSENTER"),
                    List.of(Reg.RCX, Reg.RDX), """
                    SYSEXIT leaves ECX = ESP and EDX = EIP. The hand-written rules do not say that the caller's are on
                    the stack, so an unwinder that stops at the landing pad takes these for them."""),
            new Bug("sysemu-edit", "a tracer's arguments for a call made again", "v4.2", "v4.4", "k8",
                    "ptrace-probe sysemu", Optional.of(Check.TRACER_EDITS), (in, out) -> in.systemCall() == GETPID
                            && in.before(Reg.RIP) >= VDSO_32 && in.ptRegs().isPresent(),
                    List.of("cx", "bp"), List.of(Reg.RIP), """
                    The tracer sets all registers for getpid(c1c1c1c1, c2c2c2c2, ...) and IP back by 2. In v4.2's image for
                    AMD that is SYSCALL, which takes argument 2 from EBP and argument 6 from the stack: neither is what the
                    tracer set. The rewrite has an INT 0x80 there. The kernel's ptrace_syscall test fails for it (B1)."""),
            new Bug("bp-flips", "one call, two values of pt_regs.bp", "v4.2", "v4.4", "k8", "ptrace-probe stops",
                    Optional.empty(), (in, out) -> in.name().equals("SYSCALL") && in.systemCall() == GETTID
                            && out != null,
                    List.of("bp"), List.of(Reg.RBP), """
                    SYSCALL passes argument 2 in EBP and argument 6 on the stack. v4.2 puts argument 6 into pt_regs.bp for
                    the tracer, and argument 2 back before the exit stop; a signal frame has that, too (B2)."""),
            new Bug("restart-lost", "an interrupted pause that does not go on", "v4.4", "v4.5", "k8",
                    "selftest ptrace-restart", Optional.empty(), (in, out) -> in.systemCall() == PAUSE && out != null,
                    List.of("ax", "ip"), List.of(Reg.RIP, Reg.RAX), """
                    The tracer reads and writes the registers where pause was left with -ERESTARTNOHAND, 32 bits of it. Only
                    TS_COMPAT tells the signal code to take that for negative, and v4.4 clears it before signals: the error
                    number stays where it is, and the next stop is the next call (B3)."""),
            new Bug("pti-flags", "flags saved behind the page table switch", "v6.1", "v4.6", "haswell", "sixargs",
                    Optional.of(Check.EFLAGS), (in, out) -> in.name().equals("SYSENTER")
                            && in.before(Reg.RFLAGS) == 0x200ed7, List.of("flags"), List.of(Reg.RFLAGS), """
                    With page table isolation SYSENTER's entry has to load CR3 before it has a stack. The AND that makes the
                    value sets the arithmetic flags, and PUSHF comes after it (B11)."""),
            new Bug("bad-iret", "IRET to a stack segment that is not present", "v3.17", "v4.0", "core2",
                    "selftest sigreturn", Optional.of(Check.KERNEL_CONTEXT),
                    (in, out) -> in.vector() == DOUBLE_FAULT, List.of(), """
                    IRET faults on the stack that it has for LDT selectors, which cannot be written. v4.0 makes of the double
                    fault a #GP of user mode. 3.17's #SS has a stack of its own, puts the user's GS back on its way out, and
                    leaves to the fixup of IRET, which swaps once more: the kernel goes on with the user's GS, on that stack
                    (CVE-2014-9322)."""),
            new Bug("sysret-rip", "SYSRET to an address that is not canonical", "ptrace-sysret", "v3.17", "core2",
                    "ptrace64 fork", Optional.of(Check.KERNEL_CONTEXT),
                    (in, out) -> in.name().equals("#GP") || in.vector() == DOUBLE_FAULT, List.of(), """
                    A tracer sets the RIP of a child that stopped in fork. Intel's SYSRET checks it while still in ring 0: #GP
                    in the kernel, on the stack that the user chose (which cannot be written here: double fault) and with his
                    GS base (CVE-2014-4699). A stop for a tracer that forces IRET has the fault happen in user mode."""),
            new Bug("mov-ss", "a #DB put off by MOV SS", "v4.4", "v6.1", "k8", "mov-ss int3",
                    Optional.empty(), (in, out) -> in.vector() == BREAKPOINT, List.of(Reg.RIP, Reg.RSP), """
                    The data breakpoint of MOV SS fires behind INT3, on the first instruction of the handler of #BP. Both have
                    the same interrupt stack, so #DB overwrites the frame of #BP, and #BP returns to itself (CVE-2018-8897).
                    Linux has since taken #BP off the interrupt stack."""),
            new Bug("sysret-ss", "SS after AMD's SYSRET", "v4.0", "v4.2", "k8", "sysret-ss",
                    Optional.of(Check.STACK_SEGMENT), (in, out) -> in.name().equals("SYSCALL") && in.systemCall() == NANOSLEEP
                            && out != null && out.name().equals("SYSRET"), List.of(Reg.RIP, Reg.SS, Reg.SS_ATTR), """
                    An interrupt from user mode leaves SS null; AMD's SYSRET loads the selector, and leaves the hidden part.
                    v4.0's vDSO loads SS again, but code of the program's own does not. Since 4.1 a task switch makes SS
                    valid."""),
            new Bug("clone-args", "clone's arguments in the other ABI's order", "clone-args", "v4.4", "k8", "selftest clone",
                    Optional.empty(), (in, out) -> in.systemCall() == CLONE && out != null, List.of(Reg.RAX), """
                    i386 passes tls as argument 4 and child_tid as argument 5, x86-64 the other way round, and the compat stub
                    swaps them. Without that the TLS descriptor is read from where child_tid points, and the child's number
                    written over the descriptor."""),
            new Bug("cstar-zero", "SYSCALL of a 32-bit program that the CPU should have refused", "v6.1", "v4.6", "core2-tcg",
                    "rawfast", Optional.of(Check.KERNEL_CONTEXT),
                    (in, out) -> in.name().equals("SYSCALL") && in.before(Reg.RIP) >>> 32 == 0, List.of(Reg.RIP, Reg.RAX), """
                    Intel's SYSCALL is #UD outside of 64-bit mode, so Linux no longer sets CSTAR there. An emulator that lets it
                    through (QEMU 7.2; here the CPU model core2-tcg) goes on at address 0 in ring 0, on the user's stack and
                    with his GS: page fault upon page fault until the stack ends in a double fault (B12). v4.6 sets CSTAR for
                    everybody; on core2 the program gets SIGILL from either."""),
            new Bug("restart-address", "a restart that is no INT 0x80", "v4.2", "v4.4", "k8", "ptrace-probe restart",
                    Optional.of(Check.RESTART), (in, out) -> in.systemCall() == RT_SIGRETURN && out != null
                            && out.after(Reg.RIP) >= VDSO_32,
                    List.of(Reg.RIP, Reg.RAX, Reg.RCX, Reg.RBP), """
                    A signal interrupts a read that is to be made again: the kernel sets AX to the number and IP back by 2,
                    whatever is there. In v4.2's image for AMD that is SYSCALL at VS+3, which wants argument 2 in EBP; the
                    rewrite has an INT 0x80 before the landing pad, which wants what the frame has (B13)."""),
            new Bug("sigreturn-restart", "sigreturn taken for an interrupted call", "sigreturn-restart", "v4.4", "p6",
                    "selftest sigreturn-restart", Optional.empty(), (in, out) -> in.systemCall() == RT_SIGRETURN && out != null
                            && out.after(Reg.RAX) != SIGUSR2, List.of(Reg.RIP, Reg.RAX), """
                    A handler puts -512 into its frame's EAX. sigreturn forgets its own number, so that this stays a value like
                    any other. With that line left out the next signal takes it for -ERESTARTSYS: IP goes back by 2 and EAX
                    becomes 173 (B13)."""),
            new Bug("nt-iretq", "NT in a 64-bit kernel", "v3.17", "v4.0", "core2", "selftest nt-signal",
                    Optional.of(Check.NT_TF_AC),
                    (in, out) -> in.name().equals("SYSENTER") && (in.before(Reg.RFLAGS) & NT) != 0,
                    List.of(Reg.RIP, Reg.RFLAGS), """
                    Long mode has no tasks to return to: IRETQ with NT is #GP in the kernel, and the program dies of it. Linux
                    3.18 has NT in the flags that SYSCALL masks, and SYSENTER's entry clears it."""),
            new Bug("espfix", "the upper half of ESP on a 16-bit stack", "no-espfix", "v4.4", "p6", "selftest sigreturn",
                    Optional.of(Check.KERNEL_LEAK), (in, out) -> out != null && out.after(Reg.SS) == DATA_16,
                    List.of(Reg.RSP, Reg.SS), """
                    IRET to a stack segment of 16 bits loads SP and leaves the rest of ESP as it is in the kernel. Linux goes
                    there from a stack whose address has the user's upper half."""),
            new Bug("r8-leak", "registers that a 32-bit program is not supposed to see", "r8-leak", "v4.2", "k8",
                    "selftest registers", Optional.of(Check.KERNEL_LEAK),
                    (in, out) -> in.name().equals("SYSCALL") && in.systemCall() == OPEN, List.of(Reg.R8, Reg.R9, Reg.R10), """
                    A far jump to selector 33 is all it takes to read R8 to R15. What C functions leave in R8 to R10 are kernel
                    addresses, if the way out does not clear them (CVE-2009-2910, Linux before 2.6.32)."""));

    private static boolean argumentFault(Event in, Event out) {
        return in.name().equals("SYSENTER") && out != null && (int) out.after(Reg.RAX) == EFAULT;
    }

    static Optional<Bug> named(String name) {
        return ALL.stream().filter(b -> b.name.equals(name)).findFirst();
    }
}
