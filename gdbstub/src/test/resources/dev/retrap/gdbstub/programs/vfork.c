/* A child by vfork, which becomes another program in the memory it has borrowed, and one that a signal ends. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int shared;

int main(int argc, char **argv)
{
    int first = 0, second = 0;
    pid_t child;

    if (argc > 1)
        return 5;
    child = vfork();
    if (child == 0) {
        shared = 1;
        execl("/proc/self/exe", argv[0], "again", (char *)NULL);
        _exit(1);
    }
    waitpid(child, &first, 0);
    child = fork();
    if (child == 0) {
        raise(SIGKILL);
        _exit(1);
    }
    waitpid(child, &second, 0);
    printf("%d %d %d\n", shared, WEXITSTATUS(first), WTERMSIG(second));
    return 0;
}
