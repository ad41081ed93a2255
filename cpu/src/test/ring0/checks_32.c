/*
 * Checks of what happens at and between privilege levels in 32-bit code. Each prints one line: its name and what it
 * saw. Runs at CPL 0 of a 32-bit Multiboot machine; needs no interrupt. What is expected stands in the test.
 */
#include "ring0.h"
#include "checks_32.h"

struct frame {
    u32 gs, fs, es, ds, edi, esi, ebp, esp0, ebx, edx, ecx, eax, vector, error, eip, cs, eflags, esp, ss;
    u32 v_es, v_ds, v_fs, v_gs;
};

extern char stubs[], kernel_stack_end[], ring0_stack_end[], user_stack_end[], task_stack_end[];
extern char gate_target[], gate_target2[], sysenter_target[], task_entry[];
u32 trap(struct frame *f);
int main(const u32 *boot);

int trapped;
u32 resume, user_flags = 2, user_esp;
u32 gate_seen[3], fast_seen[4], task_seen[4];
static struct frame seen;
static u32 seen_cr2, steps, step_eip[16], step_dr6;
static int stepping;

static u64 gdt[32] __attribute__((aligned(8)));
static u64 idt[256] __attribute__((aligned(8)));
u32 tss[26];
u32 other_tss[26];
u32 directory[1024] __attribute__((aligned(4096)));
static u32 table[1024] __attribute__((aligned(4096)));
u32 page[5][1024] __attribute__((aligned(4096)));

enum { KCODE = 8, KDATA = 0x10, UCODE = 0x1B, UDATA = 0x23, TSS = 0x28, OTHER = 0x30, CONFORMING = 0x40, ABSENT = 0x48,
       READONLY = 0x53, DOWN = 0x5B, EXECUTE = 0x63, STACK16 = 0x6B, GATE = 0x73, SMALL = 0x7B, CODE_ABSENT = 0x80,
       GATE2 = 0x8B, LDT = 0x90 };

u32 trap(struct frame *f)
{
    if (stepping && f->vector == 1) {
        u32 dr6;
        asm volatile("mov %%dr6,%0" : "=r"(dr6));
        if (steps < 16)
            step_eip[steps] = f->eip;
        steps++;
        step_dr6 = dr6;
        asm volatile("mov %0,%%dr6" : : "r"(0));
        return 1;
    }
    seen = *f;
    if (!(f->eflags & 0x20000))
        seen.v_es = seen.v_ds = seen.v_fs = seen.v_gs = 0;
    asm volatile("mov %%cr2,%0" : "=r"(seen_cr2));
    trapped = (int) f->vector;
    return 0;
}

static u64 descriptor(u32 base, u32 limit, u32 type, u32 flags)
{
    return (u64) (limit & 0xFFFF) | (u64) (base & 0xFFFFFF) << 16 | (u64) type << 40
        | (u64) (limit >> 16 & 15) << 48 | (u64) flags << 52 | (u64) (base >> 24) << 56;
}

static u64 gate(u32 selector, u32 offset, u32 type, u32 count)
{
    return (u64) (offset & 0xFFFF) | (u64) selector << 16 | (u64) count << 32 | (u64) type << 40
        | (u64) (offset >> 16) << 48;
}

static void vector(int n, u32 type)
{
    idt[n] = gate(KCODE, (u32) stubs + 16 * (u32) n, type, 0);
}

static void report(const char *name, int v)
{
    say(name);
    say(":");
    if (v < 0)
        say(" none");
    else {
        value("v", (u32) v);
        value("e", seen.error);
    }
}

static void line(void) { say("\n"); }

void check(const char *name, void (*f)(void))
{
    report(name, attempt(f));
    line();
}

static void check_user(const char *name, void (*f)(void))
{
    user_esp = (u32) user_stack_end;
    report(name, user(f));
    line();
}

void check_page(const char *name, int v)
{
    report(name, v);
    if (v == 14)
        value("cr2", seen_cr2 - (u32) page);
    line();
}

