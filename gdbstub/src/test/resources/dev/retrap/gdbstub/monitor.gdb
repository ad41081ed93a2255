# monitor: what the protocol has no packets for.
#: guest hello
#: on replay

target remote localhost:1234
#| ...
monitor help goto
#| monitor goto POSITION | event N | next [FILTER] | previous [FILTER] | start | user | end | frame
#| go to a position; "user" is the program's first instruction, "frame" where tfind has gone
monitor info
#| processor  p6: ...
#| memory     32 MiB
#| kernel     variant {variant}, /boot/vmlinux
#| program    /hello
#| [hello], starts at position ...
#| vDSO       0xb7fff000, ... bytes
#| history    ... steps, ... events, powered off with status 0
monitor events syscall nr=4
#| > event ...  position ...  INT 0x80 ...  nr 4
#| ...
monitor frob
#| no command "frob"; try "monitor help"
#| Protocol error with Rcmd
monitor event
#| a number is expected, decimal or 0x..., not ""
#| Protocol error with Rcmd
monitor goto user
#| ...
monitor translate 0xc0100000
#| linear 0xc0100000 is physical 0x100000
monitor xp 0x100000 4
#| 0x00100000  ...

# Stop at whatever crosses the boundary.
monitor catch entry user
#| continue and reverse-continue stop at events: entry user
continue
#| [event ...  position ...  ... (CPL 3) -> ... (CPL 0)...]
#| Program received signal SIGTRAP, Trace/breakpoint trap.
#| ...
monitor catch off
#| no event stops the run any more
kill
#| ...
