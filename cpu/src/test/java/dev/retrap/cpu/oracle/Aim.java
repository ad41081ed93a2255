package dev.retrap.cpu.oracle;

import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.Insn;

/**
 * Changes a drawn state so that the instruction has something to do: addresses that mostly exist, counts that end,
 * divisors that mostly fit, selectors that mean something. What is right or wrong is no concern of this class.
 */
final class Aim {
    private static final int[] SELECTORS_32 = {Layout.LDT_DATA, Layout.LDT_READ, Layout.LDT_DOWN32, Layout.LDT_DOWN16,
        Layout.LDT_DATA16, Layout.LDT_STACK16, Layout.LDT_STACK32, Layout.LDT_FLAT_CODE, Layout.LDT_CODE16,
        Layout.LDT_EXECUTE, Layout.LDT_READABLE_CODE, Layout.LDT_ABSENT, Layout.LDT_ABSENT_CODE, Layout.LDT_FLAT,
        Layout.LDT_EXECUTE16, Layout.LDT_READ_DOWN16, Layout.USER_DS, Layout.USER32_CS};
    private static final int[] SELECTORS = {0, 3, 8, 0x10, 0x18, 0x28, 0x2A, Layout.USER32_CS, Layout.USER_DS,
        Layout.USER64_CS, 0x30, 0x40, 0x50, 0x63, 0x7B, 0x83, 0x87, 0x107};
    private static final int SP = 4;
    private static final int BP = 5;
    private static final int SI = 6;
    private static final int DI = 7;

    private final TestCase test;
    private final Insn insn;
    private final EncodingDraw.Encoded encoded;
    private final MemoryImage image;
    private final Draw d;
    private final long[] r;

    Aim(TestCase test, EncodingDraw.Encoded encoded, MemoryImage image, Draw d) {
        this.test = test;
        this.encoded = encoded;
        this.insn = encoded.insn();
        this.image = image;
        this.d = d;
        r = test.initial.gpr;
    }

    /** Changes the test's state, patches and displacement. */
    void aim() {
        if (insn.form == Form.UNDEFINED) {
            return;
        }
        ending();
        stack();
        memory();
        strings();
        operands();
        if (d.percent(3)) {
            // Now and then nothing is as the instruction would like it.
            set(d.below(8), Numbers.integer(d));
        }
        bases();
    }

    /** Kernels and hypervisors do not keep every base in the upper half for user mode. */
    private void bases() {
        boolean writes = switch (insn.op) {
            case WRFSBASE, WRGSBASE -> true;
            default -> false;
        };
        if (writes && insn.opSize == 64 && r[insn.r0] < 0 && r[insn.r0] << 16 >> 16 == r[insn.r0]) {
            set(insn.r0, r[insn.r0] & 0x7FFFFFFFFFFFL);
        }
    }

    /** A repetition cannot be single-stepped to its end, and after MOV SS or POP SS the step comes late. */
    private void ending() {
        boolean repeated = insn.rep != Insn.REP_NONE && (insn.form.has(Form.REP) || insn.form.has(Form.REPE));
        boolean shadow = switch (insn.op) {
            case MOV_TO_SREG, POP_SREG -> insn.r0 == Seg.SS;
            default -> false;
        };
        if (repeated || shadow) {
            test.initial.eflags &= ~Flags.TF;
        }
        test.bases = switch (insn.op) {
            case MOV_TO_SREG, POP_SREG, LFS, LGS, WRFSBASE, WRGSBASE, RDFSBASE, RDGSBASE -> true;
            default -> false;
        };
    }

    /** RSP stays canonical: not every hypervisor can return to user mode otherwise. */
    private void set(int reg, long v) {
        r[reg] = test.mode != CodeMode.CODE64 ? v & 0xFFFFFFFFL : reg == SP ? v << 16 >> 16 : v;
    }

    /** Sets the part of a register that an address of the given size uses, the rest at random. */
    private void setAddress(int reg, long v, int bits) {
        switch (bits) {
            case 64 -> set(reg, v);
            case 32 -> set(reg, d.percent(60) ? v & 0xFFFFFFFFL : v & 0xFFFFFFFFL | d.next() << 32);
            default -> set(reg, d.percent(60) ? v & 0xFFFF : v & 0xFFFF | d.next() & 0xFFFF0000L);
        }
    }

    private long segmentBase(int seg) {
        if (test.mode == CodeMode.CODE64) {
            return seg == Seg.FS ? test.initial.fsBase : seg == Seg.GS ? test.initial.gsBase : 0;
        }
        return Layout.base(test.initial.seg[seg]) & 0xFFFFFFFFL;
    }

