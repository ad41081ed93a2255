#include "run.h"

#include "frame.h"
#include "sys.h"

#define CHANGES_MAX 4096
#define INT3 0xcc

static struct {
    struct mapping *maps;
    unsigned map_count;
    void (*next_batch)(struct batch_run *);
    struct batch_run batch;
    const struct test *test;
    int started;
    int second; /* run of the test */
} now;

struct record {
    struct outcome o;
    uint8_t changes[CHANGES_MAX];
    uint32_t change_bytes;
    uint8_t fx[FX_BYTES];
};

static struct record first, again;

static const struct patch *patches(const struct test *t) { return (const struct patch *)(t + 1); }

static const uint8_t *fx_of(const struct test *t) {
    return t->flags & TEST_FX ? (const uint8_t *)(patches(t) + t->patches) : 0;
}

/* The place of a linear address in the given copy, for length bytes within one region. */
static struct mapping *find(uint32_t address, uint32_t length) {
    for (unsigned i = 0; i < now.map_count; i++) {
        const struct region *r = &now.maps[i].r;
        if (address >= r->address && address - r->address + length <= r->pages * 4096) {
            return &now.maps[i];
        }
    }
    fail("a test's code or patch lies outside its regions");
}

static void put_code(const struct test *t, int remove) {
    struct mapping *m = find(t->code, t->length);
    uint8_t *to = m->alias + (t->code - m->r.address);
    for (int i = 0; i < t->length; i++) {
        to[i] = remove ? INT3 : t->bytes[i];
    }
}

static void put_patches(const struct test *t, int remove) {
    for (int i = 0; i < t->patches; i++) {
        const struct patch *p = &patches(t)[i];
        struct mapping *m = find(p->address, p->length);
        uint32_t at = p->address - m->r.address;
        const uint8_t *from = remove ? m->base + at : p->data;
        memcpy(m->start + at, from, p->length);
        memcpy(m->live + at, from, p->length);
    }
}

/* Notes what differs from the start and puts it back. */
static void take_changes(struct record *r) {
    r->change_bytes = 0;
    r->o.changes = 0;
    for (unsigned i = 0; i < now.map_count; i++) {
        struct mapping *m = &now.maps[i];
        if (m->r.kind != REGION_DATA) {
            continue;
        }
        const uint32_t size = m->r.pages * 4096;
        const uint64_t *a = (const uint64_t *)m->live, *b = (const uint64_t *)m->start;
        for (uint32_t w = 0; w < size / 8; w++) {
            if (a[w] == b[w]) {
                continue;
            }
            uint32_t from = w * 8;
            while (m->live[from] == m->start[from]) {
                from++;
            }
            uint32_t to = from;
            while (to < size && m->live[to] != m->start[to]) {
                to++;
            }
            const struct change c = {m->r.address + from, (uint16_t)(to - from)};
            if (r->change_bytes + sizeof c + c.length > CHANGES_MAX) {
                r->o.state = OUTCOME_LARGE;
            } else {
                memcpy(r->changes + r->change_bytes, &c, sizeof c);
                memcpy(r->changes + r->change_bytes + sizeof c, m->live + from, c.length);
                r->change_bytes += sizeof c + c.length;
                r->o.changes++;
            }
            memcpy(m->live + from, m->start + from, to - from);
            w--;
        }
    }
}

static void take(const struct ucontext *uc, struct record *r) {
    memset(&r->o, 0, sizeof r->o);
    memset(r->fx, 0, sizeof r->fx);
    frame_save(uc, now.test, &r->o, fx_of(now.test) ? r->fx : 0);
    if (r->o.vector != 14) {
        r->o.cr2 = 0; /* the kernel keeps the last one */
    }
    take_changes(r);
}

static int same(void) {
    return memcmp(&first.o, &again.o, sizeof first.o) == 0 && first.change_bytes == again.change_bytes
           && memcmp(first.changes, again.changes, first.change_bytes) == 0
           && memcmp(first.fx, again.fx, sizeof first.fx) == 0;
}

static void put_outcome(void) {
    const uint32_t fx = fx_of(now.test) ? FX_BYTES : 0;
    const uint32_t size = (uint32_t)sizeof first.o + first.change_bytes + fx;
    if (now.batch.progress->bytes + size > now.batch.out_capacity) {
        fail("no room for the outcomes of a batch");
    }
    first.o.size = (uint16_t)size;
    uint8_t *to = now.batch.out + now.batch.progress->bytes;
    memcpy(to, &first.o, sizeof first.o);
    memcpy(to + sizeof first.o, first.changes, first.change_bytes);
    memcpy(to + sizeof first.o + first.change_bytes, first.fx, fx);
    now.batch.progress->bytes += size;
}

/* Makes the next test that has no outcome the one at hand; waits for another batch if there is none. */
static void advance(void) {
    while (!now.test || now.batch.progress->next == now.batch.test_count) {
        now.next_batch(&now.batch);
        now.test = (const struct test *)now.batch.tests;
        for (uint32_t i = 0; i < now.batch.progress->next; i++) {
            now.test = (const struct test *)((const uint8_t *)now.test + now.test->size);
        }
    }
}

/* Entered with the outcome of one run, returns into the next. */
static void on_trap(struct ucontext *uc) {
    if (now.started) {
        take(uc, now.second ? &again : &first);
        if (!now.second && (now.test->flags & TEST_TWICE)) {
            now.second = 1;
        } else {
            if (now.second && first.o.state == OUTCOME_STABLE && !same()) {
                first.o.state = OUTCOME_UNSTABLE;
            }
            put_outcome();
            put_code(now.test, 1);
            put_patches(now.test, 1);
            now.batch.progress->next++;
            now.test = (const struct test *)((const uint8_t *)now.test + now.test->size);
            now.second = 0;
        }
    }
    if (!now.started || !now.second) {
        now.started = 1;
        advance();
        put_code(now.test, 0);
        put_patches(now.test, 0);
    }
    frame_load(uc, now.test, fx_of(now.test));
}

void run_batches(struct mapping *maps, unsigned count, void (*next_batch)(struct batch_run *)) {
    now.maps = maps;
    now.map_count = count;
    now.next_batch = next_batch;
    frame_install(on_trap);
    __asm__ volatile("ud2");
    __builtin_unreachable();
}
