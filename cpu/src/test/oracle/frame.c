#include "frame.h"

#include "sys.h"

#include <asm/sigcontext.h>
#include <asm/signal.h>
#include <asm/ucontext.h>

#define SEGV 11
#define HANDLER_STACK 32768

static void (*on_trap)(struct ucontext *uc);
static uint8_t handler_stack[HANDLER_STACK] __attribute__((aligned(64)));
static uint64_t start_fs_base, start_gs_base;

/*
 * The kernel clears DF, TF and RF before it calls a handler, but leaves AC, NT and ID as the test set them: NT and ID
 * would survive into the next test, as sigreturn does not restore them.
 */
#ifdef __x86_64__
__asm__(".text\n"
        "trap_entry:\n"
        "  pushfq\n"
        "  andq $~0x244000, (%rsp)\n"
        "  popfq\n"
        "  movq %rdx, %rdi\n"
        "  jmp trap_c\n"
        "trap_return:\n"
        "  movl $15, %eax\n" /* rt_sigreturn */
        "  syscall\n"
        "  ud2\n");
#else
__asm__(".text\n"
        "trap_entry:\n"
        "  pushfl\n"
        "  andl $~0x244000, (%esp)\n"
        "  popfl\n"
        "  movl 12(%esp), %eax\n"
        "  subl $12, %esp\n"
        "  andl $~15, %esp\n"
        "  pushl $0\n"
        "  pushl $0\n"
        "  pushl $0\n"
        "  pushl %eax\n"
        "  call trap_c\n"
        "  leal trap_stack, %eax\n"
        "  movl (%eax), %esp\n"
        "trap_return:\n"
        "  movl $173, %eax\n" /* rt_sigreturn */
        "  int $0x80\n"
        "  ud2\n");
#endif

extern const char trap_entry[], trap_return[];
__attribute__((used)) static uintptr_t trap_stack;

__attribute__((used)) void trap_c(struct ucontext *uc) {
#ifdef __i386__
    /* rt_sigreturn wants ESP behind the return address of struct rt_sigframe: sig, pinfo, puc, info (128), uc. */
    trap_stack = (uintptr_t)uc - 128 - 12;
#endif
    on_trap(uc);
}

/* As the kernel has it. */
struct action {
    const void *handler;
    unsigned long flags;
    const void *restorer;
    uint64_t mask;
};

void frame_install(void (*handler)(struct ucontext *uc)) {
    static const int signals[] = {4, 5, 7, 8, SEGV}; /* ILL TRAP BUS FPE SEGV */
    on_trap = handler;
    struct {
        void *sp;
        int flags;
        size_t size;
    } stack = {handler_stack, 0, sizeof handler_stack};
    if (sys3(__NR_sigaltstack, (long)&stack, 0, 0) != 0) {
        fail("sigaltstack failed");
    }
    struct action a = {trap_entry, SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTORER, trap_return, 0};
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) {
        if (sys6(__NR_rt_sigaction, signals[i], (long)&a, 0, 8, 0, 0) != 0) {
            fail("rt_sigaction failed");
        }
    }
}

#ifdef __x86_64__

#define ARCH_SET_GS 0x1001
#define ARCH_SET_FS 0x1002
#define ARCH_GET_FS 0x1003
#define ARCH_GET_GS 0x1004

static int rdfsbase;

static struct sigcontext_64 *context(const struct ucontext *uc) {
    return (struct sigcontext_64 *)&uc->uc_mcontext;
}

/*
 * RDFSBASE and RDGSBASE, where the processor has them enabled, tell the truth even if the kernel does not know that
 * user mode may write the bases. Tried in a child, as they may raise #UD.
 */
static int has_rdfsbase(void) {
    long pid = sys3(__NR_fork, 0, 0, 0);
    if (pid == 0) {
        uint64_t base;
        __asm__ volatile("rdfsbase %0" : "=r"(base));
        sys3(__NR_exit_group, 0, 0, 0);
    }
    int status = -1;
    return pid > 0 && sys6(__NR_wait4, pid, (long)&status, 0, 0, 0, 0) == pid && status == 0;
}

