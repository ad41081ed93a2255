package dev.retrap.cpu.engine;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Decoder;
import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.FormEncoder;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.InstructionTable;
import dev.retrap.cpu.isa.Op;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Random code of one mode: slots of straight code with loops, calls, jumps, memory operands near the data pages or
 * anywhere, stores into code, and faults. Whatever it does it ends nowhere: an exception goes on at some slot.
 */
final class RandomProgram {
    static final int SLOTS = 16, SLOT = 144;
    /** Not at the start of a page: slots lie in three pages, and one instruction or other across two. */
    static final int CODE = 0x10C13;
    static final int CODE_PAGES = 3;
    static final int DATA = 0x20000, DATA_PAGES = 8;
    static final int STACK_TOP = DATA + 0x4000;
    private static final int COUNTERS = DATA + 0x1F00;

    private static final List<Form> INTEGER = new ArrayList<>();
    private static final List<Form> OTHERS = new ArrayList<>();

    static {
        for (Form f : InstructionTable.forms()) {
            if (f.has(Form.BRANCH) || f.has(Form.PRIVILEGED) || f.has(Form.IOPL) || f.has(Form.UD)
                    || f.op() == Op.INVALID || f.op() == Op.HLT || f.encoding().vex()) {
                continue;
            }
            if (f.op().compareTo(Op.LEAVE) <= 0 && f.op().compareTo(Op.ADD) >= 0
                    || f.op().compareTo(Op.CLC) >= 0 && f.op().compareTo(Op.STD) <= 0
                    || f.op().compareTo(Op.MOVS) >= 0 && f.op().compareTo(Op.SCAS) <= 0) {
                INTEGER.add(f);
            } else if (!f.has(Form.STATE)) {
                OTHERS.add(f);
            }
        }
    }

    final CodeMode mode;
    final boolean selfModifying;
    private final CpuModel model;
    private final RandomGenerator random;
    private final FormEncoder encoder;
    private final byte[] scratch = new byte[32];
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    RandomProgram(CpuModel model, CodeMode mode, long seed) {
        this.model = model;
        this.mode = mode;
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        encoder = new FormEncoder(random);
        selfModifying = random.nextInt(3) == 0;
    }

    /** The slots. */
    byte[] code() {
        byte[] all = new byte[SLOTS * SLOT];
        for (int n = 0; n < SLOTS; n++) {
            byte[] slot = slot(n);
            System.arraycopy(slot, 0, all, n * SLOT, slot.length);
        }
        return all;
    }

    static int slotAt(int n) {
        return CODE + n * SLOT;
    }

    private byte[] slot(int n) {
        out.reset();
        pointers();
        int loop = out.size();
        int body = 20 + random.nextInt(60);
        while (out.size() < body) {
            instruction(n);
        }
        int counter = COUNTERS + 4 * n;
        switch (random.nextInt(4)) {
            case 0 -> { }
            case 1 -> {
                // dec ecx; jnz loop, from a small count
                bytes(mode == CodeMode.CODE64 ? new int[] {0xFF, 0xC9} : new int[] {0x49});
                bytes(0x83, 0xE1, 0x3F);
                near(new int[] {0x0F, 0x85}, n, slotAt(n) + loop);
            }
            default -> {
                // sub dword [counter], 1; jnz loop; mov dword [counter], again
                bytes(0x83, mode == CodeMode.CODE64 ? 0x2C : 0x2D);
                if (mode == CodeMode.CODE64) {
                    bytes(0x25);
                }
                word(counter);
                bytes(1);
                near(new int[] {0x0F, 0x80 + (random.nextBoolean() ? 5 : 7)}, n, slotAt(n) + loop);
                bytes(0xC7, mode == CodeMode.CODE64 ? 0x04 : 0x05);
                if (mode == CodeMode.CODE64) {
                    bytes(0x25);
                }
                word(counter);
                word(2 + random.nextInt(random.nextBoolean() ? 10 : 200));
            }
        }
        if (random.nextInt(3) == 0) {
            near(new int[] {0x0F, 0x80 + random.nextInt(16)}, n, anySlot());
        }
        switch (random.nextInt(6)) {
            case 0 -> bytes(0xC3);
            case 1 -> {
                bytes(0xB8);
                word(anySlot());
                bytes(0xFF, random.nextBoolean() ? 0xE0 : 0xD0);
            }
            default -> near(new int[] {0xE9}, n, anySlot());
        }
        return out.toByteArray();
    }

    private int anySlot() {
        return slotAt(random.nextInt(SLOTS));
    }

    private void bytes(int... values) {
        for (int v : values) {
            out.write(v);
        }
    }

