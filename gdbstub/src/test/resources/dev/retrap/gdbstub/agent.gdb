# What the target does by itself: dprintf with its commands run at the breakpoint, forward and backward, tables for
# "info os", the reason of a stop, the memory map.
#: guest hello
#: variants v4.4
#: on replay

target remote localhost:1234
#| ...
set dprintf-style agent
dprintf *sys_write,"write %u bytes, CPL %d: %s", *(int *)($esp + 12), $cpl, *(char **)($esp + 8)
#| Dprintf 1 at 0x...
tbreak machine_power_off
#| Temporary breakpoint 2 at 0x...: ...
continue
#| write 19 bytes, CPL 0: hello by int $0x80
#| write 27 bytes, CPL 0: hello by __kernel_vsyscall
#| Temporary breakpoint 2, machine_power_off (...) at ...
#| ...

# Backward the same, in the order of the way back.
tbreak main
#| Temporary breakpoint 3 at ...
reverse-continue
#| write 27 bytes, CPL 0: hello by __kernel_vsyscall
#| write 19 bytes, CPL 0: hello by int $0x80
#| Temporary breakpoint 3, main (...) at ...
#| ...
delete

info os
#| Type       Description
#| checkpoints Machine states stored in the recording
#| events     Kernel entries and exits around the current position
#| processes  Programs of the guest now, to attach to in the split view
#| syscalls   System calls of the whole history, by number and way into the kernel
#| threads    Threads of the guest's programs now
info os syscalls
#| Number     Entry      Calls ...
#| ...
#| 4          INT 0x80   1          1          ...
#| 4          SYSENTER   1          1          ...
#| ...

stepi
#| ...
print $_siginfo.si_signo
#| $1 = 5
print $_siginfo.si_code
#| $2 = 2
print $_siginfo._sifields._sigfault.si_addr == (void *) $pc
#| $3 = 1
info mem
#| Using memory regions provided by the target.
#| Num Enb Low Addr   High Addr  Attrs
#| 0   y  	0x00000000 0x100000000 rw nocache
kill
#| [Inferior 1 (process 1) killed]
