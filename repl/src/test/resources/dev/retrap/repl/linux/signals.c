/* SA_RESTART and not, siginfo, a fault that is caught, stop and continue, masks. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int alarms;
static volatile double scratch;
static sigjmp_buf back;

static void on_alarm(int sig)
{
    alarms++;
    scratch = alarms * 0.5 + sig;
}

static void on_usr1(int sig, siginfo_t *info, void *context)
{
    printf("signal %d, code %d\n", sig, info->si_code);
}

static void on_segv(int sig, siginfo_t *info, void *context)
{
    siglongjmp(back, (int)(long)info->si_addr);
}

static void handle(int sig, void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction sa = {.sa_flags = flags};

    sa.sa_sigaction = handler;
    sigaction(sig, &sa, NULL);
}

int main(void)
{
    struct itimerval timer = {{0, 20000}, {0, 20000}};
    double x = 1.25;
    int p[2], result, status;
    char c;
    pid_t child;
    sigset_t set;

    setvbuf(stdout, NULL, _IONBF, 0);
    pipe(p);
    handle(SIGALRM, (void *)on_alarm, SA_RESTART);
    child = fork();
    if (child == 0) {
        usleep(100000);
        write(p[1], "x", 1);
        _exit(0);
    }
    setitimer(ITIMER_REAL, &timer, NULL);
    result = read(p[0], &c, 1);
    memset(&timer, 0, sizeof(timer));
    setitimer(ITIMER_REAL, &timer, NULL);
    printf("read %d, alarms came: %d, x %g\n", result, alarms > 1, x);
    waitpid(child, &status, 0);
    handle(SIGALRM, (void *)on_alarm, 0);
    timer.it_value.tv_usec = 20000;
    setitimer(ITIMER_REAL, &timer, NULL);
    result = read(p[0], &c, 1);
    printf("read %d: %s\n", result, strerror(errno));
    handle(SIGUSR1, on_usr1, SA_SIGINFO);
    kill(getpid(), SIGUSR1);
    raise(SIGUSR1);
    handle(SIGSEGV, on_segv, SA_SIGINFO);
    result = sigsetjmp(back, 1);
    if (!result)
        *(volatile int *)0x1234 = 1;
    printf("fault at %x\n", result);
    child = fork();
    if (child == 0) {
        raise(SIGSTOP);
        _exit(5);
    }
    waitpid(child, &status, WUNTRACED);
    printf("stopped %d by %d\n", WIFSTOPPED(status), WSTOPSIG(status));
    kill(child, SIGCONT);
    waitpid(child, &status, 0);
    printf("exit %d\n", WEXITSTATUS(status));
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    kill(getpid(), SIGUSR1);
    sigemptyset(&set);
    result = sigsuspend(&set);
    printf("sigsuspend %d: %s\n", result, strerror(errno));
    return 0;
}
