# A 64-bit kernel and a 64-bit program: SYSCALL and back, the whole state of long mode in gdb's registers.
#: guest user64
#: variants bare64
#: on replay

target remote localhost:1234
#| ...
show architecture
#| The target architecture is set to "auto" (currently "i386:x86-64").

# The processor starts in 32-bit mode, which the 64-bit description shows as well.
print $efer
#| $1 = [ ]
printf "%x %lx\n", $eax, $rip
#| 2badb002 100020

break start_high
#| Breakpoint 1 at 0xffffffff80...: ...
continue
#| Breakpoint 1, start_high () at ...kernel.S:...
#| ...
print $efer
#| $2 = [ SCE LME LMA ]

# In the program, the first getpid. SYSCALL keeps RIP and RFLAGS in RCX and R11, switches no stack and no GS.
break get
#| Breakpoint 2 at 0x14000...
continue
#| Breakpoint 2, get () at ...user64.S:...
#| ...
catch syscall getpid
#| Catchpoint 3 (syscall 'getpid' [39])
continue
#| Catchpoint 3 (call to syscall getpid), entry_SYSCALL_64 () at ...kernel.S:...
#| ...
print $lstar == (void (*)()) $pc
#| $3 = 1
print $cpl
#| $4 = 0
print $orig_rax
#| $5 = 39
printf "%lx %x\n", $rcx - 2 - (long) get, $cs
#| 9 10
print/x $r15
#| $6 = 0x1122334455667788
stepi
#| ...
print $gs_base == (long) &percpu
#| $7 = 1
print $k_gs_base
#| $8 = (void *) 0x0

# Backward into the program.
reverse-stepi
#| ...
reverse-stepi
#| Catchpoint 3 (call to syscall getpid), get () at ...user64.S:...
#| ...
x/i $pc
#| => 0x... <get+9>:	syscall
backtrace 2
#| #0  get () at ...
#| #1  0x... in _start () at ...
#| ...
p $gs_base
#| $9 = 0

# Watchpoints and conditions on 64-bit values.
delete
tbreak do_syscall if $rdi > 0xffffffff80000000 && *(unsigned long *)($rdi + 80) == -38
#| Temporary breakpoint 4 at 0xffffffff80...: ...
continue
#| Temporary breakpoint 4, do_syscall () at ...
#| ...
watch -location *(long *)($rdi + 80)
#| Hardware watchpoint 5: -location *(long *)($rdi + 80)
continue
#| Hardware watchpoint 5: -location *(long *)($rdi + 80)
#| Old value = -38
#| New value = 1
#| sys_getpid () at ...
#| ...
kill
#| [Inferior 1 (process 1) killed]
