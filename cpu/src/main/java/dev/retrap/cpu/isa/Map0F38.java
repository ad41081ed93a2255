package dev.retrap.cpu.isa;

/** Three-byte opcodes 0F 38 (SDM vol. 2, table A-4). {@link RowParser} describes the columns. */
final class Map0F38 {
    static final String ROWS = """
            # SSSE3
            NP 0F 38 00 /r   | PSHUFB Pq,Qq               |                  |          | SSSE3
            66 0F 38 00 /r   | PSHUFB Vdq,Wdq             |                  |          | SSSE3
            NP 0F 38 01 /r   | PHADDW Pq,Qq               |                  |          | SSSE3
            66 0F 38 01 /r   | PHADDW Vdq,Wdq             |                  |          | SSSE3
            NP 0F 38 02 /r   | PHADDD Pq,Qq               |                  |          | SSSE3
            66 0F 38 02 /r   | PHADDD Vdq,Wdq             |                  |          | SSSE3
            NP 0F 38 03 /r   | PHADDSW Pq,Qq              |                  |          | SSSE3
            66 0F 38 03 /r   | PHADDSW Vdq,Wdq            |                  |          | SSSE3
            NP 0F 38 04 /r   | PMADDUBSW Pq,Qq            |                  |          | SSSE3
            66 0F 38 04 /r   | PMADDUBSW Vdq,Wdq          |                  |          | SSSE3
            NP 0F 38 05 /r   | PHSUBW Pq,Qq               |                  |          | SSSE3
            66 0F 38 05 /r   | PHSUBW Vdq,Wdq             |                  |          | SSSE3
            NP 0F 38 06 /r   | PHSUBD Pq,Qq               |                  |          | SSSE3
            66 0F 38 06 /r   | PHSUBD Vdq,Wdq             |                  |          | SSSE3
            NP 0F 38 07 /r   | PHSUBSW Pq,Qq              |                  |          | SSSE3
            66 0F 38 07 /r   | PHSUBSW Vdq,Wdq            |                  |          | SSSE3
            NP 0F 38 08 /r   | PSIGNB Pq,Qq               |                  |          | SSSE3
            66 0F 38 08 /r   | PSIGNB Vdq,Wdq             |                  |          | SSSE3
            NP 0F 38 09 /r   | PSIGNW Pq,Qq               |                  |          | SSSE3
            66 0F 38 09 /r   | PSIGNW Vdq,Wdq             |                  |          | SSSE3
            NP 0F 38 0A /r   | PSIGND Pq,Qq               |                  |          | SSSE3
            66 0F 38 0A /r   | PSIGND Vdq,Wdq             |                  |          | SSSE3
            NP 0F 38 0B /r   | PMULHRSW Pq,Qq             |                  |          | SSSE3
            66 0F 38 0B /r   | PMULHRSW Vdq,Wdq           |                  |          | SSSE3
            NP 0F 38 1C /r   | PABSB Pq,Qq                |                  |          | SSSE3
            66 0F 38 1C /r   | PABSB Vdq,Wdq              |                  |          | SSSE3
            NP 0F 38 1D /r   | PABSW Pq,Qq                |                  |          | SSSE3
            66 0F 38 1D /r   | PABSW Vdq,Wdq              |                  |          | SSSE3
            NP 0F 38 1E /r   | PABSD Pq,Qq                |                  |          | SSSE3
            66 0F 38 1E /r   | PABSD Vdq,Wdq              |                  |          | SSSE3
            # SSE4.1, SSE4.2
            66 0F 38 10 /r   | PBLENDVB Vdq,Wdq,XMM0      |                  |          | SSE41
            66 0F 38 14 /r   | BLENDVPS Vdq,Wps,XMM0      |                  |          | SSE41
            66 0F 38 15 /r   | BLENDVPD Vdq,Wpd,XMM0      |                  |          | SSE41
            66 0F 38 17 /r   | PTEST Vdq,Wdq              |                  | 00M00M   | SSE41
            66 0F 38 20 /r   | PMOVSXBW Vdq,Wq            |                  |          | SSE41
            66 0F 38 21 /r   | PMOVSXBD Vdq,Wd            |                  |          | SSE41
            66 0F 38 22 /r   | PMOVSXBQ Vdq,Ww            |                  |          | SSE41
            66 0F 38 23 /r   | PMOVSXWD Vdq,Wq            |                  |          | SSE41
            66 0F 38 24 /r   | PMOVSXWQ Vdq,Wd            |                  |          | SSE41
            66 0F 38 25 /r   | PMOVSXDQ Vdq,Wq            |                  |          | SSE41
            66 0F 38 30 /r   | PMOVZXBW Vdq,Wq            |                  |          | SSE41
            66 0F 38 31 /r   | PMOVZXBD Vdq,Wd            |                  |          | SSE41
            66 0F 38 32 /r   | PMOVZXBQ Vdq,Ww            |                  |          | SSE41
            66 0F 38 33 /r   | PMOVZXWD Vdq,Wq            |                  |          | SSE41
            66 0F 38 34 /r   | PMOVZXWQ Vdq,Wd            |                  |          | SSE41
            66 0F 38 35 /r   | PMOVZXDQ Vdq,Wq            |                  |          | SSE41
            66 0F 38 28 /r   | PMULDQ Vdq,Wdq             |                  |          | SSE41
            66 0F 38 29 /r   | PCMPEQQ Vdq,Wdq            |                  |          | SSE41
            66 0F 38 2B /r   | PACKUSDW Vdq,Wdq           |                  |          | SSE41
            66 0F 38 38 /r   | PMINSB Vdq,Wdq             |                  |          | SSE41
            66 0F 38 39 /r   | PMINSD Vdq,Wdq             |                  |          | SSE41
            66 0F 38 3A /r   | PMINUW Vdq,Wdq             |                  |          | SSE41
            66 0F 38 3B /r   | PMINUD Vdq,Wdq             |                  |          | SSE41
            66 0F 38 3C /r   | PMAXSB Vdq,Wdq             |                  |          | SSE41
            66 0F 38 3D /r   | PMAXSD Vdq,Wdq             |                  |          | SSE41
            66 0F 38 3E /r   | PMAXUW Vdq,Wdq             |                  |          | SSE41
            66 0F 38 3F /r   | PMAXUD Vdq,Wdq             |                  |          | SSE41
            66 0F 38 40 /r   | PMULLD Vdq,Wdq             |                  |          | SSE41
            66 0F 38 41 /r   | PHMINPOSUW Vdq,Wdq         |                  |          | SSE41
            66 0F 38 2A /r mem | MOVNTDQA Vdq,Mdq           |                  |          | SSE41
            66 0F 38 37 /r   | PCMPGTQ Vdq,Wdq            |                  |          | SSE42
            F2 0F 38 F0 /r   | CRC32 Gy,Eb                | src              |          | SSE42
            F2 0F 38 F1 /r   | CRC32 Gy,Ev                | src              |          | SSE42
            # General registers
            66 0F 38 80 /r mem | INVEPT Gy,Mdq              | msize prot priv state | MMMMMM   | VMX
            66 0F 38 81 /r mem | INVVPID Gy,Mdq             | msize prot priv state | MMMMMM   | VMX
            66 0F 38 82 /r mem | INVPCID Gy,Mdq             | msize priv state |          | INVPCID
            NP/66 0F 38 F0 /r mem | MOVBE Gv,Mv                |                  |          | MOVBE
            NP/66 0F 38 F1 /r mem | MOVBE Mv,Gv                |                  |          | MOVBE
            66 0F 38 F5 /r mem | WRUSS My,Gy                | priv             |          | CET_SS
            NP 0F 38 F6 /r mem | WRSS My,Gy                 |                  |          | CET_SS
            66 0F 38 F6 /r   | ADCX Gy,Ey                 |                  | .....X   | ADX
            F3 0F 38 F6 /r   | ADOX Gy,Ey                 |                  | X.....   | ADX
            66 0F 38 F8 /r mem | MOVDIR64B Gas,M            |                  |          | MOVDIR64B
            F2 0F 38 F8 /r mem | ENQCMD Gas,M               |                  | 00M000   | ENQCMD
            F3 0F 38 F8 /r mem | ENQCMDS Gas,M              | priv             | 00M000   | ENQCMD
            NP 0F 38 F9 /r mem | MOVDIRI My,Gy              |                  |          | MOVDIRI
            NP 0F 38 FC /r mem | AADD My,Gy                 |                  |          | RAO_INT
            66 0F 38 FC /r mem | AAND My,Gy                 |                  |          | RAO_INT
            F3 0F 38 FC /r mem | AXOR My,Gy                 |                  |          | RAO_INT
            F2 0F 38 FC /r mem | AOR My,Gy                  |                  |          | RAO_INT
            # SHA, AES, Galois field, Key Locker
            NP 0F 38 C8 /r   | SHA1NEXTE Vdq,Wdq          |                  |          | SHA
            NP 0F 38 C9 /r   | SHA1MSG1 Vdq,Wdq           |                  |          | SHA
            NP 0F 38 CA /r   | SHA1MSG2 Vdq,Wdq           |                  |          | SHA
            NP 0F 38 CB /r   | SHA256RNDS2 Vdq,Wdq,XMM0   |                  |          | SHA
            NP 0F 38 CC /r   | SHA256MSG1 Vdq,Wdq         |                  |          | SHA
            NP 0F 38 CD /r   | SHA256MSG2 Vdq,Wdq         |                  |          | SHA
            66 0F 38 CF /r   | GF2P8MULB Vdq,Wdq          |                  |          | GFNI
            66 0F 38 DB /r   | AESIMC Vdq,Wdq             |                  |          | AES
            66 0F 38 DC /r   | AESENC Vdq,Wdq             |                  |          | AES
            66 0F 38 DD /r   | AESENCLAST Vdq,Wdq         |                  |          | AES
            66 0F 38 DE /r   | AESDEC Vdq,Wdq             |                  |          | AES
            66 0F 38 DF /r   | AESDECLAST Vdq,Wdq         |                  |          | AES
            F3 0F 38 D8 /0 mem | AESENCWIDE128KL M          |                  | 00M000   | WIDE_KL
            F3 0F 38 D8 /1 mem | AESDECWIDE128KL M          |                  | 00M000   | WIDE_KL
            F3 0F 38 D8 /2 mem | AESENCWIDE256KL M          |                  | 00M000   | WIDE_KL
            F3 0F 38 D8 /3 mem | AESDECWIDE256KL M          |                  | 00M000   | WIDE_KL
            F3 0F 38 DC /r mem | AESENC128KL Vdq,M          |                  | 00M000   | KL
            F3 0F 38 DC /r reg | LOADIWKEY Vdq,Udq          | priv             | 00M000   | KL
            F3 0F 38 DD /r mem | AESDEC128KL Vdq,M          |                  | 00M000   | KL
            F3 0F 38 DE /r mem | AESENC256KL Vdq,M          |                  | 00M000   | KL
            F3 0F 38 DF /r mem | AESDEC256KL Vdq,M          |                  | 00M000   | KL
            F3 0F 38 FA /r reg | ENCODEKEY128 Gd,Rd         |                  | 000000   | KL
            F3 0F 38 FB /r reg | ENCODEKEY256 Gd,Rd         |                  | 000000   | KL
            """;

    private Map0F38() {
    }
}
