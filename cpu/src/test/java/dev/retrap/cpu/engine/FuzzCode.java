package dev.retrap.cpu.engine;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Decoder;
import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.FormEncoder;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.InstructionTable;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random encodings of one mode, end to end: of forms with any prefixes and operands, with memory at hand, and bytes. */
final class FuzzCode {
    static final int SIZE = 4096;
    /** In two pages. */
    static final int AT = 0x10C13, PAGES = 2;

    private static final List<Form> FORMS = InstructionTable.forms().stream().filter(f -> f != Form.UNDEFINED).toList();

    private final byte[] bytes = new byte[SIZE];
    private final BitSet starts = new BitSet();

    FuzzCode(CpuModel model, CodeMode mode, RandomGenerator random) {
        var encoder = new FormEncoder(random);
        var scratch = new byte[32];
        boolean amd = model.behaviour().nearBranchHonours66();
        for (int at = 0; at < SIZE - Decoder.MAX_LENGTH;) {
            random.nextBytes(scratch);
            int kind = random.nextInt(8);
            if (kind != 0) {
                int modrm = encoder.encode(FORMS.get(random.nextInt(FORMS.size())), mode, scratch) - 1;
                if (kind > 2 && mode != CodeMode.CODE16 && (scratch[modrm] & 0xC0) != 0xC0) {
                    // [base + small displacement]
                    scratch[modrm] = (byte) (0x40 | scratch[modrm] & 0x38 | new int[] {3, 5, 6, 7}[random.nextInt(4)]);
                }
            }
            Insn i = Decoder.decode(mode, amd, scratch, 0, Decoder.MAX_LENGTH, 0);
            starts.set(at);
            System.arraycopy(scratch, 0, bytes, at, i.length);
            at += i.length;
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int encodings() {
        return starts.cardinality();
    }

    /** Offset of the first encoding at or behind an offset, from the beginning again behind the last one. */
    int next(int offset) {
        return Math.max(0, starts.nextSetBit(offset));
    }

    /** Offset of the first encoding that is not in a set of offsets; there is one. */
    int next(BitSet but) {
        int at = next(0);
        while (but.get(at)) {
            at = next(at + 1);
        }
        return at;
    }

    /** True if an encoding begins at a linear address. */
    boolean startsAt(long linear) {
        return linear >= AT && linear < AT + SIZE && starts.get((int) linear - AT);
    }
}