static void read_bases(uint64_t *fs_base, uint64_t *gs_base) {
    if (rdfsbase) {
        __asm__ volatile("rdfsbase %0\n rdgsbase %1" : "=r"(*fs_base), "=r"(*gs_base));
    } else {
        sys3(__NR_arch_prctl, ARCH_GET_FS, (long)fs_base, 0);
        sys3(__NR_arch_prctl, ARCH_GET_GS, (long)gs_base, 0);
    }
}

void frame_probe(void) {
    rdfsbase = has_rdfsbase();
}

void frame_bases(uint64_t fs_base, uint64_t gs_base) {
    start_fs_base = fs_base;
    start_gs_base = gs_base;
    sys3(__NR_arch_prctl, ARCH_SET_FS, (long)fs_base, 0);
    sys3(__NR_arch_prctl, ARCH_SET_GS, (long)gs_base, 0);
}

void frame_load(struct ucontext *uc, const struct test *t, const uint8_t *fx) {
    struct sigcontext_64 *s = context(uc);
    s->ax = t->gpr[0];
    s->cx = t->gpr[1];
    s->dx = t->gpr[2];
    s->bx = t->gpr[3];
    s->sp = t->gpr[4];
    s->bp = t->gpr[5];
    s->si = t->gpr[6];
    s->di = t->gpr[7];
    memcpy(&s->r8, &t->gpr[8], 64);
    s->ip = t->ip;
    s->flags = t->eflags;
    s->cs = t->seg[1];
    s->ss = t->seg[2];
    __asm__ volatile("movw %0, %%es\n movw %1, %%ds" ::"r"(t->seg[0]), "r"(t->seg[3]));
    if (fx) {
        uint8_t *to = (uint8_t *)(uintptr_t)s->fpstate;
        memcpy(to, fx, FX_BYTES);
        uint32_t *features = (uint32_t *)(to + 512); /* XSTATE_BV: load x87 and SSE, not their initial states */
        if (((struct _fpx_sw_bytes *)(to + 464))->magic1 == FP_XSTATE_MAGIC1) {
            *features |= 3;
        }
    }
}

void frame_save(const struct ucontext *uc, const struct test *t, struct outcome *o, uint8_t *fx) {
    const struct sigcontext_64 *s = context(uc);
    o->gpr[0] = s->ax;
    o->gpr[1] = s->cx;
    o->gpr[2] = s->dx;
    o->gpr[3] = s->bx;
    o->gpr[4] = s->sp;
    o->gpr[5] = s->bp;
    o->gpr[6] = s->si;
    o->gpr[7] = s->di;
    memcpy(&o->gpr[8], &s->r8, 64);
    o->ip = s->ip;
    o->eflags = (uint32_t)s->flags;
    o->vector = (uint8_t)s->trapno;
    o->error = (uint32_t)s->err;
    o->cr2 = s->cr2;
    uint16_t es, ds, fs, gs;
    __asm__ volatile("movw %%es, %0\n movw %%ds, %1\n movw %%fs, %2\n movw %%gs, %3"
                     : "=r"(es), "=r"(ds), "=r"(fs), "=r"(gs));
    const uint16_t seg[6] = {es, s->cs, s->ss, ds, fs, gs};
    memcpy(o->seg, seg, sizeof seg);
    o->fs_base = start_fs_base;
    o->gs_base = start_gs_base;
    if ((t->flags & TEST_BASES) || fs != t->seg[4] || gs != t->seg[5]) {
        read_bases(&o->fs_base, &o->gs_base);
        frame_bases(start_fs_base, start_gs_base);
    }
    if (fx) {
        memcpy(fx, (const void *)(uintptr_t)s->fpstate, FX_BYTES);
    }
}

