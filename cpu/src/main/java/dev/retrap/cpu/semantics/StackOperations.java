package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of PUSH, POP, PUSHA, POPA, PUSHF, POPF, ENTER, LEAVE. */
final class StackOperations {
    private static final int VM_AND_RF = Flags.VM | Flags.RF;

    private StackOperations() {}

    static Exec bind(Op op, Insn i) {
        return switch (op) {
            case PUSH -> push(i);
            case POP -> pop(i);
            case PUSHA -> StackOperations::pusha;
            case POPA -> StackOperations::popa;
            case PUSHF -> StackOperations::pushf;
            case POPF -> StackOperations::popf;
            case ENTER -> StackOperations::enter;
            case LEAVE -> switch (i.opSize) {
                case 32 -> StackOperations::leave32;
                default -> StackOperations::leave;
            };
            default -> null;
        };
    }

    // ---------------------------------------------------------------- PUSH, POP

    private static Exec push(Insn i) {
        if (i.mem()) {
            return switch (i.opSize) {
                case 16 -> (c, x) -> c.push16(c.ld16(x.seg, c.ea(x)));
                case 32 -> (c, x) -> c.push32(c.ld32(x.seg, c.ea(x)));
                default -> (c, x) -> c.push64(c.ld64(x.seg, c.ea(x)));
            };
        }
        boolean register = i.r0 >= 0;
        return switch (i.opSize) {
            case 16 -> register ? (c, x) -> c.push16((int) c.r[x.r0]) : (c, x) -> c.push16((int) x.imm);
            case 32 -> register ? (c, x) -> c.push32((int) c.r[x.r0]) : (c, x) -> c.push32((int) x.imm);
            default -> register ? (c, x) -> c.push64(c.r[x.r0]) : (c, x) -> c.push64(x.imm);
        };
    }

    private static Exec pop(Insn i) {
        if (i.mem()) {
            return StackOperations::popMem;
        }
        return switch (i.opSize) {
            case 16 -> StackOperations::pop16;
            case 32 -> StackOperations::pop32;
            default -> StackOperations::pop64;
        };
    }

    private static void pop16(Cpu c, Insn i) {
        int v = c.ld16(Seg.SS, c.sp());
        c.sp(c.r[4] + 2);
        c.r16(i.r0, v);
    }

    private static void pop32(Cpu c, Insn i) {
        int v = c.ld32(Seg.SS, c.sp());
        c.sp(c.r[4] + 4);
        c.r[i.r0] = v & 0xFFFFFFFFL;
    }

    private static void pop64(Cpu c, Insn i) {
        long v = c.ld64(Seg.SS, c.sp());
        c.sp(c.r[4] + 8);
        c.r[i.r0] = v;
    }

    private static void popMem(Cpu c, Insn i) {
        int bits = i.opSize;
        long v = c.peek(bits, 0);
        long old = c.r[4];
        // A destination addressed by the stack pointer is the one after the increment.
        c.sp(old + (bits >> 3));
        long popped = c.r[4];
        long ea = c.ea(i);
        c.r[4] = old;
        Operands.store(c, i.seg, ea, bits, v);
        c.r[4] = popped;
    }

    /** Makes sure that {@code count} pushes will succeed. */
    private static void checkPushes(Cpu c, int size, int count) {
        for (int k = 1; k <= count; k++) {
            long la = c.writable(Seg.SS, c.r[4] - (long) k * size & c.stackMask(), size);
            c.mmu.checkWrite(la, size);
        }
    }

    private static void pusha(Cpu c, Insn i) {
        int bits = i.opSize;
        int size = bits >> 3;
        checkPushes(c, size, 8);
        long sp = c.r[4];
        for (int n = 0; n < 8; n++) {
            Operands.store(c, Seg.SS, sp - (n + 1L) * size & c.stackMask(), bits, c.r[n]);
        }
        c.sp(sp - 8L * size);
    }