CHECK(c_ud2, "ud2")
CHECK(c_divide, "xor %ecx,%ecx; mov $1,%eax; xor %edx,%edx; div %ecx")
CHECK(c_bound, "push $1; push $0; mov $2,%eax; bound %eax,(%esp)")
CHECK(c_int3, "int3" LEAVE)
CHECK(c_into, "mov $0x7f,%al; inc %al; into" LEAVE)
CHECK(c_int40, "int $0x40" LEAVE)
CHECK(c_int41, "int $0x41" LEAVE)
CHECK(c_icebp, ".byte 0xf1" LEAVE)
CHECK(c_hlt, "hlt" LEAVE)
CHECK(c_cli, "cli" LEAVE)
CHECK(c_cr0, "mov %cr0,%eax" LEAVE)
CHECK(c_in, "in $0x80,%al" LEAVE)
CHECK(c_rdmsr_user, "mov $0x174,%ecx; rdmsr" LEAVE)
CHECK(c_ds_absent, "mov $0x48,%eax; mov %eax,%ds")
CHECK(c_ss_absent, "mov $0x48,%eax; mov %eax,%ss")
CHECK(c_ds_beyond, "mov $0x7f8,%eax; mov %eax,%ds")
CHECK(c_ss_readonly, "mov $0x50,%eax; mov %eax,%ss")
CHECK(c_ss_null, "xor %eax,%eax; mov %eax,%ss")
CHECK(c_ss_rpl, "mov $0x23,%eax; mov %eax,%ss")
CHECK(c_ds_execute, "mov $0x60,%eax; mov %eax,%fs")
CHECK(c_ds_kernel, "mov $0x10,%eax; mov %eax,%ds" LEAVE)
CHECK(c_ds_ldt, "mov $0x0c,%eax; mov %eax,%ds")
CHECK(c_limit, "mov $0x7b,%eax; mov %eax,%fs; mov %fs:0xc,%ebx; mov %fs:0xd,%ebx" LEAVE)
CHECK(c_down_in, "mov $0x5b,%eax; mov %eax,%fs; mov %fs:0x100000,%ebx" LEAVE)
CHECK(c_down_out, "mov $0x5b,%eax; mov %eax,%fs; mov %fs:0xffc,%ebx" LEAVE)
CHECK(c_write_readonly, "mov $0x53,%eax; mov %eax,%fs; mov %fs:0x100000,%ebx; mov %ebx,%fs:0x100000" LEAVE)
CHECK(c_null_use, "xor %eax,%eax; mov %eax,%fs; mov %fs:0,%ebx" LEAVE)
CHECK(c_jmp_absent, "ljmp $0x80,$0")
CHECK(c_jmp_data, "ljmp $0x10,$0")
CHECK(c_jmp_null, "ljmp $0,$0")
CHECK(c_jmp_kernel, "ljmp $8,$0" LEAVE)
CHECK(c_jmp_conforming, "ljmp $0x40,$1f\n1: mov %cs,%eax; int $0x81")
CHECK(c_call_gate, "lcall $0x73,$0" LEAVE)
CHECK(c_call_gate2, "push $0x1111; push $0x2222; lcall $0x8b,$0" LEAVE)
CHECK(c_iret_rpl, "pushf; push $0x1a; push $0; iret")
CHECK(c_iret_limit, "push $0x23; push $0; pushf; push $0x33; push $0; iret")
CHECK(c_lldt_bad, "mov $0x10,%eax; lldt %ax")
CHECK(c_ltr_busy, "mov $0x28,%eax; ltr %ax")
CHECK(c_cr4_reserved, "mov %cr4,%eax; or $0x80000000,%eax; mov %eax,%cr4")
CHECK(c_cr0_pg, "mov %cr0,%eax; and $~1,%eax; mov %eax,%cr0")
CHECK(c_cr0_nw, "mov %cr0,%eax; or $0x20000000,%eax; mov %eax,%cr0")
CHECK(c_msr_unknown, "mov $0x12345678,%ecx; rdmsr")
CHECK(c_lock, ".byte 0xf0; nop")
CHECK(c_long, ".fill 15,1,0x66; nop")
CHECK(c_fld, "fldz")
CHECK(c_fwait, "fwait")
CHECK(c_mf, "fninit; push $0x37b; fldcw (%esp); pop %eax; fld1; fldz; fdivrp; fwait")
CHECK(c_ac, "mov user_stack_page,%eax; mov 1(%eax),%ebx" LEAVE)
CHECK(c_ac_none, "mov user_stack_page,%eax; mov 4(%eax),%ebx; mov 3(%eax),%bl" LEAVE)
CHECK(c_popf_iopl, "push $0x3202; popf; pushf; pop %eax" LEAVE)

