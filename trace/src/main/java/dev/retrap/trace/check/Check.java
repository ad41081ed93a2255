package dev.retrap.trace.check;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** A built-in assertion. */
public enum Check {
    /** Backing up by two repeats the call. */
    RESTART("two bytes before the return address is an INT 0x80 (64-bit: SYSCALL) that repeats the call",
            "Linux arch/x86/kernel/signal.c, handle_signal: regs->ip -= 2; selftests/x86/ptrace_syscall.c",
            RestartCheck::new),
    /** Arguments in pt_regs. */
    ARGUMENTS("pt_regs, which a tracer sees, have the number and the arguments that the caller passed",
            "selftests/x86/ptrace_syscall.c; i386 and x86-64 psABI, system call conventions",
            ArgumentsCheck::new),
    /** What a tracer changed. */
    TRACER_EDITS("what a tracer changed in pt_regs reaches the caller, but for registers that the vDSO reloads",
            "ptrace(2), PTRACE_SETREGS; Linux arch/x86/entry/vdso/vdso32/system_call.S",
            TracerEditsCheck::new),
    /** Registers at the caller. */
    REGISTERS("the caller gets back all registers but the result, segment registers among them",
            "i386 psABI; Linux arch/x86/entry/vdso/vdso32/system_call.S; selftests/x86/test_syscall_vdso.c",
            RegistersCheck::new),
    /** EFLAGS at the caller. */
    EFLAGS("a system call leaves EFLAGS as they were",
            "selftests/x86/test_syscall_vdso.c; SDM vol. 2, SYSEXIT: EFLAGS are not loaded",
            EflagsCheck::new),
    /** NT, TF, AC. */
    NT_TF_AC("NT, TF and AC are neither lost nor in force in the kernel (AC: only with SMAP)",
            "SDM vol. 2, SYSENTER and IRET; selftests/x86/syscall_nt.c, single_step_syscall.c",
            SystemFlagsCheck::new),
    /** Fast exits. */
    EXIT_INSTRUCTION("SYSEXIT and SYSRET are used only if CS, SS, IP and flags of pt_regs allow it",
            "Linux arch/x86/entry/common.c, do_fast_syscall_32; SDM vol. 2, SYSEXIT and SYSRET",
            ExitInstructionCheck::new),
    /** Unwinding. */
    VDSO_CFI("at each instruction of the vDSO its unwind rules give the caller's registers, in signal frames too",
            "DWARF 4, 6.4; selftests/x86/unwind_vdso.c",
            VdsoCfiCheck::new),
    /** Leaks. */
    KERNEL_LEAK("no kernel address is left in a register in user mode",
            "Linux Documentation/security/self-protection.rst, information exposures",
            KernelLeakCheck::new),
    /** SS. */
    STACK_SEGMENT("the stack segment can be used in user mode",
            "APM vol. 2, 6.1.1, SYSRET: SS attributes are not loaded; selftests/x86/sysret_ss_attrs.c",
            StackSegmentCheck::new),
    /** Kernel's own stack and GS. */
    KERNEL_CONTEXT("the kernel runs on its own stack, and in 64-bit mode with its own GS base",
            "SDM vol. 2, SWAPGS; CVE-2014-9322, CVE-2014-4699, CVE-2018-8897",
            KernelContextCheck::new),
    /** The accessors' rule. */
    PT_REGS_MISUSE("pt_regs are changed through the write accessor only (kernels that have one)",
            "A. Lutomirski, Re: [RFC 00/30] x86: Rewrite all syscall entries, 3 Sep 2015",
            MisuseCheck::new);

    private final String title;
    private final String reference;
    private final Function<Scene, Assertion> start;

    Check(String title, String reference, Function<Scene, Assertion> start) {
        this.title = title;
        this.reference = reference;
        this.start = start;
    }

    /** Lower-case name with dashes, as options and reports spell it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What must hold, in one line. */
    public String title() {
        return title;
    }

    /** Where it is written down. */
    public String reference() {
        return reference;
    }

    /** The check of a label. */
    public static Optional<Check> named(String label) {
        return Stream.of(values()).filter(c -> c.label().equals(label.toLowerCase(Locale.ROOT))).findFirst();
    }

    Assertion start(Scene scene) {
        return start.apply(scene);
    }
}
