/* A 64-bit program with a local label inside a function, a weak alias and a thread-local variable. Build: make.sh. */
        .text
        .global _start, alias
        .weak   alias
        .type   _start, @function
_start:
        mov     $60, %eax
inner:
        xor     %edi, %edi
        syscall
        .size   _start, . - _start
        .set    alias, _start
        .section .tbss, "awT", @nobits
        .global tls_variable
        .type   tls_variable, @object
        .size   tls_variable, 4
tls_variable: .long 0
