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
 * @param cpu CPU model
 * @param command program that shows it, and its arguments
 * @param check the check that finds it, if one does
 * @param where by entry and exit (null if it has none), the call to look at in both
 * @param registers what of the user's registers after that call is worth a line
 * @param story what happens, and why
 */
record Bug(String name, String title, String bad, String good, String cpu, String command, Optional<Check> check,
        BiPredicate<Event, Event> where, List<Reg> registers, String story) {

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
                    the stack, so an unwinder that stops at the landing pad takes these for them."""));

    private static boolean argumentFault(Event in, Event out) {
        return in.name().equals("SYSENTER") && out != null && (int) out.after(Reg.RAX) == EFAULT;
    }

    static Optional<Bug> named(String name) {
        return ALL.stream().filter(b -> b.name.equals(name)).findFirst();
    }
}