u32 user_stack_page, probe;
CHECK(c_read, "mov probe,%eax; mov (%eax),%ebx")
CHECK(c_write, "mov probe,%eax; movl $1,(%eax)")
CHECK(c_read_user, "mov probe,%eax; mov (%eax),%ebx" LEAVE)
CHECK(c_write_user, "mov probe,%eax; movl $1,(%eax)" LEAVE)
CHECK(c_rmw_user, "mov probe,%eax; lock incl (%eax)" LEAVE)
CHECK(c_stac_read, ".byte 0x0f,0x01,0xcb; mov probe,%eax; mov (%eax),%ebx; .byte 0x0f,0x01,0xca")
CHECK(c_execute_user, "mov probe,%eax; jmp *%eax")

static u32 *pte(u32 at) { return &table[at >> 12]; }

void flush(void) { u32 v; asm volatile("mov %%cr3,%0; mov %0,%%cr3" : "=r"(v) : : "memory"); }

u32 get_cr0(void) { u32 v; asm volatile("mov %%cr0,%0" : "=r"(v)); return v; }

void set_cr0(u32 v) { asm volatile("mov %0,%%cr0" : : "r"(v) : "memory"); }

void set_cr4(u32 set, u32 clear)
{
    u32 v;
    asm volatile("mov %%cr4,%0" : "=r"(v));
    asm volatile("mov %0,%%cr4" : : "r"((v | set) & ~clear) : "memory");
}

static void wrmsr(u32 n, u32 v) { asm volatile("wrmsr" : : "c"(n), "a"(v), "d"(0)); }

void cpuid(u32 leaf, u32 *r)
{
    asm volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3]) : "a"(leaf), "c"(0));
}

static void setup(void)
{
    outb(0x21, 0xFF);
    outb(0xA1, 0xFF);
    gdt[1] = descriptor(0, 0xFFFFF, 0x9B, 0xC);
    gdt[2] = descriptor(0, 0xFFFFF, 0x93, 0xC);
    gdt[3] = descriptor(0, 0xFFFFF, 0xFB, 0xC);
    gdt[4] = descriptor(0, 0xFFFFF, 0xF3, 0xC);
    gdt[5] = descriptor((u32) tss, 103, 0x89, 0);
    gdt[6] = descriptor((u32) other_tss, 103, 0x89, 0);
    gdt[8] = descriptor(0, 0xFFFFF, 0x9F, 0xC);
    gdt[9] = descriptor(0, 0xFFFFF, 0x12, 0xC);
    gdt[10] = descriptor(0, 0xFFFFF, 0xF1, 0xC);
    gdt[11] = descriptor(0, 0, 0xF7, 0xC);
    gdt[12] = descriptor(0, 0xFFFFF, 0xF9, 0xC);
    gdt[13] = descriptor(0, 0xFFFFF, 0xF3, 0x8);
    gdt[14] = gate(KCODE, (u32) gate_target, 0xEC, 0);
    gdt[15] = descriptor(0x100000, 15, 0xF3, 0x4);
    gdt[16] = descriptor(0, 0xFFFFF, 0x1B, 0xC);
    gdt[17] = gate(KCODE, (u32) gate_target2, 0xEC, 2);
    gdt[18] = descriptor((u32) gdt, 255, 0x82, 0);
    struct { u16 limit; u32 base; } __attribute__((packed)) r = { sizeof gdt - 1, (u32) gdt };
    asm volatile("lgdt %0; ljmp $8,$1f\n1: mov %1,%%ds; mov %1,%%es; mov %1,%%ss" : : "m"(r), "r"(KDATA) : "memory");
    for (int n = 0; n < 256; n++)
        vector(n, 0x8E);
    vector(3, 0xEE);
    vector(4, 0xEE);
    vector(0x81, 0xEE);
    vector(0x83, 0xEF);
    vector(0x41, 0x6E);
    r.limit = sizeof idt - 1;
    r.base = (u32) idt;
    asm volatile("lidt %0" : : "m"(r));
    tss[1] = (u32) ring0_stack_end;
    tss[2] = KDATA;
    tss[25] = 104 << 16;
    tss[7] = (u32) directory;
    other_tss[1] = (u32) task_stack_end;
    other_tss[2] = KDATA;
    other_tss[8] = (u32) task_entry;
    other_tss[9] = 2;
    other_tss[14] = (u32) task_stack_end;
    other_tss[18] = other_tss[20] = other_tss[21] = KDATA;
    other_tss[19] = KCODE;
    other_tss[25] = 104 << 16;
    asm volatile("lldt %w0" : : "r"(0));
    asm volatile("ltr %w0" : : "r"(TSS));
    for (u32 n = 0; n < 1024; n++)
        table[n] = n << 12 | 7;
    directory[0] = (u32) table | 7;
    other_tss[7] = (u32) directory;
    asm volatile("mov %0,%%cr3" : : "r"(directory));
    set_cr0(get_cr0() | 0x80000020);
    user_stack_page = (u32) user_stack_end - 64;
}

