package dev.retrap.cpu.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link StateWriter} and {@link StateReader}: what goes in comes out, and what is damaged is told apart. */
final class StateTest {
    @Test
    void valuesComeBack() {
        byte[] state = new StateWriter().tag("part/1").u8(0x1FE).u16(0x1_FEDC).u32(-2).u64(Long.MIN_VALUE + 5)
                .bool(true).bool(false).bytes(new byte[] { 1, 2, 3 }).blob(new byte[] { 4, 5 })
                .ints(new int[] { -1, 7 }).longs(new long[] { -1, 1L << 40 }).toByteArray();

        StateReader r = new StateReader(state).tag("part/1");
        assertThat(r.u8()).isEqualTo(0xFE);
        assertThat(r.u16()).isEqualTo(0xFEDC);
        assertThat(r.u32()).isEqualTo(-2);
        assertThat(r.u64()).isEqualTo(Long.MIN_VALUE + 5);
        assertThat(r.bool()).isTrue();
        assertThat(r.bool()).isFalse();
        byte[] three = new byte[3];
        r.bytes(three);
        assertThat(three).containsExactly(1, 2, 3);
        assertThat(r.blob()).containsExactly(4, 5);
        int[] ints = new int[2];
        long[] longs = new long[2];
        r.ints(ints).longs(longs).end();
        assertThat(ints).containsExactly(-1, 7);
        assertThat(longs).containsExactly(-1, 1L << 40);
    }

    @Test
    void valuesAreLittleEndian() {
        assertThat(new StateWriter().u32(0x04030201).u64(0x0C0B0A0908070605L).toByteArray())
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    }

    @Test
    void growsPastItsFirstBuffer() {
        byte[] large = new byte[100_000];
        new Random(1).nextBytes(large);
        StateWriter w = new StateWriter().blob(large).u8(9);
        assertThat(w.size()).isEqualTo(100_005);
        StateReader r = new StateReader(w.toByteArray());
        assertThat(r.blob()).isEqualTo(large);
        assertThat(r.u8()).isEqualTo(9);
        assertThat(r.remaining()).isZero();
    }

    @Test
    void anotherComponentIsNamed() {
        byte[] state = new StateWriter().tag("pit/1").toByteArray();
        assertThatThrownBy(() -> new StateReader(state).tag("pic/1")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("machine state is damaged or of another version: at byte 0: expected component \"pic/1\", "
                        + "found \"pit/1\"");
        assertThatThrownBy(() -> new StateReader(new byte[0]).tag("pic/1")).hasMessageContaining("found no component");
        assertThatThrownBy(() -> new StateReader(new byte[] { 2, 10, 27 }).tag("pic/1"))
                .hasMessageContaining("found \"??\"");
    }

    @Test
    void everyCutIsNoticed() {
        byte[] state = new StateWriter().tag("x/1").u16(1).u64(2).blob(new byte[20]).bool(true).toByteArray();
        for (int length = 0; length < state.length; length++) {
            byte[] cut = Arrays.copyOf(state, length);
            assertThatThrownBy(() -> {
                StateReader r = new StateReader(cut).tag("x/1");
                r.u16();
                r.u64();
                r.blob();
                r.bool();
            }).as("cut to %d bytes", length).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("machine state is damaged");
        }
    }

    @Test
    void rangesAreChecked() {
        assertThatThrownBy(() -> new StateReader(new byte[] { 2 }).bool()).hasMessageContaining("found 2");
        assertThatThrownBy(() -> new StateReader(new byte[] { 8 }).u8UpTo(7)).hasMessageContaining("expected 0..7");
        assertThatThrownBy(() -> new StateReader(new byte[] { -1, -1, -1, -1, 0 }).blob())
                .hasMessageContaining("4294967295 bytes, but only 1 are left");
        assertThatThrownBy(() -> new StateReader(new byte[3]).end()).hasMessageContaining("3 bytes too many");
        assertThatThrownBy(() -> new StateWriter().tag("")).isInstanceOf(IllegalArgumentException.class);
    }
}
