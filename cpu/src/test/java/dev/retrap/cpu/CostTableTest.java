package dev.retrap.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.Crossing.Kind;
import dev.retrap.cpu.isa.Op;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cycle model: complete, and with the values and relations that its sources give. */
final class CostTableTest {
    @ParameterizedTest
    @EnumSource
    void everythingCostsSomething(CostTable.Family family) {
        CostTable table = CostTable.of(family);
        for (Op op : Op.values()) {
            assertThat(table.cost(op)).as("%s %s", family, op).isBetween(1, 2000);
        }
        for (Kind kind : Kind.values()) {
            assertThat(table.crossing(kind)).as("%s %s", family, kind).isBetween(20, 1000);
        }
        assertThat(table.cost(Op.ADD)).isEqualTo(1);
        assertThat(table.cost(Op.MOV)).isEqualTo(1);
    }

    @Test
    void k8AsItsOptimizationGuideSays() {
        CostTable k8 = CostTable.of(CostTable.Family.K8);
        assertThat(k8.crossing(Kind.SYSCALL)).isEqualTo(27);
        assertThat(k8.crossing(Kind.SYSRET)).isEqualTo(35);
        assertThat(k8.cost(Op.BSF)).isEqualTo(8);
        assertThat(k8.cost(Op.BSR)).isEqualTo(11);
        assertThat(k8.cost(Op.LIDT)).isEqualTo(148);
        assertThat(k8.cost(Op.LGDT)).isEqualTo(37);
        assertThat(k8.cost(Op.LOOP)).isEqualTo(9);
        assertThat(k8.cost(Op.MOV_TO_SREG)).isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource
    void fastCallsAreFaster(CostTable.Family family) {
        CostTable t = CostTable.of(family);
        assertThat(t.crossing(Kind.SYSENTER)).isLessThan(t.crossing(Kind.INT_N));
        assertThat(t.crossing(Kind.SYSCALL)).isLessThan(t.crossing(Kind.INT_N));
        assertThat(t.crossing(Kind.SYSEXIT)).isLessThan(t.crossing(Kind.IRET));
        assertThat(t.crossing(Kind.SYSRET)).isLessThan(t.crossing(Kind.IRET));
        assertThat(t.crossing(Kind.INT_N)).isLessThan(t.crossing(Kind.EXCEPTION));
        assertThat(t.crossing(Kind.EXCEPTION)).isLessThan(t.crossing(Kind.INTERRUPT));
    }
}
