# Writing registers and memory, and calling functions, at the head of a live guest. What is written becomes an input of
# the recording: going back undoes it, going forward does it again.
#: guest getpid-loop 10 both
#: on head

target remote localhost:1234
#| ...
tbreak getpid_int80
#| Temporary breakpoint 1 at ...
continue
#| Temporary breakpoint 1, getpid_int80 () at ...
#| ...
set $ebx = 0x1234
set var *(int *) ($esp + 4) = 3
print/x $ebx
#| $1 = 0x1234
set $written = $position
stepi 3
#| ...
print $ecx
#| $2 = 3
reverse-stepi 4
#| ...
print $position == $written - 1
#| $3 = 1
print/x $ebx != 0x1234
#| $4 = 0x1
stepi
#| ...
print/x $ebx
#| $5 = 0x1234
print *(int *) ($esp + 4)
#| $6 = 3

# The past is not changed.
reverse-stepi
#| ...
set $ebx = 1
#| Could not write register "ebx"; remote failure reply 'E.history is not changed: go to the live head (position ...) to write...'
stepi
#| ...
monitor goto end
#| ...
maintenance flush register-cache
#| ...
advance 14
#| ...
delete

# A function of the program, called from gdb: all registers are as before afterwards but for the time, which gdb does
# not know.
set $ecx0 = $ecx
set $before = $position
print ((unsigned (*)(unsigned)) getpid_vdso)(5)
#| $7 = 1
maintenance flush register-cache
#| Register cache flushed.
print $ecx == $ecx0 && $position > $before
#| $8 = 1
continue
#| [the guest has switched the machine off with status 0]
#| No more reverse-execution history.
#| ...
kill
#| ...
