/* A signal with a handler, between some calls; exits with 3. */
#include <signal.h>
#include <stdio.h>

static volatile int handled;
static int result;

static void on_usr1(int sig)
{
    handled = sig;
}

static int twice(int n)
{
    return 2 * n;
}

static int sum(int n)
{
    int total = 0;
    for (int i = 0; i < n; i++)
        total += twice(i);
    return total;
}

int main(void)
{
    signal(SIGUSR1, on_usr1);
    result = sum(10);
    raise(SIGUSR1);
    printf("%d %d\n", result, handled);
    return 3;
}
