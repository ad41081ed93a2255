# Conditions are compiled by gdb to agent expressions and evaluated in the stub: false hits cost no round trip. They may
# use what only a machine has, and hold backward too.
#: guest getpid-loop 5000 vdso
#: on replay live head

target remote localhost:1234
#| ...
monitor goto user
#| ...
maintenance flush register-cache
#| ...
break int80_landing_pad if *(int *)($esp + 8) == 700
#| Breakpoint 1 at 0x...
continue
#| Breakpoint 1, 0x... in __kernel_vsyscall ()...
print *(int *)($esp + 8)
#| $1 = 700
set $here = $position
info breakpoints
#| Num     Type           Disp Enb Address    What
#| 1       breakpoint     keep y   0x... <__kernel_vsyscall+...>
#| stop only if *(int *)($esp + 8) == 700 (target evals)
#| breakpoint already hit 1 time
condition 1 *(int *)($esp + 8) == 4000
reverse-continue
#| Breakpoint 1, 0x... in __kernel_vsyscall ()...
print *(int *)($esp + 8)
#| $2 = 4000
eval "condition 1 $position == %d", $here
continue
#| Breakpoint 1, 0x... in __kernel_vsyscall ()...
print *(int *)($esp + 8)
#| $3 = 700
delete
break int80_landing_pad if $event % 1000 < 2
#| Breakpoint 2 at 0x...
continue
#| Breakpoint 2, 0x... in __kernel_vsyscall ()...
print $event % 1000 < 2
#| $4 = 1
kill
#| ...
