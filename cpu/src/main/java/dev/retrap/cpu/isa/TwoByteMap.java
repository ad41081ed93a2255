package dev.retrap.cpu.isa;

/**
 * Two-byte opcodes (SDM vol. 2, table A-3) on general registers, and system instructions. {@link RowParser}
 * describes the columns.
 */
final class TwoByteMap {
    static final String ROWS = """
            # Group 6, group 7
            0F 00 /0         | SLDT Rv/Mw                 | prot
            0F 00 /1         | STR Rv/Mw                  | prot
            0F 00 /2         | LLDT Ew                    | prot priv state
            0F 00 /3         | LTR Ew                     | prot priv state
            0F 00 /4         | VERR Ew                    | prot             | ..M...
            0F 00 /5         | VERW Ew                    | prot             | ..M...
            0F 01 /0 mem     | SGDT Ms                    | f64
            0F 01 /1 mem     | SIDT Ms                    | f64
            0F 01 /2 mem     | LGDT Ms                    | f64 priv state
            0F 01 /3 mem     | LIDT Ms                    | f64 priv state
            0F 01 /4         | SMSW Rv/Mw
            0F 01 /6         | LMSW Ew                    | priv state
            0F 01 /7 mem     | INVLPG M                   | priv state       |          | I486
            F3 0F 01 /5 mem  | RSTORSSP Mq                | state            |          | CET_SS
            0F 01 C0         | ENCLV                      | np priv          |          | SGX
            0F 01 C1         | VMCALL                     | state            | MMMMMM   | VMX
            0F 01 C2         | VMLAUNCH                   | state            | MMMMMM   | VMX
            0F 01 C3         | VMRESUME                   | state            | MMMMMM   | VMX
            0F 01 C4         | VMXOFF                     | state            | MMMMMM   | VMX
            0F 01 C5         | PCONFIG                    | np priv          | 00M000   | PCONFIG
            NP 0F 01 C6      | WRMSRNS                    | priv state       |          | WRMSRNS
            F3 0F 01 C6      | WRMSRLIST                  | o64 priv state   |          | MSRLIST
            F2 0F 01 C6      | RDMSRLIST                  | o64 priv         |          | MSRLIST
            0F 01 C8         | MONITOR                    |                  |          | MONITOR
            0F 01 C9         | MWAIT                      | state            |          | MONITOR
            0F 01 CA         | CLAC                       | np priv state    | ...... AC:0 | SMAP
            0F 01 CB         | STAC                       | np priv state    | ...... AC:1 | SMAP
            0F 01 CF         | ENCLS                      | np priv state    |          | SGX
            0F 01 D0         | XGETBV                     | np               |          | XSAVE
            0F 01 D1         | XSETBV                     | np priv state    |          | XSAVE
            0F 01 D4         | VMFUNC                     | np state         |          | VMX
            0F 01 D5         | XEND                       | np state         |          | RTM
            0F 01 D6         | XTEST                      | np               | 00M000   | RTM
            0F 01 D7         | ENCLU                      | np state         |          | SGX
            0F 01 D8         | VMRUN                      | prot priv state  |          | SVM
            NP/66 0F 01 D9   | VMMCALL                    | state            |          | SVM
            F3/F2 0F 01 D9   | VMGEXIT                    | state            |          | SEV_ES
            0F 01 DA         | VMLOAD                     | prot priv state  |          | SVM
            0F 01 DB         | VMSAVE                     | prot priv        |          | SVM
            0F 01 DC         | STGI                       | prot priv state  |          | SVM
            0F 01 DD         | CLGI                       | prot priv state  |          | SVM
            0F 01 DE         | SKINIT                     | prot priv state  |          | SVM
            0F 01 DF         | INVLPGA                    | prot priv state  |          | SVM
            NP 0F 01 E8      | SERIALIZE                  | state            |          | SERIALIZE
            F2 0F 01 E8      | XSUSLDTRK                  |                  |          | TSXLDTRK
            F3 0F 01 E8      | SETSSBSY                   | priv             |          | CET_SS
            F2 0F 01 E9      | XRESLDTRK                  |                  |          | TSXLDTRK
            F3 0F 01 EA      | SAVEPREVSSP                |                  |          | CET_SS
            F3 0F 01 EC      | UIRET                      | o64 jump state   | MMMMMM   | UINTR
            F3 0F 01 ED      | TESTUI                     | o64              | 00000M   | UINTR
            NP 0F 01 EE      | RDPKRU                     |                  |          | PKU
            F3 0F 01 EE      | CLUI                       | o64              |          | UINTR
            NP 0F 01 EF      | WRPKRU                     | state            |          | PKU
            F3 0F 01 EF      | STUI                       | o64 state        |          | UINTR
            0F 01 F8         | SWAPGS                     | o64 priv state   |          | LM
            0F 01 F9         | RDTSCP                     |                  |          | RDTSCP
            NP/66 0F 01 FA   | MONITORX                   |                  |          | MONITORX
            F3 0F 01 FA      | MCOMMIT                    |                  | 00000M   | MCOMMIT
            NP/66 0F 01 FB   | MWAITX                     | state            |          | MONITORX
            NP/66 0F 01 FC   | CLZERO                     |                  |          | CLZERO
            NP/66 0F 01 FD   | RDPRU                      |                  |          | RDPRU
            F3 0F 01 FD      | RMPQUERY                   | o64 priv         | MMMMM.   | SEV_SNP
            NP/66 0F 01 FE   | INVLPGB                    | priv state       |          | INVLPGB
            F2 0F 01 FE      | RMPUPDATE                  | o64 priv         | MMMMM.   | SEV_SNP
            F3 0F 01 FE      | RMPADJUST                  | o64 priv         | MMMMM.   | SEV_SNP
            NP/66 0F 01 FF   | TLBSYNC                    | priv state       |          | INVLPGB
            F2 0F 01 FF      | PVALIDATE                  | priv             | MMMMMM   | SEV_SNP
            F3 0F 01 FF      | PSMASH                     | o64 priv         | MMMMM.   | SEV_SNP
            # System calls, caches, MSRs, performance
            0F 02 /r         | LAR Gv,Rv/Mw               | prot             | ..M...
            0F 03 /r         | LSL Gv,Rv/Mw               | prot             | ..M...
            0F 05            | SYSCALL                    | jump state       | MMMMMM SYS:M | SYSCALL
            0F 06            | CLTS                       | priv state
            0F 07            | SYSRET                     | priv jump state  | MMMMMM SYS:M | SYSCALL
            0F 08            | INVD                       | priv             |          | I486
            NP/66/F2 0F 09   | WBINVD                     | priv             |          | I486
            F3 0F 09         | WBNOINVD                   | priv             |          | WBNOINVD else WBINVD
            0F 0B            | UD2                        | ud
            0F 0D /0 mem     | PREFETCH Mb                |                  |          | PREFETCHW
            0F 0D /1 mem     | PREFETCHW Mb               |                  |          | PREFETCHW
            0F 0D /2 mem     | PREFETCHWT1 Mb             |                  |          | PREFETCHWT1 else PREFETCH
            0F 0D /3 mem     | PREFETCH Mb                |                  |          | PREFETCHW
            0F 0D /4 mem     | PREFETCH Mb                |                  |          | PREFETCHW
            0F 0D /5 mem     | PREFETCH Mb                |                  |          | PREFETCHW
            0F 0D /6 mem     | PREFETCH Mb                |                  |          | PREFETCHW
            0F 0D /7 mem     | PREFETCH Mb                |                  |          | PREFETCHW
            0F 0E            | FEMMS                      |                  |          | THREEDNOW
            0F 18 /0 mem     | PREFETCHNTA Mb             |                  |          | SSE
            0F 18 /1 mem     | PREFETCHT0 Mb              |                  |          | SSE
            0F 18 /2 mem     | PREFETCHT1 Mb              |                  |          | SSE
            0F 18 /3 mem     | PREFETCHT2 Mb              |                  |          | SSE
            0F 18 /r         | RESERVED_NOP/nop Ev        | rest             |          | NOPL
            0F 19 /r         | RESERVED_NOP/nop Ev        |                  |          | NOPL
            0F 1A /r         | RESERVED_NOP/nop Ev        |                  |          | NOPL
            0F 1B /r         | RESERVED_NOP/nop Ev        |                  |          | NOPL
            NP 0F 1C /0 mem  | CLDEMOTE Mb                |                  |          | CLDEMOTE else RESERVED_NOP
            0F 1C /r         | RESERVED_NOP/nop Ev        | rest             |          | NOPL
            0F 1D /r         | RESERVED_NOP/nop Ev        |                  |          | NOPL
            F3 0F 1E /1 reg  | RDSSP Ry                   |                  |          | CET_SS else RESERVED_NOP
            F3 0F 1E FA      | ENDBR64                    |                  |          | CET_IBT else RESERVED_NOP
            F3 0F 1E FB      | ENDBR32                    |                  |          | CET_IBT else RESERVED_NOP
            0F 1E /r         | RESERVED_NOP/nop Ev        | rest             |          | NOPL
            0F 1F /r         | NOP Ev                     |                  |          | NOPL
            # Control, debug and test registers: ModRM.mod is ignored
            0F 20 /r         | MOV_FROM_CR/mov Ry,Cy      | msize priv       | ------
            0F 21 /r         | MOV_FROM_DR/mov Ry,Dy      | msize priv       | ------
            0F 22 /r         | MOV_TO_CR/mov Cy,Ry        | msize priv state | ------
            0F 23 /r         | MOV_TO_DR/mov Dy,Ry        | msize priv state | ------
            0F 24 /r         | MOV_FROM_TR/mov Rd,Td      | i64 priv         | ------   | TEST_REGISTERS
            0F 26 /r         | MOV_TO_TR/mov Td,Rd        | i64 priv         | ------   | TEST_REGISTERS
            0F 30            | WRMSR                      | priv state       |          | MSR
            0F 31            | RDTSC                      |                  |          | TSC
            0F 32            | RDMSR                      | priv             |          | MSR
            0F 33            | RDPMC                      |                  |          | PMC
            0F 34            | SYSENTER                   | jump state       | ...... VM,IF,RF:0 | SEP
            0F 35            | SYSEXIT                    | priv jump state  |          | SEP
            0F 37            | GETSEC                     | np state         |          | SMX
            0F 40+cc /r      | CMOVCC/cmov* Gv,Ev         |                  | cc       | CMOV
            0F 80+cc         | JCC/j* Jz                  | f64 jump         | cc
            0F 90+cc /r      | SETCC/set* Eb              |                  | cc
            # FS and GS, bit tests, double shifts
            0F A0            | PUSH_SREG/push FS          | d64
            0F A1            | POP_SREG/pop FS            | d64
            0F A2            | CPUID                      |                  |          | CPUID
            0F A3 /r         | BT Ev,Gv                   |                  | --.--M
            0F A4 /r         | SHLD Ev,Gv,Ib              |                  | -MM-MM
            0F A5 /r         | SHLD Ev,Gv,CL              |                  | -MM-MM
            0F A8            | PUSH_SREG/push GS          | d64
            0F A9            | POP_SREG/pop GS            | d64
            0F AA            | RSM                        | jump state       | MMMMMM SYS:M | SMM
            0F AB /r         | BTS Ev,Gv                  | lock             | --.--M
            0F AC /r         | SHRD Ev,Gv,Ib              |                  | -MM-MM
            0F AD /r         | SHRD Ev,Gv,CL              |                  | -MM-MM
            # Group 15
            0F AE /0 mem     | FXSAVE M                   | np               |          | FXSR
            0F AE /1 mem     | FXRSTOR M                  | np               |          | FXSR
            0F AE /2 mem     | LDMXCSR Md                 | np               |          | SSE
            0F AE /3 mem     | STMXCSR Md                 | np               |          | SSE
            NP 0F AE /4 mem  | XSAVE M                    |                  |          | XSAVE
            NP 0F AE /5 mem  | XRSTOR M                   | state            |          | XSAVE
            NP 0F AE /6 mem  | XSAVEOPT M                 |                  |          | XSAVEOPT
            NP 0F AE /7 mem  | CLFLUSH Mb                 |                  |          | CLFSH
            66 0F AE /6 mem  | CLWB Mb                    |                  |          | CLWB
            66 0F AE /7 mem  | CLFLUSHOPT Mb              |                  |          | CLFLUSHOPT
            F3 0F AE /4      | PTWRITE Ey                 |                  |          | PTWRITE
            F3 0F AE /6 mem  | CLRSSBSY Mq                | priv             | 00000M   | CET_SS
            F3 0F AE /0 reg  | RDFSBASE Ry                | o64              |          | FSGSBASE
            F3 0F AE /1 reg  | RDGSBASE Ry                | o64              |          | FSGSBASE
            F3 0F AE /2 reg  | WRFSBASE Ry                | o64 state        |          | FSGSBASE
            F3 0F AE /3 reg  | WRGSBASE Ry                | o64 state        |          | FSGSBASE
            F3 0F AE /5 reg  | INCSSP Ry                  |                  |          | CET_SS
            NP 0F AE /5 reg  | LFENCE                     |                  |          | SSE2
            NP 0F AE /6 reg  | MFENCE                     |                  |          | SSE2
            NP/66 0F AE /7 reg | SFENCE                     | np               |          | SSE
            66 0F AE /6 reg  | TPAUSE Ry                  | state            | 00000M   | WAITPKG
            F3 0F AE /6 reg  | UMONITOR Ras               |                  |          | WAITPKG
            F2 0F AE /6 reg  | UMWAIT Ry                  | state            | 00000M   | WAITPKG
            0F AF /r         | IMUL Gv,Ev                 |                  | M----M
            0F B0 /r         | CMPXCHG Eb,Gb              | lock             | MMMMMM   | I486
            0F B1 /r         | CMPXCHG Ev,Gv              | lock             | MMMMMM   | I486
            0F B2 /r mem     | LSS Gv,Mp                  | state
            0F B3 /r         | BTR Ev,Gv                  | lock             | --.--M
            0F B4 /r mem     | LFS Gv,Mp
            0F B5 /r mem     | LGS Gv,Mp
            0F B6 /r         | MOVZX Gv,Eb
            0F B7 /r         | MOVZX Gv,Ew
            F3 0F B8 /r      | POPCNT Gv,Ev               |                  | 00M000   | POPCNT
            0F B9 /r         | UD1 Gv,Ev                  | ud
            0F BA /4         | BT Ev,Ib                   |                  | --.--M
            0F BA /5         | BTS Ev,Ib                  | lock             | --.--M
            0F BA /6         | BTR Ev,Ib                  | lock             | --.--M
            0F BA /7         | BTC Ev,Ib                  | lock             | --.--M
            0F BB /r         | BTC Ev,Gv                  | lock             | --.--M
            NP/66/F2 0F BC /r | BSF Gv,Ev                  |                  | --M---
            F3 0F BC /r      | TZCNT Gv,Ev                |                  | --M--M   | BMI1 else BSF
            NP/66/F2 0F BD /r | BSR Gv,Ev                  |                  | --M---
            F3 0F BD /r      | LZCNT Gv,Ev                |                  | --M--M   | LZCNT else BSR
            0F BE /r         | MOVSX Gv,Eb
            0F BF /r         | MOVSX Gv,Ew
            0F C0 /r         | XADD Eb,Gb                 | lock             | MMMMMM   | I486
            0F C1 /r         | XADD Ev,Gv                 | lock             | MMMMMM   | I486
            NP 0F C3 /r mem  | MOVNTI My,Gy               |                  |          | SSE2
            # Group 9
            0F C7 /1 mem W0  | CMPXCHG8B Mq               | lock             | ..M...   | CX8
            0F C7 /1 mem W1  | CMPXCHG16B Mdq             | lock             | ..M...   | CX16
            0F C7 /3 mem     | XRSTORS M                  | np priv state    |          | XSAVES
            0F C7 /4 mem     | XSAVEC M                   | np               |          | XSAVEC
            0F C7 /5 mem     | XSAVES M                   | np priv          |          | XSAVES
            NP 0F C7 /6 mem  | VMPTRLD Mq                 | prot             | MMMMMM   | VMX
            66 0F C7 /6 mem  | VMCLEAR Mq                 | prot             | MMMMMM   | VMX
            F3 0F C7 /6 mem  | VMXON Mq                   | prot state       | MMMMMM   | VMX
            0F C7 /7 mem     | VMPTRST Mq                 | np prot          | MMMMMM   | VMX
            NP/66 0F C7 /6 reg | RDRAND Rv                  |                  | 00000M   | RDRAND
            NP/66 0F C7 /7 reg | RDSEED Rv                  |                  | 00000M   | RDSEED
            F3 0F C7 /6 reg  | SENDUIPI Rq                | o64              |          | UINTR
            F3 0F C7 /7 reg  | RDPID Ry                   | msize            |          | RDPID
            0F C8+r          | BSWAP Zv                   |                  |          | I486
            0F FF /r         | UD0 Gv,Ev                  | ud
            # VMX operands are 32 bits, 64 in 64-bit mode
            NP 0F 78 /r      | VMREAD Ey,Gy               | msize prot       | MMMMMM   | VMX
            NP 0F 79 /r      | VMWRITE Gy,Ey              | msize prot       | MMMMMM   | VMX
            """;

    private TwoByteMap() {
    }
}
