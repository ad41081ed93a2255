/* Instructions that 64-bit mode has not: each is run with many operands, and what it leaves is summed up. */
#include "ring0.h"
#include "checks_32.h"

enum { CF = 1, PF = 4, AF = 0x10, ZF = 0x40, SF = 0x80 };

static u32 sum;

static void add(u32 v) { sum = sum * 31 + v; }

static void done(const char *name)
{
    say(name);
    say(":");
    value("sum", sum);
    say("\n");
    sum = 0;
}

#define DECIMAL(op, flags) do { \
    for (u32 ax = 0; ax < 0x10000; ax += ax % 256 == 255 ? 0x1101 : 1) \
        for (u32 f = 0; f < 4; f++) { \
            u32 a = ax, g = (f & 1 ? CF : 0) | (f & 2 ? AF : 0) | 2; \
            asm volatile("push %1; popf; " op "; pushf; pop %1" : "+a"(a), "+r"(g)); \
            add(a + ((g & (flags)) << 16)); \
        } \
    done(op); \
} while (0)

#define ADJUST(op, flags) do { \
    for (u32 ax = 0; ax < 0x10000; ax += 7) { \
        u32 a = ax, g; \
        asm volatile(op "; pushf; pop %1" : "+a"(a), "=r"(g)); \
        add(a + ((g & (flags)) << 16)); \
    } \
    done(op); \
} while (0)

static void arpl(void)
{
    for (u32 d = 0; d < 16; d++)
        for (u32 s = 0; s < 16; s++) {
            u32 a = 0x12340 | d, g;
            asm volatile("arpl %w2,%w0; pushf; pop %1" : "+r"(a), "=&r"(g) : "r"(s));
            add(a + ((g & ZF) << 16));
        }
    done("arpl");
}

static void all_registers(void)
{
    u32 r[8], low = 0;
    for (u32 a = 0x11111111, n = 0; n < 3; n++, a += 0x12345678) {
        /* What PUSHA stores of EAX, ECX, EDX and of ESP, less its own. */
        asm volatile("mov %2,%%ecx; lea 2(%%eax),%%edx; mov %%esp,%%esi; pusha; mov 28(%%esp),%%eax; xor 24(%%esp),%%eax;"
            " add 20(%%esp),%%eax; mov 12(%%esp),%%edx; sub %%esi,%%edx; mov %%esi,%%esp"
            : "=a"(r[0]), "=d"(r[1]) : "r"(a ^ 0x55AA), "0"(a) : "ecx", "esi");
        add(r[0]);
        add(r[1]);
        asm volatile("pusha; mov $0,%%eax; mov $0,%%ecx; popa" : "=a"(r[0]), "=c"(r[1]) : "0"(a), "1"(a + 1));
        add(r[0] ^ r[1]);
        asm volatile("pushaw; mov $0,%%eax; popaw" : "=a"(low) : "0"(a));
        add(low);
    }
    done("pusha, popa");
}

static void segments(void)
{
    static struct { u32 offset; u16 selector; } __attribute__((packed)) far = { 0x87654321, 0x10 };
    u32 a, s;
    asm volatile("push %%es; les %2,%0; mov %%es,%1; pop %%es" : "=&r"(a), "=&r"(s) : "m"(far));
    add(a + s);
    asm volatile("push %%ds; lds %2,%0; mov %%ds,%1; pop %%ds" : "=&r"(a), "=&r"(s) : "m"(far));
    add(a + s);
    asm volatile("push $0x12345678; pushw %%cs; popw %w0; add $4,%%esp" : "=r"(a) : "0"(0));
    add(a);
    asm volatile("lcall $8,$1f; jmp 2f\n1: mov %%esp,%0; lret\n2: sub %%esp,%0" : "=&r"(a));
    add(a);
    asm volatile("xor %%eax,%%eax; into; bound %0,%1" : : "r"(5), "m"(*(u32 (*)[2]) (u32[]) {0xFFFFFFFF, 5}) : "eax");
    done("les, lds, push cs, lcall, into, bound");
}

void only32(void)
{
    DECIMAL("daa", CF | PF | AF | ZF | SF);
    DECIMAL("das", CF | PF | AF | ZF | SF);
    DECIMAL("aaa", CF | AF);
    DECIMAL("aas", CF | AF);
    ADJUST("aam", PF | ZF | SF);
    ADJUST("aam $7", PF | ZF | SF);
    ADJUST("aam $255", PF | ZF | SF);
    ADJUST("aad", PF | ZF | SF);
    ADJUST("aad $7", PF | ZF | SF);
    ADJUST("aad $255", PF | ZF | SF);
    arpl();
    all_registers();
    segments();
}
