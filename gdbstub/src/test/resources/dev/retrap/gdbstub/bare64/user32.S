/* A 32-bit program on the 64-bit kernel: getpid three times by INT 0x80, then exit with what it has added up. */
    .text
    .globl _start
_start:
    movl $3, %esi
    xorl %edi, %edi
1:  call get
    addl %eax, %edi
    decl %esi
    jnz 1b
    movl %edi, %ebx
    movl $1, %eax
    int $0x80
    hlt
    .globl get
    .type get, @function
get:
    pushl %ebp
    movl %esp, %ebp
    movl $0x11111111, %ebx
    movl $20, %eax
    int $0x80
    popl %ebp
    ret
