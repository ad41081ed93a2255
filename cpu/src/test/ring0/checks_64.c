/*
 * Checks of what happens at and between privilege levels in long mode. Each prints one line: its name and what it saw.
 * Runs at CPL 0 in 64-bit mode; needs no interrupt. What is expected stands in the test.
 */
#include "ring0.h"

struct frame {
    u64 r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax, vector, error, rip, cs, rflags, rsp, ss;
};

extern char stubs[], kernel_stack_end[], ring0_stack_end[], user_stack_end[], ist_stack_end[], gate_target[],
    syscall_target[], cstar_target[], sysenter_target[], next_none[], next_sysretq[], next_sysretl[], ist_target[];
extern u64 table[], directory[], pointers[], pml4[];
extern u32 efer_then;
int attempt(void (*check)(void));
int user(void (*check)(void), u64 cs);
u32 trap(struct frame *f);
int main(const u32 *boot);

int trapped;
u32 ss_then;
u64 resume, user_flags = 2, user_rsp;
u64 fast_seen[8], gate_seen[6], ist_seen;
char *next = next_none;
u64 next_rcx, next_r11;
static struct frame seen;
static u64 seen_cr2, seen_at, seen_dr6;

#define BASE32(b) ((u64) ((b) & 0xFFFFFF) << 16 | (u64) ((b) >> 24 & 0xFF) << 56)
u64 gdt[32] __attribute__((aligned(8))) = {
    0, 0x00AF9B000000FFFF, 0x00CF93000000FFFF, 0x00CFFB000000FFFF, 0x00CFF3000000FFFF, 0x00AFFB000000FFFF};
static u64 idt[512] __attribute__((aligned(8)));
static u32 tss[26] __attribute__((aligned(8)));
static u64 page[6][512] __attribute__((aligned(4096)));

enum { KCODE = 8, KDATA = 0x10, UCODE32 = 0x1B, UDATA = 0x23, UCODE = 0x2B, TSS = 0x30, KCODE32 = 0x40, LD = 0x48,
       GATE = 0x53, TSS_SHORT = 0xB0, STACK16 = 0xC3 };

u32 trap(struct frame *f)
{
    seen = *f;
    seen_at = (u64) f;
    asm volatile("mov %%cr2,%0" : "=r"(seen_cr2));
    asm volatile("mov %%dr6,%0" : "=r"(seen_dr6));
    asm volatile("mov %0,%%dr6" : : "r"(0ul));
    asm volatile("mov %0,%%dr7" : : "r"(0ul));
    trapped = (int) f->vector;
    return 0;
}

static u64 descriptor(u32 base, u32 limit, u32 type, u32 flags)
{
    return (u64) (limit & 0xFFFF) | BASE32((u64) base) | (u64) type << 40 | (u64) (limit >> 16 & 15) << 48
        | (u64) flags << 52;
}

/* A gate of an IDT or, with type 8Ch or ECh, of the GDT. */
static void gate(u64 *at, u32 selector, u64 offset, u32 type, u32 ist)
{
    at[0] = (offset & 0xFFFF) | (u64) selector << 16 | (u64) ist << 32 | (u64) type << 40 | (offset >> 16 & 0xFFFF) << 48;
    at[1] = offset >> 32;
}

static void vector(u32 n, u32 type, u32 ist)
{
    gate(idt + 2 * n, KCODE, (u64) stubs + 16 * n, type, ist);
}

static void report(const char *name, int v)
{
    say(name);
    say(":");
    if (v < 0)
        say(" none");
    else {
        value("v", (u64) v);
        value("e", seen.error);
    }
}

static void line(void) { say("\n"); }

static void check(const char *name, void (*f)(void))
{
    report(name, attempt(f));
    line();
}

static int at3(void (*f)(void), u64 cs)
{
    user_rsp = (u64) user_stack_end;
    return user(f, cs);
}

static void check_user(const char *name, void (*f)(void))
{
    report(name, at3(f, UCODE));
    line();
}

static void check_compat(const char *name, void (*f)(void))
{
    report(name, at3(f, UCODE32));
    line();
}

/* Also where: the frame's CS, and RIP less an address. */
static void where(u64 from)
{
    value("cs", seen.cs);
    value("ip", seen.rip - from);
}

static void check_page(const char *name, int v)
{
    report(name, v);
    if (v == 14)
        value("cr2", seen_cr2 - (u64) page);
    line();
}

/* A check in assembly; may leave any register but RSP as it likes. */
#define CHECK(name, text) void name(void); asm(".pushsection .text\n" #name ": " text "\n\tret\n\t.popsection");
#define CHECK32(name, text) void name(void); \
    asm(".pushsection .text\n.code32\n" #name ": " text "\n\tret\n.code64\n\t.popsection");
#define LEAVE "\n\tint $0x81"

static u64 get_cr4(void) { u64 v; asm volatile("mov %%cr4,%0" : "=r"(v)); return v; }
static void set_cr4(u64 set, u64 clear) { asm volatile("mov %0,%%cr4" : : "r"((get_cr4() | set) & ~clear) : "memory"); }
static void flush(void) { u64 v; asm volatile("mov %%cr3,%0; mov %0,%%cr3" : "=r"(v) : : "memory"); }
static void wrmsr(u32 n, u64 v) { asm volatile("wrmsr" : : "c"(n), "a"((u32) v), "d"((u32) (v >> 32))); }
static u64 rdmsr(u32 n) { u32 a, d; asm volatile("rdmsr" : "=a"(a), "=d"(d) : "c"(n)); return a | (u64) d << 32; }
static u64 *pte(u64 at) { return &table[at >> 12]; }

static void cpuid(u32 leaf, u32 *r)
{
    asm volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3]) : "a"(leaf), "c"(0));
}

enum { EFER = 0xC0000080, STAR, LSTAR, CSTAR, FMASK };
enum { FS_BASE = 0xC0000100, GS_BASE, KERNEL_GS_BASE };
static const u64 HIGH = 0xFFFFFF8000000000, HOLE = 0x0000800000000000;