    /** A linear address for an operand: mostly inside the window, often at its edges. */
    private long target() {
        int w = Layout.WINDOW.address();
        int page = Layout.PAGE;
        return switch (d.below(20)) {
            case 0 -> w + page * d.between(1, 2) - d.between(1, 20);
            case 1 -> w - d.between(0, 16);
            case 2 -> Layout.READ_ONLY.address() - d.between(0, 16);
            case 3 -> Layout.READ_ONLY.address() + d.below(page - 64);
            case 4 -> Layout.READ_ONLY.end() - d.between(0, 16);
            case 5 -> Layout.CODE.address() + d.below(page);
            case 6, 7, 8, 9, 10, 11, 12 -> w + 16L * d.below(3 * page / 16 - 4);
            default -> w + d.below(3 * page - 64);
        };
    }

    private void memory() {
        if (!insn.mem()) {
            return;
        }
        if (d.percent(3)) {
            return;
        }
        long offset = target() - segmentBase(insn.seg);
        boolean hasBase = insn.base >= 0;
        boolean hasIndex = insn.index >= 0;
        if (insn.form.operands().stream().anyMatch(o -> o.place() == dev.retrap.cpu.isa.Operand.Place.TABLE)) {
            setAddress(insn.base, offset - (r[0] & 0xFF), insn.addrSize);
        } else if (hasBase && hasIndex && insn.base == insn.index) {
            setAddress(insn.base, (offset - insn.disp) / (1 + (1L << insn.scale)), insn.addrSize);
        } else if (hasBase) {
            long index = hasIndex ? r[insn.index] << insn.scale : 0;
            setAddress(insn.base, offset - insn.disp - index, insn.addrSize);
        } else if (hasIndex) {
            setAddress(insn.index, offset - insn.disp >> insn.scale, insn.addrSize);
        } else if (encoded.dispAt() >= 0) {
            long disp = insn.ripRelative ? offset - insn.next : offset;
            MemoryImage.put(test.code, encoded.dispAt(), disp, encoded.dispSize());
        } else if (insn.form.operands().stream().anyMatch(o -> o.place() == dev.retrap.cpu.isa.Operand.Place.OFFSET)) {
            MemoryImage.put(test.code, insn.length - insn.addrSize / 8, offset, insn.addrSize / 8);
        }
    }

    /** Linear address of the memory operand as the registers now have it. */
    private long linear() {
        long disp = insn.disp;
        if (encoded.dispAt() >= 0 && insn.base < 0 && insn.index < 0) {
            long raw = 0;
            for (int i = 0; i < encoded.dispSize(); i++) {
                raw |= (test.code[encoded.dispAt() + i] & 0xFFL) << 8 * i;
            }
            raw = encoded.dispSize() == 4 ? (int) raw : raw;
            disp = insn.ripRelative ? raw + insn.next : raw;
        }
        long ea = disp + (insn.base >= 0 ? r[insn.base] : 0) + (insn.index >= 0 ? r[insn.index] << insn.scale : 0);
        ea = insn.addrSize == 64 ? ea : insn.addrSize == 32 ? ea & 0xFFFFFFFFL : ea & 0xFFFF;
        long la = segmentBase(insn.seg) + ea;
        return test.mode == CodeMode.CODE64 ? la : la & 0xFFFFFFFFL;
    }

    private boolean patch(long linear, long value, int size) {
        var bytes = new byte[size];
        MemoryImage.put(bytes, 0, value, size);
        if (Layout.dataOffset(linear) < 0 || Layout.dataOffset(linear + size - 1) < 0
                || Layout.READ_ONLY.holds(linear) || Layout.READ_ONLY.holds(linear + size - 1)) {
            return false;
        }
        for (TestCase.Patch p : test.patches) {
            if (linear < p.address() + p.bytes().length && p.address() < linear + size) {
                return false;
            }
        }
        return test.patches.add(new TestCase.Patch((int) linear, bytes));
    }

    private long stackLinear() {
        return Layout.base(test.mode == CodeMode.CODE64 ? 0 : test.initial.seg[Seg.SS]) + (stack16() ? r[SP] & 0xFFFF : r[SP]);
    }

    private boolean stack16() {
        return test.mode != CodeMode.CODE64 && test.initial.seg[Seg.SS] == Layout.LDT_STACK16;
    }

