package dev.retrap.cpu.isa;

/**
 * 3DNow! (AMD APM vol. 3, appendix A): 0F 0F, ModRM, and the opcode as the last byte. {@link RowParser} describes
 * the columns.
 */
final class ThreeDNowMap {
    static final String ROWS = """
            0F 0F 0C /r      | PI2FW Pq,Qq                |                  |          | THREEDNOW
            0F 0F 0D /r      | PI2FD Pq,Qq                |                  |          | THREEDNOW
            0F 0F 1C /r      | PF2IW Pq,Qq                |                  |          | THREEDNOW
            0F 0F 1D /r      | PF2ID Pq,Qq                |                  |          | THREEDNOW
            0F 0F 8A /r      | PFNACC Pq,Qq               |                  |          | THREEDNOW
            0F 0F 8E /r      | PFPNACC Pq,Qq              |                  |          | THREEDNOW
            0F 0F 90 /r      | PFCMPGE Pq,Qq              |                  |          | THREEDNOW
            0F 0F 94 /r      | PFMIN Pq,Qq                |                  |          | THREEDNOW
            0F 0F 96 /r      | PFRCP Pq,Qq                |                  |          | THREEDNOW
            0F 0F 97 /r      | PFRSQRT Pq,Qq              |                  |          | THREEDNOW
            0F 0F 9A /r      | PFSUB Pq,Qq                |                  |          | THREEDNOW
            0F 0F 9E /r      | PFADD Pq,Qq                |                  |          | THREEDNOW
            0F 0F A0 /r      | PFCMPGT Pq,Qq              |                  |          | THREEDNOW
            0F 0F A4 /r      | PFMAX Pq,Qq                |                  |          | THREEDNOW
            0F 0F A6 /r      | PFRCPIT1 Pq,Qq             |                  |          | THREEDNOW
            0F 0F A7 /r      | PFRSQIT1 Pq,Qq             |                  |          | THREEDNOW
            0F 0F AA /r      | PFSUBR Pq,Qq               |                  |          | THREEDNOW
            0F 0F AE /r      | PFACC Pq,Qq                |                  |          | THREEDNOW
            0F 0F B0 /r      | PFCMPEQ Pq,Qq              |                  |          | THREEDNOW
            0F 0F B4 /r      | PFMUL Pq,Qq                |                  |          | THREEDNOW
            0F 0F B6 /r      | PFRCPIT2 Pq,Qq             |                  |          | THREEDNOW
            0F 0F B7 /r      | PMULHRW Pq,Qq              |                  |          | THREEDNOW
            0F 0F BB /r      | PSWAPD Pq,Qq               |                  |          | THREEDNOW
            0F 0F BF /r      | PAVGUSB Pq,Qq              |                  |          | THREEDNOW
            """;

    private ThreeDNowMap() {
    }
}
