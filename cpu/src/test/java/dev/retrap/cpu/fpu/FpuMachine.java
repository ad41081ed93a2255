package dev.retrap.cpu.fpu;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Registers;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.device.Devices;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Decoder;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.memory.PhysicalMemory;
import java.util.HexFormat;

/** A processor in one of its modes that executes single x87 instructions written in hexadecimal. */
final class FpuMachine {
    static final int RAM = 1 << 20;

    final CpuModel model;
    final Cpu c;

    FpuMachine(String model) {
        this.model = CpuModels.named(model);
        c = new Cpu(this.model, new PhysicalMemory(RAM), new Devices(b -> {}, RAM));
        Registers.multiboot(c, 0, 0, 0);
        c.setControl(c.cr0 | Cpu.CR0_NE | Cpu.CR0_MP, 0, 0, 0);
        c.alone = true;
    }

    FpuMachine() {
        this("p6");
    }

    /** Real mode, CS = DS = ES = SS = 1000h. */
    FpuMachine real() {
        c.setControl(c.cr0 & ~Cpu.CR0_PE, 0, 0, 0);
        for (int s = 0; s < 6; s++) {
            c.sel[s] = 0x1000;
            c.base[s] = 0x10000;
            c.limit[s] = 0xFFFF;
            c.attr[s] &= ~(Seg.DB | Seg.G);
        }
        c.modeChanged();
        return this;
    }

    Insn decode(String hex, long ip) {
        byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
        return Decoder.decode(c.mode(), code, 0, code.length, ip);
    }

    Exec bind(Insn i) {
        return X87.bind(i, model);
    }

    /** Executes at an address. */
    FpuMachine at(long ip, String hex) {
        Insn i = decode(hex, ip);
        c.rip = i.next;
        bind(i).exec(c, i);
        return this;
    }

    FpuMachine run(String... hex) {
        for (String h : hex) {
            at(0x123456 & c.mode().ipMask(), h);
        }
        return this;
    }

    /** The vector of the exception that an instruction raises, or -1. */
    int vector(String hex) {
        try {
            run(hex);
            return -1;
        } catch (Fault f) {
            return f.vector;
        }
    }

    /** True if the slave interrupt controller has a request on IR5. */
    boolean irq13() {
        c.devices.out(0xA0, 1, 0x0A, 0);
        return (c.devices.in(0xA0, 1, 0) & 0x20) != 0;
    }

    String memory(int at, int length) {
        byte[] b = new byte[length];
        for (int n = 0; n < length; n++) {
            b[n] = (byte) c.mmu.load8(at + n);
        }
        return HexFormat.of().formatHex(b);
    }

    void memory(int at, String hex) {
        byte[] b = HexFormat.of().parseHex(hex.replace(" ", ""));
        c.mmu.physicalStore(at, b, 0, b.length);
    }

    boolean code16() {
        return c.mode() == CodeMode.CODE16;
    }
}
