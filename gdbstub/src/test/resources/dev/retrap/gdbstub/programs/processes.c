/* A child by fork, which changes its copy of a variable and becomes another program. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int variable = 1;

static void change(int to)
{
    variable = to;
}

int main(int argc, char **argv)
{
    int status = 0;
    pid_t child;

    if (argc > 1)
        return 7;
    child = fork();
    if (child == 0) {
        change(2);
        execl("/proc/self/exe", argv[0], "again", (char *)NULL);
        _exit(1);
    }
    waitpid(child, &status, 0);
    change(3);
    printf("child %d\n", WEXITSTATUS(status));
    return variable == 3 ? 0 : 1;
}