    private void stack() {
        boolean uses = switch (insn.op) {
            case PUSH, POP, PUSHA, POPA, PUSHF, POPF, PUSH_SREG, POP_SREG, ENTER, LEAVE, CALL, CALL_IND, CALL_FAR,
                    CALL_FAR_IND, RET, RETF, IRET -> true;
            default -> false;
        };
        if (!uses) {
            return;
        }
        long sp = r[SP];
        if (d.percent(25)) {
            long base = sp - (stack16() ? sp & 0xFFFF : sp) + Layout.STACK.address() - (Layout.base(
                    test.mode == CodeMode.CODE64 ? 0 : test.initial.seg[Seg.SS]));
            sp = base + d.pick(0, 0, Layout.PAGE, 2 * Layout.PAGE) + d.between(-12, 12);
            set(SP, sp);
        }
        if (d.percent(85)) {
            set(BP, r[SP] + d.between(-64, 64) * (d.percent(80) ? 8L : 1L));
        }
        switch (insn.op) {
            case POPF -> patch(stackLinear(), flags(), 4);
            case POP_SREG -> patch(stackLinear(), selector(false), 2);
            case RET -> patch(stackLinear(), branchTarget(), insn.opSize / 8);
            case RETF -> {
                int size = insn.opSize / 8;
                patch(stackLinear(), branchTarget(), size);
                patch(stackLinear() + size, selector(true), size);
                patch(stackLinear() + 2L * size + insn.imm, r[SP], size);
                patch(stackLinear() + 3L * size + insn.imm, test.initial.seg[Seg.SS], size);
            }
            case IRET -> {
                int size = insn.opSize / 8;
                patch(stackLinear(), branchTarget(), size);
                patch(stackLinear() + size, selector(true), size);
                patch(stackLinear() + 2L * size, flags(), size);
                patch(stackLinear() + 3L * size, r[SP] + d.between(-8, 8) * 8L, size);
                patch(stackLinear() + 4L * size, d.percent(85) ? test.initial.seg[Seg.SS] : selector(false), size);
            }
            default -> { }
        }
    }

    private int flags() {
        int f = (int) d.next() & (Flags.ARITH | Flags.DF | Flags.IF) | 2;
        for (int rare : new int[] {Flags.TF, Flags.IOPL, Flags.NT, Flags.RF, Flags.AC, Flags.ID, Flags.VIF, Flags.VIP}) {
            f |= d.percent(12) ? (int) d.next() & rare : 0;
        }
        return d.percent(2) ? f | Flags.VM : f;
    }

    private int selector(boolean code) {
        if (d.percent(4)) {
            return d.below(0x10000);
        }
        boolean legacy = test.mode != CodeMode.CODE64;
        if (code && d.percent(60)) {
            return test.initial.seg[Seg.CS];
        }
        return legacy && d.percent(75) ? d.pick(SELECTORS_32) : d.pick(SELECTORS);
    }

    private long branchTarget() {
        return switch (d.below(6)) {
            case 0 -> Numbers.integer(d);
            case 1 -> test.initial.ip + d.between(-200, 200);
            case 2 -> d.below(0x10000);
            case 3 -> 0x00007FFFFFFFFFFFL + d.between(-3, 3);
            case 4 -> d.next() & 0xFFFFFFFFL;
            default -> Layout.CODE.address() + d.below(0x2000);
        };
    }

    private void strings() {
        boolean source = false;
        boolean destination = false;
        for (var o : insn.form.operands()) {
            source |= o.place() == dev.retrap.cpu.isa.Operand.Place.STRING_SOURCE;
            destination |= o.place() == dev.retrap.cpu.isa.Operand.Place.STRING_DESTINATION;
        }
        boolean masked = switch (insn.op) {
            case MASKMOVQ, MASKMOVDQU -> true;
            default -> false;
        };
        if (source) {
            setAddress(SI, target() - segmentBase(insn.seg), insn.addrSize);
        }
        if (destination || masked) {
            long base = masked ? segmentBase(insn.seg) : test.mode == CodeMode.CODE64 ? 0 : segmentBase(Seg.ES);
            setAddress(DI, target() - base, insn.addrSize);
        }
        if (source && destination && d.percent(10)) {
            set(DI, r[SI] + d.between(-9, 9));
        }
        if (insn.rep != Insn.REP_NONE && (source || destination)) {
            setAddress(1, d.percent(15) ? 0 : d.percent(85) ? d.between(1, 9) : d.between(10, 80), insn.addrSize);
        }
        if (insn.form.has(Form.REPE) && d.percent(40)) {
            // Something to be equal to.
            long at = destination && !source ? r[DI] : r[SI];
            long v = d.percent(50) ? 0 : d.next();
            patch(at, v, 8);
            patch(r[DI], v, 8);
            set(0, d.percent(50) ? v : r[0]);
        }
    }

