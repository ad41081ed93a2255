package dev.retrap.cpu.oracle;

import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.CodeMode;
import java.util.ArrayList;
import java.util.List;

/** One instruction in one state. */
final class TestCase {
    /** Bytes that differ from the batch's memory. */
    record Patch(int address, byte[] bytes) {
        static final int MAX = 16;
    }

    final CodeMode mode;
    /** Number of the test in its run. */
    final long index;
    /** What {@link StateDraw} drew the state from. */
    final long seed;
    /** The instruction, and nothing behind it. */
    final byte[] code;
    /** Linear address of the instruction. */
    final int address;
    final State initial;
    final List<Patch> patches = new ArrayList<>();
    /** The instruction may change the bases of FS and GS without their selectors showing it. */
    boolean bases;

    /**
     * A test with the state that belongs to its number.
     *
     * @param runSeed seed of the run it is part of
     */
    TestCase(CodeMode mode, long runSeed, long index, byte[] code, int address, boolean fx) {
        this.mode = mode;
        this.index = index;
        this.code = code;
        this.address = address;
        seed = Draw.seed(runSeed, index);
        initial = StateDraw.draw(mode, seed, fx);
        initial.ip = (mode == CodeMode.CODE64 ? address : address - Layout.base(initial.seg[Seg.CS])) & 0xFFFFFFFFL;
    }

    /** The state before it was aimed at the instruction. */
    State drawn() {
        State s = StateDraw.draw(mode, seed, initial.fx != null);
        s.ip = initial.ip;
        return s;
    }

    /** The test ends by single-step trap; otherwise by the INT3 that follows the instruction. */
    boolean endsByTrap() {
        return (initial.eflags & Flags.TF) != 0;
    }

    String codeText() {
        var s = new StringBuilder();
        for (byte b : code) {
            s.append(String.format("%02x", b));
        }
        return s.toString();
    }
}
