/* PAE paging of 32-bit code: the four PDPTE registers, reserved bits, NX. */
#include "ring0.h"
#include "checks_32.h"

static u64 pointers[4] __attribute__((aligned(32)));
static u64 wrong[4] __attribute__((aligned(32)));
static u64 directory64[2][512] __attribute__((aligned(4096)));
static u64 table64[2][512] __attribute__((aligned(4096)));
u32 new_cr3;

CHECK(p_read, "mov probe,%eax; mov (%eax),%ebx")
CHECK(p_execute, "mov probe,%eax; jmp *%eax")
CHECK(c_cr3, "mov new_cr3,%eax; mov %eax,%cr3")
CHECK(c_pg, "mov %cr0,%eax; or $0x80000000,%eax; mov %eax,%cr0")
CHECK(c_cr4_pae, "mov %cr4,%eax; or $0x20,%eax; mov %eax,%cr4")

static u64 *pte(u32 at) { return &table64[at >> 21][at >> 12 & 511]; }

static u64 efer(void) { u32 a, d; asm volatile("rdmsr" : "=a"(a), "=d"(d) : "c"(0xC0000080)); return a | (u64) d << 32; }

static void set_efer(u64 v) { asm volatile("wrmsr" : : "c"(0xC0000080), "a"((u32) v), "d"((u32) (v >> 32))); }

static void set_cr3(u32 v) { asm volatile("mov %0,%%cr3" : : "r"(v) : "memory"); }

static void reserved(const char *name, u64 bit)
{
    *pte(probe) |= bit;
    flush();
    check_page(name, attempt(p_read));
    *pte(probe) &= ~bit;
}

static void no_execute(void)
{
    u32 r[4];
    cpuid(0x80000000, r);
    if (r[0] < 0x80000001)
        return;
    cpuid(0x80000001, r);
    if (!(r[3] >> 20 & 1))
        return;
    reserved("nx in pae, reserved without nxe", 1ull << 63);
    set_efer(efer() | 0x800);
    *(u8 *) page[0] = 0xC3;
    *pte(probe) |= 1ull << 63;
    flush();
    check_page("nx in pae: execute", attempt(p_execute));
    check_page("nx in pae: read", attempt(p_read));
    *pte(probe) &= ~(1ull << 63);
    flush();
    set_efer(efer() & ~0x800ull);
}

void pae(void)
{
    u32 r[4];
    cpuid(1, r);
    if (!(r[3] >> 6 & 1))
        return;
    for (u32 n = 0; n < 1024; n++)
        table64[n >> 9][n & 511] = n << 12 | 7;
    directory64[0][0] = (u32) table64[0] | 7;
    directory64[0][1] = (u32) table64[1] | 7;
    directory64[1][0] = (u32) table64[0] | 7;
    directory64[1][1] = (u32) table64[1] | 7;
    pointers[0] = wrong[0] = (u32) directory64[0] | 1;
    pointers[1] = (u32) directory64[1] | 1;
    set_cr0(get_cr0() & 0x7FFFFFFF);
    attempt(c_cr4_pae);
    set_cr3((u32) wrong);
    wrong[1] = 3;
    check("pae: paging on with a pdpte reserved", c_pg);
    wrong[1] = 0;
    set_cr3((u32) pointers);
    set_cr0(get_cr0() | 0x80000000);
    probe = (u32) page[0] + 0x40000000;
    check("pae: read by the second pdpte", p_read);
    pointers[1] = 0;
    check("pae: pdpte changed in memory", p_read);
    set_cr3((u32) pointers);
    check("pae: after mov cr3", p_read);
    new_cr3 = (u32) wrong;
    wrong[1] = (u32) directory64[1] | 3;
    check("pae: mov cr3 to a pdpte with bit 1", c_cr3);
    wrong[1] = (u32) directory64[1] | 0x101;
    check("pae: mov cr3 to a pdpte with bit 8", c_cr3);
    wrong[1] = (u32) directory64[1] | 1 | 1ull << 40;
    check("pae: mov cr3 to a pdpte with bit 40", c_cr3);
    wrong[1] = (u32) directory64[1] | 1 | 1ull << 60;
    check("pae: mov cr3 to a pdpte with bit 60", c_cr3);
    wrong[1] = 0x1E6;
    check("pae: mov cr3 to an absent pdpte", c_cr3);
    set_cr3((u32) pointers);
    probe = (u32) page[0];
    reserved("pae: bit 45", 1ull << 45);
    reserved("pae: bit 62", 1ull << 62);
    directory64[0][2] = 0x402083;
    probe = 0x400000;
    flush();
    check("pae: page of 2 MiB, bit 13", p_read);
    directory64[0][2] = 0;
    probe = (u32) page[0];
    no_execute();
    /* Back to two levels, and a page of 4 MiB. */
    set_cr0(get_cr0() & 0x7FFFFFFF);
    set_cr4(0, 0x20);
    set_cr3((u32) directory);
    set_cr4(0x10, 0);
    directory[1] = 0x00400083;
    directory[2] = 0x00A00083;
    set_cr0(get_cr0() | 0x80000000);
    probe = 0x400000;
    check("pse: page of 4 MiB", p_read);
    probe = 0x800000;
    check("pse: page of 4 MiB, bit 21", p_read);
    set_cr4(0, 0x10);
    directory[1] = directory[2] = 0;
    flush();
}