    private void operands() {
        switch (insn.op) {
            case LOOP, LOOPE, LOOPNE, JCXZ -> {
                if (d.percent(70)) {
                    setAddress(1, d.below(3), insn.addrSize);
                }
            }
            case JMP_IND, CALL_IND -> {
                if (insn.mem()) {
                    patch(linear(), branchTarget(), insn.opSize / 8);
                } else if (d.percent(70)) {
                    set(insn.r0, branchTarget());
                }
            }
            case DIV, IDIV -> divide();
            case CMPXCHG -> compareExchange();
            case CMPXCHG8B, CMPXCHG16B -> {
                if (d.percent(60)) {
                    int half = insn.op == dev.retrap.cpu.isa.Op.CMPXCHG8B ? 4 : 8;
                    set(0, image.read(linear(), half));
                    set(2, image.read(linear() + half, half));
                }
            }
            case BT, BTS, BTR, BTC -> {
                if (insn.mem() && insn.r1 >= 0 && insn.r1 != insn.base && insn.r1 != insn.index && d.percent(80)) {
                    set(insn.r1, d.between(-2000, 2000));
                }
            }
            case SHL, SHR, SAR, ROL, ROR, RCL, RCR, SHLD, SHRD -> {
                if (usesCl() && d.percent(60)) {
                    r[1] = r[1] & ~0xFFL | d.below(70);
                }
            }
            case MOV_TO_SREG, LAR, LSL, VERR, VERW, ARPL -> selectorOperand();
            case LDS, LES, LSS, LFS, LGS, JMP_FAR_IND, CALL_FAR_IND -> farPointer();
            case JMP_FAR, CALL_FAR -> MemoryImage.put(test.code, insn.length - 2, selector(true), 2);
            case BOUND -> {
                int size = insn.opSize / 8;
                long v = r[insn.r0];
                patch(linear(), v - d.between(-1, 3), size);
                patch(linear() + size, v + d.between(-1, 3), size);
            }
            case FXRSTOR -> patch(linear() + State.FX_MXCSR, d.percent(90) ? d.next() & 0xFFFF : d.next(), 4);
            case LDMXCSR -> patch(linear(), d.percent(90) ? d.next() & 0xFFFF : d.next(), 4);
            default -> { }
        }
    }

    private boolean usesCl() {
        return insn.form.operands().stream().anyMatch(o -> o.text().equals("CL"));
    }

    private void divide() {
        if (d.percent(25)) {
            return;
        }
        boolean signed = insn.op == dev.retrap.cpu.isa.Op.IDIV;
        if (insn.opSize == 8) {
            int al = (int) r[0] & 0xFF;
            long ah = signed ? (d.percent(50) ? (byte) al >> 7 : d.between(-9, 9)) : d.below(12);
            set(0, r[0] & ~0xFF00L | (ah & 0xFF) << 8);
        } else {
            long sign = insn.opSize == 64 ? r[0] >> 63 : insn.opSize == 32 ? (int) r[0] >> 31 : (short) r[0] >> 15;
            set(2, d.percent(50) ? (signed ? sign : 0) : signed ? d.between(-9, 9) : d.below(100));
        }
    }

    private void compareExchange() {
        if (d.percent(50)) {
            return;
        }
        if (insn.mem()) {
            set(0, image.read(linear(), Math.max(insn.opSize / 8, 1)));
        } else if (insn.opSize == 8 && insn.r0 >= 16) {
            set(0, r[0] & ~0xFFL | r[insn.r0 - 16] >> 8 & 0xFF);
        } else {
            set(0, r[insn.r0]);
        }
    }

    private void selectorOperand() {
        int at = switch (insn.op) {
            case VERR, VERW -> 0;
            case ARPL -> d.below(2);
            default -> 1;
        };
        int s = selector(false);
        if (insn.memAt == at) {
            patch(linear(), s, 2);
        } else if (d.percent(90) && insn.reg(at) >= 0) {
            int reg = insn.reg(at);
            set(reg, r[reg] & ~0xFFFFL | s);
        }
    }

    private void farPointer() {
        boolean code = switch (insn.op) {
            case JMP_FAR_IND, CALL_FAR_IND -> true;
            default -> false;
        };
        int size = insn.opSize / 8;
        // Makers differ in whether REX.W widens the offset: a selector behind either.
        if (size == 8) {
            size = 4;
        }
        patch(linear(), code ? branchTarget() : Numbers.integer(d), size);
        patch(linear() + size, selector(code), 2);
        if (insn.opSize == 64) {
            patch(linear() + 8, selector(code), 2);
        }
    }
}