static int has_nx, has_smep, has_smap, has_umip, has_fsgsbase, has_1g;
/* The command line ends in "qemu": that QEMU which loses itself over some checks is asked no such thing. */
static int tame, triple;

static int ends(const char *s, u32 n, const char *with)
{
    u32 w = 0;
    while (with[w])
        w++;
    for (u32 i = 1; i <= w; i++)
        if (n < i || s[n - i] != with[w - i])
            return 0;
    return 1;
}

static void command_line(const u32 *boot)
{
    const char *s = (const char *) (u64) boot[4];
    u32 n = 0;
    if (!(boot[0] & 4))
        return;
    while (s[n])
        n++;
    tame = ends(s, n, "qemu");
    triple = ends(s, n, "triple");
}

static void features(void)
{
    u32 r[4], highest;
    cpuid(0, r);
    highest = r[0];
    if (highest >= 7) {
        cpuid(7, r);
        has_fsgsbase = r[1] & 1;
        has_smep = r[1] >> 7 & 1;
        has_smap = r[1] >> 20 & 1;
        has_umip = r[2] >> 2 & 1;
    }
    cpuid(0x80000001, r);
    has_nx = r[3] >> 20 & 1;
    has_1g = r[3] >> 26 & 1;
}

static void setup(void)
{
    outb(0x21, 0xFF);
    outb(0xA1, 0xFF);
    gdt[6] = descriptor((u32) (u64) tss, 103, 0x89, 0);
    gdt[8] = 0x00CF9B000000FFFF;
    gdt[9] = 0x00EF9B000000FFFF;
    gate(gdt + 10, KCODE, HIGH + (u64) gate_target, 0xEC, 0);
    gate(gdt + 12, KCODE32, (u64) gate_target, 0xEC, 0);
    gate(gdt + 14, KCODE, (u64) gate_target, 0xEC, 0);
    gdt[15] |= 0x1F00000000ull;
    gdt[15] |= 0x1Full << 40;
    gate(gdt + 16, KCODE, HOLE, 0xEC, 0);
    gate(gdt + 18, KCODE, (u64) gate_target, 0x6C, 0);
    gdt[20] = descriptor((u32) (u64) gdt, 255, 0x82, 0);
    gdt[21] = 0x1Full << 40;
    gdt[22] = descriptor((u32) (u64) tss, 0x2A, 0x89, 0);
    gdt[24] = 0x008FF3000000FFFF;
    for (u32 n = 0; n < 256; n++)
        vector(n, 0x8E, 0);
    vector(3, 0xEE, 0);
    vector(0x81, 0xEE, 0);
    vector(0x82, 0xEF, 0);
    vector(0x50, 0xEE, 1);
    gate(idt + 2 * 0x51, KCODE, (u64) ist_target, 0xEE, 1);
    vector(0x52, 0xEE, 2);
    gate(idt + 2 * 0x53, KCODE32, (u64) stubs, 0xEE, 0);
    gate(idt + 2 * 0x54, KCODE, HOLE, 0xEE, 0);
    vector(0x55, 0x6E, 0);
    vector(0x56, 0xE5, 0);
    /* These come when other stacks are not to be had. */
    vector(8, 0x8E, 1);
    vector(12, 0x8E, 1);
    struct { u16 limit; u64 base; } __attribute__((packed)) r = { sizeof idt - 1, (u64) idt };
    asm volatile("lidt %0" : : "m"(r));
    *(u64 *) (tss + 1) = (u64) ring0_stack_end;
    *(u64 *) (tss + 9) = (u64) ist_stack_end;
    *(u64 *) (tss + 11) = 0x8000000000000000;
    tss[25] = 104 << 16;
    asm volatile("lldt %w0" : : "r"(0));
    asm volatile("ltr %w0" : : "r"(TSS));
    wrmsr(STAR, (u64) UCODE32 << 48 | (u64) KCODE << 32);
    wrmsr(LSTAR, HIGH + (u64) syscall_target);
    wrmsr(CSTAR, HIGH + (u64) cstar_target);
    wrmsr(FMASK, 0x47700);
    if (has_nx)
        wrmsr(EFER, rdmsr(EFER) | 0x800);
}

CHECK32(c_mode32, ".byte 0x48; mov %cs,%ebx; mov %esp,%ecx; ljmp $8,$mode64back")
CHECK(c_modes, "mov $5,%rax; mov %rsp,%rdx; ljmp *1f(%rip)\nmode64back: mov %rdx,%rsp; .byte 0x48,0xff,0xc0; ud2\n"
    "1: .long c_mode32; .word 0x40")
CHECK32(c_compat, "mov $5,%eax; .byte 0x48; mov %esp,%edx" LEAVE)
CHECK(c_ljmp_ld, "ljmp *1f(%rip)\n1: .long c_ud2; .word 0x48")
CHECK(c_lret_hole, "push $8; movabs $0x800000000000,%rax; push %rax; lretq")
CHECK32(c_pg_off, "mov %cr0,%eax; and $0x7fffffff,%eax; mov %eax,%cr0; mov %cr0,%eax; or $0x80000000,%eax;"
    " mov %eax,%cr0; ljmp $8,$mode64off")
CHECK(c_legacy_and_back, "mov %rsp,%rdx; ljmp *1f(%rip)\nmode64off: mov %rdx,%rsp; ud2\n1: .long c_pg_off; .word 0x40")
CHECK32(c_gate_compat, "lcall $0x53,$0" LEAVE)
CHECK(c_gate_64, "lcall *1f(%rip)" LEAVE "\n1: .long 0; .word 0x53")
CHECK(c_gate_code32, "lcall *1f(%rip)" LEAVE "\n1: .long 0; .word 0x63")
CHECK(c_gate_upper, "lcall *1f(%rip)" LEAVE "\n1: .long 0; .word 0x73")
CHECK(c_gate_hole, "lcall *1f(%rip)" LEAVE "\n1: .long 0; .word 0x83")
CHECK(c_gate_absent, "lcall *1f(%rip)" LEAVE "\n1: .long 0; .word 0x93")
CHECK(c_tss_jump, "ljmp *1f(%rip)\n1: .long 0; .word 0xb0")
CHECK(c_lldt_upper, "mov $0xa0,%eax; lldt %ax")

