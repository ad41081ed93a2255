/* fork, pipe, wait, copy-on-write, exec, vfork (by posix_spawn), orphans. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv)
{
    char buf[100];
    int private = 1, p[2], status;
    int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child;

    if (argc > 1) {
        printf("executed with %s, parent lives: %d\n", argv[1], getppid() > 0);
        return 42;
    }
    setvbuf(stdout, NULL, _IONBF, 0);
    *shared = 1;
    if (pipe(p))
        return 1;
    child = fork();
    if (child == 0) {
        private = *shared = 2;
        write(p[1], "from the child", 15);
        _exit(7);
    }
    printf("read %d: %s\n", (int)read(p[0], buf, sizeof(buf)), buf);
    if (waitpid(child, &status, 0) == child)
        printf("exit %d, private %d, shared %d\n", WEXITSTATUS(status), private, *shared);
    for (int i = 0; i < 5; i++)
        if (fork() == 0)
            _exit(i);
    for (int i = 0, sum = 0; i < 5; i++) {
        wait(&status);
        sum += WEXITSTATUS(status);
        if (i == 4)
            printf("five children, sum %d, then %d\n", sum, (int)wait(&status));
    }
    {
        char *args[] = {argv[0], "a word", NULL};

        if (posix_spawn(&child, "/proc/self/exe", NULL, NULL, args, environ))
            puts("posix_spawn failed");
        waitpid(child, &status, 0);
        printf("spawned: exit %d\n", WEXITSTATUS(status));
    }
    child = fork();
    if (child == 0) {
        *(volatile int *)0 = 1;
        _exit(0);
    }
    waitpid(child, &status, 0);
    printf("killed by %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    return 0;
}
