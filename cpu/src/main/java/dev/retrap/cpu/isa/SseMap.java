package dev.retrap.cpu.isa;

/**
 * Floating-point SSE to SSE4a instructions of the two-byte map (SDM vol. 2, table A-3). {@link RowParser}
 * describes the columns.
 */
final class SseMap {
    static final String ROWS = """
            # Moves
            NP 0F 10 /r      | MOVUPS Vps,Wps             |                  |          | SSE
            66 0F 10 /r      | MOVUPD Vpd,Wpd             |                  |          | SSE2
            F3 0F 10 /r      | MOVSS Vss,Wss              |                  |          | SSE
            F2 0F 10 /r      | MOVSD Vsd,Wsd              |                  |          | SSE2
            NP 0F 11 /r      | MOVUPS Wps,Vps             |                  |          | SSE
            66 0F 11 /r      | MOVUPD Wpd,Vpd             |                  |          | SSE2
            F3 0F 11 /r      | MOVSS Wss,Vss              |                  |          | SSE
            F2 0F 11 /r      | MOVSD Wsd,Vsd              |                  |          | SSE2
            NP 0F 12 /r mem  | MOVLPS Vq,Mq               |                  |          | SSE
            NP 0F 12 /r reg  | MOVHLPS Vq,Uq              |                  |          | SSE
            66 0F 12 /r mem  | MOVLPD Vq,Mq               |                  |          | SSE2
            F3 0F 12 /r      | MOVSLDUP Vps,Wps           |                  |          | SSE3
            F2 0F 12 /r      | MOVDDUP Vpd,Wsd            |                  |          | SSE3
            NP 0F 13 /r mem  | MOVLPS Mq,Vq               |                  |          | SSE
            66 0F 13 /r mem  | MOVLPD Mq,Vq               |                  |          | SSE2
            NP 0F 14 /r      | UNPCKLPS Vps,Wps           |                  |          | SSE
            66 0F 14 /r      | UNPCKLPD Vpd,Wpd           |                  |          | SSE2
            NP 0F 15 /r      | UNPCKHPS Vps,Wps           |                  |          | SSE
            66 0F 15 /r      | UNPCKHPD Vpd,Wpd           |                  |          | SSE2
            NP 0F 16 /r mem  | MOVHPS Vq,Mq               |                  |          | SSE
            NP 0F 16 /r reg  | MOVLHPS Vq,Uq              |                  |          | SSE
            66 0F 16 /r mem  | MOVHPD Vq,Mq               |                  |          | SSE2
            F3 0F 16 /r      | MOVSHDUP Vps,Wps           |                  |          | SSE3
            NP 0F 17 /r mem  | MOVHPS Mq,Vq               |                  |          | SSE
            66 0F 17 /r mem  | MOVHPD Mq,Vq               |                  |          | SSE2
            NP 0F 28 /r      | MOVAPS Vps,Wps             |                  |          | SSE
            66 0F 28 /r      | MOVAPD Vpd,Wpd             |                  |          | SSE2
            NP 0F 29 /r      | MOVAPS Wps,Vps             |                  |          | SSE
            66 0F 29 /r      | MOVAPD Wpd,Vpd             |                  |          | SSE2
            NP 0F 2B /r mem  | MOVNTPS Mps,Vps            |                  |          | SSE
            66 0F 2B /r mem  | MOVNTPD Mpd,Vpd            |                  |          | SSE2
            F3 0F 2B /r mem  | MOVNTSS Md,Vss             |                  |          | SSE4A
            F2 0F 2B /r mem  | MOVNTSD Mq,Vsd             |                  |          | SSE4A
            NP 0F 50 /r reg  | MOVMSKPS Gy,Ups            |                  |          | SSE
            66 0F 50 /r reg  | MOVMSKPD Gy,Upd            |                  |          | SSE2
            # Conversions and comparisons
            NP 0F 2A /r      | CVTPI2PS Vps,Qq            |                  |          | SSE
            66 0F 2A /r      | CVTPI2PD Vpd,Qq            |                  |          | SSE2
            F3 0F 2A /r      | CVTSI2SS Vss,Ey            |                  |          | SSE
            F2 0F 2A /r      | CVTSI2SD Vsd,Ey            |                  |          | SSE2
            NP 0F 2C /r      | CVTTPS2PI Pq,Wq            |                  |          | SSE
            66 0F 2C /r      | CVTTPD2PI Pq,Wpd           |                  |          | SSE2
            F3 0F 2C /r      | CVTTSS2SI Gy,Wss           |                  |          | SSE
            F2 0F 2C /r      | CVTTSD2SI Gy,Wsd           |                  |          | SSE2
            NP 0F 2D /r      | CVTPS2PI Pq,Wq             |                  |          | SSE
            66 0F 2D /r      | CVTPD2PI Pq,Wpd            |                  |          | SSE2
            F3 0F 2D /r      | CVTSS2SI Gy,Wss            |                  |          | SSE
            F2 0F 2D /r      | CVTSD2SI Gy,Wsd            |                  |          | SSE2
            NP 0F 2E /r      | UCOMISS Vss,Wss            |                  | 00M0MM   | SSE
            66 0F 2E /r      | UCOMISD Vsd,Wsd            |                  | 00M0MM   | SSE2
            NP 0F 2F /r      | COMISS Vss,Wss             |                  | 00M0MM   | SSE
            66 0F 2F /r      | COMISD Vsd,Wsd             |                  | 00M0MM   | SSE2
            NP 0F 5A /r      | CVTPS2PD Vpd,Wq            |                  |          | SSE2
            66 0F 5A /r      | CVTPD2PS Vps,Wpd           |                  |          | SSE2
            F3 0F 5A /r      | CVTSS2SD Vsd,Wss           |                  |          | SSE2
            F2 0F 5A /r      | CVTSD2SS Vss,Wsd           |                  |          | SSE2
            NP 0F 5B /r      | CVTDQ2PS Vps,Wdq           |                  |          | SSE2
            66 0F 5B /r      | CVTPS2DQ Vdq,Wps           |                  |          | SSE2
            F3 0F 5B /r      | CVTTPS2DQ Vdq,Wps          |                  |          | SSE2
            66 0F E6 /r      | CVTTPD2DQ Vdq,Wpd          |                  |          | SSE2
            F3 0F E6 /r      | CVTDQ2PD Vpd,Wq            |                  |          | SSE2
            F2 0F E6 /r      | CVTPD2DQ Vdq,Wpd           |                  |          | SSE2
            NP 0F C2 /r      | CMPPS Vps,Wps,Ib           |                  |          | SSE
            66 0F C2 /r      | CMPPD Vpd,Wpd,Ib           |                  |          | SSE2
            F3 0F C2 /r      | CMPSS Vss,Wss,Ib           |                  |          | SSE
            F2 0F C2 /r      | CMPSD Vsd,Wsd,Ib           |                  |          | SSE2
            NP 0F C6 /r      | SHUFPS Vps,Wps,Ib          |                  |          | SSE
            66 0F C6 /r      | SHUFPD Vpd,Wpd,Ib          |                  |          | SSE2
            # Arithmetic
            NP 0F 51 /r      | SQRTPS Vps,Wps             |                  |          | SSE
            66 0F 51 /r      | SQRTPD Vpd,Wpd             |                  |          | SSE2
            F3 0F 51 /r      | SQRTSS Vss,Wss             |                  |          | SSE
            F2 0F 51 /r      | SQRTSD Vsd,Wsd             |                  |          | SSE2
            NP 0F 52 /r      | RSQRTPS Vps,Wps            |                  |          | SSE
            F3 0F 52 /r      | RSQRTSS Vss,Wss            |                  |          | SSE
            NP 0F 53 /r      | RCPPS Vps,Wps              |                  |          | SSE
            F3 0F 53 /r      | RCPSS Vss,Wss              |                  |          | SSE
            NP 0F 54 /r      | ANDPS Vps,Wps              |                  |          | SSE
            66 0F 54 /r      | ANDPD Vpd,Wpd              |                  |          | SSE2
            NP 0F 55 /r      | ANDNPS Vps,Wps             |                  |          | SSE
            66 0F 55 /r      | ANDNPD Vpd,Wpd             |                  |          | SSE2
            NP 0F 56 /r      | ORPS Vps,Wps               |                  |          | SSE
            66 0F 56 /r      | ORPD Vpd,Wpd               |                  |          | SSE2
            NP 0F 57 /r      | XORPS Vps,Wps              |                  |          | SSE
            66 0F 57 /r      | XORPD Vpd,Wpd              |                  |          | SSE2
            NP 0F 58 /r      | ADDPS Vps,Wps              |                  |          | SSE
            66 0F 58 /r      | ADDPD Vpd,Wpd              |                  |          | SSE2
            F3 0F 58 /r      | ADDSS Vss,Wss              |                  |          | SSE
            F2 0F 58 /r      | ADDSD Vsd,Wsd              |                  |          | SSE2
            NP 0F 59 /r      | MULPS Vps,Wps              |                  |          | SSE
            66 0F 59 /r      | MULPD Vpd,Wpd              |                  |          | SSE2
            F3 0F 59 /r      | MULSS Vss,Wss              |                  |          | SSE
            F2 0F 59 /r      | MULSD Vsd,Wsd              |                  |          | SSE2
            NP 0F 5C /r      | SUBPS Vps,Wps              |                  |          | SSE
            66 0F 5C /r      | SUBPD Vpd,Wpd              |                  |          | SSE2
            F3 0F 5C /r      | SUBSS Vss,Wss              |                  |          | SSE
            F2 0F 5C /r      | SUBSD Vsd,Wsd              |                  |          | SSE2
            NP 0F 5D /r      | MINPS Vps,Wps              |                  |          | SSE
            66 0F 5D /r      | MINPD Vpd,Wpd              |                  |          | SSE2
            F3 0F 5D /r      | MINSS Vss,Wss              |                  |          | SSE
            F2 0F 5D /r      | MINSD Vsd,Wsd              |                  |          | SSE2
            NP 0F 5E /r      | DIVPS Vps,Wps              |                  |          | SSE
            66 0F 5E /r      | DIVPD Vpd,Wpd              |                  |          | SSE2
            F3 0F 5E /r      | DIVSS Vss,Wss              |                  |          | SSE
            F2 0F 5E /r      | DIVSD Vsd,Wsd              |                  |          | SSE2
            NP 0F 5F /r      | MAXPS Vps,Wps              |                  |          | SSE
            66 0F 5F /r      | MAXPD Vpd,Wpd              |                  |          | SSE2
            F3 0F 5F /r      | MAXSS Vss,Wss              |                  |          | SSE
            F2 0F 5F /r      | MAXSD Vsd,Wsd              |                  |          | SSE2
            # SSE3
            66 0F 7C /r      | HADDPD Vpd,Wpd             |                  |          | SSE3
            F2 0F 7C /r      | HADDPS Vps,Wps             |                  |          | SSE3
            66 0F 7D /r      | HSUBPD Vpd,Wpd             |                  |          | SSE3
            F2 0F 7D /r      | HSUBPS Vps,Wps             |                  |          | SSE3
            66 0F D0 /r      | ADDSUBPD Vpd,Wpd           |                  |          | SSE3
            F2 0F D0 /r      | ADDSUBPS Vps,Wps           |                  |          | SSE3
            """;

    private SseMap() {
    }
}