static void gate_line(void)
{
    say("in the gate:");
    value("pushed", (u64) ring0_stack_end - gate_seen[0]);
    value("cs", gate_seen[1]);
    value("ss", gate_seen[2]);
    value("return cs", gate_seen[3]);
    value("rsp", gate_seen[4] - (u64) user_stack_end);
    value("return ss", gate_seen[5]);
    line();
}

static void modes(void)
{
    say("efer when paging is on:");
    value("lma", efer_then >> 10 & 1);
    line();
    report("64-bit to compatibility mode and back", attempt(c_modes));
    value("rax", seen.rax);
    value("cs", seen.rbx);
    line();
    report("compatibility mode at 3", at3(c_compat, UCODE32));
    value("eax", seen.rax);
    value("cs", seen.cs);
    value("rsp", seen.rsp - (u64) user_stack_end);
    line();
    report("long mode off and on", attempt(c_legacy_and_back));
    value("lma", rdmsr(EFER) >> 10 & 1);
    line();
    check("jmp to code of 64 and 32 bits", c_ljmp_ld);
    check("lret to a non-canonical address", c_lret_hole);
    check_compat("call gate from compatibility mode", c_gate_compat);
    gate_line();
    check_user("call gate from 64-bit mode", c_gate_64);
    gate_line();
    check_user("call gate to 32-bit code", c_gate_code32);
    check_user("call gate with a type in its upper half", c_gate_upper);
    check_user("call gate to a non-canonical address", c_gate_hole);
    check_user("call gate, absent", c_gate_absent);
    check("jmp to a tss", c_tss_jump);
    check("lldt with a type in its upper half", c_lldt_upper);
    for (u32 s = 8; s < 0xC8; s += 8) {
        u32 lar = 0, lsl = 0;
        u8 l, m;
        asm volatile("lar %4,%0; setz %2; lsl %4,%1; setz %3" : "+&r"(lar), "+&r"(lsl), "=&q"(l), "=&q"(m) : "r"(s));
        say("selector");
        value("s", s);
        if (l)
            value("lar", lar & 0xF0FF00);
        if (m)
            value("lsl", lsl);
        line();
    }
}

CHECK(c_ud2, "ud2")
CHECK(c_ud2_odd, "sub $3,%rsp; ud2")
CHECK(c_int50, "int $0x50" LEAVE)
CHECK(c_int51, "int $0x51" LEAVE)
CHECK(c_int52, "int $0x52" LEAVE)
CHECK(c_int53, "int $0x53" LEAVE)
CHECK(c_int54, "int $0x54" LEAVE)
CHECK(c_int55, "int $0x55" LEAVE)
CHECK(c_int56, "int $0x56" LEAVE)
CHECK(c_int40, "int $0x40" LEAVE)
CHECK(c_leave, "int $0x81")
CHECK(c_int82, "pushfq; orl $0x4000,(%rsp); popfq; int $0x82")
CHECK(c_nt_iretq, "mov %rsp,%rdx; push $0x10; push %rdx; pushfq; orl $0x4000,(%rsp); popfq; push $2; push $8; push $1f;"
    " iretq\n1: ud2")
CHECK(c_iretq_null0, "mov %rsp,%rdx; push $0; push %rdx; push $2; push $8; push $1f; iretq\n1: mov %ss,%eax; int $0x81")
CHECK(c_iretq_null3, "push $3; push user_rsp; push $2; push $0x2b; push $1f; iretq\n1: int $0x81")
CHECK(c_iretq_null_compat, "push $0; push user_rsp; push $2; push $0x40; push $1f; iretq\n1: int $0x81")
CHECK(c_iretq_hole, "push $0x10; push user_rsp; push $2; push $8; movabs $0x800000000000,%rax; push %rax; iretq")
CHECK(c_iretq_hole3, "push $0x23; push user_rsp; push $2; push $0x2b; movabs $0x800000000000,%rax; push %rax; iretq")
CHECK(c_iretq_stack16, "push $0xc3; movabs $0x123456789abc,%rax; push %rax; push $2; push $0x1b; push $1f; iretq\n"
    "1: .code32; mov %esp,%eax; mov $0x23,%edx; mov %edx,%ss; int $0x81; .code64")
CHECK(c_iretl, "push $0x10; push $0; pushfq; push $8; push $1f; mov %esp,%eax; sub $20,%rsp; mov $1f,%edx; mov %edx,(%rsp);"
    " movl $8,4(%rsp); movl $2,8(%rsp); mov %eax,12(%rsp); movl $0x10,16(%rsp); iretl\n1: ud2")
CHECK(c_ss_null0, "xor %eax,%eax; mov %eax,%ss; push %rax; pop %rax; mov $0x10,%eax; mov %eax,%ss")
CHECK(c_ss_null_rpl, "mov $3,%eax; mov %eax,%ss")
CHECK(c_ss_null3, "mov $3,%eax; mov %eax,%ss" LEAVE)
CHECK(c_push_hole, "movabs $0x800000001000,%rsp; push %rax")
CHECK(c_rbp_hole, "movabs $0x800000000000,%rbp; mov (%rbp),%rax")
CHECK(c_data_hole, "movabs $0x800000000000,%rbx; mov (%rbx),%rax")
CHECK(c_fs_hole, "movabs $0x7fffffffffff,%rbx; mov %fs:1(%rbx),%rax")
CHECK(c_jmp_hole, "movabs $0x800000000000,%rbx; jmp *%rbx")
CHECK(c_push_es, ".byte 0x06")
CHECK(c_into, ".byte 0xce")
CHECK(c_bound, ".byte 0x62,0x00")

