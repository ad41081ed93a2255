/* The processor's state as a signal frame holds it: the only place where the two builds differ. */
#ifndef FRAME_H
#define FRAME_H

#include "protocol.h"

struct ucontext;

/* Installs the handlers and the stack they run on; handler gets the frame. */
void frame_install(void (*handler)(struct ucontext *uc));

/* Makes the state that the frame returns to that of the test. */
void frame_load(struct ucontext *uc, const struct test *t, const uint8_t *fx);

/* Fills in what the frame holds of the outcome. */
void frame_save(const struct ucontext *uc, const struct test *t, struct outcome *o, uint8_t *fx);

/* Finds out, once, how the bases of FS and GS can be read. */
void frame_probe(void);

/* Sets the bases of FS and GS that 64-bit tests start with. */
void frame_bases(uint64_t fs_base, uint64_t gs_base);

#endif
