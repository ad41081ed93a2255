package dev.retrap.cpu.isa;

/** x87 escapes D8 to DF (SDM vol. 2, tables ). {@link RowParser} describes the columns. */
final class X87Map {
    static final String ROWS = """
            # D8: SDM vol. 2, tables A-7 and A-8
            D8 /0 mem        | FADD Md                    |                  |          | FPU
            D8 /1 mem        | FMUL Md                    |                  |          | FPU
            D8 /2 mem        | FCOM Md                    |                  |          | FPU
            D8 /3 mem        | FCOMP Md                   |                  |          | FPU
            D8 /4 mem        | FSUB Md                    |                  |          | FPU
            D8 /5 mem        | FSUBR Md                   |                  |          | FPU
            D8 /6 mem        | FDIV Md                    |                  |          | FPU
            D8 /7 mem        | FDIVR Md                   |                  |          | FPU
            D8 C0+i          | FADD ST0,STi               |                  |          | FPU
            D8 C8+i          | FMUL ST0,STi               |                  |          | FPU
            D8 D0+i          | FCOM STi                   |                  |          | FPU
            D8 D8+i          | FCOMP STi                  |                  |          | FPU
            D8 E0+i          | FSUB ST0,STi               |                  |          | FPU
            D8 E8+i          | FSUBR ST0,STi              |                  |          | FPU
            D8 F0+i          | FDIV ST0,STi               |                  |          | FPU
            D8 F8+i          | FDIVR ST0,STi              |                  |          | FPU
            # D9: tables A-9 and A-10
            D9 /0 mem        | FLD Md                     |                  |          | FPU
            D9 /2 mem        | FST Md                     |                  |          | FPU
            D9 /3 mem        | FSTP Md                    |                  |          | FPU
            D9 /4 mem        | FLDENV M                   |                  |          | FPU
            D9 /5 mem        | FLDCW Mw                   |                  |          | FPU
            D9 /6 mem        | FNSTENV M                  |                  |          | FPU
            D9 /7 mem        | FNSTCW Mw                  |                  |          | FPU
            D9 C0+i          | FLD STi                    |                  |          | FPU
            D9 C8+i          | FXCH STi                   |                  |          | FPU
            D9 D0            | FNOP                       |                  |          | FPU
            D9 D8+i          | FSTP STi                   | undoc            |          | FPU
            D9 E0            | FCHS                       |                  |          | FPU
            D9 E1            | FABS                       |                  |          | FPU
            D9 E4            | FTST                       |                  |          | FPU
            D9 E5            | FXAM                       |                  |          | FPU
            D9 E8            | FLD1                       |                  |          | FPU
            D9 E9            | FLDL2T                     |                  |          | FPU
            D9 EA            | FLDL2E                     |                  |          | FPU
            D9 EB            | FLDPI                      |                  |          | FPU
            D9 EC            | FLDLG2                     |                  |          | FPU
            D9 ED            | FLDLN2                     |                  |          | FPU
            D9 EE            | FLDZ                       |                  |          | FPU
            D9 F0            | F2XM1                      |                  |          | FPU
            D9 F1            | FYL2X                      |                  |          | FPU
            D9 F2            | FPTAN                      |                  |          | FPU
            D9 F3            | FPATAN                     |                  |          | FPU
            D9 F4            | FXTRACT                    |                  |          | FPU
            D9 F5            | FPREM1                     |                  |          | FPU
            D9 F6            | FDECSTP                    |                  |          | FPU
            D9 F7            | FINCSTP                    |                  |          | FPU
            D9 F8            | FPREM                      |                  |          | FPU
            D9 F9            | FYL2XP1                    |                  |          | FPU
            D9 FA            | FSQRT                      |                  |          | FPU
            D9 FB            | FSINCOS                    |                  |          | FPU
            D9 FC            | FRNDINT                    |                  |          | FPU
            D9 FD            | FSCALE                     |                  |          | FPU
            D9 FE            | FSIN                       |                  |          | FPU
            D9 FF            | FCOS                       |                  |          | FPU
            # DA: tables A-11 and A-12
            DA /0 mem        | FIADD Md                   |                  |          | FPU
            DA /1 mem        | FIMUL Md                   |                  |          | FPU
            DA /2 mem        | FICOM Md                   |                  |          | FPU
            DA /3 mem        | FICOMP Md                  |                  |          | FPU
            DA /4 mem        | FISUB Md                   |                  |          | FPU
            DA /5 mem        | FISUBR Md                  |                  |          | FPU
            DA /6 mem        | FIDIV Md                   |                  |          | FPU
            DA /7 mem        | FIDIVR Md                  |                  |          | FPU
            DA C0+i          | FCMOVB ST0,STi             |                  | .....T   | FCMOV
            DA C8+i          | FCMOVE ST0,STi             |                  | ..T...   | FCMOV
            DA D0+i          | FCMOVBE ST0,STi            |                  | ..T..T   | FCMOV
            DA D8+i          | FCMOVU ST0,STi             |                  | ....T.   | FCMOV
            DA E9            | FUCOMPP                    |                  |          | FPU
            # DB: tables A-13 and A-14
            DB /0 mem        | FILD Md                    |                  |          | FPU
            DB /2 mem        | FIST Md                    |                  |          | FPU
            DB /3 mem        | FISTP Md                   |                  |          | FPU
            DB /5 mem        | FLD Mt                     |                  |          | FPU
            DB /7 mem        | FSTP Mt                    |                  |          | FPU
            DB /1 mem        | FISTTP Md                  |                  |          | SSE3
            DB C0+i          | FCMOVNB ST0,STi            |                  | .....T   | FCMOV
            DB C8+i          | FCMOVNE ST0,STi            |                  | ..T...   | FCMOV
            DB D0+i          | FCMOVNBE ST0,STi           |                  | ..T..T   | FCMOV
            DB D8+i          | FCMOVNU ST0,STi            |                  | ....T.   | FCMOV
            DB E0            | FNENI                      |                  |          | FPU
            DB E1            | FNDISI                     |                  |          | FPU
            DB E2            | FNCLEX                     |                  |          | FPU
            DB E3            | FNINIT                     |                  |          | FPU
            DB E4            | FNSETPM                    |                  |          | FPU
            DB E5            | FRSTPM                     | ud               |          | FPU
            DB E8+i          | FUCOMI ST0,STi             |                  | 00M0MM   | FCMOV
            DB F0+i          | FCOMI ST0,STi              |                  | 00M0MM   | FCMOV
            # DC: tables A-15 and A-16
            DC /0 mem        | FADD Mq                    |                  |          | FPU
            DC /1 mem        | FMUL Mq                    |                  |          | FPU
            DC /2 mem        | FCOM Mq                    |                  |          | FPU
            DC /3 mem        | FCOMP Mq                   |                  |          | FPU
            DC /4 mem        | FSUB Mq                    |                  |          | FPU
            DC /5 mem        | FSUBR Mq                   |                  |          | FPU
            DC /6 mem        | FDIV Mq                    |                  |          | FPU
            DC /7 mem        | FDIVR Mq                   |                  |          | FPU
            DC C0+i          | FADD STi,ST0               |                  |          | FPU
            DC C8+i          | FMUL STi,ST0               |                  |          | FPU
            DC D0+i          | FCOM STi                   | undoc            |          | FPU
            DC D8+i          | FCOMP STi                  | undoc            |          | FPU
            DC E0+i          | FSUBR STi,ST0              |                  |          | FPU
            DC E8+i          | FSUB STi,ST0               |                  |          | FPU
            DC F0+i          | FDIVR STi,ST0              |                  |          | FPU
            DC F8+i          | FDIV STi,ST0               |                  |          | FPU
            # DD: tables A-17 and A-18
            DD /0 mem        | FLD Mq                     |                  |          | FPU
            DD /2 mem        | FST Mq                     |                  |          | FPU
            DD /3 mem        | FSTP Mq                    |                  |          | FPU
            DD /4 mem        | FRSTOR M                   |                  |          | FPU
            DD /6 mem        | FNSAVE M                   |                  |          | FPU
            DD /7 mem        | FNSTSW Mw                  |                  |          | FPU
            DD /1 mem        | FISTTP Mq                  |                  |          | SSE3
            DD C0+i          | FFREE STi                  |                  |          | FPU
            DD C8+i          | FXCH STi                   | undoc            |          | FPU
            DD D0+i          | FST STi                    |                  |          | FPU
            DD D8+i          | FSTP STi                   |                  |          | FPU
            DD E0+i          | FUCOM STi                  |                  |          | FPU
            DD E8+i          | FUCOMP STi                 |                  |          | FPU
            # DE: tables A-19 and A-20
            DE /0 mem        | FIADD Mw                   |                  |          | FPU
            DE /1 mem        | FIMUL Mw                   |                  |          | FPU
            DE /2 mem        | FICOM Mw                   |                  |          | FPU
            DE /3 mem        | FICOMP Mw                  |                  |          | FPU
            DE /4 mem        | FISUB Mw                   |                  |          | FPU
            DE /5 mem        | FISUBR Mw                  |                  |          | FPU
            DE /6 mem        | FIDIV Mw                   |                  |          | FPU
            DE /7 mem        | FIDIVR Mw                  |                  |          | FPU
            DE C0+i          | FADDP STi,ST0              |                  |          | FPU
            DE C8+i          | FMULP STi,ST0              |                  |          | FPU
            DE D0+i          | FCOMP STi                  | undoc            |          | FPU
            DE E0+i          | FSUBRP STi,ST0             |                  |          | FPU
            DE E8+i          | FSUBP STi,ST0              |                  |          | FPU
            DE F0+i          | FDIVRP STi,ST0             |                  |          | FPU
            DE F8+i          | FDIVP STi,ST0              |                  |          | FPU
            DE D9            | FCOMPP                     |                  |          | FPU
            # DF: tables A-21 and A-22
            DF /0 mem        | FILD Mw                    |                  |          | FPU
            DF /2 mem        | FIST Mw                    |                  |          | FPU
            DF /3 mem        | FISTP Mw                   |                  |          | FPU
            DF /4 mem        | FBLD Mt                    |                  |          | FPU
            DF /5 mem        | FILD Mq                    |                  |          | FPU
            DF /6 mem        | FBSTP Mt                   |                  |          | FPU
            DF /7 mem        | FISTP Mq                   |                  |          | FPU
            DF /1 mem        | FISTTP Mw                  |                  |          | SSE3
            DF C0+i          | FFREEP STi                 |                  |          | FPU
            DF C8+i          | FXCH STi                   | undoc            |          | FPU
            DF D0+i          | FSTP STi                   | undoc            |          | FPU
            DF D8+i          | FSTP STi                   | undoc            |          | FPU
            DF E0            | FNSTSW AX                  |                  |          | FPU
            DF E8+i          | FUCOMIP ST0,STi            |                  | 00M0MM   | FCMOV
            DF F0+i          | FCOMIP ST0,STi             |                  | 00M0MM   | FCMOV
            """;

    private X87Map() {
    }
}
