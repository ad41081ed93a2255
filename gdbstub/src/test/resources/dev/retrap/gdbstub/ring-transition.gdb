# From the user's side of SYSENTER through the kernel to the landing pad, backward a step at a time.
#: guest sixargs
#: on live head replay

target remote localhost:1234
#| ...

# A recording stands at power-on, a guest that has run to its end stands there: go to where the program begins.
monitor goto user
#| ...
maintenance flush register-cache
#| Register cache flushed.

# The first call by the vDSO: gettid with six marked arguments.
hbreak entry_SYSENTER_32
#| Hardware assisted breakpoint 1 at 0x...
continue
#| Breakpoint 1, entry_SYSENTER_32 () at ...
#| ...
print $cpl
#| $1 = 0
print $orig_eax
#| $2 = 224
printf "%x %x %x %x %x\n", $ebx, $edx, $esi, $edi, $eflags
#| 11111111 33333333 44444444 55555555 2

# SYSENTER keeps nothing of where it came from. Undo it: the user's stack pointer, instruction pointer and interrupt
# flag are back, and __kernel_vsyscall has copied ESP to EBP for the kernel to find argument 6.
reverse-stepi
#| 0x... in __kernel_vsyscall ()...
x/i $pc
#| => 0x... <__kernel_vsyscall+5>:	sysenter
print $cpl
#| $3 = 3
print $esp == $ebp
#| $4 = 1
printf "%x %x %x %x %x %x\n", $ebx, $ecx, $edx, $esi, $edi, *(int *)$esp
#| 11111111 22222222 33333333 44444444 55555555 66666666
print $eflags
#| $5 = [ IF ]
print/x $cs
#| $6 = 0x73

# Into the kernel again, and out at the landing pad.
stepi
#| Breakpoint 1, entry_SYSENTER_32 () at ...
#| ...
print/x $cs
#| $7 = 0x60
tbreak int80_landing_pad
#| Temporary breakpoint 2 at 0x...
continue
#| Temporary breakpoint 2, 0x... in __kernel_vsyscall ()...
print $pc - (long)&__kernel_vsyscall
#| $8 = (void (*)()) 0x{pad}
print $eflags
#| $9 = [ {flags} ]
printf "%x %x %x %x %x\n", $ebx, $esi, $edi, $ebp, (int) $esp == $ecx
#| 11111111 44444444 55555555 {ebp} 1
reverse-stepi
#| entry_SYSENTER_32 () at ...
#| ...
x/i $pc
#| => 0x... <entry_SYSENTER_32+...>:	sysexit
print $cpl
#| $10 = 0
kill
#| [Inferior 1 (process 1) killed]
