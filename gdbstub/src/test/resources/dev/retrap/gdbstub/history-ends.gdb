# Both ends of a recording.
#: guest hello
#: on replay

target remote localhost:1234
#| ...
print $position
#| $1 = 0
reverse-stepi
#| No more reverse-execution history.
#| ...
reverse-continue
#| No more reverse-execution history.
#| ...

# The end: the guest has switched the machine off. gdb keeps the process, so that there is a way back.
continue
#| [the guest has switched the machine off with status 0]
#| No more reverse-execution history.
#| ...
set $end = $position
stepi
#| [the guest has switched the machine off with status 0]
#| No more reverse-execution history.
#| ...
print $position == $end
#| $2 = 1
reverse-stepi
#| ...
print $end - $position
#| $3 = 1
info threads
#| Id   Target Id ...
#| * 1    Thread 1.1 "hello" (position ..., CPL 0) ...
reverse-continue
#| No more reverse-execution history.
#| ...
print $position
#| $4 = 0
monitor console

kill
#| [Inferior 1 (process 1) killed]