static void stacks(void)
{
    report("ud2", attempt(c_ud2));
    value("ss", ss_then);
    line();
    report("ud2 on an odd stack", attempt(c_ud2_odd));
    value("saved", seen.rsp & 15);
    value("frame ends at", (seen_at + sizeof seen) & 15);
    line();
    report("int from 3", at3(c_leave, UCODE));
    value("ss", ss_then);
    value("frame", (u64) ring0_stack_end - seen_at);
    value("saved ss", seen.ss);
    line();
    report("int on ist 1 from 3", at3(c_int50, UCODE));
    value("frame", (u64) ist_stack_end - seen_at);
    value("ss", ss_then);
    line();
    report("int on ist 1 from 0", attempt(c_int50));
    value("frame", (u64) ist_stack_end - seen_at);
    value("ss", ss_then);
    line();
    vector(6, 0x8E, 1);
    report("exception on the same ist", attempt(c_int51));
    value("first", (u64) ist_stack_end - ist_seen);
    value("second", (u64) ist_stack_end - seen_at);
    value("saved rsp", (u64) ist_stack_end - seen.rsp);
    line();
    vector(6, 0x8E, 0);
    check("int on a non-canonical ist", c_int52);
    *(u64 *) (tss + 1) = HOLE + 4096;
    check_user("int from 3 to a non-canonical stack", c_leave);
    *(u64 *) (tss + 1) = (u64) ring0_stack_end;
    asm volatile("ltr %w0" : : "r"(TSS_SHORT));
    check("int on an ist beyond the tss", c_int52);
    gdt[6] &= ~(2ull << 40);
    asm volatile("ltr %w0" : : "r"(TSS));
    gdt[22] &= ~(2ull << 40);
    check("int to 32-bit code", c_int53);
    check("int to a non-canonical address", c_int54);
    check("int absent", c_int55);
    check("int through a task gate", c_int56);
    check_user("int 40h, gate of 0", c_int40);
    report("int through a trap gate", attempt(c_int82));
    value("saved", seen.rflags & 0x4300);
    line();
    check("iretq with nt", c_nt_iretq);
    report("iretq to a null ss at 0", attempt(c_iretq_null0));
    value("ss", seen.rax & 0xFFFF);
    line();
    check("iretq to a null ss at 3", c_iretq_null3);
    check("iretq to a null ss in compatibility mode", c_iretq_null_compat);
    report("iretq to a non-canonical address", attempt(c_iretq_hole));
    value("cs", seen.cs);
    line();
    report("iretq to a non-canonical address at 3", attempt(c_iretq_hole3));
    value("cs", seen.cs);
    line();
    user_rsp = (u64) user_stack_end;
    report("iretq to a 16-bit stack", attempt(c_iretq_stack16));
    value("low", seen.rax & 0xFFFF);
    value("high is the kernel's", seen.rax >> 16 == (u64) kernel_stack_end >> 16);
    line();
    report("iret of 32 bits in 64-bit mode", attempt(c_iretl));
    value("ss", seen.ss);
    line();
    check("mov ss null at 0", c_ss_null0);
    check("mov ss null, rpl 3, at 0", c_ss_null_rpl);
    check_user("mov ss null at 3", c_ss_null3);
    check("push to a non-canonical address", c_push_hole);
    check("rbp non-canonical", c_rbp_hole);
    check("read non-canonical", c_data_hole);
    check("read non-canonical by fs", c_fs_hole);
    report("jmp non-canonical", attempt(c_jmp_hole));
    where((u64) c_jmp_hole);
    line();
    check("push es", c_push_es);
    check("into", c_into);
    vector(14, 0x8E, 0);
    gate(idt + 2 * 13, KDATA, 0, 0x8E, 0);
    check("gp in gp", c_data_hole);
    vector(13, 0x8E, 0);
}

#define FLAGS_IN "pushfq; orl $0x40ed7,(%rsp); popfq; "
CHECK(c_syscall, FLAGS_IN "syscall" LEAVE)
CHECK32(c_syscall32, "pushf; orl $0x40ed7,(%esp); popf; syscall" LEAVE)
CHECK(c_syscall_rf, "push $0x23; push user_rsp; push $0x10202; push $0x2b; push $1f; iretq\n1: syscall" LEAVE)
CHECK(c_sysret_bare, "sysretq" LEAVE)
CHECK(c_arrive, "int $0x81; nop")
CHECK(c_arrive_nop, "nop; int $0x81")
CHECK32(c_arrive32, "nop; mov %esp,%eax; int $0x81")
CHECK32(c_arrive32_push, "push %eax; int $0x81")
CHECK(c_to_sysretq, "mov user_rsp,%rsp; mov next_rcx,%rcx; mov next_r11,%r11; sysretq")
CHECK(c_to_sysretl, "mov user_rsp,%rsp; mov next_rcx,%rcx; mov next_r11,%r11; sysretl")
CHECK(c_to_sysretl_null, "mov user_rsp,%rsp; mov next_rcx,%rcx; mov next_r11,%r11; xor %eax,%eax; mov %eax,%ss; sysretl")
CHECK(c_to_iretq, "push $0x23; push user_rsp; push next_r11; push $0x2b; push next_rcx; iretq")
CHECK(c_watch_ss, "movw word,%ss; syscall" LEAVE)
CHECK32(c_watch_ss32, "mov $0x23,%eax; mov %eax,%ds; movw word,%ss; syscall" LEAVE)
CHECK(c_watch_ss_int, "movw word,%ss; int $0x81")
CHECK(c_tf_syscall, "pushfq; orl $0x100,(%rsp); popfq; syscall" LEAVE)
CHECK(c_iret_syscall, "push $0x23; push user_rsp; push $0x102; push $0x2b; push $1f; iretq\n1: syscall" LEAVE)
u16 word = UDATA;

