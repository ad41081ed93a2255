/*
 * System calls without a C library: the helper must not depend on FS or GS, on a vDSO or on a heap, and must leave as
 * much of the address space empty as it can.
 */
#ifndef SYS_H
#define SYS_H

#include <asm/unistd.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

long sys6(long nr, long a, long b, long c, long d, long e, long f);

static inline long sys3(long nr, long a, long b, long c) { return sys6(nr, a, b, c, 0, 0, 0); }

static inline int sys_failed(long r) { return r < 0 && r > -4096; }

#ifdef __x86_64__
#define SYS_MMAP __NR_mmap
#define PAGE_OFFSET_UNIT 1
#else
#define SYS_MMAP __NR_mmap2
#define PAGE_OFFSET_UNIT 4096
#endif

void fail(const char *what) __attribute__((noreturn));
void write_all(int fd, const void *from, size_t n);
int read_all(int fd, void *to, size_t n); /* 0 at end of file */

#endif
