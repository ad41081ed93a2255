# Memory, files and the auxiliary vector.
#: guest hello
#: on replay

target remote localhost:1234
#| ...
monitor goto user
#| ...
maintenance flush register-cache
#| ...
x/i $pc
#| => 0x... <_start>:	...
compare-sections .text
#| Section .text, range 0x... -- 0x...: matched.
find /b (char *)&_start, +0x1000, 0xcd, 0x80
#| ...
print *(int *)0x10
#| Cannot access memory at address 0x10
x/2wx 0xbffffff8
#| 0xbffffff8:	0x...	0x00000000

# History is not changed.
set $eax = 5
#| Could not write register "eax"; remote failure reply 'E.a recording is not changed: registers and memory can be written at the head of a live guest...'
set var *(int *)$esp = 5
#| Cannot access memory at address 0x...

info auxv
#| ...
#| 33   AT_SYSINFO_EHDR      System-supplied DSO's ELF header 0xb7fff000
#| ...
info proc
#| process 1
#| cmdline = 'hello'
#| cwd = '/'
#| exe = '/hello'
info proc mappings
#| process 1
#| Mapped address spaces:
#| Start Addr   End Addr       Size     Offset  Perms   objfile
#| 0x8048000  ...  /hello
#| ...
#| 0xb7fff000 0xb8000000     0x1000        0x0  r-xp   [vdso]
#| ...  rwxp   [stack]
info sharedlibrary
#| From        To          Syms Read   Shared Object Library
#| 0xc0100000  0x...  Yes         target:/boot/vmlinux
#| 0xb7fff...  0xb7fff...  Yes (*)     target:/vdso/linux-gate.so.1
#| ...
remote put /dev/null /x
#| Remote I/O error: Read-only file system
print $_siginfo._sifields._sigfault.si_addr
#| $1 = (void *) 0x...
info registers cr0 cr3 st0 ftag
#| cr0            0x...          [ PE ...PG ]
#| cr3            0x...
#| st0            ...
#| ftag           0xffff              65535
kill
#| ...
