# Signals stop the program where they strike, with $_siginfo; the one without a handler ends it.
#: guest crash
#: variants v4.2 v4.4
#: on head
#: view user

target remote localhost:1234
#| ...
continue
#| Program received signal SIGSEGV, Segmentation fault.
#| read_null () at ...
#| ...
print $_siginfo.si_signo
#| $1 = 11
print $_siginfo._sifields._sigfault.si_addr
#| $2 = (void *) 0x10
x/i $pc
#| => 0x... <read_null>:	mov    0x10,%eax
reverse-finish
#| Run back to call of #0  read_null () at ...
#| ...main (...) at ...
#| ...
stepi
#| read_null () at ...
#| ...
continue
#| Program terminated with signal SIGSEGV, Segmentation fault.
#| The program no longer exists.