/* Multiboot's command line ends in "qemu": that QEMU which loses itself over some checks is asked no such thing. */
static int tame;

static void command_line(const u32 *boot)
{
    const char *s = (const char *) boot[4];
    u32 n = 0;
    if (!(boot[0] & 4))
        return;
    while (s[n])
        n++;
    tame = n > 4 && s[n - 4] == 'q' && s[n - 3] == 'e' && s[n - 2] == 'm' && s[n - 1] == 'u';
}

static void faults(void)
{
    check("ud2", c_ud2);
    check("divide", c_divide);
    check("bound", c_bound);
    check("lock nop", c_lock);
    check("16 bytes", c_long);
    check_user("int3 at 3", c_int3);
    check_user("into at 3", c_into);
    check_user("int 40h, gate of 0", c_int40);
    vector(0x41, 0x6E);
    check_user("int 41h, absent", c_int41);
    check_user("icebp at 3", c_icebp);
    check_user("hlt at 3", c_hlt);
    check_user("cli at 3", c_cli);
    check_user("mov cr0 at 3", c_cr0);
    check_user("in at 3", c_in);
    check_user("rdmsr at 3", c_rdmsr_user);
    check("rdmsr unknown", c_msr_unknown);
    if (!tame) {
        check("cr4 reserved", c_cr4_reserved);
        check("cr0 pg without pe", c_cr0_pg);
        check("cr0 nw without cd", c_cr0_nw);
    }
    check_user("popf at 3 keeps iopl and if", c_popf_iopl);
    say("flags then:");
    value("eax", seen.eax & 0x3200);
    line();
}

static void segments(void)
{
    check("ds absent", c_ds_absent);
    check("ss absent", c_ss_absent);
    check("ds beyond", c_ds_beyond);
    check("ds in no ldt", c_ds_ldt);
    check("ss readonly", c_ss_readonly);
    check("ss null", c_ss_null);
    check("ss of 3", c_ss_rpl);
    check("fs execute-only", c_ds_execute);
    check_user("ds of 0 at 3", c_ds_kernel);
    check_user("past the limit", c_limit);
    check_user("expand-down inside", c_down_in);
    check_user("expand-down outside", c_down_out);
    check_user("write to read-only", c_write_readonly);
    check_user("use of null", c_null_use);
    check("jmp absent", c_jmp_absent);
    check("jmp data", c_jmp_data);
    check("jmp null", c_jmp_null);
    check_user("jmp to 0", c_jmp_kernel);
    check_user("jmp conforming", c_jmp_conforming);
    say("cs then:");
    value("cs", seen.eax & 0xFFFF);
    line();
    check_user("call gate", c_call_gate);
    say("in the gate:");
    value("cs", gate_seen[0] & 0xFFFF);
    value("pushed", (u32) ring0_stack_end - gate_seen[1]);
    value("return cs", gate_seen[2]);
    line();
    check_user("call gate, 2 words", c_call_gate2);
    say("in the gate:");
    value("cs", gate_seen[0] & 0xFFFF);
    value("first", gate_seen[1]);
    value("second", gate_seen[2]);
    value("esp", (u32) user_stack_end - seen.esp);
    line();
    check("iret rpl", c_iret_rpl);
    check("iret to tss", c_iret_limit);
    check("lldt data", c_lldt_bad);
    check("ltr busy", c_ltr_busy);
    for (u32 s = 0; s < 0xA0; s += 8) {
        u32 lar = 0, lsl = 0;
        u8 l, m, r, w;
        asm volatile("lar %4,%0; setz %2; lsl %4,%1; setz %3" : "+&r"(lar), "+&r"(lsl), "=&q"(l), "=&q"(m) : "r"(s));
        asm volatile("verr %w2; setz %0; verw %w2; setz %1" : "=&q"(r), "=&q"(w) : "r"(s));
        say("selector");
        value("s", s);
        if (l)
            value("lar", lar & 0xF0FF00);
        if (m)
            value("lsl", lsl);
        value("verr", r);
        value("verw", w);
        line();
    }
}

