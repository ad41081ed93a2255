package dev.retrap.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.memory.StateReader;
import dev.retrap.cpu.memory.StateWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The 16550A by its data sheet and as Linux' 8250 driver drives it. */
final class UartTest {
    private static final int DATA = 0;
    private static final int IER = 1;
    private static final int IIR = 2;
    private static final int FCR = 2;
    private static final int LCR = 3;
    private static final int MCR = 4;
    private static final int LSR = 5;
    private static final int MSR = 6;
    private static final int SCR = 7;

    private final StringBuilder console = new StringBuilder();
    private final Uart uart = new Uart();

    @BeforeEach
    void plugIn() {
        uart.setConsole(b -> console.append((char) b));
        uart.write(MCR, 0x0B);
    }

    private void type(String text) {
        uart.input(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void sendsAtOnce() {
        for (char c : "hello\n".toCharArray()) {
            assertThat(uart.read(LSR) & 0x60).isEqualTo(0x60);
            uart.write(DATA, c);
        }
        assertThat(console).hasToString("hello\n");
    }

    @Test
    void worksWithoutConsole() {
        uart.setConsole(null);
        uart.write(DATA, 'x');
        assertThat(uart.read(LSR)).isEqualTo(0x60);
    }

    @Test
    void divisorLatchHidesDataAndInterruptEnable() {
        uart.write(IER, 0x05);
        assertThat(uart.read(LCR)).as("as firmware leaves it: 8N1").isEqualTo(0x03);
        uart.write(LCR, 0x83);
        assertThat(uart.read(DATA) | uart.read(IER) << 8).as("9600 baud").isEqualTo(12);
        uart.write(DATA, 0x34);
        uart.write(IER, 0x12);
        assertThat(uart.read(DATA) | uart.read(IER) << 8).isEqualTo(0x1234);
        uart.write(LCR, 0x03);
        assertThat(uart.read(IER)).isEqualTo(0x05);
        assertThat(console).isEmpty();
    }

    @Test
    void scratchKeepsAnything() {
        uart.write(SCR, 0xA5);
        assertThat(uart.read(SCR)).isEqualTo(0xA5);
    }

    @Test
    void interruptEnableHasFourBits() {
        uart.write(IER, 0xFF);
        assertThat(uart.read(IER)).isEqualTo(0x0F);
    }

    @Test
    void fifoEnableShowsInIir() {
        assertThat(uart.read(IIR)).isEqualTo(0x01);
        uart.write(FCR, 0x01);
        assertThat(uart.read(IIR)).isEqualTo(0xC1);
        uart.write(FCR, 0x00);
        assertThat(uart.read(IIR)).isEqualTo(0x01);
    }

    @Test
    void receivesByteByByteWithoutFifo() {
        uart.write(IER, 0x01);
        type("ab");
        assertThat(uart.takeRise()).isTrue();
        assertThat(uart.read(IIR)).isEqualTo(0x04);
        assertThat(uart.read(LSR) & 1).isEqualTo(1);
        assertThat(uart.read(DATA)).isEqualTo('a');
        assertThat(uart.irq()).isTrue();
        assertThat(uart.takeRise()).as("a new edge for the next byte").isTrue();
        assertThat(uart.read(DATA)).isEqualTo('b');
        assertThat(uart.irq()).isFalse();
        assertThat(uart.read(LSR) & 1).isZero();
        assertThat(uart.read(DATA)).isZero();
    }

    @Test
    void nothingTypedIsLostAndArrivesInFifoFuls() {
        uart.write(FCR, 0x01);
        uart.write(IER, 0x01);
        String text = "0123456789abcdefghijklmnopqrstuvwxyz".repeat(50);
        type(text);
        StringBuilder got = new StringBuilder();
        int edges = 0;
        while ((uart.read(LSR) & 1) != 0) {
            edges += uart.takeRise() ? 1 : 0;
            got.append((char) uart.read(DATA));
        }
        assertThat(got).hasToString(text);
        assertThat(edges).isEqualTo((text.length() + 15) / 16);
    }

    @Test
    void belowTheTriggerItIsATimeout() {
        uart.write(FCR, 0x81); // trigger at 8
        uart.write(IER, 0x01);
        type("1234567");
        assertThat(uart.irq()).isTrue();
        assertThat(uart.read(IIR)).isEqualTo(0xCC);
        uart.write(FCR, 0x83);
        assertThat(uart.read(IIR)).as("reset of the receiver").isEqualTo(0xC1);
        type("12345678");
        assertThat(uart.read(IIR)).isEqualTo(0xC4);
        uart.read(DATA);
        assertThat(uart.read(IIR)).isEqualTo(0xCC);
    }

    @Test
    void thrEmptyInterruptComesWhenEnabledAndAfterEachWrite() {
        uart.write(IER, 0x02);
        assertThat(uart.irq()).isTrue();
        assertThat(uart.takeRise()).isTrue();
        assertThat(uart.read(IIR)).isEqualTo(0x02);
        assertThat(uart.irq()).as("reading IIR takes it back").isFalse();
        assertThat(uart.read(IIR)).isEqualTo(0x01);
        uart.write(IER, 0x02);
        assertThat(uart.irq()).as("it was enabled before").isFalse();
        uart.write(DATA, 'x');
        uart.write(DATA, 'y');
        assertThat(uart.irq()).isTrue();
        assertThat(uart.takeRise()).isTrue();
        uart.write(IER, 0);
        assertThat(uart.irq()).isFalse();
    }

    @Test
    void readingIirTakesBackThreOnlyIfItShowedIt() {
        uart.write(IER, 0x03);
        type("a");
        assertThat(uart.read(IIR)).as("data outranks THRE").isEqualTo(0x04);
        uart.read(DATA);
        assertThat(uart.read(IIR)).isEqualTo(0x02);
        assertThat(uart.read(IIR)).isEqualTo(0x01);
    }

    /** drivers/tty/serial/8250/8250_port.c, serial8250_do_startup: the THRE test must not find a UART_BUG_THRE. */
    @Test
    void passesLinuxThreTest() {
        uart.write(IER, 0x02);
        int first = uart.read(IIR);
        uart.write(IER, 0);
        uart.write(IER, 0x02);
        int second = uart.read(IIR);
        uart.write(IER, 0);
        assertThat(first & 1).isZero();
        assertThat(second & 1).isZero();
    }

    /** Same file, autoconfig: loop-back, FIFO probing and size_fifo must say 16550A with 16 bytes. */
    @Test
    void passesLinuxAutoconfig() {
        uart.write(IER, 0);
        assertThat(uart.read(IER) & 0x0F).isZero();
        uart.write(IER, 0x0F);
        assertThat(uart.read(IER) & 0x0F).isEqualTo(0x0F);
        uart.write(IER, 0);
        uart.write(MCR, 0x1A);
        assertThat(uart.read(MSR) & 0xF0).isEqualTo(0x90);
        uart.write(MCR, 0x0B);
        uart.write(FCR, 0x01);
        assertThat(uart.read(IIR) >> 6).isEqualTo(3);

        uart.write(FCR, 0x07);
        uart.write(MCR, 0x10);
        for (int i = 0; i < 256; i++) {
            uart.write(DATA, i);
        }
        int count = 0;
        while ((uart.read(LSR) & 1) != 0) {
            assertThat(uart.read(DATA)).isEqualTo(count);
            count++;
        }
        assertThat(count).isEqualTo(16);
        assertThat(console).isEmpty();
    }

    @Test
    void loopBackOverrunsAndReportsOnce() {
        uart.write(MCR, 0x10);
        uart.write(DATA, 1);
        uart.write(DATA, 2);
        assertThat(uart.read(LSR)).isEqualTo(0x63);
        assertThat(uart.read(LSR)).isEqualTo(0x61);
        assertThat(uart.read(DATA)).as("without FIFO the new byte wins").isEqualTo(2);
    }

    @Test
    void inputWaitsForTheEndOfLoopBack() {
        uart.write(MCR, 0x10);
        type("k");
        assertThat(uart.read(LSR) & 1).isZero();
        uart.write(MCR, 0x0B);
        assertThat(uart.read(DATA)).isEqualTo('k');
    }

    @Test
    void modemStatusFollowsLoopBackAndKeepsChanges() {
        assertThat(uart.read(MSR)).isEqualTo(0xB0);
        uart.write(IER, 0x08);
        uart.write(MCR, 0x1F);
        assertThat(uart.irq()).as("the OUT2 pin is off in loop-back").isFalse();
        assertThat(uart.read(MSR)).as("RI came on").isEqualTo(0xF0);
        uart.write(MCR, 0x0B);
        assertThat(uart.irq()).isTrue();
        assertThat(uart.read(IIR)).isZero();
        assertThat(uart.read(MSR)).as("trailing edge of RI").isEqualTo(0xB4);
        assertThat(uart.irq()).isFalse();
    }

    @Test
    void out2GatesTheInterrupt() {
        uart.write(MCR, 0x03);
        uart.write(IER, 0x02);
        assertThat(uart.read(MCR)).isEqualTo(0x03);
        assertThat(uart.irq()).isFalse();
        uart.write(MCR, 0x0B);
        assertThat(uart.irq()).isTrue();
    }

    @Test
    void toggleOfFifoEnableDropsWhatIsInThere() {
        type("a");
        uart.write(FCR, 0x01);
        assertThat(uart.read(LSR) & 1).isZero();
    }

    @Test
    void stateComesBackInTheMiddleOfInput() {
        uart.write(FCR, 0x01);
        uart.write(IER, 0x03);
        type("the quick brown fox jumps");
        uart.read(DATA);
        StateWriter w = new StateWriter();
        uart.save(w);
        Uart copy = new Uart();
        StateReader r = new StateReader(w.toByteArray());
        copy.load(r);
        r.end();
        StateWriter again = new StateWriter();
        copy.save(again);
        assertThat(again.toByteArray()).isEqualTo(w.toByteArray());
        StringBuilder rest = new StringBuilder();
        while ((copy.read(LSR) & 1) != 0) {
            rest.append((char) copy.read(DATA));
        }
        assertThat(rest).hasToString("he quick brown fox jumps");
    }
}
