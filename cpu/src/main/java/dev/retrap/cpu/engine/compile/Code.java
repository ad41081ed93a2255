package dev.retrap.cpu.engine.compile;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.memory.InlineAccess;
import dev.retrap.cpu.memory.Mmu;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.BooleanSupplier;

/**
 * The method being written: where the guest's state is in local variables, and how to get at operands. Outside long mode
 * ({@link #narrow}) general registers and {@code flagRes} are {@code int}, in it {@code long}.
 */
final class Code {
    /** Local variables. A, B, R and their long counterparts are scratch within an instruction. */
    static final int THIS = 0, CPU = 1, LEFT = 2, EXTRA = 3, AT = 4, AUX = 5, RES = 6, READ_TAGS = 8, WRITE_TAGS = 9,
            READ_PAGES = 10, WRITE_PAGES = 11, MMU = 12, A = 13, B = 14, R = 15, LA = 16, LB = 18, LR = 20,
            ADDRESS = 22, TARGET = 24, FAULT = 26;
    /** Operands of the last comparison or subtraction, from which a branch can be decided without the flags. */
    static final int CMP_A = 27, CMP_B = 28, CMP_LA = 29, CMP_LB = 31;
    static final int LINE_TAGS = 33;
    private static final int REGS = 34;

    static final ClassDesc CD_CPU = desc(Cpu.class), CD_REGION = desc(Region.class), CD_FAULT = desc(Fault.class),
            CD_FLAGS = desc(Flags.class), CD_MMU = desc(Mmu.class), CD_ACCESS = desc(InlineAccess.class),
            CD_TAGS = CD_long.arrayType(), CD_PAGES = ClassDesc.ofDescriptor("[[B");
    private static final MethodTypeDesc CHECK = MethodTypeDesc.of(CD_long, CD_int, CD_long, CD_int);

    final CodeBuilder k;
    final Plan plan;
    final boolean narrow;
    /** What is known of the arithmetic flags here. */
    Known flags = Known.NOTHING;
    /** Context bits that the code depends on. */
    int contextUsed = Plan.always();
    /** The kind of address that {@link #update} has left in ADDRESS. */
    private boolean narrowAddress;

    Code(CodeBuilder k, Plan plan) {
        this.k = k;
        this.plan = plan;
        narrow = !plan.longMode();
    }

    static ClassDesc desc(Class<?> c) {
        return c.describeConstable().orElseThrow();
    }

    int registers() {
        return narrow ? 8 : 16;
    }

    private int local(int n) {
        return narrow ? REGS + n : REGS + 2 * n;
    }

    // ---------------------------------------------------------------- registers: values on the JVM stack

    /** The local variable of a register as it is, int or long. */
    void raw(int n) {
        if (narrow) {
            k.iload(local(n));
        } else {
            k.lload(local(n));
        }
    }

    void setRaw(int n) {
        if (narrow) {
            k.istore(local(n));
        } else {
            k.lstore(local(n));
        }
    }

    /** Pushes an int whose low {@code bits} are those of the register, or for 64 a long. */
    void reg(int bits, int n) {
        if (bits == 64) {
            k.lload(local(n));
        } else if (bits == 8 && n >= 16) {
            reg(32, n - 16);
            k.bipush(8).iushr();
        } else if (narrow) {
            k.iload(local(n));
        } else {
            k.lload(local(n)).l2i();
        }
    }

    /** Pops what {@link #reg} pushes. */
    void setReg(int bits, int n) {
        switch (bits) {
            case 64 -> k.lstore(local(n));
            case 32 -> {
                if (!narrow) {
                    zeroExtend();
                }
                setRaw(n);
            }
            case 16 -> insert("low16", n);
            default -> insert(n < 16 ? "low8" : "high8", n & 15);
        }
    }

    private void insert(String part, int n) {
        raw(n);
        ClassDesc type = narrow ? CD_int : CD_long;
        k.invokestatic(CD_REGION, part, MethodTypeDesc.of(type, CD_int, type));
        setRaw(n);
    }