    private void word(int v) {
        bytes(v, v >>> 8, v >>> 16, v >>> 24);
    }

    /** A jump or call with a 32-bit displacement. */
    private void near(int[] opcode, int slot, int target) {
        bytes(opcode);
        word(target - (slotAt(slot) + out.size() + 4));
    }

    /** Base registers and the stack pointer to where memory is. */
    private void pointers() {
        for (int r : new int[] {3, 5, 6, 7}) {
            if (random.nextInt(3) > 0) {
                bytes(0xB8 + r);
                word(DATA + random.nextInt(0x1E00));
            }
        }
        if (random.nextInt(3) > 0) {
            bytes(0xBC);
            word(STACK_TOP - 0x100 - 8 * random.nextInt(64));
        }
    }

    private void instruction(int slot) {
        switch (random.nextInt(40)) {
            case 0 -> {
                int r = new int[] {3, 5, 6, 7}[random.nextInt(4)];
                bytes(0xB8 + r);
                word(DATA + random.nextInt(random.nextInt(8) == 0 ? 0x9000 : 0x1E00));
            }
            case 1, 2 -> {
                // A jump over the next instruction, or back.
                bytes(0x70 + random.nextInt(16), 2 + random.nextInt(3));
            }
            case 3 -> near(new int[] {0xE8}, slot, anySlot());
            case 4 -> {
                if (selfModifying) {
                    // mov byte [code], value
                    bytes(0xC6, mode == CodeMode.CODE64 ? 0x04 : 0x05);
                    if (mode == CodeMode.CODE64) {
                        bytes(0x25);
                    }
                    word(CODE + random.nextInt(SLOTS * SLOT));
                    bytes(random.nextBoolean() ? 0x90 : random.nextInt(256));
                }
            }
            case 5 -> few();
            case 6 -> bytes(0xE0 + random.nextInt(4), 1 + random.nextInt(4));
            case 7 -> bytes(0xCC + random.nextInt(2), 3);
            case 8 -> bytes(0x9C);
            case 9 -> {
                if (random.nextInt(4) == 0) {
                    // push flags; popf
                    bytes(0x68);
                    word(random.nextInt() & (random.nextInt(4) == 0 ? 0x40ED5 : 0x8D5));
                    bytes(0x9D);
                }
            }
            case 13 -> fastCall(slot);
            case 10, 11, 12 -> form(OTHERS.get(random.nextInt(OTHERS.size())));
            default -> form(INTEGER.get(random.nextInt(INTEGER.size())));
        }
    }

    /** SYSCALL, or SYSENTER with the way back in EDX and ECX. */
    private void fastCall(int slot) {
        boolean wide = mode == CodeMode.CODE64;
        if (wide && (!model.behaviour().sysenterInLongMode() || random.nextBoolean())) {
            bytes(0x0F, 0x05);
            few();
            return;
        }
        bytes(0xBA);
        word(slotAt(slot) + out.size() + (wide ? 9 : 8));
        if (wide) {
            bytes(0x48);
        }
        bytes(0x89, 0xE1, 0x0F, 0x34);
        few();
    }

    /** mov ecx, few: for the string instructions and LOOP. */
    private void few() {
        bytes(0xB9);
        word(random.nextInt(40));
    }

    private void form(Form f) {
        for (int tries = 0; tries < 10; tries++) {
            random.nextBytes(scratch);
            int n = encoder.encode(f, mode, scratch);
            boolean modrm = f.encoding().modrm();
            if (modrm && (scratch[n - 1] & 0xC0) != 0xC0 && random.nextInt(12) > 0) {
                // [base + small displacement], base one of the pointers
                scratch[n - 1] = (byte) (0x80 | scratch[n - 1] & 0x38 | new int[] {3, 5, 6, 7}[random.nextInt(4)]);
                int at = random.nextInt(random.nextInt(6) == 0 ? 0x1100 : 0x80);
                scratch[n] = (byte) at;
                scratch[n + 1] = (byte) (at >>> 8);
                scratch[n + 2] = 0;
                scratch[n + 3] = 0;
            }
            Insn i = Decoder.decode(mode, model.behaviour().nearBranchHonours66(), scratch, 0, 15, 0);
            boolean alive = i.op != Op.INVALID && i.op != Op.TOO_LONG && i.form.op() == f.op() && !f.has(Form.BRANCH);
            if (alive && (i.op != Op.MOV_TO_SREG && i.op != Op.POP_SREG || random.nextInt(8) == 0)
                    && (i.r0 != 4 || random.nextInt(6) == 0)) {
                out.write(scratch, 0, i.length);
                return;
            }
        }
    }
}
