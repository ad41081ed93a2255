# Ctrl-C: forward in a running guest, backward over a long past.
#: guest getpid-loop 3000000 both
#: on head

target remote localhost:1234
#| ...
#! vCont;c
continue
#| Program received signal SIGINT, Interrupt.
#| ...
set $one = $position
#! vCont;c
continue
#| Program received signal SIGINT, Interrupt.
#| ...
print $position > $one
#| $1 = 1

# A long past, then a search in it: watched and never read, in a page that always is, so that it would go on to power-on.
delete
tbreak getpid_vdso
#| Temporary breakpoint 1 at ...
continue
#| Temporary breakpoint 1, getpid_vdso () at ...
#| ...
set $two = $position
rwatch *(int *)&sys_call_table
#| Hardware read watchpoint 2: *(int *)&sys_call_table
#! bc
reverse-continue
#| Program received signal SIGINT, Interrupt.
#| ...
print $position <= $two
#| $2 = 1
delete

# Single steps still work, both ways.
stepi
#| ...
reverse-stepi
#| ...
detach
#| Detaching from program: ...
#| Ending remote debugging.
#| [Inferior 1 (process 1) detached]
