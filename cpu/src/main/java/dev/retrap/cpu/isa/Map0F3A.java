package dev.retrap.cpu.isa;

/** Three-byte opcodes 0F 3A (SDM vol. 2, table A-5). {@link RowParser} describes the columns. */
final class Map0F3A {
    static final String ROWS = """
            66 0F 3A 08 /r   | ROUNDPS Vps,Wps,Ib         |                  |          | SSE41
            66 0F 3A 09 /r   | ROUNDPD Vpd,Wpd,Ib         |                  |          | SSE41
            66 0F 3A 0A /r   | ROUNDSS Vss,Wss,Ib         |                  |          | SSE41
            66 0F 3A 0B /r   | ROUNDSD Vsd,Wsd,Ib         |                  |          | SSE41
            66 0F 3A 0C /r   | BLENDPS Vps,Wps,Ib         |                  |          | SSE41
            66 0F 3A 0D /r   | BLENDPD Vpd,Wpd,Ib         |                  |          | SSE41
            66 0F 3A 0E /r   | PBLENDW Vdq,Wdq,Ib         |                  |          | SSE41
            NP 0F 3A 0F /r   | PALIGNR Pq,Qq,Ib           |                  |          | SSSE3
            66 0F 3A 0F /r   | PALIGNR Vdq,Wdq,Ib         |                  |          | SSSE3
            66 0F 3A 14 /r   | PEXTRB Rd/Mb,Vdq,Ib        |                  |          | SSE41
            66 0F 3A 15 /r   | PEXTRW Rd/Mw,Vdq,Ib        |                  |          | SSE41
            66 0F 3A 16 /r W0 | PEXTRD Ed,Vdq,Ib           |                  |          | SSE41
            66 0F 3A 16 /r W1 | PEXTRD/pextrq Eq,Vdq,Ib    |                  |          | SSE41
            66 0F 3A 17 /r   | EXTRACTPS Ed,Vdq,Ib        |                  |          | SSE41
            66 0F 3A 20 /r   | PINSRB Vdq,Rd/Mb,Ib        |                  |          | SSE41
            66 0F 3A 21 /r   | INSERTPS Vdq,Wd,Ib         |                  |          | SSE41
            66 0F 3A 22 /r W0 | PINSRD Vdq,Ed,Ib           |                  |          | SSE41
            66 0F 3A 22 /r W1 | PINSRD/pinsrq Vdq,Eq,Ib    |                  |          | SSE41
            66 0F 3A 40 /r   | DPPS Vps,Wps,Ib            |                  |          | SSE41
            66 0F 3A 41 /r   | DPPD Vpd,Wpd,Ib            |                  |          | SSE41
            66 0F 3A 42 /r   | MPSADBW Vdq,Wdq,Ib         |                  |          | SSE41
            66 0F 3A 44 /r   | PCLMULQDQ Vdq,Wdq,Ib       |                  |          | PCLMUL
            66 0F 3A 60 /r   | PCMPESTRM Vdq,Wdq,Ib       |                  | MMM00M   | SSE42
            66 0F 3A 61 /r   | PCMPESTRI Vdq,Wdq,Ib       |                  | MMM00M   | SSE42
            66 0F 3A 62 /r   | PCMPISTRM Vdq,Wdq,Ib       |                  | MMM00M   | SSE42
            66 0F 3A 63 /r   | PCMPISTRI Vdq,Wdq,Ib       |                  | MMM00M   | SSE42
            NP 0F 3A CC /r   | SHA1RNDS4 Vdq,Wdq,Ib       |                  |          | SHA
            66 0F 3A CE /r   | GF2P8AFFINEQB Vdq,Wdq,Ib   |                  |          | GFNI
            66 0F 3A CF /r   | GF2P8AFFINEINVQB Vdq,Wdq,Ib |                  |          | GFNI
            66 0F 3A DF /r   | AESKEYGENASSIST Vdq,Wdq,Ib |                  |          | AES
            F3 0F 3A F0 C0   | HRESET Ib                  | priv             |          | HRESET
            """;

    private Map0F3A() {
    }
}
