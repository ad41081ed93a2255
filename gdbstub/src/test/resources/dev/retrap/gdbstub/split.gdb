# The split view: the kernel is process 1, the program process 2, each with its own file, symbols and breakpoints.
#: guest sixargs
#: variants v4.2 v4.4
#: on replay
#: view split

target extended-remote localhost:1234
#| ...
# What one of them does changes the other's registers: gdb has to know that both run.
set schedule-multiple on
add-inferior
#| [New inferior 2]
#| Added inferior 2 on connection 1 (extended-remote ...)
inferior 2
#| [Switching to inferior 2 [<null>] (<noexec>)]
attach 2
#| ...
info inferiors
#|   Num  Description       Connection ...
#|   1    process 1         1 (extended-remote ...) target:/boot/vmlinux
#| * 2    process 2         1 (extended-remote ...) target:/sixargs

# The first call by the vDSO, seen by both. A breakpoint belongs to the process it was set in.
break main
#| Breakpoint 1 at 0x...
continue
#| ...
#| Thread 2.1 "sixargs" hit Breakpoint 1, ...main ...
#| ...
inferior 1
#| [Switching to inferior 1 [process 1] (target:/boot/vmlinux)]
#| ...
break entry_SYSENTER_32
#| Breakpoint 2 at 0xc...: ...
continue
#| ...
#| Thread 1.1 "vmlinux" hit Breakpoint 2, entry_SYSENTER_32 () at ...
#| ...
print $cpl
#| $1 = 0
print/x $cs
#| $2 = 0x60

# Meanwhile the program, as ptrace would show it: in a system call, its registers those that it made the call with.
inferior 2
#| [Switching to inferior 2 [process 2] (target:/sixargs)]
#| ...
print $orig_eax
#| $3 = 224
printf "%x %x %x %x %x %x\n", $ebx, $ecx, $edx, $esi, $edi, *(int *)$esp
#| 11111111 22222222 33333333 44444444 55555555 66666666
print/x $cs
#| $4 = 0x73
backtrace 1
#| #0  0x... in __kernel_vsyscall ()...
#| (More stack frames follow...)
info threads
#|   Id   Target Id ... Frame
#|   1.1  Thread 1.1 "vmlinux" (position ..., CPL 0) ... entry_SYSENTER_32 () at ...
#| * 2.1  Thread 2.2 "sixargs" (position ..., in the kernel) 0x... in __kernel_vsyscall ()...

# A step of the program is the whole call; the one back of the kernel ends in the program.
stepi
#| 0x... in __kernel_vsyscall ()...
print $orig_eax
#| $5 = -1
reverse-stepi
#| ...
#| ...entry_SYSENTER_32...
#| ...
kill inferiors 1 2
