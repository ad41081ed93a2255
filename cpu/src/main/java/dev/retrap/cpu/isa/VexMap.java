package dev.retrap.cpu.isa;

/**
 * VEX-encoded instructions on general registers (SDM vol. 2, tables ). {@link RowParser} describes the
 * columns.
 */
final class VexMap {
    static final String ROWS = """
            # BMI1, BMI2 on general registers: VEX.L is 0
            VEX.L0.NP.0F38 F2 /r | ANDN Gy,By,Ey              |                  | 0MM--0   | BMI1
            VEX.L0.NP.0F38 F3 /1 | BLSR By,Ey                 |                  | 0MM--M   | BMI1
            VEX.L0.NP.0F38 F3 /2 | BLSMSK By,Ey               |                  | 0M0--M   | BMI1
            VEX.L0.NP.0F38 F3 /3 | BLSI By,Ey                 |                  | 0MM--M   | BMI1
            VEX.L0.NP.0F38 F5 /r | BZHI Gy,Ey,By              |                  | 0MM--M   | BMI2
            VEX.L0.F3.0F38 F5 /r | PEXT Gy,By,Ey              |                  |          | BMI2
            VEX.L0.F2.0F38 F5 /r | PDEP Gy,By,Ey              |                  |          | BMI2
            VEX.L0.F2.0F38 F6 /r | MULX Gy,By,Ey              |                  |          | BMI2
            VEX.L0.NP.0F38 F7 /r | BEXTR Gy,Ey,By             |                  | 0-M--0   | BMI1
            VEX.L0.66.0F38 F7 /r | SHLX Gy,Ey,By              |                  |          | BMI2
            VEX.L0.F3.0F38 F7 /r | SARX Gy,Ey,By              |                  |          | BMI2
            VEX.L0.F2.0F38 F7 /r | SHRX Gy,Ey,By              |                  |          | BMI2
            VEX.L0.F2.0F3A F0 /r | RORX Gy,Ey,Ib              |                  |          | BMI2
            """;

    private VexMap() {
    }
}