static void pages(void)
{
    probe = (u32) page[0];
    *pte(probe) &= ~1u;
    flush();
    check_page("read absent", attempt(c_read));
    check_page("write absent", attempt(c_write));
    check_page("user read absent", user(c_read_user));
    check_page("user rmw absent", user(c_rmw_user));
    check_page("user execute absent", user(c_execute_user));
    probe = (u32) page[1];
    *pte(probe) = probe | 5;
    flush();
    check_page("write read-only, wp=0", attempt(c_write));
    set_cr0(get_cr0() | 0x10000);
    check_page("write read-only, wp=1", attempt(c_write));
    check_page("user write read-only", user(c_write_user));
    check_page("user read read-only", user(c_read_user));
    set_cr0(get_cr0() & ~0x10000u);
    probe = (u32) page[2];
    *pte(probe) = probe | 3;
    flush();
    check_page("user read supervisor", user(c_read_user));
    check_page("user write supervisor", user(c_write_user));
    say("marks after reading by the kernel:");
    attempt(c_read);
    value("pte", *pte(probe) & 0x60);
    attempt(c_write);
    value("then writing", *pte(probe) & 0x60);
    line();
    probe = (u32) page[3] + 0xFFE;
    *pte(probe + 4) &= ~1u;
    flush();
    check_page("read across", attempt(c_read));
    *pte(probe + 4) |= 1;
    flush();
}

CHECK(c_flags_83, "pushf; orl $0x4000,(%esp); popf; int $0x83")

CHECK(c_task, "int $0x50")
CHECK(c_nt_iret, "pushf; orl $0x4000,(%esp); popf; iret")

static void tasks(void)
{
    idt[0x50] = gate(OTHER, 0, 0x85, 0);
    check("task gate", c_task);
    say("in the task:");
    value("flags", task_seen[0] & 0x4000);
    value("link", task_seen[1] & 0xFFFF);
    value("tr", task_seen[2] & 0xFFFF);
    value("ts", task_seen[3] >> 3 & 1);
    value("busy then", (u32) (gdt[6] >> 40) & 0xFF);
    line();
    asm volatile("clts");
    check("task gate again", c_task);
    asm volatile("clts");
    tss[0] = KDATA;
    check("iret with nt, bad link", c_nt_iret);
    tss[0] = OTHER;
    check("iret with nt, link not busy", c_nt_iret);
    gdt[6] &= ~(1ull << 47);
    check("absent task", c_task);
    gdt[6] |= 1ull << 47;
}

static void doubles(void)
{
    idt[13] = gate(KCODE, 0, 0x0E, 0);
    check("np in gp", c_jmp_data);
    idt[6] = gate(KCODE, 0, 0x0E, 0);
    check("np in ud", c_ud2);
    vector(6, 0x8E);
    idt[6] = gate(KDATA, 0, 0x8E, 0);
    check("gp in ud, gp absent", c_ud2);
    vector(6, 0x8E);
    vector(13, 0x8E);
    idt[0] = gate(KDATA, 0, 0x8E, 0);
    check("gp in de", c_divide);
    vector(0, 0x8E);
    idt[14] = gate(KDATA, 0, 0x8E, 0);
    probe = (u32) page[0];
    check("gp in pf", c_read);
    vector(14, 0x8E);
    idt[6] = gate(KDATA, 0, 0x8E, 0);
    check("gp in ud", c_ud2);
    vector(6, 0x8E);
}

