# A static glibc program in the gdbserver view, by source lines, forward and backward.
#: guest signals.c
#: variants v4.4 v4.4/64 v4.4/32
#: on head
#: view user

directory programs
#| ...
target remote localhost:1234
#| ...
#| 0x... in _start ()
break main
#| Breakpoint 1 at 0x...: file signals.c, line 28.
continue
#| Breakpoint 1, main () at ...
#| 28	    signal(SIGUSR1, on_usr1);
next
#| 29	    result = sum(10);

# Over a call, into it, to its end, and out of a loop.
next
#| 30	    raise(SIGUSR1);
print result
#| $1 = 90
reverse-next
#| 29	    result = sum(10);
print result
#| $2 = 0
reverse-step
#| sum (n=10) at ...
#| 24	}
reverse-finish
#| Run back to call of #0  sum (n=10) at ...
#| ...main () at ...
#| 29	    result = sum(10);
step
#| sum (n=10) at ...
#| 20	    int total = 0;
next
#| 21	    for (int i = 0; i < n; i++)
next
#| 22	        total += twice(i);
step
#| twice (n=0) at ...
#| 15	    return 2 * n;
backtrace
#| #0  twice (n=0) at ...
#| #1  0x... in sum (n=10) at ...
#| #2  0x... in main () at ...
reverse-step
#| sum (n=10) at ...
#| 22	        total += twice(i);
step
#| twice (n=0) at ...
#| ...
finish
#| Run till exit from #0  twice (n=0) at ...
#| 0x... in sum (n=10) at ...
#| 22	        total += twice(i);
#| Value returned is $3 = 0
reverse-step
#| twice (n=0) at ...
#| 16	}
reverse-finish
#| Run back to call of #0  twice (n=0) at ...
#| 0x... in sum (n=10) at ...
#| 22	        total += twice(i);
next
#| 21	    for (int i = 0; i < n; i++)
next
#| 22	        total += twice(i);
next
#| 21	    for (int i = 0; i < n; i++)
until
#| 23	    return total;
print total
#| $4 = 90
tbreak twice if n == 4
#| Temporary breakpoint 2 at ...
reverse-continue
#| Temporary breakpoint 2, twice (n=4) at ...
#| ...
up
#| #1  ... in sum (n=10) at ...
#| ...
print total
#| $5 = 12
advance 23
#| sum (n=10) at ...
#| 23	    return total;

# Who has written it?
watch -location total
#| Hardware watchpoint 3: -location total
reverse-continue
#| Hardware watchpoint 3: -location total
#| Old value = 90
#| New value = 72
#| ...
delete
reverse-finish
#| Run back to call of #0  ...
#| ...
#| 29	    result = sum(10);
continue
#| Program received signal SIGUSR1, User defined signal 1.
#| ...

# In history it is the same again.
reverse-stepi
#| ...
stepi
#| ...
break on_usr1
#| Breakpoint 4 at ...
continue
#| Program received signal SIGUSR1, User defined signal 1.
#| ...
continue
#| Breakpoint 4, on_usr1 (sig=10) at ...
#| 10	    handled = sig;
backtrace
#| #0  on_usr1 (sig=10) at ...
#| #1  <signal handler called>
#| ...
#| #...  0x... in main () at ...
next
#| 11	}
print handled
#| $6 = 10
reverse-next
#| Breakpoint 4, on_usr1 (sig=10) at ...
#| 10	    handled = sig;
print handled
#| $7 = 0
delete
handle SIGUSR1 nostop noprint pass
#| ...
tbreak 31
#| Temporary breakpoint 5 at ...
continue
#| Temporary breakpoint 5, main () at ...
#| 31	    printf("%d %d\n", result, handled);
print handled
#| $8 = 10
continue
#| [Inferior 1 (process 1) exited with code 03]
