/*
 * A Multiboot 1 kernel, linked at c0100000h and loaded at 1 MiB, that prints its command line, its first module's string
 * and that module's first byte on COM1 and ends with status 5 through the debug exit port. Build: make.sh beside.
 */
        .set    BASE, 0xC0000000
        .section .multiboot, "a"
        .long   0x1BADB002, 0x00000003, -(0x1BADB002 + 0x00000003)

        .text
        .global _start
        .type   _start, @function
_start:
        mov     $stack_top - BASE, %esp
        mov     %ebx, %ebp
        mov     16(%ebp), %esi
        call    print
        mov     24(%ebp), %edi
        mov     8(%edi), %esi
        call    print
        mov     (%edi), %esi
        mov     (%esi), %al
        call    putchar
        mov     $'\n', %al
        call    putchar
probe_here:
        mov     $5, %eax
        mov     $0xF4, %edx
        out     %al, (%dx)
1:      hlt
        jmp     1b
        .size   _start, . - _start

        .type   print, @function
print:
        lodsb
        test    %al, %al
        jz      1f
        call    putchar
        jmp     print
1:      mov     $'\n', %al
        .size   print, . - print
putchar:                        /* no size: a plain label */
        mov     $0x3F8, %edx
        out     %al, (%dx)
        ret

        .section .retrap.probes, "a"
        .long   1, 2
        .long   probe_here, 0
        .long   16, -4, 5, 7
        .long   1, 3
        .long   _start, 0
        .long   6, 0, 0, 0

        .data
        .global counter
        .type   counter, @object
        .size   counter, 4
counter: .long  42

        .bss
        .skip   5000
stack_top:
