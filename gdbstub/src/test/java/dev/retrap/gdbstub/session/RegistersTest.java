package dev.retrap.gdbstub.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.retrap.cpu.Reg;
import dev.retrap.gdbstub.Guests;
import dev.retrap.trace.HistoryException;
import dev.retrap.trace.Timeline;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistersTest {
    private Timeline timeline;
    private TargetDescription description;
    private Registers registers;

    @BeforeEach
    void boot() throws Exception {
        timeline = Guests.live("v4.4", "hello");
        description = I386Description.of(timeline.recording().config().cpu());
        registers = new Registers(timeline, description);
        timeline.stepForward(30_000);
    }

    @AfterEach
    void close() throws Exception {
        timeline.close();
    }

    @Test
    void descriptionAndRegisterBlockAgree() {
        descriptionAndRegisterBlockAgree(description);
    }

    @Test
    void descriptionAndRegisterBlockAgreeIn64Bits() {
        descriptionAndRegisterBlockAgree(X86_64Description.make());
    }

    private void descriptionAndRegisterBlockAgree(TargetDescription described) {
        Registers ofDescription = new Registers(timeline, described);
        Matcher reg = Pattern.compile(
                        "<reg name=\"([^\"]+)\" bitsize=\"(\\d+)\" type=\"[^\"]+\" regnum=\"(\\d+)\"")
                .matcher(described.xml());
        byte[] block = ofDescription.block();
        int at = 0;
        int count = 0;
        for (; reg.find(); count++) {
            assertThat(reg.group(3)).isEqualTo(Integer.toString(count));
            int bytes = Integer.parseInt(reg.group(2)) / 8;
            assertThat(ofDescription.value(count)).as(reg.group(1)).hasSize(bytes);
            if (count < described.inBlock()) {
                assertThat(ofDescription.value(count)).as(reg.group(1))
                        .isEqualTo(Arrays.copyOfRange(block, at, at + bytes));
                at += bytes;
            }
        }
        assertThat(at).isEqualTo(block.length);
        assertThat(count).isEqualTo(ofDescription.count());
    }

    @Test
    void numbersAreThoseOfTheI386Abi() {
        String[] first = {
            "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip", "eflags", "cs", "ss", "ds", "es", "fs",
            "gs", "st0"
        };
        for (int i = 0; i < first.length; i++) {
            assertThat(registers.register(i).name()).isEqualTo(first[i]);
        }
        ByteBuffer block = ByteBuffer.wrap(registers.block()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(block.getInt(8 * 4)).isEqualTo((int) timeline.machine().get(Reg.RIP));
        assertThat(block.getInt(10 * 4)).isEqualTo((int) timeline.machine().get(Reg.CS));
    }

    @Test
    void writtenRegistersAreReadBack() {
        byte[] block = registers.block();
        block[3 * 4] ^= 0x55;
        registers.writeBlock(block);
        assertThat(registers.block()).isEqualTo(block);
        assertThatThrownBy(() -> registers.write(0, new byte[3])).isInstanceOf(IllegalArgumentException.class);
        timeline.stepBackward(1);
        registers.write(0, registers.value(0));
        byte[] other = registers.value(0);
        other[0]++;
        assertThatThrownBy(() -> registers.write(0, other)).isInstanceOf(HistoryException.class);
    }

    @Test
    void x87RegistersAreWritten() {
        byte[] image = timeline.machine().fxsave();
        try {
            timeline.machine().fxrstor(image);
        } catch (UnsupportedOperationException e) {
            abort(e.getMessage());
        }
        int st1 = registers.numberOf("st1");
        registers.write(st1, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
        assertThat(registers.value(st1)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        int tags = registers.numberOf("ftag");
        registers.write(tags, new byte[] {0, 0, 0, 0});
        assertThat(registers.value(tags)).isNotEqualTo(new byte[] {(byte) 0xff, (byte) 0xff, 0, 0});
    }

    @Test
    void timeIsNotWritten() {
        int position = registers.numberOf("position");
        assertThatThrownBy(() -> registers.write(position, new byte[8])).hasMessageContaining("monitor goto");
        // After another register gdb is putting back what it saved.
        registers.write(0, new byte[] {1, 2, 3, 4});
        registers.write(position, new byte[8]);
        assertThat(timeline.position()).isEqualTo(30_000);
    }

    @Test
    void tagWordIsMadeOfTheAbridgedOneAndTheStack() {
        byte[] fx = new byte[512];
        ByteBuffer image = ByteBuffer.wrap(fx).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(Registers.tagWord(fx)).as("all empty").isEqualTo(0xffff);
        // TOP = 6: ST(0) is physical register 6, ST(1) is 7, ST(2) is 0.
        image.putShort(2, (short) (6 << 11));
        fx[4] = (byte) 0b1100_0001;
        image.putLong(32, 0x8000000000000000L).putShort(40, (short) 0x3fff); // 1.0: valid
        image.putLong(48, 0).putShort(56, (short) 0); // zero
        image.putLong(64, 0x8000000000000000L).putShort(72, (short) 0x7fff); // infinity: special
        assertThat(Registers.tagWord(fx)).isEqualTo(0b01_00_11_11_11_11_11_10);
    }
}
