package dev.retrap.cpu.fpu;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.core.Registers;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.device.Devices;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Decoder;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import dev.retrap.cpu.memory.PhysicalMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The machine's x87 unit, driven like the physical one by {@code x87.c}: one instruction from a given state. */
final class X87Subject {
    /** Where {@code x87.c} has the instruction, and its operand at [rDI]. */
    private static final long IP = 0x10000009L;
    private static final long OPERAND = 0x20000100L;
    private static final int OPERAND_PHYSICAL = 0x1100;
    private static final int CS = 0x33;

    private final CpuModel model = CpuModels.named("zen");
    final Cpu c = new Cpu(model, new PhysicalMemory(1 << 20), new Devices(b -> {}, 1 << 20));
    private byte[] code = {};
    private Insn insn;
    private Exec exec;

    X87Subject() {
        Registers.multiboot(c, 0, 0, 0);
        c.setControl(c.cr0 | Cpu.CR0_NE | Cpu.CR0_MP, 0, 0, 0);
        c.sel[Seg.CS] = CS;
        c.sel[Seg.DS] = 0;
        c.base[Seg.DS] = OPERAND_PHYSICAL - OPERAND;
        c.segmentLoaded(Seg.DS);
        c.r[7] = OPERAND;
        c.alone = true;
    }

    private void bind(byte[] bytes) {
        if (!Arrays.equals(code, bytes)) {
            code = bytes;
            insn = Decoder.decode(CodeMode.CODE32, code, 0, code.length, IP);
            exec = insn.op == Op.INVALID ? null : X87.bind(insn, model);
        }
    }

    X87Outcome run(X87Case x) {
        bind(x.code());
        load(x.bytes());
        c.mmu.physicalStore(OPERAND_PHYSICAL, x.bytes(), X87Case.IMAGE, X87Case.MEMORY);
        c.setArith(x.eflags());
        c.r[0] = x.rax();
        c.rip = insn.next;
        int signal = 0;
        if (exec == null) {
            signal = X87Outcome.UD;
        } else {
            try {
                exec.exec(c, insn);
            } catch (Fault f) {
                signal = f.vector == Fault.MF ? X87Outcome.MF : 100 + f.vector;
            }
        }
        byte[] memory = new byte[X87Case.MEMORY];
        for (int n = 0; n < memory.length; n++) {
            memory[n] = (byte) c.mmu.load8(OPERAND_PHYSICAL + n);
        }
        return X87Outcome.of(image(), memory, signal, c.eflags(), c.r[0]);
    }

    private void load(byte[] image) {
        ByteBuffer v = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        FpuState f = c.fpu;
        FpuImage.load(f, v.getShort(0), v.getShort(4));
        FpuImage.loadTagWord(f, v.getShort(8));
        f.ip = v.getInt(12) & 0xFFFFFFFFL;
        f.cs = v.getShort(16) & 0xFFFF;
        f.opcode = v.getShort(18) & 0x7FF;
        f.dp = v.getInt(20) & 0xFFFFFFFFL;
        f.ds = v.getShort(24) & 0xFFFF;
        for (int n = 0; n < 8; n++) {
            f.significand[f.top + n & 7] = v.getLong(X87Case.REGISTERS + 10 * n);
            f.signExponent[f.top + n & 7] = v.getShort(X87Case.REGISTERS + 10 * n + 8) & 0xFFFF;
        }
    }

    private byte[] image() {
        ByteBuffer v = ByteBuffer.allocate(X87Case.IMAGE).order(ByteOrder.LITTLE_ENDIAN);
        FpuState f = c.fpu;
        v.putShort(0, (short) f.control).putShort(4, (short) FpuImage.statusWord(f));
        v.putShort(8, (short) FpuImage.tagWord(f));
        v.putInt(12, (int) f.ip).putShort(16, (short) f.cs).putShort(18, (short) f.opcode);
        v.putInt(20, (int) f.dp).putShort(24, (short) f.ds);
        for (int n = 0; n < 8; n++) {
            v.putLong(X87Case.REGISTERS + 10 * n, f.significand[f.top + n & 7]);
            v.putShort(X87Case.REGISTERS + 10 * n + 8, (short) f.signExponent[f.top + n & 7]);
        }
        return v.array();
    }
}
