package dev.retrap.cpu.engine.compile;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Insn;
import java.util.List;

/**
 * A region to compile.
 *
 * @param model processor model, which decides what an encoding means
 * @param mode mode of all its blocks, 32- or 64-bit
 * @param longMode EFER.LMA
 * @param context {@link dev.retrap.cpu.core.Cpu#codeContext} that the code is for
 * @param limit CS limit in bytes, unsigned
 * @param pieces the blocks; execution enters at the first
 */
public record Plan(CpuModel model, CodeMode mode, boolean longMode, int context, int limit, List<Piece> pieces) {
    /** Context bits. */
    private static final int MODE = 7, WIDE_STACK = 8, FLAT_READ = 0x10, FLAT_WRITE = 0x400, FOOTPRINT = 1 << 16;

    /** True if code in a context can be compiled at all. */
    public static boolean compiles(CodeMode mode, int context) {
        return mode != CodeMode.CODE16 && (context & WIDE_STACK) != 0;
    }

    /** True if two contexts are of one mode, in or outside long mode. */
    public static boolean sameMode(int a, int b) {
        return ((a ^ b) & MODE) == 0;
    }

    /** The plan with the first {@code n} blocks only. */
    Plan first(int n) {
        return new Plan(model, mode, longMode, context, limit, pieces.subList(0, n));
    }

    /** An instruction by its number in the region. */
    Insn insn(int at) {
        int n = at;
        for (Piece p : pieces) {
            if (n < p.count()) {
                return p.insns()[n];
            }
            n -= p.count();
        }
        throw new IndexOutOfBoundsException(at);
    }

    /** Its handler. */
    Exec handler(int at) {
        int n = at;
        for (Piece p : pieces) {
            if (n < p.count()) {
                return p.execs()[n];
            }
            n -= p.count();
        }
        throw new IndexOutOfBoundsException(at);
    }

    /** Context bits that all code depends on. */
    static int always() {
        return FOOTPRINT | WIDE_STACK | MODE;
    }

    static int flatBit(int seg, boolean write) {
        return (write ? FLAT_WRITE : FLAT_READ) << seg;
    }

    boolean flat(int seg, boolean write) {
        return (context & flatBit(seg, write)) != 0;
    }

    /** True if a footprint is kept: what is touched must be noted as the interpreter does. */
    boolean footprint() {
        return (context & FOOTPRINT) != 0;
    }

    boolean code64() {
        return mode == CodeMode.CODE64;
    }

    /** True if any 32-bit offset is within CS. */
    boolean fullLimit() {
        return mode == CodeMode.CODE32 && limit == -1;
    }

    /** True if a jump to a fixed offset cannot fault. */
    boolean inCode(long target) {
        return code64() ? target << 16 >> 16 == target
                : Long.compareUnsigned(target, limit & 0xFFFFFFFFL) <= 0;
    }
}
