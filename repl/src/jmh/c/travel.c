/* travel N: N calls of a small function after one of another, for going back over. */
#include <stdlib.h>

volatile unsigned value;

__attribute__((noinline)) void once(void)
{
    value = 1;
}

__attribute__((noinline)) void often(unsigned n)
{
    value = value * 69069 + n;
}

__attribute__((noinline)) void done(void)
{
    value++;
}

int main(int argc, char **argv)
{
    unsigned n = argc > 1 ? (unsigned)atoi(argv[1]) : 1000;

    once();
    for (unsigned i = 0; i < n; i++)
        often(i);
    done();
    return 0;
}
