package dev.retrap.cpu.isa;

/**
 * Packed integer instructions of the two-byte map on MM and XMM registers (SDM vol. 2, table A-3). {@link
 * RowParser} describes the columns.
 */
final class MmxMap {
    static final String ROWS = """
            # 60 to 76: unpack, pack, compare
            NP 0F 60 /r      | PUNPCKLBW Pq,Qd            |                  |          | MMX
            66 0F 60 /r      | PUNPCKLBW Vdq,Wdq          |                  |          | SSE2
            NP 0F 61 /r      | PUNPCKLWD Pq,Qd            |                  |          | MMX
            66 0F 61 /r      | PUNPCKLWD Vdq,Wdq          |                  |          | SSE2
            NP 0F 62 /r      | PUNPCKLDQ Pq,Qd            |                  |          | MMX
            66 0F 62 /r      | PUNPCKLDQ Vdq,Wdq          |                  |          | SSE2
            NP 0F 63 /r      | PACKSSWB Pq,Qq             |                  |          | MMX
            66 0F 63 /r      | PACKSSWB Vdq,Wdq           |                  |          | SSE2
            NP 0F 64 /r      | PCMPGTB Pq,Qq              |                  |          | MMX
            66 0F 64 /r      | PCMPGTB Vdq,Wdq            |                  |          | SSE2
            NP 0F 65 /r      | PCMPGTW Pq,Qq              |                  |          | MMX
            66 0F 65 /r      | PCMPGTW Vdq,Wdq            |                  |          | SSE2
            NP 0F 66 /r      | PCMPGTD Pq,Qq              |                  |          | MMX
            66 0F 66 /r      | PCMPGTD Vdq,Wdq            |                  |          | SSE2
            NP 0F 67 /r      | PACKUSWB Pq,Qq             |                  |          | MMX
            66 0F 67 /r      | PACKUSWB Vdq,Wdq           |                  |          | SSE2
            NP 0F 68 /r      | PUNPCKHBW Pq,Qq            |                  |          | MMX
            66 0F 68 /r      | PUNPCKHBW Vdq,Wdq          |                  |          | SSE2
            NP 0F 69 /r      | PUNPCKHWD Pq,Qq            |                  |          | MMX
            66 0F 69 /r      | PUNPCKHWD Vdq,Wdq          |                  |          | SSE2
            NP 0F 6A /r      | PUNPCKHDQ Pq,Qq            |                  |          | MMX
            66 0F 6A /r      | PUNPCKHDQ Vdq,Wdq          |                  |          | SSE2
            NP 0F 6B /r      | PACKSSDW Pq,Qq             |                  |          | MMX
            66 0F 6B /r      | PACKSSDW Vdq,Wdq           |                  |          | SSE2
            66 0F 6C /r      | PUNPCKLQDQ Vdq,Wdq         |                  |          | SSE2
            66 0F 6D /r      | PUNPCKHQDQ Vdq,Wdq         |                  |          | SSE2
            NP 0F 6E /r W0   | MOVD Pq,Ed                 |                  |          | MMX
            NP 0F 6E /r W1   | MOVQ Pq,Eq                 |                  |          | MMX
            66 0F 6E /r W0   | MOVD Vdq,Ed                |                  |          | SSE2
            66 0F 6E /r W1   | MOVQ Vdq,Eq                |                  |          | SSE2
            NP 0F 6F /r      | MOVQ Pq,Qq                 |                  |          | MMX
            66 0F 6F /r      | MOVDQA Vdq,Wdq             |                  |          | SSE2
            F3 0F 6F /r      | MOVDQU Vdq,Wdq             |                  |          | SSE2
            NP 0F 70 /r      | PSHUFW Pq,Qq,Ib            |                  |          | MMXEXT
            66 0F 70 /r      | PSHUFD Vdq,Wdq,Ib          |                  |          | SSE2
            F3 0F 70 /r      | PSHUFHW Vdq,Wdq,Ib         |                  |          | SSE2
            F2 0F 70 /r      | PSHUFLW Vdq,Wdq,Ib         |                  |          | SSE2
            # Groups 12, 13, 14
            NP 0F 71 /2 reg  | PSRLW Nq,Ib                |                  |          | MMX
            66 0F 71 /2 reg  | PSRLW Udq,Ib               |                  |          | SSE2
            NP 0F 71 /4 reg  | PSRAW Nq,Ib                |                  |          | MMX
            66 0F 71 /4 reg  | PSRAW Udq,Ib               |                  |          | SSE2
            NP 0F 71 /6 reg  | PSLLW Nq,Ib                |                  |          | MMX
            66 0F 71 /6 reg  | PSLLW Udq,Ib               |                  |          | SSE2
            NP 0F 72 /2 reg  | PSRLD Nq,Ib                |                  |          | MMX
            66 0F 72 /2 reg  | PSRLD Udq,Ib               |                  |          | SSE2
            NP 0F 72 /4 reg  | PSRAD Nq,Ib                |                  |          | MMX
            66 0F 72 /4 reg  | PSRAD Udq,Ib               |                  |          | SSE2
            NP 0F 72 /6 reg  | PSLLD Nq,Ib                |                  |          | MMX
            66 0F 72 /6 reg  | PSLLD Udq,Ib               |                  |          | SSE2
            NP 0F 73 /2 reg  | PSRLQ Nq,Ib                |                  |          | MMX
            66 0F 73 /2 reg  | PSRLQ Udq,Ib               |                  |          | SSE2
            NP 0F 73 /6 reg  | PSLLQ Nq,Ib                |                  |          | MMX
            66 0F 73 /6 reg  | PSLLQ Udq,Ib               |                  |          | SSE2
            66 0F 73 /3 reg  | PSRLDQ Udq,Ib              |                  |          | SSE2
            66 0F 73 /7 reg  | PSLLDQ Udq,Ib              |                  |          | SSE2
            NP 0F 74 /r      | PCMPEQB Pq,Qq              |                  |          | MMX
            66 0F 74 /r      | PCMPEQB Vdq,Wdq            |                  |          | SSE2
            NP 0F 75 /r      | PCMPEQW Pq,Qq              |                  |          | MMX
            66 0F 75 /r      | PCMPEQW Vdq,Wdq            |                  |          | SSE2
            NP 0F 76 /r      | PCMPEQD Pq,Qq              |                  |          | MMX
            66 0F 76 /r      | PCMPEQD Vdq,Wdq            |                  |          | SSE2
            NP 0F 77         | EMMS                       |                  |          | MMX
            66 0F 78 /0 reg  | EXTRQ Udq,Ib,Ib            |                  |          | SSE4A
            66 0F 79 /r reg  | EXTRQ Vdq,Udq              |                  |          | SSE4A
            F2 0F 78 /r reg  | INSERTQ Vdq,Udq,Ib,Ib      |                  |          | SSE4A
            F2 0F 79 /r reg  | INSERTQ Vdq,Udq            |                  |          | SSE4A
            NP 0F 7E /r W0   | MOVD Ed,Pd                 |                  |          | MMX
            NP 0F 7E /r W1   | MOVQ Eq,Pq                 |                  |          | MMX
            66 0F 7E /r W0   | MOVD Ed,Vd                 |                  |          | SSE2
            66 0F 7E /r W1   | MOVQ Eq,Vq                 |                  |          | SSE2
            F3 0F 7E /r      | MOVQ Vdq,Wq                |                  |          | SSE2
            NP 0F 7F /r      | MOVQ Qq,Pq                 |                  |          | MMX
            66 0F 7F /r      | MOVDQA Wdq,Vdq             |                  |          | SSE2
            F3 0F 7F /r      | MOVDQU Wdq,Vdq             |                  |          | SSE2
            NP 0F C4 /r      | PINSRW Pq,Rd/Mw,Ib         |                  |          | MMXEXT
            66 0F C4 /r      | PINSRW Vdq,Rd/Mw,Ib        |                  |          | SSE2
            NP 0F C5 /r reg  | PEXTRW Gd,Nq,Ib            |                  |          | MMXEXT
            66 0F C5 /r reg  | PEXTRW Gd,Udq,Ib           |                  |          | SSE2
            # D1 to FE: packed arithmetic
            NP 0F D1 /r      | PSRLW Pq,Qq                |                  |          | MMX
            66 0F D1 /r      | PSRLW Vdq,Wdq              |                  |          | SSE2
            NP 0F D2 /r      | PSRLD Pq,Qq                |                  |          | MMX
            66 0F D2 /r      | PSRLD Vdq,Wdq              |                  |          | SSE2
            NP 0F D3 /r      | PSRLQ Pq,Qq                |                  |          | MMX
            66 0F D3 /r      | PSRLQ Vdq,Wdq              |                  |          | SSE2
            NP 0F D4 /r      | PADDQ Pq,Qq                |                  |          | SSE2
            66 0F D4 /r      | PADDQ Vdq,Wdq              |                  |          | SSE2
            NP 0F D5 /r      | PMULLW Pq,Qq               |                  |          | MMX
            66 0F D5 /r      | PMULLW Vdq,Wdq             |                  |          | SSE2
            66 0F D6 /r      | MOVQ Wq,Vq                 |                  |          | SSE2
            F3 0F D6 /r reg  | MOVQ2DQ Vdq,Nq             |                  |          | SSE2
            F2 0F D6 /r reg  | MOVDQ2Q Pq,Udq             |                  |          | SSE2
            NP 0F D7 /r reg  | PMOVMSKB Gy,Nq             |                  |          | MMXEXT
            66 0F D7 /r reg  | PMOVMSKB Gy,Udq            |                  |          | SSE2
            NP 0F D8 /r      | PSUBUSB Pq,Qq              |                  |          | MMX
            66 0F D8 /r      | PSUBUSB Vdq,Wdq            |                  |          | SSE2
            NP 0F D9 /r      | PSUBUSW Pq,Qq              |                  |          | MMX
            66 0F D9 /r      | PSUBUSW Vdq,Wdq            |                  |          | SSE2
            NP 0F DA /r      | PMINUB Pq,Qq               |                  |          | MMXEXT
            66 0F DA /r      | PMINUB Vdq,Wdq             |                  |          | SSE2
            NP 0F DB /r      | PAND Pq,Qq                 |                  |          | MMX
            66 0F DB /r      | PAND Vdq,Wdq               |                  |          | SSE2
            NP 0F DC /r      | PADDUSB Pq,Qq              |                  |          | MMX
            66 0F DC /r      | PADDUSB Vdq,Wdq            |                  |          | SSE2
            NP 0F DD /r      | PADDUSW Pq,Qq              |                  |          | MMX
            66 0F DD /r      | PADDUSW Vdq,Wdq            |                  |          | SSE2
            NP 0F DE /r      | PMAXUB Pq,Qq               |                  |          | MMXEXT
            66 0F DE /r      | PMAXUB Vdq,Wdq             |                  |          | SSE2
            NP 0F DF /r      | PANDN Pq,Qq                |                  |          | MMX
            66 0F DF /r      | PANDN Vdq,Wdq              |                  |          | SSE2
            NP 0F E0 /r      | PAVGB Pq,Qq                |                  |          | MMXEXT
            66 0F E0 /r      | PAVGB Vdq,Wdq              |                  |          | SSE2
            NP 0F E1 /r      | PSRAW Pq,Qq                |                  |          | MMX
            66 0F E1 /r      | PSRAW Vdq,Wdq              |                  |          | SSE2
            NP 0F E2 /r      | PSRAD Pq,Qq                |                  |          | MMX
            66 0F E2 /r      | PSRAD Vdq,Wdq              |                  |          | SSE2
            NP 0F E3 /r      | PAVGW Pq,Qq                |                  |          | MMXEXT
            66 0F E3 /r      | PAVGW Vdq,Wdq              |                  |          | SSE2
            NP 0F E4 /r      | PMULHUW Pq,Qq              |                  |          | MMXEXT
            66 0F E4 /r      | PMULHUW Vdq,Wdq            |                  |          | SSE2
            NP 0F E5 /r      | PMULHW Pq,Qq               |                  |          | MMX
            66 0F E5 /r      | PMULHW Vdq,Wdq             |                  |          | SSE2
            NP 0F E7 /r mem  | MOVNTQ Mq,Pq               |                  |          | MMXEXT
            66 0F E7 /r mem  | MOVNTDQ Mdq,Vdq            |                  |          | SSE2
            NP 0F E8 /r      | PSUBSB Pq,Qq               |                  |          | MMX
            66 0F E8 /r      | PSUBSB Vdq,Wdq             |                  |          | SSE2
            NP 0F E9 /r      | PSUBSW Pq,Qq               |                  |          | MMX
            66 0F E9 /r      | PSUBSW Vdq,Wdq             |                  |          | SSE2
            NP 0F EA /r      | PMINSW Pq,Qq               |                  |          | MMXEXT
            66 0F EA /r      | PMINSW Vdq,Wdq             |                  |          | SSE2
            NP 0F EB /r      | POR Pq,Qq                  |                  |          | MMX
            66 0F EB /r      | POR Vdq,Wdq                |                  |          | SSE2
            NP 0F EC /r      | PADDSB Pq,Qq               |                  |          | MMX
            66 0F EC /r      | PADDSB Vdq,Wdq             |                  |          | SSE2
            NP 0F ED /r      | PADDSW Pq,Qq               |                  |          | MMX
            66 0F ED /r      | PADDSW Vdq,Wdq             |                  |          | SSE2
            NP 0F EE /r      | PMAXSW Pq,Qq               |                  |          | MMXEXT
            66 0F EE /r      | PMAXSW Vdq,Wdq             |                  |          | SSE2
            NP 0F EF /r      | PXOR Pq,Qq                 |                  |          | MMX
            66 0F EF /r      | PXOR Vdq,Wdq               |                  |          | SSE2
            F2 0F F0 /r mem  | LDDQU Vdq,Mdq              |                  |          | SSE3
            NP 0F F1 /r      | PSLLW Pq,Qq                |                  |          | MMX
            66 0F F1 /r      | PSLLW Vdq,Wdq              |                  |          | SSE2
            NP 0F F2 /r      | PSLLD Pq,Qq                |                  |          | MMX
            66 0F F2 /r      | PSLLD Vdq,Wdq              |                  |          | SSE2
            NP 0F F3 /r      | PSLLQ Pq,Qq                |                  |          | MMX
            66 0F F3 /r      | PSLLQ Vdq,Wdq              |                  |          | SSE2
            NP 0F F4 /r      | PMULUDQ Pq,Qq              |                  |          | SSE2
            66 0F F4 /r      | PMULUDQ Vdq,Wdq            |                  |          | SSE2
            NP 0F F5 /r      | PMADDWD Pq,Qq              |                  |          | MMX
            66 0F F5 /r      | PMADDWD Vdq,Wdq            |                  |          | SSE2
            NP 0F F6 /r      | PSADBW Pq,Qq               |                  |          | MMXEXT
            66 0F F6 /r      | PSADBW Vdq,Wdq             |                  |          | SSE2
            NP 0F F7 /r reg  | MASKMOVQ Pq,Nq             |                  |          | MMXEXT
            66 0F F7 /r reg  | MASKMOVDQU Vdq,Udq         |                  |          | SSE2
            NP 0F F8 /r      | PSUBB Pq,Qq                |                  |          | MMX
            66 0F F8 /r      | PSUBB Vdq,Wdq              |                  |          | SSE2
            NP 0F F9 /r      | PSUBW Pq,Qq                |                  |          | MMX
            66 0F F9 /r      | PSUBW Vdq,Wdq              |                  |          | SSE2
            NP 0F FA /r      | PSUBD Pq,Qq                |                  |          | MMX
            66 0F FA /r      | PSUBD Vdq,Wdq              |                  |          | SSE2
            NP 0F FB /r      | PSUBQ Pq,Qq                |                  |          | SSE2
            66 0F FB /r      | PSUBQ Vdq,Wdq              |                  |          | SSE2
            NP 0F FC /r      | PADDB Pq,Qq                |                  |          | MMX
            66 0F FC /r      | PADDB Vdq,Wdq              |                  |          | SSE2
            NP 0F FD /r      | PADDW Pq,Qq                |                  |          | MMX
            66 0F FD /r      | PADDW Vdq,Wdq              |                  |          | SSE2
            NP 0F FE /r      | PADDD Pq,Qq                |                  |          | MMX
            66 0F FE /r      | PADDD Vdq,Wdq              |                  |          | SSE2
            """;

    private MmxMap() {
    }
}
