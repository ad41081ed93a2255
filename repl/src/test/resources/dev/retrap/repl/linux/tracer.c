/* A small strace: system call stops of a child, its words in memory, a step, an event. */
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__
#define AX rax
#define ORIG_AX orig_rax
#else
#define AX eax
#define ORIG_AX orig_eax
#endif

static volatile long word = 0x12345678;

static void child(void)
{
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    /* not raise, in which some libraries make further calls */
    kill(getpid(), SIGSTOP);
    syscall(SYS_getppid);
    syscall(SYS_getuid);
    if (word == 0x1111)
        syscall(SYS_exit, fork() == 0 ? 1 : 9);
    syscall(SYS_exit, 2);
}

static const char *name(long nr)
{
    return nr == SYS_getppid ? "getppid" : nr == SYS_getuid ? "getuid" : nr == SYS_exit ? "exit" : "another";
}

int main(void)
{
    struct user_regs_struct regs;
    int status, entry = 1, steps = 0;
    unsigned long message;
    pid_t pid;

    setvbuf(stdout, NULL, _IONBF, 0);
    pid = fork();
    if (pid == 0)
        child();
    waitpid(pid, &status, 0);
    printf("stopped by %d\n", WSTOPSIG(status));
    ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEEXIT);
    for (int i = 0; i < 4; i++) {
        ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
        waitpid(pid, &status, 0);
        ptrace(PTRACE_GETREGS, pid, NULL, &regs);
        printf("%s %s %s\n", entry ? "enters" : "leaves", name((long)regs.ORIG_AX), entry || (long)regs.AX >= 0 ? "" : "-");
        entry = !entry;
    }
    printf("word %lx\n", ptrace(PTRACE_PEEKDATA, pid, &word, NULL));
    ptrace(PTRACE_POKEDATA, pid, &word, 0x1111);
    for (; steps < 5; steps++) {
        ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL);
        waitpid(pid, &status, 0);
        if (WSTOPSIG(status) != SIGTRAP)
            break;
    }
    printf("%d steps, nr %ld\n", steps, ptrace(PTRACE_PEEKUSER, pid, offsetof(struct user, regs.ORIG_AX), NULL));
    ptrace(PTRACE_CONT, pid, NULL, NULL);
    waitpid(pid, &status, 0);
    ptrace(PTRACE_GETEVENTMSG, pid, NULL, &message);
    printf("event %d, of a child: %d\n", status >> 16, message > (unsigned long)pid);
    waitpid(message, &status, __WALL);
    printf("the new child stopped by %d\n", WSTOPSIG(status));
    ptrace(PTRACE_DETACH, message, NULL, NULL);
    ptrace(PTRACE_CONT, pid, NULL, NULL);
    waitpid(pid, &status, 0);
    printf("event %d\n", status >> 16);
    ptrace(PTRACE_CONT, pid, NULL, NULL);
    waitpid(pid, &status, 0);
    printf("exit %d\n", WEXITSTATUS(status));
    return 0;
}
