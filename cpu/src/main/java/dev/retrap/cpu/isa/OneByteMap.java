package dev.retrap.cpu.isa;

/**
 * One-byte opcodes (SDM vol. 2, table A-2), without the x87 escapes. {@link RowParser} describes the columns.
 */
final class OneByteMap {
    static final String ROWS = """
            # ALU: SDM vol. 2, table A-2
            00 /r            | ADD Eb,Gb                  | lock             | MMMMMM
            01 /r            | ADD Ev,Gv                  | lock             | MMMMMM
            02 /r            | ADD Gb,Eb                  |                  | MMMMMM
            03 /r            | ADD Gv,Ev                  |                  | MMMMMM
            04               | ADD AL,Ibs                 |                  | MMMMMM
            05               | ADD rAX,Iz                 |                  | MMMMMM
            06               | PUSH_SREG/push ES          | i64
            07               | POP_SREG/pop ES            | i64
            08 /r            | OR Eb,Gb                   | lock             | 0MM-M0
            09 /r            | OR Ev,Gv                   | lock             | 0MM-M0
            0A /r            | OR Gb,Eb                   |                  | 0MM-M0
            0B /r            | OR Gv,Ev                   |                  | 0MM-M0
            0C               | OR AL,Ibs                  |                  | 0MM-M0
            0D               | OR rAX,Iz                  |                  | 0MM-M0
            0E               | PUSH_SREG/push CS          | i64
            10 /r            | ADC Eb,Gb                  | lock             | MMMMMX
            11 /r            | ADC Ev,Gv                  | lock             | MMMMMX
            12 /r            | ADC Gb,Eb                  |                  | MMMMMX
            13 /r            | ADC Gv,Ev                  |                  | MMMMMX
            14               | ADC AL,Ibs                 |                  | MMMMMX
            15               | ADC rAX,Iz                 |                  | MMMMMX
            16               | PUSH_SREG/push SS          | i64
            17               | POP_SREG/pop SS            | i64 state
            18 /r            | SBB Eb,Gb                  | lock             | MMMMMX
            19 /r            | SBB Ev,Gv                  | lock             | MMMMMX
            1A /r            | SBB Gb,Eb                  |                  | MMMMMX
            1B /r            | SBB Gv,Ev                  |                  | MMMMMX
            1C               | SBB AL,Ibs                 |                  | MMMMMX
            1D               | SBB rAX,Iz                 |                  | MMMMMX
            1E               | PUSH_SREG/push DS          | i64
            1F               | POP_SREG/pop DS            | i64
            20 /r            | AND Eb,Gb                  | lock             | 0MM-M0
            21 /r            | AND Ev,Gv                  | lock             | 0MM-M0
            22 /r            | AND Gb,Eb                  |                  | 0MM-M0
            23 /r            | AND Gv,Ev                  |                  | 0MM-M0
            24               | AND AL,Ibs                 |                  | 0MM-M0
            25               | AND rAX,Iz                 |                  | 0MM-M0
            27               | DAA                        | i64              | -MMXMX
            28 /r            | SUB Eb,Gb                  | lock             | MMMMMM
            29 /r            | SUB Ev,Gv                  | lock             | MMMMMM
            2A /r            | SUB Gb,Eb                  |                  | MMMMMM
            2B /r            | SUB Gv,Ev                  |                  | MMMMMM
            2C               | SUB AL,Ibs                 |                  | MMMMMM
            2D               | SUB rAX,Iz                 |                  | MMMMMM
            2F               | DAS                        | i64              | -MMXMX
            30 /r            | XOR Eb,Gb                  | lock             | 0MM-M0
            31 /r            | XOR Ev,Gv                  | lock             | 0MM-M0
            32 /r            | XOR Gb,Eb                  |                  | 0MM-M0
            33 /r            | XOR Gv,Ev                  |                  | 0MM-M0
            34               | XOR AL,Ibs                 |                  | 0MM-M0
            35               | XOR rAX,Iz                 |                  | 0MM-M0
            37               | AAA                        | i64              | ---X-M
            38 /r            | CMP Eb,Gb                  |                  | MMMMMM
            39 /r            | CMP Ev,Gv                  |                  | MMMMMM
            3A /r            | CMP Gb,Eb                  |                  | MMMMMM
            3B /r            | CMP Gv,Ev                  |                  | MMMMMM
            3C               | CMP AL,Ibs                 |                  | MMMMMM
            3D               | CMP rAX,Iz                 |                  | MMMMMM
            3F               | AAS                        | i64              | ---X-M
            # Registers, stack
            40+r             | INC Zv                     | i64              | MMMMM.
            48+r             | DEC Zv                     | i64              | MMMMM.
            50+r             | PUSH Zv                    | d64
            58+r             | POP Zv                     | d64
            60               | PUSHA                      | i64
            61               | POPA                       | i64
            62 /r mem        | BOUND Gv,Ma                | i64
            63 /r            | ARPL Ew,Gw                 | i64 prot         | ..M...
            63 /r            | MOVSXD Gv,Ed               | o64              |          | LM
            68               | PUSH Iz                    | d64
            69 /r            | IMUL Gv,Ev,Iz              |                  | M----M
            6A               | PUSH Ibs                   | d64
            6B /r            | IMUL Gv,Ev,Ibs             |                  | M----M
            6C               | INS Yb,DX                  | rep iopl         | ...... DF:T
            6D               | INS Yz,DX                  | rep iopl         | ...... DF:T
            6E               | OUTS DX,Xb                 | rep iopl         | ...... DF:T
            6F               | OUTS DX,Xz                 | rep iopl         | ...... DF:T
            70+cc            | JCC/j* Jb                  | f64 jump         | cc
            # Immediate group 1
            80 /0            | ADD Eb,Ibs                 | lock             | MMMMMM
            80 /1            | OR Eb,Ibs                  | lock             | 0MM-M0
            80 /2            | ADC Eb,Ibs                 | lock             | MMMMMX
            80 /3            | SBB Eb,Ibs                 | lock             | MMMMMX
            80 /4            | AND Eb,Ibs                 | lock             | 0MM-M0
            80 /5            | SUB Eb,Ibs                 | lock             | MMMMMM
            80 /6            | XOR Eb,Ibs                 | lock             | 0MM-M0
            80 /7            | CMP Eb,Ibs                 |                  | MMMMMM
            81 /0            | ADD Ev,Iz                  | lock             | MMMMMM
            81 /1            | OR Ev,Iz                   | lock             | 0MM-M0
            81 /2            | ADC Ev,Iz                  | lock             | MMMMMX
            81 /3            | SBB Ev,Iz                  | lock             | MMMMMX
            81 /4            | AND Ev,Iz                  | lock             | 0MM-M0
            81 /5            | SUB Ev,Iz                  | lock             | MMMMMM
            81 /6            | XOR Ev,Iz                  | lock             | 0MM-M0
            81 /7            | CMP Ev,Iz                  |                  | MMMMMM
            82 /0            | ADD Eb,Ibs                 | lock i64         | MMMMMM
            82 /1            | OR Eb,Ibs                  | lock i64         | 0MM-M0
            82 /2            | ADC Eb,Ibs                 | lock i64         | MMMMMX
            82 /3            | SBB Eb,Ibs                 | lock i64         | MMMMMX
            82 /4            | AND Eb,Ibs                 | lock i64         | 0MM-M0
            82 /5            | SUB Eb,Ibs                 | lock i64         | MMMMMM
            82 /6            | XOR Eb,Ibs                 | lock i64         | 0MM-M0
            82 /7            | CMP Eb,Ibs                 | i64              | MMMMMM
            83 /0            | ADD Ev,Ibs                 | lock             | MMMMMM
            83 /1            | OR Ev,Ibs                  | lock             | 0MM-M0
            83 /2            | ADC Ev,Ibs                 | lock             | MMMMMX
            83 /3            | SBB Ev,Ibs                 | lock             | MMMMMX
            83 /4            | AND Ev,Ibs                 | lock             | 0MM-M0
            83 /5            | SUB Ev,Ibs                 | lock             | MMMMMM
            83 /6            | XOR Ev,Ibs                 | lock             | 0MM-M0
            83 /7            | CMP Ev,Ibs                 |                  | MMMMMM
            84 /r            | TEST Eb,Gb                 |                  | 0MM-M0
            85 /r            | TEST Ev,Gv                 |                  | 0MM-M0
            86 /r            | XCHG Eb,Gb                 | lock
            87 /r            | XCHG Ev,Gv                 | lock
            88 /r            | MOV Eb,Gb
            89 /r            | MOV Ev,Gv
            8A /r            | MOV Gb,Eb
            8B /r            | MOV Gv,Ev
            8C /r            | MOV_FROM_SREG/mov Rv/Mw,Sw
            8D /r mem        | LEA Gv,M
            8E /r            | MOV_TO_SREG/mov Sw,Rv/Mw   | state
            8F /0            | POP Ev                     | d64
            NP/66/F2 90      | NOP
            F3 90            | PAUSE
            91-97            | XCHG Zv,rAX
            98               | CBW
            99               | CWD
            9A               | CALL_FAR/call Ap           | i64 jump state
            9B               | FWAIT                      |                  |          | FPU
            9C               | PUSHF                      | d64 iopl         | TTTTTT SYS:T
            9D               | POPF                       | d64 iopl state   | MMMMMM SYS:M
            9E               | SAHF                       |                  | .MMMMM
            9F               | LAHF                       |                  | .TTTTT
            # Moves with a memory offset, strings
            A0               | MOV AL,Ob
            A1               | MOV rAX,Ov
            A2               | MOV Ob,AL
            A3               | MOV Ov,rAX
            A4               | MOVS Yb,Xb                 | rep              | ...... DF:T
            A5               | MOVS Yv,Xv                 | rep              | ...... DF:T
            A6               | CMPS Xb,Yb                 | repe             | MMMMMM DF:T
            A7               | CMPS Xv,Yv                 | repe             | MMMMMM DF:T
            A8               | TEST AL,Ibs                |                  | 0MM-M0
            A9               | TEST rAX,Iz                |                  | 0MM-M0
            AA               | STOS Yb,AL                 | rep              | ...... DF:T
            AB               | STOS Yv,rAX                | rep              | ...... DF:T
            AC               | LODS AL,Xb                 | rep              | ...... DF:T
            AD               | LODS rAX,Xv                | rep              | ...... DF:T
            AE               | SCAS AL,Yb                 | repe             | MMMMMM DF:T
            AF               | SCAS rAX,Yv                | repe             | MMMMMM DF:T
            B0+r             | MOV Zb,Ib
            B8+r             | MOV Zv,Iv
            # Shift group 2: OF is undefined if a count by Ib or CL is not 1; a count of 0 changes no flag
            C0 /0            | ROL Eb,Ib                  |                  | -....M
            C0 /1            | ROR Eb,Ib                  |                  | -....M
            C0 /2            | RCL Eb,Ib                  |                  | -....X
            C0 /3            | RCR Eb,Ib                  |                  | -....X
            C0 /4            | SHL Eb,Ib                  |                  | -MM-MM
            C0 /5            | SHR Eb,Ib                  |                  | -MM-MM
            C0 /6            | SHL Eb,Ib                  |                  | -MM-MM
            C0 /7            | SAR Eb,Ib                  |                  | -MM-MM
            C1 /0            | ROL Ev,Ib                  |                  | -....M
            C1 /1            | ROR Ev,Ib                  |                  | -....M
            C1 /2            | RCL Ev,Ib                  |                  | -....X
            C1 /3            | RCR Ev,Ib                  |                  | -....X
            C1 /4            | SHL Ev,Ib                  |                  | -MM-MM
            C1 /5            | SHR Ev,Ib                  |                  | -MM-MM
            C1 /6            | SHL Ev,Ib                  |                  | -MM-MM
            C1 /7            | SAR Ev,Ib                  |                  | -MM-MM
            D0 /0            | ROL Eb,1                   |                  | M....M
            D0 /1            | ROR Eb,1                   |                  | M....M
            D0 /2            | RCL Eb,1                   |                  | M....X
            D0 /3            | RCR Eb,1                   |                  | M....X
            D0 /4            | SHL Eb,1                   |                  | MMM-MM
            D0 /5            | SHR Eb,1                   |                  | MMM-MM
            D0 /6            | SHL Eb,1                   |                  | MMM-MM
            D0 /7            | SAR Eb,1                   |                  | MMM-MM
            D1 /0            | ROL Ev,1                   |                  | M....M
            D1 /1            | ROR Ev,1                   |                  | M....M
            D1 /2            | RCL Ev,1                   |                  | M....X
            D1 /3            | RCR Ev,1                   |                  | M....X
            D1 /4            | SHL Ev,1                   |                  | MMM-MM
            D1 /5            | SHR Ev,1                   |                  | MMM-MM
            D1 /6            | SHL Ev,1                   |                  | MMM-MM
            D1 /7            | SAR Ev,1                   |                  | MMM-MM
            D2 /0            | ROL Eb,CL                  |                  | -....M
            D2 /1            | ROR Eb,CL                  |                  | -....M
            D2 /2            | RCL Eb,CL                  |                  | -....X
            D2 /3            | RCR Eb,CL                  |                  | -....X
            D2 /4            | SHL Eb,CL                  |                  | -MM-MM
            D2 /5            | SHR Eb,CL                  |                  | -MM-MM
            D2 /6            | SHL Eb,CL                  |                  | -MM-MM
            D2 /7            | SAR Eb,CL                  |                  | -MM-MM
            D3 /0            | ROL Ev,CL                  |                  | -....M
            D3 /1            | ROR Ev,CL                  |                  | -....M
            D3 /2            | RCL Ev,CL                  |                  | -....X
            D3 /3            | RCR Ev,CL                  |                  | -....X
            D3 /4            | SHL Ev,CL                  |                  | -MM-MM
            D3 /5            | SHR Ev,CL                  |                  | -MM-MM
            D3 /6            | SHL Ev,CL                  |                  | -MM-MM
            D3 /7            | SAR Ev,CL                  |                  | -MM-MM
            C2               | RET Iw                     | f64 jump
            C3               | RET                        | f64 jump
            C4 /r mem        | LES Gv,Mp                  | i64
            C5 /r mem        | LDS Gv,Mp                  | i64
            C6 /0            | MOV Eb,Ib
            C6 F8            | XABORT Ib                  | state jump       |          | RTM
            C7 /0            | MOV Ev,Iz
            C7 F8            | XBEGIN Jz                  | d64 jump         |          | RTM
            C8               | ENTER Iw,Ib                | d64
            C9               | LEAVE                      | d64
            CA               | RETF Iw                    | jump state
            CB               | RETF                       | jump state
            CC               | INT3                       | jump state       | ...... TF,NT,RF:0 IF:M
            CD               | INT Ib                     | jump state iopl  | ...... TF,NT,RF:0 IF:M
            CE               | INTO                       | i64 jump state   | T..... TF,NT,RF:0 IF:M
            CF               | IRET                       | jump state iopl  | MMMMMM SYS:M
            # BCD, x87 escapes are in X87Map, loops, I/O, calls
            D4               | AAM Ib                     | i64              | -MM-M-
            D5               | AAD Ib                     | i64              | -MM-M-
            D6               | SALC                       | i64 undoc        | .....T
            D7               | XLAT Tb
            E0               | LOOPNE Jb                  | f64 jump         | ..T...
            E1               | LOOPE Jb                   | f64 jump         | ..T...
            E2               | LOOP Jb                    | f64 jump
            E3               | JCXZ Jb                    | f64 jump
            E4               | IN AL,Ib                   | iopl
            E5               | IN zAX,Ib                  | iopl
            E6               | OUT Ib,AL                  | iopl
            E7               | OUT Ib,zAX                 | iopl
            E8               | CALL Jz                    | f64 jump
            E9               | JMP Jz                     | f64 jump
            EA               | JMP_FAR/jmp Ap             | i64 jump state
            EB               | JMP Jb                     | f64 jump
            EC               | IN AL,DX                   | iopl
            ED               | IN zAX,DX                  | iopl
            EE               | OUT DX,AL                  | iopl
            EF               | OUT DX,zAX                 | iopl
            F1               | INT1                       | jump state       | ...... TF,NT,RF:0 IF:M
            F4               | HLT                        | priv state
            F5               | CMC                        |                  | .....X
            # Unary group 3, flags, groups 4 and 5
            F6 /0            | TEST Eb,Ibs                |                  | 0MM-M0
            F6 /1            | TEST Eb,Ibs                |                  | 0MM-M0
            F6 /2            | NOT Eb                     | lock
            F6 /3            | NEG Eb                     | lock             | MMMMMM
            F6 /4            | MUL Eb                     |                  | M----M
            F6 /5            | IMUL Eb                    |                  | M----M
            F6 /6            | DIV Eb                     |                  | ------
            F6 /7            | IDIV Eb                    |                  | ------
            F7 /0            | TEST Ev,Iz                 |                  | 0MM-M0
            F7 /1            | TEST Ev,Iz                 |                  | 0MM-M0
            F7 /2            | NOT Ev                     | lock
            F7 /3            | NEG Ev                     | lock             | MMMMMM
            F7 /4            | MUL Ev                     |                  | M----M
            F7 /5            | IMUL Ev                    |                  | M----M
            F7 /6            | DIV Ev                     |                  | ------
            F7 /7            | IDIV Ev                    |                  | ------
            F8               | CLC                        |                  | .....0
            F9               | STC                        |                  | .....1
            FA               | CLI                        | iopl state       | ...... IF,VIF:0
            FB               | STI                        | iopl state       | ...... IF,VIF:1
            FC               | CLD                        |                  | ...... DF:0
            FD               | STD                        |                  | ...... DF:1
            FE /0            | INC Eb                     | lock             | MMMMM.
            FE /1            | DEC Eb                     | lock             | MMMMM.
            FF /0            | INC Ev                     | lock             | MMMMM.
            FF /1            | DEC Ev                     | lock             | MMMMM.
            FF /2            | CALL_IND/call Ev           | f64 jump
            FF /3 mem        | CALL_FAR_IND/lcall Mp      | jump state
            FF /4            | JMP_IND/jmp Ev             | f64 jump
            FF /5 mem        | JMP_FAR_IND/ljmp Mp        | jump state
            FF /6            | PUSH Ev                    | d64
            """;

    private OneByteMap() {
    }
}