CHECK(c_sysenter, "mov $1f,%esi; mov %esp,%edi; pushf; orl $0x40400,(%esp); popf; sysenter\n1: mov %cs,%eax; mov %ss,%ebx;"
    " pushf; pop %ecx; int $0x81")
CHECK(c_sysenter_bare, "sysenter" LEAVE)
CHECK(c_sysexit_user, "sysexit" LEAVE)

static void fast(void)
{
    u32 r[4];
    cpuid(1, r);
    if (!(r[3] >> 11 & 1))
        return;
    wrmsr(0x174, 0);
    check_user("sysenter without cs", c_sysenter_bare);
    check_user("sysexit at 3", c_sysexit_user);
    wrmsr(0x174, KCODE);
    wrmsr(0x175, (u32) kernel_stack_end - 4096);
    wrmsr(0x176, (u32) sysenter_target);
    user_flags = 0x202;
    check_user("sysenter", c_sysenter);
    user_flags = 2;
    say("in the kernel:");
    value("flags", fast_seen[0] & 0x47700);
    value("cs", fast_seen[1] & 0xFFFF);
    value("ss", fast_seen[2] & 0xFFFF);
    value("esp", (u32) kernel_stack_end - 4096 - fast_seen[3]);
    line();
    say("after sysexit:");
    value("cs", seen.eax & 0xFFFF);
    value("ss", seen.ebx & 0xFFFF);
    value("flags", seen.ecx & 0x47700);
    line();
}

CHECK(c_espfix, "pushl $0x6b; pushl $0x1234abcd; pushf; pushl $0x1b; pushl $1f; iret\n"
    "1: mov %esp,%eax; mov $0x23,%edx; mov %edx,%ss; int $0x81")
CHECK(c_drop, "mov $0x10,%eax; mov %eax,%fs; mov $0x23,%eax; mov %eax,%gs; push $0x23; push user_esp; push $2; push $0x1b;"
    " push $1f; iret\n1: mov %fs,%eax; mov %gs,%ebx; mov $0x23,%ecx; mov %ecx,%ds; int $0x81")

static void stacks(void)
{
    attempt(c_espfix);
    say("iret to a 16-bit stack:");
    value("low", seen.eax & 0xFFFF);
    value("high is the kernel's", seen.eax >> 16 == (u32) kernel_stack_end >> 16);
    line();
    user_esp = (u32) user_stack_end;
    attempt(c_drop);
    say("selectors after iret to 3:");
    value("fs", seen.eax & 0xFFFF);
    value("gs", seen.ebx & 0xFFFF);
    line();
}

CHECK(c_step, "pushf; orl $0x100,(%esp); popf\n1: nop\n2: inc %eax\n3: pushf; andl $~0x100,(%esp); popf; nop")
CHECK(c_step_ss, "mov %ss,%ecx; pushf; orl $0x100,(%esp); popf; nop; mov %ecx,%ss; nop; nop; pushf; andl $~0x100,(%esp);"
    " popf; nop")

static void step(const char *name, void (*f)(void))
{
    stepping = 1;
    steps = 0;
    attempt(f);
    stepping = 0;
    say(name);
    value(": traps", steps);
    say(" at");
    for (u32 n = 1; n < steps && n < 16; n++)
        value("+", step_eip[n] - step_eip[0]);
    value("dr6", step_dr6 & 0xE00F);
    line();
}

static void traps(void)
{
    step("single step", c_step);
    step("single step over mov ss", c_step_ss);
    check("int through a trap gate", c_flags_83);
    say("saved and left:");
    value("saved", seen.eflags & 0x4300);
    line();
}

static void coprocessor(void)
{
    set_cr0(get_cr0() | 8);
    check("x87 with ts", c_fld);
    check("fwait with ts", c_fwait);
    set_cr0(get_cr0() | 2);
    check("fwait with ts and mp", c_fwait);
    set_cr0((get_cr0() & ~8u) | 4);
    check("x87 with em", c_fld);
    check("fwait with em", c_fwait);
    set_cr0(get_cr0() & ~4u);
    check("unmasked zero divide", c_mf);
    asm volatile("fninit");
}

