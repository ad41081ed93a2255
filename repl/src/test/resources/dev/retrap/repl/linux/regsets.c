/* Registers as a tracer of this program's kind gets and sets them, of a child of its own kind and of one that it has executed. */
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__
#define NR(r) ((long)(r).orig_rax)
#define CS(r) ((int)(r).cs)
/* Argument 1 where the child's ABI has it. */
#define ARG(r) ((r).cs == 0x23 ? (r).rbx : (r).rdi)
#else
#define NR(r) ((long)(r).orig_eax)
#define CS(r) ((int)(r).xcs)
#define ARG(r) ((r).ebx)
#endif

static pid_t pid;

static int go(long request)
{
    int status;

    ptrace(request, pid, NULL, NULL);
    waitpid(pid, &status, 0);
    return status;
}

static long set(int type, void *to, size_t size)
{
    struct iovec iov = {to, size};

    return ptrace(PTRACE_GETREGSET, pid, (void *)(long)type, &iov) ? -errno : (long)iov.iov_len;
}

static long put(int type, void *from, size_t size)
{
    struct iovec iov = {from, size};

    return ptrace(PTRACE_SETREGSET, pid, (void *)(long)type, &iov) ? -errno : (long)iov.iov_len;
}

static void sets(void)
{
    struct user_regs_struct regs;
    unsigned words[256];
    long n = set(NT_PRSTATUS, words, sizeof(words));

    ptrace(PTRACE_GETREGS, pid, NULL, &regs);
    printf("general %ld, a part %ld, not words %ld, ", n, set(NT_PRSTATUS, words, 16), set(NT_PRSTATUS, words, 13));
    printf("floating point %ld, no such set %ld\n", set(NT_PRFPREG, words, sizeof(words)), set(0x7777, words, sizeof(words)));
    printf("back %ld, cs user %d\n", set(NT_PRSTATUS, words, sizeof(words)) == n ? put(NT_PRSTATUS, words, n) : -1,
           CS(regs) & 3);
}

int main(int argc, char **argv)
{
    struct user_regs_struct regs;
    siginfo_t info;
    int status;

    setvbuf(stdout, NULL, _IONBF, 0);
    pid = fork();
    if (pid == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        kill(getpid(), SIGUSR1);
        syscall(SYS_close, 77);
        if (argc > 1)
            execv(argv[1], argv + 1);
        _exit(3);
    }
    waitpid(pid, &status, 0);
    ptrace(PTRACE_GETSIGINFO, pid, NULL, &info);
    printf("signal %d, code %d, from itself %d\n", info.si_signo, info.si_code, info.si_pid == pid);
    info.si_code = SI_QUEUE;
    info.si_value.sival_int = 99;
    printf("set %ld", ptrace(PTRACE_SETSIGINFO, pid, NULL, &info));
    memset(&info, 0, sizeof(info));
    ptrace(PTRACE_GETSIGINFO, pid, NULL, &info);
    printf(": code %d, value %d\n", info.si_code, info.si_value.sival_int);
    sets();
    ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC);
    go(PTRACE_SYSCALL);
    ptrace(PTRACE_GETREGS, pid, NULL, &regs);
    printf("enters close %d of %ld\n", NR(regs) == SYS_close, (long)ARG(regs));
#ifdef __x86_64__
    unsigned long base = 1;
    printf("fs set %ld, ", ptrace(PTRACE_ARCH_PRCTL, pid, (void *)0x1234000, 0x1002));
    printf("got %ld: ", ptrace(PTRACE_ARCH_PRCTL, pid, &base, 0x1003));
    printf("%lx, too high %ld\n", base, ptrace(PTRACE_ARCH_PRCTL, pid, (void *)-4096L, 0x1002));
    ptrace(PTRACE_ARCH_PRCTL, pid, (void *)regs.fs_base, 0x1002);
#endif
    go(PTRACE_SYSCALL);
    if (argc > 1) {
        status = go(PTRACE_CONT);
        printf("event %d\n", status >> 16);
        sets();
        status = go(PTRACE_SYSCALL); /* leaves execve */
        ptrace(PTRACE_GETREGS, pid, NULL, &regs);
        printf("stop %d, all registers %d bytes\n", WSTOPSIG(status), (int)sizeof(regs));
        for (int i = 0; i < 1000; i++) {
            status = go(PTRACE_SYSCALL);
            if (WIFEXITED(status) || WIFSIGNALED(status))
                break;
            ptrace(PTRACE_GETREGS, pid, NULL, &regs);
            if (ARG(regs) == 77) {
                printf("a call of the program's, number %ld, argument %ld\n", NR(regs), (long)ARG(regs));
                break;
            }
        }
    }
    if (!WIFEXITED(status) && !WIFSIGNALED(status))
        status = go(PTRACE_CONT);
    printf("exit %d\n", WEXITSTATUS(status));
    return 0;
}
