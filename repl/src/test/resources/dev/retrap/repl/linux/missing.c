/* Calls that the guest's kernel does not have. */
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    syscall(SYS_swapoff, 0);
    syscall(SYS_swapoff, 0);
    return 0;
}
