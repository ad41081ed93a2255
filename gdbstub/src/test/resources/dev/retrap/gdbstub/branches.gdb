# What if: writing to the past of a recording starts a branch, in which the guest lives on from there.
#: guest hello
#: variants v4.4
#: on replay
#: branches on

target remote localhost:1234
#| ...
tbreak main
#| ...
continue
#| Temporary breakpoint 1, main (...) at ...
#| ...
catch syscall write
#| Catchpoint 2 (syscall 'write' [4])
continue
#| Catchpoint 2 (call to syscall write), ...
#| ...
print $edx
#| $1 = 19
set $calls = $position
stepi
#| ...
print/x $eax
#| $2 = 0x4
monitor branch
#| * main

# The program's message becomes shorter by writing to its register, as the kernel has saved it.
reverse-continue
#| Catchpoint 2 (call to syscall write), ...
#| ...
set $edx = 5
print $edx
#| $3 = 5
monitor branch
#| main
#| * branch-1
continue
#| Catchpoint 2 (call to syscall write), ...
#| ...
continue
#| Catchpoint 2 (returned from syscall write), ...
#| ...
print $eax
#| $4 = 5
monitor console
#| hello
delete
continue
#| [the guest has switched the machine off with status ...]
#| ...

# The recording is what it was, and another branch can begin anywhere.
monitor branch main
#| position ... of ...
#| ...
maintenance flush register-cache
#| ...
print $edx
#| $5 = 19
monitor branch what-if
#| branch what-if begins here, recorded in ...r.what-if.retrap
monitor branch
#| main
#| branch-1
#| * what-if
continue
#| [the guest has switched the machine off with status 0]
#| ...
monitor branch no/such
#| a branch's name has letters, digits, dots, dashes and underscores
#| Protocol error with Rcmd
kill
#| ...