    private static void popa(Cpu c, Insn i) {
        int bits = i.opSize;
        int size = bits >> 3;
        // All are read before one is written; the image of SP is read and dropped.
        for (int k = 0; k < 8; k++) {
            c.peek(bits, k * size);
        }
        for (int n = 7; n >= 0; n--) {
            if (n != 4) {
                Operands.setRegister(c, n, bits, c.peek(bits, (7 - n) * size));
            }
        }
        c.sp(c.r[4] + 8L * size);
    }

    // ---------------------------------------------------------------- PUSHF, POPF

    /** In virtual-8086 mode with IOPL below 3: true if the virtual interrupt flag stands in for IF, else #GP(0). */
    private static boolean virtualIf(Cpu c, int bits) {
        if (!c.v86() || c.iopl() == 3) {
            return false;
        }
        if (bits != 16 || (c.cr4 & Cpu.CR4_VME) == 0) {
            throw c.gp(0);
        }
        return true;
    }

    private static void pushf(Cpu c, Insn i) {
        int bits = i.opSize;
        int f = c.eflags();
        if (virtualIf(c, bits)) {
            f = f & ~Flags.IF | Flags.IOPL | ((f & Flags.VIF) != 0 ? Flags.IF : 0);
        }
        c.push(bits, f & ~VM_AND_RF);
    }

    private static void popf(Cpu c, Insn i) {
        int bits = i.opSize;
        boolean virtual = virtualIf(c, bits);
        int f = (int) c.peek(bits, 0);
        int old = c.eflags();
        int mask = Flags.ARITH | Flags.DF | Flags.NT;
        if (virtual) {
            if ((f & Flags.TF) != 0 || (f & Flags.IF) != 0 && (old & Flags.VIP) != 0) {
                throw c.gp(0);
            }
            f = f & ~Flags.VIF | ((f & Flags.IF) != 0 ? Flags.VIF : 0);
            mask |= Flags.VIF;
        } else {
            mask |= Flags.TF;
            if (bits != 16) {
                mask |= Flags.AC | Flags.ID;
            }
            if (c.cpl == 0) {
                mask |= Flags.IOPL;
            }
            if (c.cpl <= c.iopl()) {
                mask |= Flags.IF;
            }
        }
        c.sp(c.r[4] + (bits >> 3));
        c.setEflags(f & mask | old & ~mask & ~Flags.RF);
    }

    // ---------------------------------------------------------------- ENTER, LEAVE

    private static void enter(Cpu c, Insn i) {
        int bits = i.opSize;
        int size = bits >> 3;
        int level = (int) i.imm2 & 31;
        long mask = c.stackMask();
        long sp = c.r[4];
        long bp = c.r[5];
        long frame = sp - size & mask;
        long top = frame - (long) level * size - (i.imm & 0xFFFF);
        // What has been stored when a later access faults stays, below the stack pointer, as on hardware.
        Operands.store(c, Seg.SS, frame, bits, bp);
        for (int k = 1; k < level; k++) {
            long v = Operands.load(c, Seg.SS, bp - (long) k * size & mask, bits);
            Operands.store(c, Seg.SS, frame - (long) k * size & mask, bits, v);
        }
        // On a 16-bit stack the frame pointer still has the upper half of ESP.
        long pointer = mask == 0xFFFFL ? sp & ~0xFFFFL | frame : frame;
        if (level > 0) {
            Operands.store(c, Seg.SS, frame - (long) level * size & mask, bits, pointer);
        }
        // The last word of the new frame must be writable, though nothing is written there.
        c.mmu.checkWrite(c.writable(Seg.SS, top & mask, size), size);
        Operands.setRegister(c, 5, bits, pointer);
        c.sp(top);
    }

    private static void leave(Cpu c, Insn i) {
        int bits = i.opSize;
        long bp = c.r[5];
        long v = Operands.load(c, Seg.SS, bp & c.stackMask(), bits);
        c.sp(bp + (bits >> 3));
        Operands.setRegister(c, 5, bits, v);
    }

    private static void leave32(Cpu c, Insn i) {
        long bp = c.r[5];
        int v = c.ld32(Seg.SS, bp & c.stackMask());
        c.sp(bp + 4);
        c.r[5] = v & 0xFFFFFFFFL;
    }
}