    /** int to long, without sign. */
    void zeroExtend() {
        k.i2l().loadConstant(0xFFFFFFFFL).land();
    }

    void constant(int bits, long v) {
        if (bits == 64) {
            k.loadConstant(v);
        } else {
            k.loadConstant((int) v);
        }
    }

    void load(int bits, int a, int la) {
        if (bits == 64) {
            k.lload(la);
        } else {
            k.iload(a);
        }
    }

    void store(int bits, int a, int la) {
        if (bits == 64) {
            k.lstore(la);
        } else {
            k.istore(a);
        }
    }

    void dup(int bits) {
        if (bits == 64) {
            k.dup2();
        } else {
            k.dup();
        }
    }

    /** Calls a static function. */
    void call(Class<?> owner, String name, Class<?> result, Class<?>... parameters) {
        ClassDesc[] types = new ClassDesc[parameters.length];
        for (int n = 0; n < types.length; n++) {
            types[n] = desc(parameters[n]);
        }
        k.invokestatic(desc(owner), name, MethodTypeDesc.of(desc(result), types));
    }

    // ---------------------------------------------------------------- flags

    /** Pops an int result into flagRes. */
    void setRes() {
        if (narrow) {
            k.istore(RES);
        } else {
            k.i2l().lstore(RES);
        }
    }

    /** Pops a result of {@code bits} into flagRes. */
    void setRes(int bits) {
        if (bits == 64) {
            k.lstore(RES);
        } else {
            setRes();
        }
    }

    /** Pushes flagRes as a long. */
    void res() {
        if (narrow) {
            k.iload(RES).i2l();
        } else {
            k.lload(RES);
        }
    }

    /** Pushes an int that compares with zero as flagRes does. */
    void resSign() {
        if (narrow) {
            k.iload(RES);
        } else {
            k.lload(RES).lconst_0().lcmp();
        }
    }

    // ---------------------------------------------------------------- memory

    /** True if this instruction's address can be computed here. */
    static boolean addressable(Insn i, Plan plan) {
        return !i.mem() || i.addrSize == 32 || i.addrSize == 64;
    }

    /** Pushes the effective address as the registers' type. */
    void address(Insn i) {
        boolean any = false;
        if (i.base >= 0) {
            raw(i.base);
            any = true;
        }
        if (i.index >= 0) {
            raw(i.index);
            if (i.scale > 0) {
                k.loadConstant((int) i.scale);
                shiftLeft();
            }
            if (any) {
                add();
            }
            any = true;
        }
        if (i.disp != 0 || !any) {
            if (narrow) {
                k.loadConstant((int) i.disp);
            } else {
                k.loadConstant(i.disp);
            }
            if (any) {
                add();
            }
        }
        if (!narrow && i.addrSize == 32) {
            k.loadConstant(0xFFFFFFFFL).land();
        }
    }

    private void add() {
        if (narrow) {
            k.iadd();
        } else {
            k.ladd();
        }
    }

    private void shiftLeft() {
        if (narrow) {
            k.ishl();
        } else {
            k.lshl();
        }
    }

    /** Pushes the stack pointer plus an offset. */
    void stack(int offset) {
        offsetFrom(4, offset);
    }

    /** Pushes a register plus an offset, as an address on the stack. */
    void offsetFrom(int register, int offset) {
        raw(register);
        if (offset != 0) {
            if (narrow) {
                k.loadConstant(offset);
            } else {
                k.loadConstant((long) offset);
            }
            add();
        }
        if (!narrow && !plan.code64()) {
            k.loadConstant(0xFFFFFFFFL).land();
        }
    }

    void moveStack(int offset) {
        stack(offset);
        setRaw(4);
    }

    /** What pushes an effective address. */
    interface Address {
        void push();
    }

    /** Pushes a linear address after the segment's check; true if it is an int. */
    boolean linear(int seg, int size, boolean write, Address ea) {
        if (plan.flat(seg, write)) {
            contextUsed |= Plan.flatBit(seg, write);
            ea.push();
            return narrow;
        }
        k.aload(CPU).loadConstant(seg);
        ea.push();
        if (narrow) {
            zeroExtend();
        }
        k.loadConstant(size).invokevirtual(CD_CPU, write ? "writable" : "readable", CHECK);
        return false;
    }

