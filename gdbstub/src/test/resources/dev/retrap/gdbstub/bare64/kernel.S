/*
 * The least of a 64-bit kernel with one user program, 32-bit or 64-bit: long mode, the kernel in the top 2 GiB, system
 * calls by INT 0x80 and SYSCALL. The program is the first Multiboot module, an ELF file of one segment that begins with
 * the file and is linked at PROGRAM.
 */
#define PROGRAM 0x1400000
#define HIGH 0xffffffff80000000
#define PHYSICAL(x) ((x) - HIGH)

#define KERNEL_CS 0x10
#define USER32_CS 0x23
#define USER_DS 0x2b
#define USER_CS 0x33
#define TSS_SELECTOR 0x40

    .section .text
    .align 4
multiboot:
    .long 0x1badb002, 1 << 16 | 3, -(0x1badb002 + (1 << 16 | 3))
    .long PHYSICAL(multiboot), PHYSICAL(multiboot), PHYSICAL(edata), PHYSICAL(_end), PHYSICAL(start_32)

    .code32
start_32:
    cli
    movl %ebx, %ebp
    movl 24(%ebx), %eax                     /* the module: copied to where it is linked */
    movl (%eax), %esi
    movl 4(%eax), %ecx
    subl %esi, %ecx
    movl $PROGRAM, %edi
    rep movsb
    movl $PHYSICAL(pml4), %edi
    movl $(PHYSICAL(pdpt) + 7), %eax
    movl %eax, (%edi)
    movl %eax, 511 * 8(%edi)
    movl $(PHYSICAL(pd) + 7), %eax
    movl %eax, PHYSICAL(pdpt)
    movl %eax, PHYSICAL(pdpt) + 510 * 8
    movl $PHYSICAL(pd), %edi
    movl $0x87, %eax                        /* present, writable, user, 2 MiB */
    movl $16, %ecx
1:  movl %eax, (%edi)
    addl $0x200000, %eax
    addl $8, %edi
    loop 1b
    movl %cr4, %eax
    orl $0x20, %eax
    movl %eax, %cr4
    movl $PHYSICAL(pml4), %eax
    movl %eax, %cr3
    movl $0xc0000080, %ecx
    rdmsr
    orl $0x101, %eax                        /* LME, SCE */
    wrmsr
    movl %cr0, %eax
    orl $0x80000001, %eax
    movl %eax, %cr0
    lgdt PHYSICAL(gdt_pointer_32)
    ljmp $KERNEL_CS, $PHYSICAL(start_64)

    .code64
start_64:
    lgdt PHYSICAL(gdt_pointer)
    movq $start_high, %rax
    jmp *%rax
    .globl start_high
start_high:
    movq $stack_top, %rsp
    xorl %eax, %eax
    movw %ax, %ss
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %fs
    movw %ax, %gs
    movq $tss, %rax                         /* descriptor of the TSS: its base in pieces */
    movw %ax, gdt + TSS_SELECTOR + 2
    shrq $16, %rax
    movb %al, gdt + TSS_SELECTOR + 4
    movb %ah, gdt + TSS_SELECTOR + 7
    shrq $16, %rax
    movl %eax, gdt + TSS_SELECTOR + 8
    movl $TSS_SELECTOR, %eax
    ltr %ax
    movq $entry_INT80_compat, %rax          /* vector 0x80: interrupt gate, DPL 3 */
    movw %ax, idt + 0x800
    movw $KERNEL_CS, idt + 0x802
    movw $0xee00, idt + 0x804
    shrq $16, %rax
    movw %ax, idt + 0x806
    shrq $16, %rax
    movl %eax, idt + 0x808
    lidt idt_pointer
    movl $0xc0000081, %ecx                  /* STAR */
    xorl %eax, %eax
    movl $(USER32_CS << 16 | KERNEL_CS), %edx
    wrmsr
    movl $0xc0000082, %ecx                  /* LSTAR */
    movq $entry_SYSCALL_64, %rax
    movl $-1, %edx
    wrmsr
    movl $0xc0000084, %ecx                  /* FMASK: interrupts and traps */
    movl $0x300, %eax
    xorl %edx, %edx
    wrmsr
    movl $0xc0000102, %ecx                  /* the kernel's GS */
    movq $percpu, %rax
    movl $-1, %edx
    wrmsr
    movl $PROGRAM, %ebx
    movl $(PROGRAM + 0x1ff000), %edi        /* stack of a program without arguments */
    cmpb $2, 4(%rbx)
    je 2f
    movl $USER32_CS, %ecx
    movl $1, (%rdi)
    movl $(PROGRAM + 0x1ff100), 4(%rdi)
    jmp 3f
