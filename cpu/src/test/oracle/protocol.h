/*
 * What the Java side (dev.retrap.cpu.oracle.Host) and the helper say to each other over standard input and output.
 * Little endian, naturally aligned; both builds have the same layout. The order is
 *
 *   Java:   setup, regions, descriptors
 *   helper: hello, visible selectors, CPUID leaves, /proc/self/maps
 *   then repeatedly
 *   Java:   batch, memory of the data regions, tests
 *   helper: reply, outcomes
 *   and a batch of 0 tests ends it.
 */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <stdint.h>

#define MAGIC 0x314f5452u /* "RTO1" */

enum region_kind {
    REGION_CODE = 0, /* readable and executable, filled with INT3 */
    REGION_DATA = 1, /* readable and writable, content given with each batch */
    REGION_READ = 2, /* readable, content given with each batch */
};

struct setup {
    uint32_t magic;
    uint32_t regions;
    uint32_t descriptors;
    uint32_t in_capacity;  /* bytes of the largest batch */
    uint32_t out_capacity; /* bytes of outcomes the helper has room for */
    uint32_t reserved;
    uint64_t fs_base; /* 64-bit build only */
    uint64_t gs_base;
};

struct region {
    uint32_t address;
    uint32_t pages;
    uint32_t kind;
    uint32_t reserved;
};

/* struct user_desc of modify_ldt(2). */
struct descriptor {
    uint32_t entry;
    uint32_t base;
    uint32_t limit;
    uint32_t bits;
};

struct hello {
    uint32_t magic;
    uint32_t bits;       /* 32 or 64 */
    uint32_t selectors;  /* GDT selectors 8, 16, ... that follow */
    uint32_t leaves;     /* CPUID leaves that follow */
    uint32_t maps_bytes; /* text of /proc/self/maps that follows */
    uint32_t ldt;        /* 1 if the descriptors were loaded and can be used */
};

/* What LAR and LSL say at CPL 3; all zero if they leave ZF clear. */
struct visible {
    uint32_t lar;
    uint32_t lsl;
    uint32_t valid; /* bit 0 LAR, bit 1 LSL */
};

struct leaf {
    uint32_t leaf;
    uint32_t subleaf;
    uint32_t eax, ebx, ecx, edx;
};

struct batch {
    uint32_t tests;
    uint32_t memory_bytes;
    uint32_t test_bytes;
    uint32_t fresh; /* 1: in a new process, as a test before may have spoilt this one */
};

enum test_flags {
    TEST_FX = 1,    /* an FXSAVE image follows, and one is wanted back */
    TEST_BASES = 2, /* the FS and GS bases may change (64-bit build) */
    TEST_TWICE = 4, /* run it again and say whether the outcome is the same */
};

/* Followed by its patches, then by 512 bytes of FXSAVE image if TEST_FX. */
struct test {
    uint16_t size; /* with all that follows */
    uint8_t flags;
    uint8_t length; /* of the instruction */
    uint8_t patches;
    uint8_t reserved[3];
    uint32_t code; /* linear address of the instruction */
    uint32_t ip;   /* offset of it in CS */
    uint32_t eflags;
    uint16_t seg[6]; /* ES CS SS DS FS GS */
    uint8_t bytes[16];
    uint64_t gpr[16]; /* rAX rCX rDX rBX rSP rBP rSI rDI r8..r15 */
};

/* Bytes of a data region that differ from the batch's memory for this test. */
struct patch {
    uint32_t address;
    uint8_t length;
    uint8_t reserved[3];
    uint8_t data[16];
};

enum outcome_state {
    OUTCOME_STABLE = 0,   /* both runs agree, or there was one */
    OUTCOME_UNSTABLE = 1, /* they do not: the first is given */
    OUTCOME_DIED = 2,     /* the process did not survive, or hung */
    OUTCOME_LARGE = 3,    /* more memory changed than can be said */
};

#define FX_BYTES 416 /* up to XMM15 */

/* Followed by its changes (packed), then by FX_BYTES if asked for. */
struct outcome {
    uint16_t size;
    uint8_t vector;
    uint8_t state;
    uint16_t changes;
    uint8_t reserved[2];
    uint32_t error;
    uint32_t eflags;
    uint64_t cr2;
    uint64_t ip; /* offset in CS */
    uint16_t seg[6];
    uint8_t reserved2[4];
    uint64_t fs_base;
    uint64_t gs_base;
    uint64_t gpr[16];
};

/* Followed by length bytes. */
struct __attribute__((packed)) change {
    uint32_t address;
    uint16_t length;
};

struct reply {
    uint32_t outcomes;
    uint32_t bytes;
};

#endif
