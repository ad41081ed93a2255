package dev.retrap.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The 8259A by the paragraphs of its data sheet. */
final class InterruptControllerTest {
    private final InterruptPair pic = new InterruptPair();

    @BeforeEach
    void initializeAsLinuxDoes() {
        initialize(0x01, 0x01);
        pic.write(0x21, 0);
        pic.write(0xA1, 0);
    }

    private void initialize(int masterIcw4, int slaveIcw4) {
        pic.write(0x20, 0x11);
        pic.write(0x21, 0x30);
        pic.write(0x21, 0x04);
        pic.write(0x21, masterIcw4);
        pic.write(0xA0, 0x11);
        pic.write(0xA1, 0x38);
        pic.write(0xA1, 0x02);
        pic.write(0xA1, slaveIcw4);
    }

    private void pulse(int irq) {
        pic.line(irq, false);
        pic.line(irq, true);
    }

    private int inService(int port) {
        pic.write(port, 0x0B);
        return pic.read(port);
    }

    private int requests(int port) {
        pic.write(port, 0x0A);
        return pic.read(port);
    }

    @Test
    void masksEverythingButTheCascadeAtPowerOn() {
        InterruptPair fresh = new InterruptPair();
        fresh.initialize();
        assertThat(fresh.read(0x21)).isEqualTo(0xFB);
        assertThat(fresh.read(0xA1)).isEqualTo(0xFF);
        fresh.line(0, true);
        fresh.line(8, true);
        assertThat(fresh.intr()).isFalse();
    }

    @Test
    void deliversByPriorityAndBlocksLowerUntilEndOfInterrupt() {
        pulse(4);
        pulse(1);
        assertThat(pic.acknowledge()).isEqualTo(0x31);
        assertThat(pic.intr()).as("IR4 waits for IR1").isFalse();
        pulse(0);
        assertThat(pic.acknowledge()).as("IR0 nests in IR1").isEqualTo(0x30);
        assertThat(inService(0x20)).isEqualTo(0x03);
        pic.write(0x20, 0x20);
        assertThat(inService(0x20)).as("non-specific EOI ends the highest").isEqualTo(0x02);
        assertThat(pic.intr()).isFalse();
        pic.write(0x20, 0x20);
        assertThat(pic.acknowledge()).isEqualTo(0x34);
    }

    @Test
    void edgeIsLatchedOnceAndNeedsALowBeforeTheNext() {
        pic.line(3, true);
        assertThat(pic.acknowledge()).isEqualTo(0x33);
        pic.write(0x20, 0x63);
        assertThat(pic.intr()).as("still high: no new edge").isFalse();
        pic.line(3, true);
        assertThat(pic.intr()).isFalse();
        pulse(3);
        assertThat(pic.intr()).isTrue();
    }

    @Test
    void requestThatFallsBeforeAcknowledgeBecomesSpuriousIr7() {
        pic.line(3, true);
        assertThat(requests(0x20)).isEqualTo(0x08);
        pic.line(3, false);
        assertThat(pic.intr()).isFalse();
        assertThat(pic.acknowledge()).isEqualTo(0x37);
        assertThat(inService(0x20)).as("a spurious interrupt is not in service").isZero();
    }

    @Test
    void acknowledgeWithoutRequestTakesNothingIntoService() {
        InterruptController slave = new InterruptController(false);
        assertThat(slave.acknowledge()).isEqualTo(7);
        slave.write(0, 0x0B);
        assertThat(slave.read(0)).isZero();
    }

    @Test
    void levelModeAsksAgainAsLongAsTheInputIsHigh() {
        pic.write(0x20, 0x19);
        pic.write(0x21, 0x30);
        pic.write(0x21, 0x04);
        pic.write(0x21, 0x01);
        pic.line(5, true);
        assertThat(pic.acknowledge()).isEqualTo(0x35);
        assertThat(pic.intr()).isFalse();
        pic.write(0x20, 0x20);
        assertThat(pic.intr()).isTrue();
        pic.line(5, false);
        assertThat(pic.intr()).isFalse();
    }

    @Test
    void slaveInterruptsComeThroughTheCascade() {
        pulse(12);
        pulse(8);
        assertThat(requests(0x20)).isEqualTo(0x04);
        assertThat(pic.acknowledge()).isEqualTo(0x38);
        assertThat(pic.intr()).as("IRQ 12 waits for IRQ 8").isFalse();
        pic.write(0xA0, 0x20);
        assertThat(pic.intr()).as("and for the master").isFalse();
        pic.write(0x20, 0x62);
        assertThat(pic.acknowledge()).isEqualTo(0x3C);
        pic.write(0xA0, 0x20);
        pic.write(0x20, 0x20);
        assertThat(pic.intr()).isFalse();
        assertThat(inService(0x20) | inService(0xA0)).isZero();
    }