static void in_kernel(void)
{
    say("in the kernel:");
    value("entry", fast_seen[0]);
    value("rsp", fast_seen[1] - (u64) user_stack_end);
    value("r11", fast_seen[3] & 0x3F7FD7);
    value("flags", fast_seen[4] & 0x3F7FD7);
    value("cs", fast_seen[5]);
    value("ss", fast_seen[6]);
    line();
}

static void sysret(const char *name, void (*how)(void), void (*to)(void), u64 rcx, u64 flags)
{
    user_rsp = (u64) user_stack_end;
    next_rcx = rcx;
    next_r11 = flags;
    report(name, attempt(how));
    value("cs", seen.cs);
    value("ss", seen.ss);
    value("ip", seen.rip - (seen.cs & 3 ? (u64) to : (u64) how));
    value("flags", seen.rflags & 0x3F7FD7);
    line();
}

static void watch(u64 address, u32 control)
{
    asm volatile("mov %0,%%dr0" : : "r"(address));
    asm volatile("mov %0,%%dr6" : : "r"(0ul));
    asm volatile("mov %0,%%dr7" : : "r"((u64) control));
}

static void debug_line(const char *name, int v, u64 from)
{
    report(name, v);
    if (v < 0)
        return line();
    value("cs", seen.cs);
    value("ip", seen.rip - from);
    value("dr6", seen_dr6 & 0xE00F);
    value("rf", seen.rflags >> 16 & 1);
    line();
}

static void syscalls(void)
{
    check_user("syscall without sce", c_syscall);
    check("sysret without sce", c_to_sysretq);
    wrmsr(EFER, rdmsr(EFER) | 1);
    check_user("syscall from 64-bit mode", c_syscall);
    in_kernel();
    fast_seen[0] = fast_seen[1] = 0;
    check_compat("syscall from compatibility mode", c_syscall32);
    if (fast_seen[0])
        in_kernel();
    user_rsp = (u64) user_stack_end;
    report("syscall with rf", attempt(c_syscall_rf));
    value("r11", fast_seen[3] & 0x3F7FD7);
    value("flags", fast_seen[4] & 0x3F7FD7);
    line();
    check_user("sysret at 3", c_sysret_bare);
    sysret("sysretq", c_to_sysretq, c_arrive, (u64) c_arrive, 0x3F7FD7 & ~0x100ull);
    sysret("sysretl", c_to_sysretl, c_arrive32, (u64) c_arrive32 | 0x1200000000, 0x602);
    sysret("sysretl after a null ss, then push", c_to_sysretl_null, c_arrive32_push, (u64) c_arrive32_push, 2);
    sysret("sysretq to a non-canonical address", c_to_sysretq, 0, HOLE, 2);
    sysret("sysretl drops the upper half", c_to_sysretl, c_arrive32, HOLE | (u64) c_arrive32, 2);
    sysret("sysretq with tf", c_to_sysretq, c_arrive_nop, (u64) c_arrive_nop, 0x102);
    sysret("sysretl with tf", c_to_sysretl, c_arrive32, (u64) c_arrive32, 0x102);
    sysret("iretq with tf", c_to_iretq, c_arrive_nop, (u64) c_arrive_nop, 0x102);
    user_flags = 0x102;
    at3(c_arrive_nop, UCODE);
    debug_line("step at 3", trapped, (u64) c_arrive_nop);
    user_flags = 2;
    /* TF at SYSCALL: masked it is gone, not masked the trap comes in the kernel before its first instruction. */
    at3(c_tf_syscall, UCODE);
    debug_line("tf over syscall, masked", trapped, (u64) c_tf_syscall);
    attempt(c_iret_syscall);
    debug_line("iretq with tf to syscall, masked", trapped, (u64) c_iret_syscall);
    say("r11 then:");
    value("tf", fast_seen[3] >> 8 & 1);
    line();
    wrmsr(FMASK, 0x47600);
    attempt(c_iret_syscall);
    debug_line("iretq with tf to syscall, not masked", trapped, HIGH + (u64) syscall_target);
    wrmsr(FMASK, 0x47700);
    watch((u64) &word, 0x000F0001);
    debug_line("mov ss watched, then syscall", at3(c_watch_ss, UCODE), HIGH + (u64) syscall_target);
    watch((u64) &word, 0x000F0001);
    int v = at3(c_watch_ss32, UCODE32);
    debug_line("mov ss watched, then syscall in compatibility mode", v,
        seen.rip >= HIGH ? HIGH + (u64) cstar_target : (u64) stubs + 16 * 6);
    watch((u64) &word, 0x000F0001);
    debug_line("mov ss watched, then int", at3(c_watch_ss_int, UCODE), (u64) stubs + 16 * 0x81);
    seen_dr6 = 0;
}

CHECK(c_sysenter, FLAGS_IN "sysenter" LEAVE)
CHECK32(c_sysenter32, "pushf; orl $0x40ed7,(%esp); popf; sysenter" LEAVE)
CHECK(c_sysexit_bare, "sysexitl" LEAVE)
CHECK(c_to_sysexit, "mov user_rsp,%rcx; movabs $0x1200000000,%rax; or %rax,%rcx; mov next_rcx,%rdx; or %rax,%rdx; sysexitl")
CHECK(c_to_sysexitq, "mov user_rsp,%rcx; mov next_rcx,%rdx; sysexitq")
CHECK(c_to_sysexitq_hole, "mov next_rcx,%rcx; mov $c_arrive,%edx; sysexitq")

static void sysexit(const char *name, void (*how)(void), void (*to)(void), u64 rdx)
{
    user_rsp = (u64) user_stack_end;
    next_rcx = rdx;
    report(name, attempt(how));
    value("cs", seen.cs);
    value("ss", seen.ss);
    value("ip", seen.rip - (seen.cs & 3 ? (u64) to : (u64) how));
    line();
}

