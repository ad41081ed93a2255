# A 64-bit kernel runs a 32-bit program. gdb has one description for the connection: the 64-bit one holds both, and the
# program's file does not lead gdb to another.
#: guest user32
#: variants bare64
#: on replay

target remote localhost:1234
#| ...
show architecture
#| The target architecture is set to "auto" (currently "i386:x86-64").
break get
#| Breakpoint 1 at 0x14000...
continue
#| Breakpoint 1, get () at ...user32.S:...
#| ...
print/x $cs
#| $1 = 0x23
print/x $esp
#| $2 = 0x15feffc

# Where INT 0x80 goes in long mode: the kernel's 64-bit stack, with a frame of 8-byte words.
break entry_INT80_compat
#| Breakpoint 2 at 0xffffffff80...: ...
continue
#| Breakpoint 2, entry_INT80_compat () at ...
#| ...
print $orig_rax
#| $3 = 20
print *(unsigned long *)$rsp - (unsigned long) get
#| $4 = 15
reverse-stepi
#| get () at ...user32.S:...
#| ...
print/x $rbx
#| $5 = 0x11111111

# Nothing that the user does about architectures breaks the connection.
set architecture i386
#| The target architecture is set to "i386".
stepi
#| Breakpoint 2, entry_INT80_compat () at ...
#| ...
print/x $r11
#| $6 = 0x0
set architecture auto
#| The target architecture is set to "auto" (currently "i386:x86-64").
print $efer
#| $7 = [ SCE LME LMA ]
kill
#| [Inferior 1 (process 1) killed]
