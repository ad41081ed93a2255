# Watchpoints forward and backward, on the stack slot that __kernel_vsyscall pushes ECX to: the caller's loop counter.
#: guest getpid-loop 1000 vdso
#: on replay live head

target remote localhost:1234
#| ...
monitor goto user
#| ...
maintenance flush register-cache
#| ...
tbreak __kernel_vsyscall
#| Temporary breakpoint 1 at 0x...
continue
#| Temporary breakpoint 1, 0x... in __kernel_vsyscall ()...
print $ecx
#| $1 = 1000
watch -location *(unsigned *) ($esp - 4)
#| Hardware watchpoint 2: -location *(unsigned *) ($esp - 4)
continue
#| Hardware watchpoint 2: -location *(unsigned *) ($esp - 4)
#| Old value = 1000
#| New value = 999
#| 0x... in __kernel_vsyscall ()...
continue
#| Hardware watchpoint 2: -location *(unsigned *) ($esp - 4)
#| Old value = 999
#| New value = 998
#| 0x... in __kernel_vsyscall ()...
set $there = $position

# Backward the write is undone: old and new change places, and the push is about to run again.
reverse-continue
#| Hardware watchpoint 2: -location *(unsigned *) ($esp - 4)
#| Old value = 998
#| New value = 999
#| 0x... in __kernel_vsyscall ()...
x/i $pc
#| => 0x... <__kernel_vsyscall>:	push   %ecx
print $there - $position
#| $2 = 1
delete

# Reads, of whatever length: the kernel takes the function from its table of system calls.
rwatch -location *(char (*)[1024]) &sys_call_table
#| Hardware read watchpoint 3: -location *(char (*)[1024]) &sys_call_table
continue
#| Hardware read watchpoint 3: -location *(char (*)[1024]) &sys_call_table
#| Value = ...
#| ...
print $orig_eax
#| $3 = 20
delete
kill
#| [Inferior 1 (process 1) killed]