#else

static struct sigcontext_32 *context(const struct ucontext *uc) {
    return (struct sigcontext_32 *)&uc->uc_mcontext;
}

void frame_probe(void) {}

void frame_bases(uint64_t fs_base, uint64_t gs_base) {
    start_fs_base = fs_base;
    start_gs_base = gs_base;
}

/* The kernel takes x87 from the FSAVE image in front and all else from the FXSAVE image behind it. */
static void load_x87(struct _fpstate_32 *f, const uint8_t *fx) {
    uint8_t *to = (uint8_t *)f->_fxsr_env;
    memcpy(to, fx, FX_BYTES);
    uint16_t cw, sw, fop, cs, ds;
    memcpy(&cw, fx, 2);
    memcpy(&sw, fx + 2, 2);
    memcpy(&fop, fx + 6, 2);
    memcpy(&f->ipoff, fx + 8, 4);
    memcpy(&cs, fx + 12, 2);
    memcpy(&f->dataoff, fx + 16, 4);
    memcpy(&ds, fx + 20, 2);
    f->cw = 0xffff0000u | cw;
    f->sw = 0xffff0000u | sw;
    f->status = sw;
    f->cssel = (uint32_t)fop << 16 | cs;
    f->datasel = 0xffff0000u | ds;
    uint32_t tag = 0xffff0000u;
    for (int i = 0; i < 8; i++) {
        tag |= (fx[4] >> i & 1 ? 0u : 3u) << 2 * i;
        memcpy(&f->_st[i], fx + 32 + 16 * i, 10);
    }
    f->tag = tag;
    struct _fpx_sw_bytes *sw_bytes = (struct _fpx_sw_bytes *)(to + 464);
    if (sw_bytes->magic1 == FP_XSTATE_MAGIC1) {
        *(uint32_t *)(to + 512) |= 3;
    }
}

void frame_load(struct ucontext *uc, const struct test *t, const uint8_t *fx) {
    struct sigcontext_32 *s = context(uc);
    s->ax = (uint32_t)t->gpr[0];
    s->cx = (uint32_t)t->gpr[1];
    s->dx = (uint32_t)t->gpr[2];
    s->bx = (uint32_t)t->gpr[3];
    s->sp = (uint32_t)t->gpr[4];
    s->bp = (uint32_t)t->gpr[5];
    s->si = (uint32_t)t->gpr[6];
    s->di = (uint32_t)t->gpr[7];
    s->ip = t->ip;
    s->flags = t->eflags;
    s->es = t->seg[0];
    s->cs = t->seg[1];
    s->ss = t->seg[2];
    s->ds = t->seg[3];
    s->fs = t->seg[4];
    s->gs = t->seg[5];
    if (fx) {
        load_x87((struct _fpstate_32 *)(uintptr_t)s->fpstate, fx);
    }
}

void frame_save(const struct ucontext *uc, const struct test *t, struct outcome *o, uint8_t *fx) {
    (void)t;
    const struct sigcontext_32 *s = context(uc);
    const uint32_t gpr[8] = {s->ax, s->cx, s->dx, s->bx, s->sp, s->bp, s->si, s->di};
    for (int i = 0; i < 8; i++) {
        o->gpr[i] = gpr[i];
    }
    o->ip = s->ip;
    o->eflags = s->flags;
    o->vector = (uint8_t)s->trapno;
    o->error = s->err;
    o->cr2 = s->cr2;
    const uint16_t seg[6] = {s->es, s->cs, s->ss, s->ds, s->fs, s->gs};
    memcpy(o->seg, seg, sizeof seg);
    o->fs_base = start_fs_base;
    o->gs_base = start_gs_base;
    if (fx) {
        memcpy(fx, ((const struct _fpstate_32 *)(uintptr_t)s->fpstate)->_fxsr_env, FX_BYTES);
    }
}

#endif
