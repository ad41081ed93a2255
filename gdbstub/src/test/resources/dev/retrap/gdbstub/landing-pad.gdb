# The landing pad of a fast system call, forward and back, in a guest that is running when gdb attaches.
#
# gdb finds the images by itself: the program by qXfer:exec-file, the vDSO by AT_SYSINFO_EHDR of the auxiliary vector,
# the kernel as a shared library at the address it is linked for.
#: guest getpid-loop 200000000 vdso
#: on live

target remote localhost:1234
#| Reading /getpid-loop from remote target...
#| ...
info symbol __kernel_vsyscall
#| __kernel_vsyscall in section .text of system-supplied DSO at 0x...

# Where the kernel comes back to whatever the exit instruction: VS+9 in the merged design, VS+16 in the legacy SYSENTER
# image.
break int80_landing_pad
#| Breakpoint 1 at 0x...
continue
#| Breakpoint 1, 0x... in __kernel_vsyscall ()...
print $pc - (long)&__kernel_vsyscall
#| $1 = (void (*)()) 0x{pad}
set $first = $position
continue
#| Breakpoint 1, 0x... in __kernel_vsyscall ()...
set $second = $position
print $second > $first
#| $2 = 1
backtrace
#| #0  0x... in __kernel_vsyscall ()...
#| #1  0x... in getpid_vdso () at ...loop.S:...
#| #2  0x... in main (argc=3, argv=0x...) at ...getpid-loop.c:...

# What the call left: EAX the process id, ESP the three pushes of __kernel_vsyscall below the caller's.
print $eax
#| $3 = 1
print $cpl
#| $4 = 3
print $orig_eax
#| $5 = -1
set $esp2 = $esp
set $pushed = *(int *)($esp + 8)

# Back to the call before: its loop counter, which __kernel_vsyscall pushed, is one more.
reverse-continue
#| Breakpoint 1, 0x... in __kernel_vsyscall ()...
print $position == $first
#| $6 = 1
print $esp == $esp2
#| $7 = 1
print *(int *)($esp + 8) - $pushed
#| $8 = 1

# And forward again, to the very same state.
continue
#| Breakpoint 1, 0x... in __kernel_vsyscall ()...
print $position == $second && $esp == $esp2 && *(int *)($esp + 8) == $pushed
#| $9 = 1

# One more step back and one forward across the exit: no breakpoint is lost on the way.
reverse-stepi
#| entry_SYSENTER_32 () at ...
#| ...
stepi
#| Breakpoint 1, 0x... in __kernel_vsyscall ()...
detach
#| Detaching from program: ...
#| Ending remote debugging.
#| [Inferior 1 (process 1) detached]
