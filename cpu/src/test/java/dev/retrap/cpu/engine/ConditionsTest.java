package dev.retrap.cpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Registers;
import dev.retrap.cpu.device.Devices;
import dev.retrap.cpu.memory.PhysicalMemory;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compiled branches, which compare operands, against flags and condition codes. */
class ConditionsTest {
    private static final int CODE = 0x1000, SPACING = 32;
    /** ADD, SUB, CMP, AND, TEST, SBB, SHR by 1 with eAX, eBX; the byte form is one less, but for the last. */
    private static final int[][] OPERATIONS = {{0x01, 0xD8}, {0x29, 0xD8}, {0x39, 0xD8}, {0x21, 0xD8}, {0x85, 0xD8},
        {0x19, 0xD8}, {0xD1, 0xE8}};
    private static final int[] CORNERS = {0, 1, -1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000};

    private static final class Half {
        final Cpu c;
        final Interpreter engine;

        Half(EngineMode mode) {
            PhysicalMemory memory = new PhysicalMemory(1 << 20);
            c = new Cpu(CpuModels.named("p6"), memory, new Devices(b -> { }, 1 << 20));
            engine = new Interpreter(c, mode, 1);
            Registers.multiboot(c, CODE, 0, 0);
        }

        void load(int at, byte[] code) {
            c.alone = true;
            c.mmu.physicalStore(at, code, 0, code.length);
            c.alone = false;
        }

        String run(int at, int a, int b) {
            c.r32(0, a);
            c.r32(3, b);
            c.r32(1, 0);
            c.r32(7, 0);
            c.rip = at;
            c.setEflags(2);
            engine.run(c.position + 4);
            return String.format("eax %x ecx %x edi %x rip %x flags %x", c.r[0], c.r[1], c.r[7], c.rip, c.eflags());
        }
    }

    @Test
    void branchesAndSetccFollowTheFlags() {
        Half flags = new Half(EngineMode.INTERPRETER);
        Half compiled = new Half(EngineMode.COMPILED_AT_ONCE);
        Random random = new Random(5);
        int at = CODE;
        int programs = 0;
        for (int[] op : OPERATIONS) {
            for (int bits : new int[] {8, 16, 32}) {
                if (bits < 32 && op[0] != 0x39 && op[0] != 0x29 && op[0] != 0x85) {
                    continue;
                }
                for (int cc = 0; cc < 16; cc++, at += SPACING, programs++) {
                    byte[] code = code(op, bits, cc);
                    flags.load(at, code);
                    compiled.load(at, code);
                    for (int n = 0; n < 40; n++) {
                        int a = value(random);
                        int b = random.nextInt(4) == 0 ? a : value(random);
                        assertThat(compiled.run(at, a, b)).as("%02x %d bits cc %d of %x, %x", op[0], bits, cc, a, b)
                                .isEqualTo(flags.run(at, a, b));
                    }
                }
                // The next on a fresh page, which has no code that a load would drop.
                at = (at | 0xFFF) + 1;
            }
        }
        assertThat(compiled.engine.compiledRegions()).isGreaterThan(programs);
    }

    private static int value(Random random) {
        return random.nextBoolean() ? CORNERS[random.nextInt(CORNERS.length)] : random.nextInt();
    }

    /** op; setcc cl; jcc over; inc edi; over: nop; nop; jmp itself */
    private static byte[] code(int[] op, int bits, int cc) {
        int n = 0;
        byte[] code = new byte[SPACING];
        if (bits == 16) {
            code[n++] = 0x66;
        }
        code[n++] = (byte) (op[0] - (bits == 8 ? 1 : 0));
        code[n++] = (byte) op[1];
        for (int v : new int[] {0x0F, 0x90 + cc, 0xC1, 0x70 + cc, 1, 0x47, 0x90, 0x90, 0xEB, 0xFE}) {
            code[n++] = (byte) v;
        }
        return code;
    }
}