static void alignment(void)
{
    user_flags = 0x40002;
    check_user("unaligned without am", c_ac);
    set_cr0(get_cr0() | 0x40000);
    check_user("unaligned", c_ac);
    check_user("aligned", c_ac_none);
    user_flags = 2;
    check_user("unaligned without ac", c_ac);
    set_cr0(get_cr0() & ~0x40000u);
}

int user_v86(void);

/* Virtual-8086 mode: code at 8000h, its stack at 9000h. */
static int v86(const u8 *code, u32 size, u32 flags)
{
    u8 *at = (u8 *) 0x8000;
    asm volatile("" : "+r"(at));
    for (u32 n = 0; n < size; n++)
        at[n] = code[n];
    user_flags = flags | 0x20002;
    return user_v86();
}

asm("user_v86: push %ebx; push %esi; push %edi; push %ebp; mov %esp,resume; movl $-1,trapped;"
    " push $0x44; push $0x33; push $0x22; push $0x11; push $0x900; push $0x100; push user_flags; push $0x800; push $0; iret");

#define V86(name, flags, ...) do { static const u8 code[] = { __VA_ARGS__ }; report(name, v86(code, sizeof code, flags)); \
    value("eip", seen.eip); value("cs", seen.cs & 0xFFFF); value("esp", seen.esp); value("flags", seen.eflags & 0x1A7200); \
    line(); } while (0)

static void virtual8086(void)
{
    V86("v86 int, iopl 0", 0, 0xCD, 0x81);
    V86("v86 int, iopl 3", 0x3000, 0xCD, 0x81);
    say("selectors:");
    value("ds", seen.v_ds & 0xFFFF);
    value("es", seen.v_es & 0xFFFF);
    value("fs", seen.v_fs & 0xFFFF);
    value("gs", seen.v_gs & 0xFFFF);
    value("ss", seen.ss & 0xFFFF);
    value("now ds", seen.ds & 0xFFFF);
    line();
    V86("v86 int3, iopl 0", 0, 0xCC);
    V86("v86 cli, iopl 0", 0, 0xFA);
    V86("v86 pushf, iopl 0", 0, 0x9C);
    V86("v86 cli, iopl 3", 0x3200, 0xFA, 0xCD, 0x81);
    V86("v86 hlt", 0x3000, 0xF4);
    V86("v86 in, no bitmap", 0x3000, 0xE4, 0x80);
    V86("v86 lldt", 0x3000, 0x0F, 0x00, 0xD0);
    set_cr4(1, 0);
    V86("vme cli, iopl 0", 0x80000, 0xFA, 0xCC);
    V86("vme sti with vip", 0x100000, 0xFB);
    V86("vme sti", 0, 0xFB, 0xCC);
    V86("vme pushf", 0x80000, 0x9C, 0x58, 0xCC);
    say("pushed:");
    value("ax", seen.eax & 0xFFFF);
    line();
    set_cr4(0, 1);
    user_flags = 2;
}

/* Protections that newer processors have. */
static void protections(void)
{
    u32 r[4], highest;
    cpuid(0, r);
    highest = r[0];
    r[1] = 0;
    if (highest >= 7)
        cpuid(7, r);
    probe = (u32) page[3];
    *(u8 *) probe = 0xC3;
    if (r[1] >> 7 & 1) {
        /* Only this page is the user's: the rest of the kernel must stay executable. */
        for (u32 n = 0; n < 1024; n++)
            table[n] &= ~4u;
        *pte(probe) |= 4;
        flush();
        set_cr4(1u << 20, 0);
        check_page("smep: execute", attempt(c_execute_user));
        check_page("smep: read", attempt(c_read));
        set_cr4(0, 1u << 20);
        if (r[1] >> 20 & 1) {
            set_cr4(1u << 21, 0);
            check_page("smap: read", attempt(c_read));
            check_page("smap: write", attempt(c_write));
            check("smap: read after stac", c_stac_read);
            set_cr4(0, 1u << 21);
        }
        for (u32 n = 0; n < 1024; n++)
            table[n] |= 4;
        flush();
    }
}

int main(const u32 *boot)
{
    command_line(boot);
    setup();
    faults();
    segments();
    pages();
    tasks();
    doubles();
    fast();
    stacks();
    traps();
    coprocessor();
    alignment();
    virtual8086();
    protections();
    pae();
    only32();
    say("done\n");
    outb(0xF4, 0);
    return 0;
}