static void sysenters(void)
{
    wrmsr(0x174, 0);
    check_user("sysenter without cs", c_sysenter);
    wrmsr(0x174, 0x1234500000000 | KCODE | 3);
    say("sysenter_cs keeps:");
    value("cs", rdmsr(0x174));
    line();
    wrmsr(0x175, HIGH + (u64) kernel_stack_end - 4096);
    wrmsr(0x176, HIGH + (u64) sysenter_target);
    say("sysenter_esp keeps:");
    value("upper half", rdmsr(0x175) >> 32);
    line();
    fast_seen[0] = 0;
    check_user("sysenter from 64-bit mode", c_sysenter);
    if (fast_seen[0]) {
        fast_seen[1] -= HIGH + (u64) kernel_stack_end - 4096 - (u64) user_stack_end;
        fast_seen[3] = 0;
        in_kernel();
    }
    fast_seen[0] = 0;
    check_compat("sysenter from compatibility mode", c_sysenter32);
    if (fast_seen[0]) {
        fast_seen[1] -= HIGH + (u64) kernel_stack_end - 4096 - (u64) user_stack_end;
        in_kernel();
        say("rip then:");
        value("upper half", fast_seen[7] >> 32);
        line();
    }
    check_user("sysexit at 3", c_sysexit_bare);
    sysexit("sysexit to compatibility mode", c_to_sysexit, c_arrive32, (u64) c_arrive32);
    sysexit("sysexit to 64-bit mode", c_to_sysexitq, c_arrive, (u64) c_arrive);
    sysexit("sysexit to a non-canonical address", c_to_sysexitq, c_to_sysexitq, HOLE);
    sysexit("sysexit to a non-canonical stack", c_to_sysexitq_hole, c_to_sysexitq_hole, HOLE);
}

u32 msr;
u64 msr_value;
CHECK(c_wrmsr, "mov msr,%ecx; mov msr_value,%eax; mov msr_value+4,%edx; wrmsr")
CHECK(c_rdmsr_user, "mov msr,%ecx; rdmsr" LEAVE)
CHECK(c_cr3_high, "mov %cr3,%rax; bts $52,%rax; mov %rax,%cr3")
CHECK(c_cr4_pae, "mov %cr4,%rax; and $~0x20,%rax; mov %rax,%cr4")
CHECK(c_cr4_high, "mov %cr4,%rax; bts $40,%rax; mov %rax,%cr4")
CHECK(c_cr0_pg, "mov %cr0,%rax; btr $31,%rax; mov %rax,%cr0")
CHECK(c_cr0_high, "mov %cr0,%rax; bts $32,%rax; mov %rax,%cr0")
CHECK(c_cr8_16, "mov $16,%eax; mov %rax,%cr8")
CHECK(c_cr8_user, "mov %cr8,%rax" LEAVE)
CHECK(c_lgdt_hole, "lgdt 1f(%rip)\n1: .word 0xff; .quad 0x800000000000")
CHECK(c_lidt_hole, "lidt 1f(%rip)\n1: .word 0xff; .quad 0x800000000000")
CHECK(c_swapgs_user, "swapgs" LEAVE)
CHECK32(c_swapgs_compat, ".byte 0x0f,0x01,0xf8" LEAVE)
CHECK(c_wrfsbase, "mov msr_value,%rax; .byte 0xf3,0x48,0x0f,0xae,0xd0" LEAVE)
CHECK(c_wrgsbase, "mov msr_value,%rax; .byte 0xf3,0x48,0x0f,0xae,0xd8; .byte 0xf3,0x48,0x0f,0xae,0xcb" LEAVE)
CHECK(c_wrgsbase32, "mov msr_value,%rax; .byte 0xf3,0x0f,0xae,0xd8; .byte 0xf3,0x48,0x0f,0xae,0xcb" LEAVE)
CHECK32(c_rdfsbase_compat, ".byte 0xf3,0x0f,0xae,0xc0" LEAVE)
CHECK(c_gs_null, "mov %gs,%eax; mov %eax,%gs")

static void write_msr(const char *name, u32 n, u64 v)
{
    msr = n;
    msr_value = v;
    check(name, c_wrmsr);
}

static void registers(void)
{
    write_msr("lstar non-canonical", LSTAR, HOLE);
    write_msr("cstar non-canonical", CSTAR, HOLE);
    write_msr("fs base non-canonical", FS_BASE, HOLE);
    write_msr("gs base non-canonical", GS_BASE, HOLE);
    write_msr("kernel gs base non-canonical", KERNEL_GS_BASE, HOLE);
    write_msr("sysenter_esp non-canonical", 0x175, HOLE);
    write_msr("sysenter_eip non-canonical", 0x176, HOLE);
    write_msr("efer reserved", EFER, rdmsr(EFER) | 1 << 9);
    msr = EFER;
    check_user("rdmsr at 3", c_rdmsr_user);
    if (!tame) {
        write_msr("efer without lme", EFER, rdmsr(EFER) & ~0x100ull);
        check("lgdt non-canonical", c_lgdt_hole);
        check("lidt non-canonical", c_lidt_hole);
        check("cr3 reserved", c_cr3_high);
        check("cr4 without pae", c_cr4_pae);
        check("cr4 reserved", c_cr4_high);
        check("cr0 without pg", c_cr0_pg);
        check("cr0 upper half", c_cr0_high);
    }
    u64 v;
    asm volatile("mov %1,%%cr8; mov %%cr8,%0" : "=r"(v) : "r"(9ul));
    say("cr8 keeps:");
    value("tpr", v);
    line();
    asm volatile("mov %0,%%cr8" : : "r"(0ul));
    check("cr8 of 16", c_cr8_16);
    check_user("cr8 at 3", c_cr8_user);
    wrmsr(GS_BASE, 0x1111);
    wrmsr(KERNEL_GS_BASE, HIGH);
    asm volatile("swapgs");
    say("swapgs:");
    value("gs", rdmsr(GS_BASE));
    value("kernel", rdmsr(KERNEL_GS_BASE));
    line();
    check_user("swapgs at 3", c_swapgs_user);
    check_compat("swapgs in compatibility mode", c_swapgs_compat);
    wrmsr(FS_BASE, 1);
    check("read non-canonical by fs base", c_fs_hole);
    check("reload gs", c_gs_null);
    say("base after a null selector:");
    value("gs", rdmsr(GS_BASE));
    line();
    wrmsr(FS_BASE, 0);
    wrmsr(GS_BASE, 0);
    wrmsr(KERNEL_GS_BASE, 0);
    msr_value = HIGH | 0x12345;
    if (has_fsgsbase) {
        check_user("wrfsbase without cr4", c_wrfsbase);
        set_cr4(1 << 16, 0);
        report("fsgsbase: wrgsbase at 3", at3(c_wrgsbase, UCODE));
        value("gs", rdmsr(GS_BASE));
        value("read", seen.rbx);
        line();
        report("fsgsbase: wrgsbase of 32 bits", at3(c_wrgsbase32, UCODE));
        value("gs", rdmsr(GS_BASE));
        line();
        check_compat("fsgsbase: in compatibility mode", c_rdfsbase_compat);
        msr_value = HOLE;
        check_user("fsgsbase: wrfsbase non-canonical", c_wrfsbase);
        check_user("fsgsbase: wrgsbase non-canonical", c_wrgsbase);
        set_cr4(0, 1 << 16);
        wrmsr(FS_BASE, 0);
        wrmsr(GS_BASE, 0);
    }
}

