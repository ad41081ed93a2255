/*
 * The helper that asks the physical processor: see README.md. It executes what it is sent and knows nothing of
 * instructions; the Java side makes the tests from the instruction table and judges the outcomes.
 */
#include "frame.h"
#include "run.h"
#include "sys.h"

#define PROT_READ 1
#define PROT_WRITE 2
#define PROT_EXEC 4
#define MAP_SHARED 1
#define MAP_PRIVATE 2
#define MAP_ANONYMOUS 0x20
#define MAP_FIXED_NOREPLACE 0x100000

#define REGIONS_MAX 16
#define BATCH_SECONDS 5

/* Far from what the tests' random registers point to; the Java side is told of what is left of this process anyway. */
#ifdef __x86_64__
#define OWN_BASE 0x5a5a5b000000
#else
#define OWN_BASE 0x6f100000
#endif

static struct mapping maps[REGIONS_MAX];
static unsigned map_count;
static uintptr_t own_next = OWN_BASE;
static uint8_t *in, *out;
static struct shared {
    struct progress progress;
    struct batch batch;
} *shared;
static char text[16384];

static uint8_t *map(uintptr_t at, size_t bytes, int prot, int flags, int fd) {
    long r = sys6(SYS_MMAP, (long)at, (long)bytes, prot, flags | MAP_FIXED_NOREPLACE, fd, 0);
    if (sys_failed(r) || (uintptr_t)r != at) {
        fail("cannot map memory where the tests need it");
    }
    return (uint8_t *)r;
}

static uint8_t *map_own(size_t bytes, int flags, int fd) {
    uintptr_t at = own_next;
    size_t whole = (bytes + 4095) & ~(size_t)4095;
    own_next += whole + 4096;
    return map(at, whole, PROT_READ | PROT_WRITE, flags, fd);
}

