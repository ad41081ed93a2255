/*
 * Runs x87 instructions on the physical processor (x86-64 Linux): cases on standard input, outcomes on standard output,
 * laid out as the structures below; X87Case and X87Outcome are their Java side. Each case is
 *     frstor [state]; popf; <instruction>; pushf; fnsave [state]
 * with rDI at the memory operand. An instruction that raises a signal is skipped and the signal reported.
 *
 *     gcc -O2 -Wall -o x87 x87.c
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

struct in {
	uint8_t state[108];
	uint8_t mem[128];
	uint8_t code[8];
	uint32_t len;
	uint32_t flags;
	uint64_t rax;
} __attribute__((packed));

struct out {
	uint8_t state[108];
	uint8_t mem[128];
	uint32_t sig;
	uint32_t flags;
	uint64_t rax;
} __attribute__((packed));

struct result {
	uint32_t flags, pad;
	uint64_t rax;
};

/* Fixed addresses: the instruction pointer and operand pointer are part of the outcome. */
#define CODE ((uint8_t *)0x10000000)
#define DATA ((uint8_t *)0x20000000)

typedef void run(void *mem, void *before, uint64_t flags, void *after, uint64_t rax, struct result *r);

static volatile int sig;
static uint8_t *after;

static void on_signal(int s, siginfo_t *info, void *context)
{
	(void)info;
	sig = s;
	((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] = (greg_t)after;
}

static void build(const struct in *i)
{
	static const uint8_t pre[] = {
		0x53, 0x55,			/* push rbx; push rbp */
		0x4c, 0x89, 0xc0,		/* mov rax, r8 */
		0xdd, 0x26,			/* frstor [rsi] */
		0x52, 0x9d,			/* push rdx; popf */
	};
	static const uint8_t post[] = {
		0x9c,				/* pushf */
		0xdd, 0x31,			/* fnsave [rcx] */
		0x5a,				/* pop rdx */
		0x41, 0x89, 0x11,		/* mov [r9], edx */
		0x49, 0x89, 0x41, 0x08,		/* mov [r9 + 8], rax */
		0xdb, 0xe3,			/* fninit */
		0x5d, 0x5b, 0xc3,		/* pop rbp; pop rbx; ret */
	};
	static uint8_t code[8];
	static uint32_t len = -1;
	uint8_t *p = CODE;

	if (len == i->len && !memcmp(code, i->code, sizeof code))
		return;
	len = i->len;
	memcpy(code, i->code, sizeof code);
	memcpy(p, pre, sizeof pre);
	p += sizeof pre;
	memcpy(p, i->code, i->len);
	p += i->len;
	after = p;
	memcpy(p, post, sizeof post);
}

int main(void)
{
	static struct in i;
	static struct out o;
	int map = MAP_PRIVATE | MAP_ANONYMOUS;
	stack_t stack = { .ss_size = 65536 };
	struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

	stack.ss_sp = mmap(0, stack.ss_size, PROT_READ | PROT_WRITE, map, -1, 0);
	if (mmap(CODE, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, map | MAP_FIXED, -1, 0) != CODE ||
	    mmap(DATA, 4096, PROT_READ | PROT_WRITE, map | MAP_FIXED, -1, 0) != DATA || sigaltstack(&stack, 0) ||
	    sigaction(SIGFPE, &action, 0) || sigaction(SIGILL, &action, 0) || sigaction(SIGSEGV, &action, 0)) {
		perror("x87");
		return 1;
	}
	while (fread(&i, sizeof i, 1, stdin) == 1) {
		struct result r = { 0 };

		build(&i);
		memcpy(DATA + 256, i.mem, sizeof i.mem);
		memcpy(DATA + 512, i.state, sizeof i.state);
		sig = 0;
		((run *)CODE)(DATA + 256, DATA + 512, i.flags | 2, DATA + 1024, i.rax, &r);
		memcpy(o.state, DATA + 1024, sizeof o.state);
		memcpy(o.mem, DATA + 256, sizeof o.mem);
		o.sig = sig;
		o.flags = r.flags;
		o.rax = r.rax;
		if (fwrite(&o, sizeof o, 1, stdout) != 1) {
			perror("x87");
			return 1;
		}
	}
	return 0;
}
