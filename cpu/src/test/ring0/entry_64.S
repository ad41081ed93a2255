# Start in 32-bit code, the way into long mode, exceptions, and the ways into a check and out of it.
    .section .multiboot, "a"
    .balign 4
    .long 0x1BADB002, 0, -0x1BADB002

    .text
    .code32
    .globl start
start:
    mov $kernel_stack_end, %esp
    push $0
    popf
    mov %ebx, boot_information
    # The first 4 MiB by pages of 4 KiB, for the user too; once more at the top of the address space.
    mov $0, %ecx
1:  mov %ecx, %eax
    shl $12, %eax
    or $7, %eax
    mov %eax, table(, %ecx, 8)
    inc %ecx
    cmp $1024, %ecx
    jb 1b
    movl $table + 7, directory
    movl $table + 4096 + 7, directory + 8
    movl $directory + 7, pointers
    movl $pointers + 7, pml4
    movl $pointers + 7, pml4 + 511 * 8
    mov $pml4, %eax
    mov %eax, %cr3
    mov %cr4, %eax
    or $0x20, %eax
    mov %eax, %cr4
    mov $0xC0000080, %ecx
    rdmsr
    or $0x100, %eax
    wrmsr
    mov %cr0, %eax
    or $0x80000020, %eax
    mov %eax, %cr0
    rdmsr
    mov %eax, efer_then
    lgdt gdt_register
    ljmp $8, $start64
    .code64
start64:
    mov $0x10, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    xor %eax, %eax
    mov %eax, %fs
    mov %eax, %gs
    mov $kernel_stack_end, %esp
    mov boot_information, %edi
    call main
1:  hlt
    jmp 1b

# Stubs: every vector pushes an error code, its own or 0, and its number.
    .altmacro
    .macro stub n
    .balign 16
    .if (\n == 8) || ((\n >= 10) && (\n <= 14)) || (\n == 17)
    .else
    push $0
    .endif
    push $\n
    jmp common
    .endm
    .balign 16
    .globl stubs
stubs:
    .set i, 0
    .rept 256
    stub %i
    .set i, i + 1
    .endr

common:
    push %rax
    push %rcx
    push %rdx
    push %rbx
    push %rbp
    push %rsi
    push %rdi
    push %r8
    push %r9
    push %r10
    push %r11
    push %r12
    push %r13
    push %r14
    push %r15
    mov %ss, %eax
    mov %eax, ss_then
    cld
    mov %rsp, %rdi
    mov %rsp, %rbx
    and $-16, %rsp
    call trap
    mov %rbx, %rsp
    test %eax, %eax
    jz unwind
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %r11
    pop %r10
    pop %r9
    pop %r8
    pop %rdi
    pop %rsi
    pop %rbp
    pop %rbx
    pop %rdx
    pop %rcx
    pop %rax
    add $16, %rsp
    iretq

# int attempt(void (*check)(void)): calls it; -1 if it returns, else what trap() kept.
    .globl attempt, unwind, back
attempt:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, resume
    movl $-1, trapped
    call *%rdi
back:
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    mov trapped, %eax
    ret

# Leaves whatever runs and returns from attempt.
unwind:
    mov $0x10, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    mov resume, %rsp
    push $2
    popfq
    mov $back, %eax
    jmp *%rax

# int user(void (*check)(void), u64 cs): likewise at CPL 3, 64-bit or compatibility mode, flags in user_flags.
    .globl user
user:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, resume
    movl $-1, trapped
    push $0x23
    push user_rsp
    push user_flags
    push %rsi
    push %rdi
    iretq

# SYSCALL's targets: note what they find, then go where next says.
    .globl syscall_target, cstar_target, sysenter_target, next_none, next_sysretq, next_sysretl
syscall_target:
    movl $64, fast_seen
    jmp 1f
cstar_target:
    movl $32, fast_seen
1:  mov %rsp, fast_seen + 8
    mov %rcx, fast_seen + 16
    mov %r11, fast_seen + 24
    mov $ring0_stack_end, %esp
    pushfq
    popq fast_seen + 32
    mov %cs, %eax
    mov %eax, fast_seen + 40
    mov %ss, %eax
    mov %eax, fast_seen + 48
    jmp *next
next_none:
    jmp unwind
next_sysretq:
    mov next_rcx, %rcx
    mov next_r11, %r11
    sysretq
next_sysretl:
    mov next_rcx, %rcx
    mov next_r11, %r11
    sysretl
sysenter_target:
    movl $1, fast_seen
    mov %rsp, fast_seen + 8
    mov $ring0_stack_end, %esp
    pushfq
    popq fast_seen + 32
    mov %cs, %eax
    mov %eax, fast_seen + 40
    mov %ss, %eax
    mov %eax, fast_seen + 48
    lea (%rip), %rax
    mov %rax, fast_seen + 56
    jmp *next

# Entered through call gates.
    .globl gate_target
gate_target:
    mov %rsp, gate_seen
    mov %cs, %eax
    mov %eax, gate_seen + 8
    mov %ss, %eax
    mov %eax, gate_seen + 16
    mov 8(%rsp), %rax
    mov %rax, gate_seen + 24
    mov 16(%rsp), %rax
    mov %rax, gate_seen + 32
    mov 24(%rsp), %rax
    mov %rax, gate_seen + 40
    lretq

# Entered by INT 51h on a stack of the IST: meets an exception that uses the same one.
    .globl ist_target
ist_target:
    mov %rsp, ist_seen
    ud2

    .bss
    .balign 4096
pml4:
    .globl pml4, pointers, directory, table
    .skip 4096
pointers:
    .skip 4096
directory:
    .skip 4096
table:
    .skip 8192
    .skip 8192
    .globl kernel_stack_end, ring0_stack_end, user_stack_end, ist_stack_end
kernel_stack_end:
    .skip 8192
ring0_stack_end:
    .skip 8192
user_stack_end:
    .skip 4096
ist_stack_end:
    .globl boot_information, efer_then
boot_information:
    .skip 4
efer_then:
    .skip 4

    .data
    .balign 8
    .globl gdt_register
gdt_register:
    .word 0xFF
    .long gdt
    .long 0