static void map_region(struct mapping *m) {
    const size_t bytes = m->r.pages * 4096ul;
    if (m->r.kind == REGION_CODE) {
        long fd = sys3(__NR_memfd_create, (long)"code", 0, 0);
        if (sys_failed(fd) || sys3(__NR_ftruncate, fd, (long)bytes, 0) != 0) {
            fail("memfd_create failed");
        }
        m->alias = map_own(bytes, MAP_SHARED, (int)fd);
        memset(m->alias, 0xcc, bytes);
        m->live = map(m->r.address, bytes, PROT_READ | PROT_EXEC, MAP_SHARED, (int)fd);
    } else {
        m->live = map(m->r.address, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
        m->base = map_own(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1);
        m->start = map_own(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    }
}

static long read_maps(void) {
    long fd = sys3(__NR_open, (long)"/proc/self/maps", 0, 0);
    if (sys_failed(fd)) {
        fail("cannot read /proc/self/maps");
    }
    long n = 0;
    for (;;) {
        long r = sys3(__NR_read, fd, (long)(text + n), (long)sizeof text - 1 - n);
        if (r <= 0) {
            break;
        }
        n += r;
    }
    text[n] = 0;
    sys3(__NR_close, fd, 0, 0);
    return n;
}

static uintptr_t hex(const char **p) {
    uintptr_t v = 0;
    for (;; ++*p) {
        char c = **p;
        if (c >= '0' && c <= '9') {
            v = v << 4 | (uintptr_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            v = v << 4 | (uintptr_t)(c - 'a' + 10);
        } else {
            return v;
        }
    }
}

/* Removes the stack the kernel gave (which would grow under the tests), and the vDSO. */
static void shrink(void) {
    read_maps();
    for (const char *p = text; *p; p++) {
        uintptr_t from = hex(&p);
        p++;
        uintptr_t to = hex(&p);
        while (*p && *p != '\n' && *p != '[') {
            p++;
        }
        if (*p == '[' && memcmp(p, "[vsyscall", 9) != 0) {
            sys3(__NR_munmap, (long)from, (long)(to - from), 0);
        }
        while (*p && *p != '\n') {
            p++;
        }
        if (!*p) {
            break;
        }
    }
}

static void cpuid(struct leaf *l) {
    uint32_t b;
    __asm__ volatile("cpuid" : "=a"(l->eax), "=b"(b), "=c"(l->ecx), "=d"(l->edx) : "a"(l->leaf), "c"(l->subleaf));
    l->ebx = b;
}

static void put_leaves(int send, uint32_t *count) {
    static const uint32_t wanted[][2] = {{0, 0}, {1, 0}, {7, 0}, {7, 1}, {0xd, 0}, {0xd, 1}, {0x80000000, 0},
                                         {0x80000001, 0}, {0x80000002, 0}, {0x80000003, 0}, {0x80000004, 0},
                                         {0x80000008, 0}, {0x80000021, 0}};
    *count = sizeof wanted / sizeof *wanted;
    for (uint32_t i = 0; send && i < *count; i++) {
        struct leaf l = {.leaf = wanted[i][0], .subleaf = wanted[i][1]};
        cpuid(&l);
        write_all(1, &l, sizeof l);
    }
}

static struct visible look(uint32_t selector) {
    struct visible v = {0, 0, 0};
    uint8_t zf;
    uint32_t r = 0;
    __asm__("lar %2, %0\n setz %1" : "+&r"(r), "=&q"(zf) : "r"(selector) : "cc");
    v.lar = zf ? r : 0;
    v.valid = zf;
    r = 0;
    __asm__("lsl %2, %0\n setz %1" : "+&r"(r), "=&q"(zf) : "r"(selector) : "cc");
    v.lsl = zf ? r : 0;
    v.valid |= (uint32_t)zf << 1;
    return v;
}

/*
 * Linux keeps the processor's number in a descriptor limit that LSL shows. What is compared is seen from the lowest
 * processor allowed. Returns the bytes of the mask that was in force.
 */
static long pin(uint64_t *old, size_t bytes) {
    long n = sys3(__NR_sched_getaffinity, 0, (long)bytes, (long)old);
    for (long i = 0; i < n / 8; i++) {
        if (old[i]) {
            uint64_t lowest[16] = {0};
            lowest[i] = old[i] & -old[i];
            sys3(__NR_sched_setaffinity, 0, n, (long)lowest);
            break;
        }
    }
    return n;
}

static void greet(int ldt) {
    struct hello h = {MAGIC, (uint32_t)sizeof(long) * 8, 15, 0, 0, (uint32_t)ldt};
    put_leaves(0, &h.leaves);
    h.maps_bytes = (uint32_t)read_maps();
    write_all(1, &h, sizeof h);
    uint64_t old[16];
    long n = pin(old, sizeof old);
    for (uint32_t i = 1; i <= h.selectors; i++) {
        struct visible v = look(i << 3 | 3);
        write_all(1, &v, sizeof v);
    }
    sys3(__NR_sched_setaffinity, 0, n, (long)old);
    put_leaves(1, &h.leaves);
    write_all(1, text, h.maps_bytes);
}

static int set_up(struct setup *s) {
    if (!read_all(0, s, sizeof *s) || s->magic != MAGIC || s->regions > REGIONS_MAX) {
        fail("no set-up on standard input: this program is run by run.sh");
    }
    map_count = s->regions;
    for (unsigned i = 0; i < map_count; i++) {
        if (!read_all(0, &maps[i].r, sizeof maps[i].r)) {
            fail("set-up ends early");
        }
        map_region(&maps[i]);
    }
    int ldt = s->descriptors > 0;
    for (uint32_t i = 0; i < s->descriptors; i++) {
        struct descriptor d;
        if (!read_all(0, &d, sizeof d)) {
            fail("set-up ends early");
        }
        if (sys3(__NR_modify_ldt, 0x11, (long)&d, sizeof d) != 0) {
            ldt = 0;
        } else if (i == 0) {
            /* Some hypervisors' guests take the call without effect. */
            ldt = ldt && look(d.entry << 3 | 7).valid;
        }
    }
    in = map_own(s->in_capacity, MAP_SHARED | MAP_ANONYMOUS, -1);
    out = map_own(s->out_capacity, MAP_SHARED | MAP_ANONYMOUS, -1);
    shared = (struct shared *)map_own(4096, MAP_SHARED | MAP_ANONYMOUS, -1);
    return ldt;
}

static void take_memory(const uint8_t *from) {
    for (unsigned i = 0; i < map_count; i++) {
        struct mapping *m = &maps[i];
        const size_t bytes = m->r.pages * 4096ul;
        if (m->r.kind == REGION_CODE) {
            memset(m->alias, 0xcc, bytes);
            continue;
        }
        if (m->r.kind == REGION_READ) {
            sys3(__NR_mprotect, (long)m->live, (long)bytes, PROT_READ | PROT_WRITE);
        }
        memcpy(m->live, from, bytes);
        memcpy(m->base, from, bytes);
        memcpy(m->start, from, bytes);
        if (m->r.kind == REGION_READ) {
            sys3(__NR_mprotect, (long)m->live, (long)bytes, PROT_READ);
        }
        from += bytes;
    }
}

/* The child that runs tests, or -1; a byte on the one pipe starts it on a batch, one on the other says it is done. */
static long child = -1;
static int to_child[2], from_child[2];
static struct setup settings;
static uint64_t all_processors[16];

static void alarm_in(long seconds) {
    const long timer[4] = {0, 0, seconds, 0};
    sys3(__NR_setitimer, 0, (long)timer, 0);
}

/* In the child. */
static void next_batch(struct batch_run *run) {
    static int running, pinned;
    uint8_t byte = 0;
    if (running) {
        alarm_in(0);
        write_all(from_child[1], &byte, 1);
    }
    running = 1;
    if (!read_all(to_child[0], &byte, 1)) {
        sys3(__NR_exit_group, 0, 0, 0);
    }
    take_memory(in);
    run->tests = in + shared->batch.memory_bytes;
    run->test_count = shared->batch.tests;
    run->out = out;
    run->out_capacity = settings.out_capacity;
    run->progress = &shared->progress;
    const int twice = ((const struct test *)run->tests)->flags & TEST_TWICE;
    if (twice && !pinned) {
        pinned = 1;
        pin(all_processors, sizeof all_processors);
    }
    alarm_in(BATCH_SECONDS);
}

static void start_child(void) {
    if (sys6(__NR_pipe2, (long)to_child, 0, 0, 0, 0, 0) != 0 || sys6(__NR_pipe2, (long)from_child, 0, 0, 0, 0, 0) != 0) {
        fail("cannot make pipes");
    }
    child = sys3(__NR_fork, 0, 0, 0);
    if (child == 0) {
        sys3(__NR_close, to_child[1], 0, 0);
        sys3(__NR_close, from_child[0], 0, 0);
        frame_bases(settings.fs_base, settings.gs_base);
        run_batches(maps, map_count, next_batch);
    }
    if (child < 0) {
        fail("cannot run a child");
    }
    sys3(__NR_close, to_child[0], 0, 0);
    sys3(__NR_close, from_child[1], 0, 0);
}

/* Ends the child, if it has not ended, and returns its status. */
static int end_child(void) {
    int status = -1;
    sys3(__NR_close, to_child[1], 0, 0);
    sys3(__NR_close, from_child[0], 0, 0);
    if (sys6(__NR_wait4, child, (long)&status, 0, 0, 0, 0) != child) {
        fail("cannot wait for a child");
    }
    child = -1;
    return status;
}

/* If a test kills the child, or hangs, another goes on behind that one. */
static void run_batch(void) {
    uint8_t byte = 0;
    shared->progress.next = 0;
    shared->progress.bytes = 0;
    if (child >= 0 && shared->batch.fresh) {
        end_child();
    }
    while (shared->progress.next < shared->batch.tests) {
        if (child < 0) {
            start_child();
        }
        write_all(to_child[1], &byte, 1);
        if (read_all(from_child[0], &byte, 1)) {
            continue;
        }
        int status = end_child();
        if (status >> 8 & 0xff) {
            fail("a child gave up");
        }
        struct outcome died;
        memset(&died, 0, sizeof died);
        died.size = sizeof died;
        died.state = OUTCOME_DIED;
        died.error = (uint32_t)status;
        memcpy(out + shared->progress.bytes, &died, sizeof died);
        shared->progress.bytes += sizeof died;
        shared->progress.next++;
    }
}

__attribute__((used, noreturn)) void start_c(void) {
    shrink();
    frame_probe();
    greet(set_up(&settings));
    while (read_all(0, &shared->batch, sizeof shared->batch) && shared->batch.tests) {
        const struct batch *b = &shared->batch;
        if ((uint64_t)b->memory_bytes + b->test_bytes > settings.in_capacity) {
            fail("batch is larger than was agreed");
        }
        if (!read_all(0, in, b->memory_bytes + b->test_bytes)) {
            fail("batch ends early");
        }
        run_batch();
        struct reply r = {b->tests, shared->progress.bytes};
        write_all(1, &r, sizeof r);
        write_all(1, out, r.bytes);
    }
    if (child >= 0) {
        end_child();
    }
    for (;;) {
        sys3(__NR_exit_group, 0, 0, 0);
    }
}

/* Runs on a stack of its own from the start. */
static uint8_t stack[32768] __attribute__((used, aligned(64)));
#ifdef __x86_64__
__asm__(".globl _start\n_start:\n  leaq stack+32768-64(%rip), %rsp\n  xorl %ebp, %ebp\n  call start_c\n  ud2\n");
#else
__asm__(".globl _start\n_start:\n  leal stack+32768-64, %esp\n  xorl %ebp, %ebp\n  call start_c\n  ud2\n");
#endif