u64 probe;
CHECK(c_read, "mov probe,%rax; mov (%rax),%rbx")
CHECK(c_write, "mov probe,%rax; movl $1,(%rax)")
CHECK(c_read_user, "mov probe,%rax; mov (%rax),%rbx" LEAVE)
CHECK(c_execute, "mov probe,%rax; call *%rax")
CHECK(c_invlpg, "invlpg c_invlpg" LEAVE)
CHECK(c_execute_user, "mov probe,%rax; call *%rax" LEAVE)
CHECK(c_stac_read, ".byte 0x0f,0x01,0xcb; mov probe,%rax; mov (%rax),%rbx; .byte 0x0f,0x01,0xca")
CHECK(c_stac_user, ".byte 0x0f,0x01,0xcb" LEAVE)
CHECK(c_load_gs, "mov $0x1000,%eax; mov %eax,%gs")
CHECK(c_stac_load_gs, ".byte 0x0f,0x01,0xcb; mov $0x1000,%eax; mov %eax,%gs")

asm(".pushsection .text\n.balign 4096\n.popsection");
CHECK32(c_far, "lcall $0x1b,$1f\n1: int $0x81")
asm(".pushsection .text\n.balign 4096\n.popsection");

/* Code and stack of the user alone are the user's: its far call pushes with its rights. */
static void smap_far_call(void)
{
    for (u32 n = 0; n < 1024; n++)
        table[n] &= ~4ull;
    *pte((u64) c_far) |= 4;
    *pte((u64) user_stack_end - 8) |= 4;
    flush();
    set_cr4(1 << 21, 0);
    check_compat("smap: far call at 3", c_far);
    set_cr4(0, 1 << 21);
    for (u32 n = 0; n < 1024; n++)
        table[n] |= 4;
    flush();
}

/* A GDT whose second page is the user's: what the processor reads there by itself is a supervisor's access. */
static void smap_implicit(void)
{
    struct { u16 limit; u64 base; } __attribute__((packed)) two = { 2 * 4096 - 1, (u64) page[4] }, one;
    for (u32 n = 0; n < 32; n++)
        page[4][n] = gdt[n];
    page[5][0] = gdt[4];
    asm volatile("sgdt %0" : "=m"(one));
    asm volatile("lgdt %0" : : "m"(two));
    check_page("smap: gdt without smap", attempt(c_load_gs));
    for (u32 n = 0; n < 1024; n++)
        table[n] &= ~4ull;
    *pte((u64) page[5]) |= 4;
    set_cr4(1 << 21, 0);
    check_page("smap: gdt", attempt(c_load_gs));
    check_page("smap: gdt after stac", attempt(c_stac_load_gs));
    set_cr4(0, 1 << 21);
    for (u32 n = 0; n < 1024; n++)
        table[n] |= 4;
    flush();
    asm volatile("lgdt %0" : : "m"(one));
}

