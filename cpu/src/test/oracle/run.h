/* Runs the tests of batches in this process. */
#ifndef RUN_H
#define RUN_H

#include "protocol.h"

#include <stddef.h>

/* A stretch of the tests' address space. */
struct mapping {
    struct region r;
    uint8_t *live;  /* where tests see it */
    uint8_t *alias; /* code: the same pages, writable */
    uint8_t *base;  /* data: content given with the batch */
    uint8_t *start; /* data: content that the test at hand starts with */
};

/* Shared with the parent. */
struct progress {
    uint32_t next;  /* test being run; those before it have outcomes */
    uint32_t bytes; /* of outcomes */
};

struct batch_run {
    const uint8_t *tests;
    uint32_t test_count;
    uint8_t *out;
    uint32_t out_capacity;
    struct progress *progress;
};

/*
 * Does not return. next_batch is asked for the first batch and, when all its tests from progress->next on are done, for
 * another.
 */
void run_batches(struct mapping *maps, unsigned count, void (*next_batch)(struct batch_run *))
    __attribute__((noreturn));

#endif