    private void readSide() {
        k.aload(MMU).aload(READ_TAGS).aload(READ_PAGES);
    }

    private void writeSide() {
        k.aload(MMU).aload(WRITE_TAGS).aload(WRITE_PAGES);
    }

    private static ClassDesc value(int bits) {
        return bits == 64 ? CD_long : CD_int;
    }

    private void access(String what, int bits, boolean narrowLinear) {
        ClassDesc la = narrowLinear ? CD_int : CD_long;
        k.invokestatic(CD_ACCESS, what + bits, MethodTypeDesc.of(value(bits), CD_MMU, CD_TAGS, CD_PAGES, la));
    }

    /** Stores a value at a linear address, each pushed by what is given. */
    private void store(int bits, BooleanSupplier la, Address value) {
        k.aload(MMU).aload(plan.footprint() ? LINE_TAGS : WRITE_TAGS).aload(WRITE_PAGES);
        ClassDesc type = la.getAsBoolean() ? CD_int : CD_long;
        value.push();
        k.invokestatic(CD_ACCESS, (plan.footprint() ? "noted" : "store") + bits,
                MethodTypeDesc.of(CD_void, CD_MMU, CD_TAGS, CD_PAGES, type, value(bits)));
    }

    /** Pushes the memory operand: 8 and 16 bits zero-extended. */
    void load(Insn i, int bits) {
        loadAt(i.seg, bits, () -> address(i));
    }

    void loadAt(int seg, int bits, Address ea) {
        readSide();
        access("load", bits, linear(seg, bits >> 3, false, ea));
    }

    /** Stores what {@code value} pushes. */
    void store(Insn i, int bits, Address value) {
        storeAt(i.seg, bits, () -> address(i), value);
    }

    void storeAt(int seg, int bits, Address ea, Address value) {
        store(bits, () -> linear(seg, bits >> 3, true, ea), value);
    }

    /** Pushes the memory operand of a read-modify-write; {@link #store} it with {@link #updated}. */
    void update(Insn i, int bits) {
        narrowAddress = linear(i.seg, bits >> 3, true, () -> address(i));
        if (narrowAddress) {
            k.istore(ADDRESS);
        } else {
            k.lstore(ADDRESS);
        }
        writeSide();
        updateAddress();
        access("update", bits, narrowAddress);
    }

    private boolean updateAddress() {
        if (narrowAddress) {
            k.iload(ADDRESS);
        } else {
            k.lload(ADDRESS);
        }
        return narrowAddress;
    }

    /** Stores R or LR where {@link #update} read. */
    void updated(int bits) {
        store(bits, this::updateAddress, () -> load(bits, R, LR));
    }

    /** Pushes operand {@code position}, memory or register. */
    void operand(Insn i, int position, int bits) {
        if (i.memAt == position) {
            load(i, bits);
        } else {
            reg(bits, i.reg(position));
        }
    }

    /** Checks that a push of {@code bits} would succeed. */
    void checkPush(int bits) {
        int size = bits >> 3;
        k.aload(MMU);
        if (linear(Seg.SS, size, true, () -> stack(-size))) {
            zeroExtend();
        }
        k.loadConstant(size).invokevirtual(CD_MMU, "checkWrite", MethodTypeDesc.of(CD_void, CD_long, CD_int));
    }

    /** Pushes a value on the guest's stack and moves the pointer. */
    void push(int bits, Address value) {
        int size = bits >> 3;
        storeAt(Seg.SS, bits, () -> stack(-size), value);
        moveStack(-size);
    }

    /** Pushes 1 if a condition on flags of unknown origin holds. */
    void condition(int cc) {
        k.loadConstant(cc);
        res();
        k.iload(AUX).invokestatic(CD_REGION, "condition", MethodTypeDesc.of(CD_boolean, CD_int, CD_long, CD_int));
    }
}