    @Test
    void cascadeRanksBetweenIr1AndIr3() {
        pulse(3);
        pulse(9);
        pulse(1);
        assertThat(pic.acknowledge()).isEqualTo(0x31);
        pic.write(0x20, 0x20);
        assertThat(pic.acknowledge()).isEqualTo(0x39);
        pic.write(0xA0, 0x20);
        pic.write(0x20, 0x20);
        assertThat(pic.acknowledge()).isEqualTo(0x33);
    }

    @Test
    void specialFullyNestedModeLetsTheSlaveNest() {
        initialize(0x11, 0x01);
        pulse(12);
        assertThat(pic.acknowledge()).isEqualTo(0x3C);
        pulse(9);
        assertThat(pic.intr()).isTrue();
        assertThat(pic.acknowledge()).isEqualTo(0x39);
        pulse(3);
        assertThat(pic.intr()).as("IR3 still waits for IR2").isFalse();
    }

    @Test
    void autoEndOfInterruptLeavesNothingInService() {
        initialize(0x03, 0x03);
        pulse(4);
        pulse(6);
        assertThat(pic.acknowledge()).isEqualTo(0x34);
        assertThat(inService(0x20)).isZero();
        assertThat(pic.acknowledge()).isEqualTo(0x36);
        pulse(12);
        pulse(10);
        assertThat(pic.acknowledge()).isEqualTo(0x3A);
        assertThat(pic.acknowledge()).as("the slave asks again though its output never had to fall").isEqualTo(0x3C);
        assertThat(pic.intr()).isFalse();
    }

    @Test
    void rotationInAutomaticEndOfInterrupt() {
        initialize(0x03, 0x01);
        pic.write(0x20, 0x80);
        pulse(3);
        pulse(4);
        assertThat(pic.acknowledge()).isEqualTo(0x33);
        pulse(3);
        assertThat(pic.acknowledge()).as("IR3 is the lowest now").isEqualTo(0x34);
        pulse(5);
        assertThat(pic.acknowledge()).isEqualTo(0x35);
        pic.write(0x20, 0x00);
        assertThat(pic.acknowledge()).isEqualTo(0x33);
        pulse(3);
        pulse(6);
        assertThat(pic.acknowledge()).as("rotation is off: IR5 stays the lowest").isEqualTo(0x36);
    }

    @Test
    void rotateOnNonSpecificEndOfInterrupt() {
        // Data sheet, "Automatic Rotation": IR4 is served, then becomes the lowest.
        pulse(4);
        pulse(6);
        assertThat(pic.acknowledge()).isEqualTo(0x34);
        pic.write(0x20, 0xA0);
        pulse(4);
        assertThat(pic.acknowledge()).isEqualTo(0x36);
        pic.write(0x20, 0xA0);
        assertThat(pic.acknowledge()).isEqualTo(0x34);
    }

    @Test
    void rotateOnSpecificEndOfInterrupt() {
        pulse(2 + 3);
        assertThat(pic.acknowledge()).isEqualTo(0x35);
        pic.write(0x20, 0xE5);
        assertThat(inService(0x20)).isZero();
        pulse(5);
        pulse(6);
        pulse(0);
        assertThat(pic.acknowledge()).isEqualTo(0x36);
    }

    @ParameterizedTest
    @ValueSource(ints = { 0, 1, 2, 3, 4, 5, 6, 7 })
    void setPriorityMakesTheNextInputTheHighest(int lowest) {
        pic.write(0x21, 0x04); // no cascade here
        pic.write(0x20, 0xC0 | lowest);
        for (int irq = 0; irq < 8; irq++) {
            if (irq != 2) {
                pulse(irq);
            }
        }
        for (int rank = 1; rank <= 8; rank++) {
            int irq = lowest + rank & 7;
            if (irq != 2) {
                assertThat(pic.acknowledge()).isEqualTo(0x30 + irq);
                pic.write(0x20, 0x60 | irq);
            }
        }
        assertThat(pic.intr()).isFalse();
    }

    @Test
    void nonSpecificEndOfInterruptFollowsTheRotation() {
        pic.write(0x20, 0xC3); // IR4 highest
        pulse(1);
        assertThat(pic.acknowledge()).isEqualTo(0x31);
        pulse(6);
        assertThat(pic.acknowledge()).isEqualTo(0x36);
        pic.write(0x20, 0x20);
        assertThat(inService(0x20)).isEqualTo(0x02);
    }