2:  movl $USER_CS, %ecx
    movl $1, (%rdi)
    movl $(PROGRAM + 0x1ff100), 8(%rdi)
3:  movl $0x6d726f66, PROGRAM + 0x1ff100    /* argv[0] */
    pushq $USER_DS
    pushq %rdi
    pushq $0x202
    pushq %rcx
    movl 0x18(%rbx), %eax                   /* e_entry */
    pushq %rax
    iretq

    .globl entry_INT80_compat
entry_INT80_compat:
    swapgs
    movl %eax, %eax
    pushq %rax                              /* orig_ax */
    pushq %rdi
    pushq %rsi
    pushq %rdx
    pushq %rcx
    pushq $-38                              /* ax: -ENOSYS */
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, %rdi
probe_int80:
    call do_syscall
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rax
    popq %rcx
    popq %rdx
    popq %rsi
    popq %rdi
    addq $8, %rsp
    swapgs
    iretq

    .globl entry_SYSCALL_64
entry_SYSCALL_64:
    swapgs
    movq %rsp, %gs:8
    movq %gs:0, %rsp
    pushq $USER_DS
    pushq %gs:8
    pushq %r11
    pushq $USER_CS
    pushq %rcx
    pushq %rax
    pushq %rdi
    pushq %rsi
    pushq %rdx
    pushq %rcx
    pushq $-38
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, %rdi
probe_syscall:
    call do_syscall
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rax
    popq %rcx
    popq %rdx
    popq %rsi
    popq %rdi
    movq 32(%rsp), %rsp
    swapgs
    sysretq

/* RDI: pt_regs. getpid: 20 and 39; exit: 1 and 60, with status EBX or RDI. */
    .globl do_syscall
do_syscall:
    movq 120(%rdi), %rax
    cmpl $20, %eax
    je sys_getpid
    cmpl $39, %eax
    je sys_getpid
    cmpl $1, %eax
    movq 40(%rdi), %rcx
    je sys_exit
    cmpl $60, %eax
    movq 112(%rdi), %rcx
    je sys_exit
    ret
    .globl sys_getpid
sys_getpid:
    movq $1, 80(%rdi)
    ret
    .globl sys_exit
sys_exit:
    movl %ecx, %eax
    outb %al, $0xf4
1:  hlt
    jmp 1b

    .section .retrap.probes, ""
    .long 1, 1
    .quad probe_int80
    .long 16, 0, -1, 0
    .long 1, 1
    .quad probe_syscall
    .long 16, 0, -1, 0

    .section .data
    .align 16
gdt:
    .quad 0, 0
    .quad 0x00af9b000000ffff, 0x00cf93000000ffff    /* 10, 18: kernel */
    .quad 0x00cffb000000ffff, 0x00cff3000000ffff    /* 23, 2b: user, 32-bit */
    .quad 0x00affb000000ffff, 0                     /* 33: user, 64-bit */
    .quad 0x0000890000000067, 0                     /* 40: TSS */
gdt_pointer_32:
    .word gdt_pointer_32 - gdt - 1
    .long PHYSICAL(gdt)
gdt_pointer:
    .word gdt_pointer_32 - gdt - 1
    .quad gdt
idt_pointer:
    .word 0xfff
    .quad idt
tss:
    .long 0
    .quad stack_top
    .fill 92, 1, 0
percpu:
    .quad stack_top, 0
edata:

    .section .bss
    .align 4096
pml4:
    .skip 4096
pdpt:
    .skip 4096
pd: .skip 4096
idt:
    .skip 4096
    .skip 4096
stack_top:
_end:
