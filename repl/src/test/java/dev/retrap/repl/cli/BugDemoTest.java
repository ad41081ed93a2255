package dev.retrap.repl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.repl.Cli;
import dev.retrap.repl.demo.BugDemo;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each demonstration of a bug shows it on the kernel that has it, and does not on the one that has not. */
class BugDemoTest {
    @TempDir
    private static Path directory;

    /** A line of the table, bad against good; and what the check says of the bad one, if a check finds it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
        "nt-iret            | exit +none: #TS +IRET                     | the kernel runs with NT",
        "inlined-sysenter   | ESP after +0x22222222 +0x00000010         |",
        "fs-after-pops      | FS after +0x0000007b +0x00000000          | fs is 0x7b, expected 0x0",
        "return-to-zero     | EIP after +0x00000000 +0xb7fff409         | before the return address 0x0",
        "eflags-sysexit     | EFLAGS after +0x00200296 +0x00200ed7      | flags are 0x296, expected 0x202",
        "tf-argument-fault  | EFLAGS after +0x00000246 +0x00000302      | TF was set and is not",
        "ebp-argument-fault | EBP after +0x00000000 +0x00000010         |",
        "ts-fastsyscall     | exit +SYSEXIT +IRET                       | SYSEXIT although pt_regs.ip is",
        "asmlinkage-protect | EBX after +0x00000001 +0xb7ffc000         | ebx is 0x1, expected 0xb7ffc000",
        "pt-regs-misuse     | exit +SYSEXIT +SYSEXIT                    | nobody had taken them to write",
        "vdso-cfi           | EDX after +0xb7fff410 +0xb7fff409         | at VS+16 unwinding does not give",
        "sysemu-edit        | pt_regs.bp at entry +0x66666666 +0xc6c6c6c6 | cx is 0x22222222, expected 0xc2c2c2c2",
        "bp-flips           | pt_regs.bp at exit +0x22222222 +0x66666666 |",
        "restart-lost       | pt_regs.ip at exit +0xf7ffd409 +0xf7ffd407 |",
        "pti-flags          | EFLAGS after +0x00200606 +0x00200ed7      | flags are 0x206, expected 0x202",
        "bad-iret           | EIP before +0xffffffff80\\w+ <bad_iret.* <irq_return> | the kernel",
        "sysret-rip         | ESP before +0x00007fffffff\\w+ +0xffff8800\\w+ | the kernel's stack pointer is 0x7fff",
        "mov-ss             | exit +none: #DB +IRET                     |",
        "sysret-ss          | SS_ATTR after +0x00010000 +0x0000c093     | after SYSRET SS is 0x2b",
        "clone-args         | EAX after +0xfffffffffffffff5 +0x00000002 |",
        "cstar-zero         | exit +none: #PF +SYSRET                   | the kernel's stack pointer is 0xffffd",
        "restart-address    | EIP after +0xf7ffd403 .* +0xf7ffd407      | 0f 05 (SYSCALL), expected cd 80 (INT 0x80)",
        "sigreturn-restart  | EAX after +0x000000ad +0xfffffe00         |",
        "nt-iretq           | exit +none: #GP +IRET                     | #GP while the kernel runs with NT",
        "espfix             | ESP after +0xc0\\w+f00d +0x8badf00d        | bits 16 to 31 are the kernel's",
        "r8-leak            | R8 after +0xffff88\\w+ +0x00000000         | r8 is 0xffff88",
    })
    void shows(String name, String row, String violation) {
        Cli demo = Cli.run("demo", name, "--dir", directory.toString());
        // kernel-check asks for a call that there is not.
        assertThat(demo.err().lines().filter(l -> !l.startsWith("retrap: missing system call"))).isEmpty();
        assertThat(demo.status()).isZero();
        assertThat(demo.out()).containsPattern(row);
        if (violation != null) {
            int first = demo.out().indexOf("$ retrap check ");
            int second = demo.out().indexOf("$ retrap check ", first + 1);
            assertThat(demo.out().substring(first, second)).contains("FAIL").contains(violation);
            assertThat(demo.out().substring(second)).doesNotContain("FAIL");
        }
    }

    @Test
    void listsThem() {
        Cli list = Cli.run("demo", "list");
        assertThat(list.status()).isZero();
        assertThat(list.out().lines().map(l -> l.split(" ")[0]))
                .containsExactlyElementsOf(BugDemo.list().stream().map(b -> b[0]).toList())
                .hasSize(26);
        Cli none = Cli.run("demo", "nonsense", "--dir", directory.toString());
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).startsWith("retrap: no demo nonsense: there are nt-iret, ").hasLineCount(1);
        assertThat(Stream.of(none.out())).containsExactly("");
    }
}