    @Test
    void specialMaskModeOpensLowerLevelsWhileOneIsInService() {
        pulse(1);
        pic.acknowledge();
        pic.write(0x21, 0x02);
        pulse(6);
        assertThat(pic.intr()).as("masking alone does not open them").isFalse();
        pic.write(0x20, 0x68);
        assertThat(pic.intr()).isTrue();
        assertThat(pic.acknowledge()).isEqualTo(0x36);
        pic.write(0x20, 0x20);
        assertThat(inService(0x20)).as("a masked level is not ended by a non-specific EOI").isEqualTo(0x02);
        pic.write(0x20, 0x48);
        pulse(6);
        assertThat(pic.intr()).as("off again").isFalse();
        pic.write(0x20, 0x61);
        assertThat(pic.intr()).isTrue();
    }

    @Test
    void specialMaskModeStillHonoursUnmaskedLevelsInService() {
        pulse(1);
        pic.acknowledge();
        pic.write(0x20, 0x68);
        pulse(6);
        assertThat(pic.intr()).isFalse();
    }

    @Test
    void pollActsAsAnAcknowledge() {
        pulse(6);
        pulse(3);
        pic.write(0x20, 0x0C);
        assertThat(pic.read(0x20)).isEqualTo(0x83);
        assertThat(inService(0x20)).isEqualTo(0x08);
        assertThat(pic.intr()).isFalse();
        pic.write(0x20, 0x0C);
        assertThat(pic.read(0x20) & 0x80).as("nothing outranks IR3").isZero();
        assertThat(pic.read(0x21)).as("one read only").isZero();
    }

    @Test
    void pollOfTheSlaveLetsItsOutputFall() {
        pulse(11);
        assertThat(pic.intr()).isTrue();
        pic.write(0xA0, 0x0C);
        assertThat(pic.read(0xA0)).isEqualTo(0x83);
        assertThat(pic.intr()).isFalse();
    }

    @Test
    void readRegisterCommandIsRemembered() {
        pulse(3);
        pic.acknowledge();
        pulse(5);
        pic.write(0x20, 0x0B);
        assertThat(pic.read(0x20)).isEqualTo(0x08);
        assertThat(pic.read(0x20)).isEqualTo(0x08);
        pic.write(0x20, 0x68); // special mask only: RR is clear
        assertThat(pic.read(0x20)).isEqualTo(0x08);
        pic.write(0x20, 0x0A);
        assertThat(pic.read(0x20)).isEqualTo(0x20);
    }

    @Test
    void initializationClearsMaskServiceAndEdges() {
        pulse(3);
        pic.acknowledge();
        pulse(4);
        pic.write(0x21, 0xAA);
        initialize(0x01, 0x01);
        assertThat(pic.read(0x21)).isZero();
        assertThat(inService(0x20)).isZero();
        assertThat(pic.intr()).as("IR4 is high but has no new edge").isFalse();
        pulse(4);
        assertThat(pic.acknowledge()).isEqualTo(0x34);
    }

    @Test
    void singleModeHasNoCascadeWord() {
        pic.write(0x20, 0x13);
        pic.write(0x21, 0x40);
        pic.write(0x21, 0x01);
        pic.write(0x21, 0xF0);
        assertThat(pic.read(0x21)).as("the word after ICW4 is OCW1").isEqualTo(0xF0);
        pulse(9);
        assertThat(pic.acknowledge()).as("IR2 is an input like any other").isEqualTo(0x42);
    }

    @Test
    void withoutIcw4TheThirdWordEndsInitialization() {
        pic.write(0x20, 0x10);
        pic.write(0x21, 0x50);
        pic.write(0x21, 0x04);
        pic.write(0x21, 0x12);
        assertThat(pic.read(0x21)).isEqualTo(0x12);
    }

    @Test
    void missingSlaveLeavesTheBusFloating() {
        pic.write(0xA0, 0x11);
        pic.write(0xA1, 0x38);
        pic.write(0xA1, 0x05); // answers to 5, but is wired to IR2
        pic.write(0xA1, 0x01);
        pulse(9);
        assertThat(pic.acknowledge()).isEqualTo(0xFF);
    }

    @Test
    void intrAfterForesees() {
        assertThat(pic.intrAfter(0, true)).isTrue();
        assertThat(pic.intrAfter(8, true)).isTrue();
        pic.write(0x21, 0x05);
        assertThat(pic.intrAfter(0, true)).isFalse();
        assertThat(pic.intrAfter(8, true)).isFalse();
        pic.write(0x21, 0x00);
        pulse(0);
        assertThat(pic.intrAfter(0, false)).isFalse();
        pulse(5);
        assertThat(pic.intrAfter(0, false)).isTrue();
    }
}
