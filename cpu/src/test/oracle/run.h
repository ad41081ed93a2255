/* Runs the tests of a batch in this process. */
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

struct progress {
    uint32_t next;  /* test being run; those before it have outcomes */
    uint32_t bytes; /* of outcomes */
};

/* Does not return: exits when all tests from progress->next on are done. */
void run_tests(struct mapping *maps, unsigned count, const uint8_t *tests, uint32_t test_count, uint8_t *out,
               uint32_t out_capacity, struct progress *progress) __attribute__((noreturn));

#endif
