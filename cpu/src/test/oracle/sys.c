#include "sys.h"

#ifdef __x86_64__
__asm__(".text\n"
        ".globl sys6\n"
        "sys6:\n"
        "  movq %rdi, %rax\n"
        "  movq %rsi, %rdi\n"
        "  movq %rdx, %rsi\n"
        "  movq %rcx, %rdx\n"
        "  movq %r8, %r10\n"
        "  movq %r9, %r8\n"
        "  movq 8(%rsp), %r9\n"
        "  syscall\n"
        "  ret\n");
#else
__asm__(".text\n"
        ".globl sys6\n"
        "sys6:\n"
        "  pushl %ebx\n"
        "  pushl %esi\n"
        "  pushl %edi\n"
        "  pushl %ebp\n"
        "  movl 20(%esp), %eax\n"
        "  movl 24(%esp), %ebx\n"
        "  movl 28(%esp), %ecx\n"
        "  movl 32(%esp), %edx\n"
        "  movl 36(%esp), %esi\n"
        "  movl 40(%esp), %edi\n"
        "  movl 44(%esp), %ebp\n"
        "  int $0x80\n"
        "  popl %ebp\n"
        "  popl %edi\n"
        "  popl %esi\n"
        "  popl %ebx\n"
        "  ret\n");
#endif

/* The compiler may call these. */
void *memcpy(void *to, const void *from, size_t n) {
    void *start = to;
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n)::"memory");
    return start;
}

void *memset(void *to, int c, size_t n) {
    void *start = to;
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(n) : "a"(c) : "memory");
    return start;
}

int memcmp(const void *a, const void *b, size_t n) {
    const uint8_t *p = a, *q = b;
    for (; n; n--, p++, q++) {
        if (*p != *q) {
            return *p - *q;
        }
    }
    return 0;
}

void fail(const char *what) {
    size_t n = 0;
    while (what[n]) {
        n++;
    }
    sys3(__NR_write, 2, (long)"oracle helper: ", 15);
    sys3(__NR_write, 2, (long)what, (long)n);
    sys3(__NR_write, 2, (long)"\n", 1);
    for (;;) {
        sys3(__NR_exit_group, 1, 0, 0);
    }
}

void write_all(int fd, const void *from, size_t n) {
    const char *p = from;
    while (n) {
        long r = sys3(__NR_write, fd, (long)p, (long)n);
        if (r == -4) { /* EINTR */
            continue;
        }
        if (r <= 0) {
            fail("the reader of the outcomes has gone");
        }
        p += r;
        n -= (size_t)r;
    }
}

int read_all(int fd, void *to, size_t n) {
    char *p = to;
    while (n) {
        long r = sys3(__NR_read, fd, (long)p, (long)n);
        if (r == -4) {
            continue;
        }
        if (r <= 0) {
            return 0;
        }
        p += r;
        n -= (size_t)r;
    }
    return 1;
}
