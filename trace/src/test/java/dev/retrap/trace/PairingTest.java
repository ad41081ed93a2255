package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;
import org.junit.jupiter.api.Test;

class PairingTest {
    private final Pairing pairing = new Pairing();
    private final Crossing c = new Crossing();
    private long event;

    private int enter(Crossing.Kind kind, long position, int cpl, long spAfter) {
        fill(kind, position, cpl, 0, 0, spAfter);
        return pairing.entry(event++, c);
    }

    private long leave(Crossing.Kind kind, long position, int toCpl, long spBefore) {
        fill(kind, position, 0, toCpl, spBefore, 0);
        pairing.exit(c, position * 2 + 1);
        event++;
        return pairing.entry;
    }

    private void fill(Crossing.Kind kind, long position, int cplBefore, int cplAfter, long spBefore, long spAfter) {
        c.kind = kind;
        c.position = position;
        c.cycles = position * 2;
        c.vector = -1;
        c.before[Reg.CPL.slot()] = cplBefore;
        c.after[Reg.CPL.slot()] = cplAfter;
        c.before[Reg.RSP.slot()] = spBefore;
        c.after[Reg.RSP.slot()] = spAfter;
    }

    @Test
    void anInterruptInACallIsNestedAndItsStepsAreTold() {
        assertThat(enter(Crossing.Kind.SYSENTER, 100, 3, 0)).isZero();
        assertThat(enter(Crossing.Kind.INTERRUPT, 110, 0, 0xc0001f00L)).isEqualTo(1);
        assertThat(leave(Crossing.Kind.IRET, 130, 0, 0xc0001f00L)).isEqualTo(1);
        assertThat(pairing.steps).isEqualTo(20);
        assertThat(pairing.entryDepth).isEqualTo(1);
        assertThat(leave(Crossing.Kind.SYSEXIT, 150, 3, 0xc0001fc0L)).isZero();
        assertThat(pairing.steps).isEqualTo(50);
        assertThat(pairing.nestedSteps).isEqualTo(21);
        assertThat(pairing.nestedCycles).isEqualTo(41);
        assertThat(pairing.entryDepth).isZero();
    }

    @Test
    void anErrorCodeMayLieBelowTheFrame() {
        enter(Crossing.Kind.EXCEPTION, 100, 3, 0xc0001fe8L);
        assertThat(leave(Crossing.Kind.IRET, 120, 3, 0xc0001fecL)).isZero();
    }

    @Test
    void twoTasksThatSwitchInTheKernelKeepTheirOwnExits() {
        enter(Crossing.Kind.INT_N, 100, 3, 0xc0001fecL);
        pairing.handler(0xc0001fbcL, 0xc0001fecL);
        enter(Crossing.Kind.SYSENTER, 200, 3, 0xc1000000L); // the other task, on its own stack
        pairing.handler(0xc0003fbcL, 0xc0003fecL);
        assertThat(leave(Crossing.Kind.IRET, 300, 3, 0xc0001fecL)).isEqualTo(0);
        enter(Crossing.Kind.INT_N, 400, 3, 0xc0001fecL);
        pairing.decision(0xc0003fbcL, 0xc0003fecL);
        assertThat(leave(Crossing.Kind.SYSEXIT, 500, 3, 0)).isEqualTo(1);
    }

    @Test
    void theFirstReturnOfANewTaskEndsNothing() {
        enter(Crossing.Kind.INT_N, 100, 3, 0xc0001fecL);
        assertThat(leave(Crossing.Kind.IRET, 200, 3, 0xc0005fecL)).isEqualTo(-1);
        assertThat(leave(Crossing.Kind.IRET, 300, 3, 0xc0001fecL)).isZero();
        assertThat(leave(Crossing.Kind.IRET, 400, 3, 0xc0001fecL)).isEqualTo(-1);
    }

    /** An x86-64 kernel decides for a new task, too, how it goes out; the call of the task that sleeps is not its. */
    @Test
    void theExitDecisionOfANewTaskBelongsToNobodysCall() {
        enter(Crossing.Kind.SYSCALL, 100, 3, 0);
        pairing.handler(0xffff880000101f58L, 0xffff880000101fd8L);
        assertThat(pairing.decision(0xffff880000105f58L, 0xffff880000105fd8L)).isEqualTo(-1);
        assertThat(leave(Crossing.Kind.SYSRET, 200, 3, 0)).isEqualTo(-1);
        assertThat(pairing.decision(0xffff880000101f58L, 0xffff880000101fd8L)).isZero();
        assertThat(leave(Crossing.Kind.SYSRET, 300, 3, 0)).isZero();
    }

    /** Argument 6 could not be read: no handler, but a decision. */
    @Test
    void aCallWithoutAHandlerGetsItsDecision() {
        enter(Crossing.Kind.SYSENTER, 100, 3, 0);
        assertThat(pairing.decision(0xffff880000101f58L, 0xffff880000101fd8L)).isZero();
        assertThat(leave(Crossing.Kind.IRET, 200, 3, 0xffff880000101fd8L)).isZero();
    }

    @Test
    void callsThatNeverReturnAreForgottenInTime() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(enter(Crossing.Kind.INT_N, 100 + i, 3, 0xc0001fecL)).isZero();
        }
        assertThat(leave(Crossing.Kind.IRET, 20_000, 3, 0xc0001fecL)).isEqualTo(9999);
    }
}
