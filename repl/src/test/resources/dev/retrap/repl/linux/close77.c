/* What regsets executes. */
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    syscall(SYS_close, 77);
    return 5;
}