static void pages(void)
{
    probe = (u64) page[0];
    *(u8 *) page[0] = 0xC3;
    if (has_nx) {
        *pte(probe) |= 1ull << 63;
        flush();
        check_page("nx: execute", attempt(c_execute));
        check_page("nx: execute at 3", at3(c_execute_user, UCODE));
        check_page("nx: read", attempt(c_read));
        wrmsr(EFER, rdmsr(EFER) & ~0x800ull);
        flush();
        check_page("nx: reserved without nxe", attempt(c_read));
        wrmsr(EFER, rdmsr(EFER) | 0x800);
        *pte(probe) &= ~(1ull << 63);
    }
    *pte(probe) |= 1ull << 45;
    flush();
    check_page("reserved bit 45", attempt(c_read));
    check_page("reserved bit 45, at 3", at3(c_read_user, UCODE));
    *pte(probe) &= ~(1ull << 45);
    pml4[511] |= 0x80;
    flush();
    probe += HIGH;
    report("large page in the pml4", attempt(c_read));
    line();
    pml4[511] &= ~0x80ull;
    pointers[1] = 0x40000087;
    flush();
    probe = 0x40000000;
    report("page of 1 GiB", attempt(c_read));
    if (trapped == 14)
        value("cr2", seen_cr2);
    line();
    pointers[1] = 0x40002087;
    flush();
    if (has_1g) {
        report("page of 1 GiB, reserved", attempt(c_read));
        line();
    }
    pointers[1] = 0;
    directory[2] = 0x00402087;
    flush();
    probe = 0x400000;
    report("page of 2 MiB, reserved", attempt(c_read));
    line();
    directory[2] = 0;
    /* Global pages, and the three ways to drop a translation. */
    probe = (u64) page[0];
    page[0][0] = 0x1111;
    page[1][0] = 0x2222;
    page[2][0] = 0x3333;
    page[3][0] = 0x4444;
    set_cr4(0x80, 0);
    *pte(probe) |= 0x100;
    flush();
    attempt(c_read);
    u64 a = *(volatile u64 *) probe;
    *pte(probe) = (u64) page[1] | 0x107;
    asm volatile("invlpg (%0)" : : "r"(probe) : "memory");
    u64 b = *(volatile u64 *) probe;
    *pte(probe) = (u64) page[2] | 0x107;
    set_cr4(0, 0x80);
    set_cr4(0x80, 0);
    u64 c = *(volatile u64 *) probe;
    *pte(probe) = (u64) page[3] | 7;
    asm volatile("invlpg (%0)" : : "r"(probe) : "memory");
    *pte(probe) = (u64) page[0] | 7;
    flush();
    u64 d = *(volatile u64 *) probe;
    set_cr4(0, 0x80);
    say("global page:");
    value("first", a);
    value("after invlpg", b);
    value("after pge", c);
    value("not global, after cr3", d);
    line();
    check_user("invlpg at 3", c_invlpg);
    *(u8 *) page[0] = 0xC3;
    if (has_smep) {
        for (u32 n = 0; n < 1024; n++)
            table[n] &= ~4ull;
        *pte(probe) |= 4;
        set_cr4(1 << 20, 0);
        check_page("smep: execute", attempt(c_execute));
        check_page("smep: read", attempt(c_read));
        set_cr4(0, 1 << 20);
        check_page("smep: off", attempt(c_execute));
    }
    if (has_smap) {
        set_cr4(1 << 21, 0);
        check_page("smap: read", attempt(c_read));
        check_page("smap: write", attempt(c_write));
        check_page("smap: read after stac", attempt(c_stac_read));
        set_cr4(0, 1 << 21);
    }
    for (u32 n = 0; n < 1024; n++)
        table[n] |= 4;
    flush();
    if (has_smap) {
        check_user("smap: stac at 3", c_stac_user);
        smap_implicit();
        smap_far_call();
    }
}

CHECK(c_sgdt, "sub $16,%rsp; sgdt (%rsp)" LEAVE)
CHECK(c_sidt, "sub $16,%rsp; sidt (%rsp)" LEAVE)
CHECK(c_sldt, "sldt %eax" LEAVE)
CHECK(c_str, "str %eax" LEAVE)
CHECK(c_smsw, "smsw %rax" LEAVE)
CHECK(c_smsw0, "smsw %rax")

static void instructions(void)
{
    check_user("sgdt at 3", c_sgdt);
    check_user("smsw at 3", c_smsw);
    if (has_umip) {
        set_cr4(1 << 11, 0);
        check_user("umip: sgdt", c_sgdt);
        check_user("umip: sidt", c_sidt);
        check_user("umip: sldt", c_sldt);
        check_user("umip: str", c_str);
        check_user("umip: smsw", c_smsw);
        check("umip: smsw at 0", c_smsw0);
        set_cr4(0, 1 << 11);
    }
}

u64 watched[2] __attribute__((aligned(16)));
CHECK(c_watched, "movl $1,watched+4; nop" LEAVE)
CHECK(c_watched_read, "mov watched+4,%eax; nop" LEAVE)
CHECK(c_target, "nop; nop; int $0x81")
CHECK(c_target_rf, "push $0x23; push user_rsp; push $0x10002; push $0x2b; push $c_target; iretq")
CHECK(c_gd, "mov %dr0,%rax")
CHECK(c_dr7_high, "mov $1,%eax; shl $32,%rax; mov %rax,%dr7")
CHECK(c_dr6_high, "mov $1,%eax; shl $32,%rax; mov %rax,%dr6")
CHECK(c_dr4, "mov %dr4,%rax")
CHECK(c_icebp, ".byte 0xf1" LEAVE)
CHECK(c_int3, "int3" LEAVE)

static void debug(void)
{
    u64 v;
    asm volatile("mov %1,%%dr0; mov %%dr0,%0" : "=r"(v) : "r"(HOLE | 0x123));
    say("dr0 keeps:");
    value("dr0", v);
    line();
    check("dr7 upper half", c_dr7_high);
    check("dr6 upper half", c_dr6_high);
    set_cr4(8, 0);
    check("dr4 with de", c_dr4);
    set_cr4(0, 8);
    watch((u64) watched, 0x00090001);
    debug_line("write of 8 bytes watched", at3(c_watched, UCODE), (u64) c_watched);
    watch((u64) watched, 0x00090001);
    debug_line("read not watched", at3(c_watched_read, UCODE), (u64) c_watched_read);
    watch((u64) watched, 0x000B0001);
    debug_line("read of 8 bytes watched", at3(c_watched_read, UCODE), (u64) c_watched_read);
    watch((u64) c_target, 1);
    debug_line("execution at 3", at3(c_target, UCODE), (u64) c_target);
    user_rsp = (u64) user_stack_end;
    watch((u64) c_target, 1);
    debug_line("execution with rf", attempt(c_target_rf), (u64) c_target);
    watch((u64) c_target, 1);
    sysret("sysretq with rf", c_to_sysretq, c_target, (u64) c_target, 0x10002);
    watch(0, 0x2000);
    debug_line("general detect", attempt(c_gd), (u64) c_gd);
    debug_line("icebp at 3", at3(c_icebp, UCODE), (u64) c_icebp);
    debug_line("int3 at 3", at3(c_int3, UCODE), (u64) c_int3);
}

static void triple_fault(void)
{
    /* #DF finds no gate either. */
    struct { u16 limit; u64 base; } __attribute__((packed)) r = { 0, (u64) idt };
    asm volatile("lidt %0; ud2" : : "m"(r));
}

int main(const u32 *boot)
{
    command_line(boot);
    features();
    setup();
    if (triple)
        triple_fault();
    modes();
    stacks();
    syscalls();
    sysenters();
    registers();
    pages();
    instructions();
    debug();
    say("done\n");
    outb(0xF4, 0);
    return 0;
}
