package dev.retrap.cpu.engine;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Decoder;
import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.FormEncoder;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.InstructionTable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;

/** Slots of random encodings of one mode: of forms with any prefixes and operands, with memory at hand, and bytes. */
final class FuzzCode {
    static final int SLOTS = 64, SLOT = 64;
    /** Slots lie in two pages, and one across both. */
    static final int AT = 0x10C13, PAGES = 2;
    private static final int FILLED = SLOT - 17;

    private static final List<Form> FORMS = InstructionTable.forms().stream().filter(f -> f != Form.UNDEFINED).toList();

    private final byte[] bytes = new byte[SLOTS * SLOT];
    private final BitSet starts = new BitSet();
    private final List<Integer> offsets = new ArrayList<>();

    FuzzCode(CpuModel model, CodeMode mode, RandomGenerator random) {
        var encoder = new FormEncoder(random);
        var scratch = new byte[32];
        boolean amd = model.behaviour().nearBranchHonours66();
        for (int n = 0; n < SLOTS; n++) {
            int at = 0;
            while (at < FILLED) {
                random.nextBytes(scratch);
                int kind = random.nextInt(8);
                if (kind != 0) {
                    int modrm = encoder.encode(FORMS.get(random.nextInt(FORMS.size())), mode, scratch) - 1;
                    if (kind > 2 && mode != CodeMode.CODE16 && (scratch[modrm] & 0xC0) != 0xC0) {
                        // [base + small displacement]
                        scratch[modrm] = (byte) (0x40 | scratch[modrm] & 0x38 | new int[] {3, 5, 6, 7}[random.nextInt(4)]);
                    }
                }
                Insn i = Decoder.decode(mode, amd, scratch, 0, 15, 0);
                starts.set(n * SLOT + at);
                offsets.add(n * SLOT + at);
                System.arraycopy(scratch, 0, bytes, n * SLOT + at, i.length);
                at += i.length;
            }
            // int 21h
            bytes[n * SLOT + at] = (byte) 0xCD;
            bytes[n * SLOT + at + 1] = 0x21;
        }
    }

    static int slotAt(int n) {
        return AT + n * SLOT;
    }

    byte[] bytes() {
        return bytes;
    }

    int encodings() {
        return offsets.size();
    }

    /** True if an encoding begins at a linear address. */
    boolean startsAt(long linear) {
        return linear >= AT && linear < AT + bytes.length && starts.get((int) linear - AT);
    }
}
