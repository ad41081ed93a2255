# Going to an event: tfind, which makes gdb forget its caches, and monitor goto, which does not.
#: guest hello
#: on replay

target remote localhost:1234
#| ...
info os
#| Type       Description
#| checkpoints Machine states stored in the recording
#| events     Kernel entries and exits around the current position
#| processes  Programs of the guest now, to attach to in the split view
#| syscalls   System calls of the whole history, by number and way into the kernel
#| threads    Threads of the guest's programs now
info os events
#| Event      Position ...
#| ...

# A trace frame is an event: the machine just before it happens.
tfind 2
#| Found trace frame 2, tracepoint 1
#| ...
print $event
#| $1 = 2
tfind
#| Found trace frame 3, tracepoint 1
#| ...
print $event
#| $2 = 3
tfind none
#| No longer looking at any trace frame
#| ...
print $position
#| $3 = 0

# To stay there: "monitor goto frame" before leaving.
tfind 4
#| Found trace frame 4, tracepoint 1
#| ...
monitor goto frame
#| "tfind none" stays here
tfind none
#| No longer looking at any trace frame
#| ...
print $event
#| $4 = 4
tfind 1000000
#| Target failed to find requested trace frame.

monitor goto event 1
#| position ... of ...
#| next event 1 of ...
#| ...
#| gdb still shows the old place: type "maintenance flush register-cache"
maintenance flush register-cache
#| Register cache flushed.
print $event
#| $5 = 1
monitor goto next syscall
#| ...
monitor goto 99999999999
#| position 99999999999 is not in the history, which goes from 0 to ...
#| Protocol error with Rcmd
kill
#| ...
