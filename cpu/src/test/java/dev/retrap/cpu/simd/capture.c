/*
 * Executes instructions on registers for VectorCapture.java: reads batches
 * (their number, 32 bits, then the cases) from standard input, writes outcomes
 * to standard output. x86-64 Linux; gcc -O2 -no-pie -o capture capture.c
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { MXCSR = 24, ST = 32, XMM = 160, NONE = 255 };

/* XMM0 to XMM2; MM1, MM2; RAX, RCX, RDX. */
struct state {
	uint64_t xmm[6];
	uint64_t mm[2];
	uint64_t gpr[3];
	uint32_t mxcsr;
	uint32_t flags;
};

struct input {
	uint8_t length;
	uint8_t code[15];
	struct state state;
};

struct output {
	uint32_t vector;
	uint32_t unused;
	struct state state;
};

static struct {
	uint8_t before[512] __attribute__((aligned(16)));
	uint8_t after[512] __attribute__((aligned(16)));
	uint64_t gpr[3];
	uint64_t flags;
	uint64_t code;
	uint64_t sp;
} frame __attribute__((used));

static volatile uint32_t vector;
static uint8_t *code;

void run(void);
void come_back(void);
void faulted(void);

__asm__(
	".globl run, come_back, faulted\n"
	"run:\n"
	"	push %rbx\n	push %rbp\n	push %r12\n"
	"	push %r13\n	push %r14\n	push %r15\n"
	"	mov %rsp, frame+1064(%rip)\n"
	"	fxrstor64 frame(%rip)\n"
	"	push frame+1048(%rip)\n	popfq\n"
	"	mov frame+1024(%rip), %rax\n"
	"	mov frame+1032(%rip), %rcx\n"
	"	mov frame+1040(%rip), %rdx\n"
	"	jmp *frame+1056(%rip)\n"
	"come_back:\n"
	"	mov frame+1064(%rip), %rsp\n"
	"	pushfq\n	pop frame+1048(%rip)\n"
	"	fxsave64 frame+512(%rip)\n"
	"	mov %rax, frame+1024(%rip)\n"
	"	mov %rcx, frame+1032(%rip)\n"
	"	mov %rdx, frame+1040(%rip)\n"
	"faulted:\n"
	"	fninit\n	cld\n"
	"	pop %r15\n	pop %r14\n	pop %r13\n"
	"	pop %r12\n	pop %rbp\n	pop %rbx\n	ret\n");

static void handler(int number, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	greg_t *r = u->uc_mcontext.gregs;

	(void)number;
	(void)info;
	vector = r[REG_TRAPNO];
	memcpy(frame.after, u->uc_mcontext.fpregs, 512);
	frame.gpr[0] = r[REG_RAX];
	frame.gpr[1] = r[REG_RCX];
	frame.gpr[2] = r[REG_RDX];
	frame.flags = r[REG_EFL];
	r[REG_RSP] = frame.sp;
	r[REG_RIP] = (greg_t)faulted;
	/* What is unmasked must not reach the way back. */
	u->uc_mcontext.fpregs->mxcsr = 0x1F80;
}

static void execute(const struct input *in, struct output *out)
{
	static const uint8_t jump[6] = { 0xFF, 0x25, 0, 0, 0, 0 };
	void *back = come_back;
	uint16_t control = 0x37F;

	memcpy(code, in->code, in->length);
	memcpy(code + in->length, jump, 6);
	memcpy(code + in->length + 6, &back, 8);
	memset(frame.before, 0, 512);
	memcpy(frame.before, &control, 2);
	frame.before[4] = 0xFF;
	memcpy(frame.before + MXCSR, &in->state.mxcsr, 4);
	for (int i = 0; i < 2; i++) {
		memcpy(frame.before + ST + 16 * (i + 1), &in->state.mm[i], 8);
		memset(frame.before + ST + 16 * (i + 1) + 8, 0xFF, 2);
	}
	memcpy(frame.before + XMM, in->state.xmm, 48);
	memcpy(frame.gpr, in->state.gpr, 24);
	frame.flags = in->state.flags;
	frame.code = (uint64_t)code;
	vector = NONE;
	run();
	out->vector = vector;
	out->unused = 0;
	memcpy(out->state.xmm, frame.after + XMM, 48);
	for (int i = 0; i < 2; i++)
		memcpy(&out->state.mm[i], frame.after + ST + 16 * (i + 1), 8);
	memcpy(out->state.gpr, frame.gpr, 24);
	memcpy(&out->state.mxcsr, frame.after + MXCSR, 4);
	out->state.flags = frame.flags;
}

int main(void)
{
	static uint8_t stack[65536];
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_sigaction = handler,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK };
	struct input in;
	struct output out;
	uint32_t count;

	code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (code == MAP_FAILED) {
		perror("capture: mmap");
		return 1;
	}
	sigaltstack(&alternate, NULL);
	sigaction(SIGFPE, &action, NULL);
	sigaction(SIGILL, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	while (fread(&count, sizeof(count), 1, stdin) == 1) {
		while (count-- > 0) {
			if (fread(&in, sizeof(in), 1, stdin) != 1 ||
			    in.length > sizeof(in.code))
				return 1;
			execute(&in, &out);
			if (fwrite(&out, sizeof(out), 1, stdout) != 1)
				return 1;
		}
		fflush(stdout);
	}
	return 0;
}
