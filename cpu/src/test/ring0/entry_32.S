# Start, exceptions, and the ways into a check and out of it.
    .section .multiboot, "a"
    .balign 4
    .long 0x1BADB002, 0, -0x1BADB002

    .text
    .globl start
start:
    mov $kernel_stack_end, %esp
    push $0
    popf
    push %ebx
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
    pusha
    push %ds
    push %es
    push %fs
    push %gs
    mov %ss, %eax
    mov $0x10, %eax
    mov %eax, %ds
    mov %eax, %es
    cld
    push %esp
    call trap
    add $4, %esp
    test %eax, %eax
    jz unwind
    pop %gs
    pop %fs
    pop %es
    pop %ds
    popa
    add $8, %esp
    iret

# int attempt(void (*check)(void)): calls it; -1 if it returns, else what trap() kept.
    .globl attempt, unwind
attempt:
    push %ebx
    push %esi
    push %edi
    push %ebp
    mov %esp, resume
    movl $-1, trapped
    call *20(%esp)
back:
    pop %ebp
    pop %edi
    pop %esi
    pop %ebx
    mov trapped, %eax
    ret

# Leaves whatever runs and returns from attempt.
unwind:
    mov $0x10, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    mov resume, %esp
    xor %eax, %eax
    mov %eax, %fs
    mov %eax, %gs
    push $2
    popf
    jmp back

# int user(void (*check)(void)): likewise at CPL 3, flags in user_flags; it leaves by INT 81h.
    .globl user
user:
    push %ebx
    push %esi
    push %edi
    push %ebp
    mov %esp, resume
    movl $-1, trapped
    mov 20(%esp), %ecx
    mov $0x23, %eax
    mov %eax, %ds
    mov %eax, %es
    push $0x23
    push user_esp
    push user_flags
    push $0x1b
    push %ecx
    iret

# Entered by CALL through the gate: CPL, the parameters, the saved ESP.
    .globl gate_target, gate_target2
gate_target:
    mov %cs, gate_seen
    mov %esp, gate_seen+4
    pushl 4(%esp)
    popl gate_seen+8
    lret
gate_target2:
    mov %cs, gate_seen
    mov 8(%esp), %eax
    mov %eax, gate_seen+4
    mov 12(%esp), %eax
    mov %eax, gate_seen+8
    lret $8

# SYSENTER's target: notes flags, CS, SS and ESP, leaves by SYSEXIT to EDX, ECX.
    .globl sysenter_target
sysenter_target:
    pushf
    popl fast_seen
    mov %cs, fast_seen+4
    mov %ss, fast_seen+8
    mov %esp, fast_seen+12
    mov %esi, %edx
    mov %edi, %ecx
    sysexit

# The other task: notes its flags and link, then returns, again and again.
    .globl task_entry
task_entry:
    pushf
    popl task_seen
    mov other_tss, %ax
    mov %ax, task_seen+4
    str %ax
    mov %ax, task_seen+8
    mov %cr0, %eax
    mov %eax, task_seen+12
    iret
    jmp task_entry

    .bss
    .balign 16
    .skip 8192
    .globl kernel_stack_end, ring0_stack_end, user_stack_end
kernel_stack_end:
    .skip 8192
ring0_stack_end:
    .skip 8192
user_stack_end:
    .globl task_stack_end
    .skip 4096
task_stack_end:
