package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.gdbstub.session.Register.Source;
import dev.retrap.trace.HistoryException;
import dev.retrap.trace.Timeline;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Values of the registers of a {@link TargetDescription} at the timeline's position, in target byte order. */
final class Registers {
    private static final int FX_STATUS = 2;
    private static final int FX_TAGS = 4;
    private static final int FX_STACK = 32;

    private final Timeline timeline;
    private final Supplier<Context> context;
    private final List<Register> registers;
    private final List<Register> inBlock;
    private final int blockBytes;
    private final List<Integer> expedited;
    /** Position at which a register was last written, -1 for none; one for all threads. */
    private final long[] writtenAt;

    Registers(Timeline timeline, TargetDescription description) {
        this(timeline, description, () -> new Context.Processor(timeline, timeline.machine()));
    }

    /**
     * Registers of a thread.
     *
     * @param context where their values are, asked at each use
     */
    Registers(Timeline timeline, TargetDescription description, Supplier<Context> context) {
        this.writtenAt = new long[] {-1};
        this.context = context;
        this.timeline = timeline;
        this.registers = description.registers();
        this.inBlock = registers.subList(0, description.inBlock());
        this.expedited = description.expedited().stream().map(this::numberOf).toList();
        this.blockBytes = inBlock.stream().mapToInt(Register::bytes).sum();
    }

    /** The same registers with values from elsewhere. */
    Registers of(Supplier<Context> other) {
        return new Registers(this, other);
    }

    private Registers(Registers same, Supplier<Context> context) {
        this.context = context;
        this.timeline = same.timeline;
        this.registers = same.registers;
        this.inBlock = same.inBlock;
        this.expedited = same.expedited;
        this.blockBytes = same.blockBytes;
        this.writtenAt = same.writtenAt;
    }

    /** A register of the processor, described or not. */
    long get(Reg reg) {
        return context.get().get(reg);
    }

    /** Number of the system call that the thread is in, -1 for none. */
    long origAx() {
        return context.get().origAx();
    }

    int count() {
        return registers.size();
    }

    /** Numbers of those that go along with every stop. */
    List<Integer> expedited() {
        return expedited;
    }

    Register register(int number) {
        return registers.get(number);
    }

    /** Number of the register of that name. */
    int numberOf(String name) {
        for (int i = 0; i < registers.size(); i++) {
            if (registers.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no register " + name);
    }

    /** Those of the block, one after the other: the reply to {@code g}. */
    byte[] block() {
        byte[] block = new byte[blockBytes];
        Context now = context.get();
        byte[] fx = now.fxsave();
        int at = 0;
        for (Register r : inBlock) {
            at = put(r, now, fx, block, at);
        }
        return block;
    }

    /** One. */
    byte[] value(int number) {
        Register r = registers.get(number);
        byte[] value = new byte[r.bytes()];
        Context now = context.get();
        put(r, now, usesFx(r) ? now.fxsave() : null, value, 0);
        return value;
    }

    /**
     * The value of one as a number, zero-extended; of a wider one, the low 64 bits.
     *
     * @param machine a machine at some position of the timeline
     */
    long scalar(Register r, Machine machine) {
        return scalar(r, machine, new Context.Processor(timeline, machine));
    }

    private long scalar(Register r, Machine machine, Context from) {
        return switch (r.source()) {
            case Source.Cpu(Reg reg) -> from.get(reg);
            case Source.Fx(int offset, int length) -> little(from.fxsave(), offset, Math.min(length, 8));
            case Source.TagWord _ -> tagWord(from.fxsave());
            case Source.OrigAx _ -> from.origAx();
            case Source.TimeStamp _ -> machine.get(Reg.TSC);
            case Source.Position _ -> machine.position();
            case Source.NextEvent _ -> timeline.recording().firstEventFrom(machine.position());
        };
    }

    private static boolean usesFx(Register r) {
        return r.source() instanceof Source.Fx || r.source() instanceof Source.TagWord;
    }

    private int put(Register r, Context from, byte[] fx, byte[] into, int at) {
        switch (r.source()) {
            case Source.Fx(int offset, int length) -> System.arraycopy(fx, offset, into, at, length);
            case Source.TagWord _ -> putLittle(tagWord(fx), r.bytes(), into, at);
            case Source.Cpu _, Source.OrigAx _, Source.TimeStamp _, Source.Position _, Source.NextEvent _ ->
                    putLittle(scalar(r, timeline.machine(), from), r.bytes(), into, at);
        }
        return at + r.bytes();
    }

    private static void putLittle(long value, int bytes, byte[] into, int at) {
        for (int i = 0; i < bytes; i++) {
            into[at + i] = i < 8 ? (byte) (value >>> 8 * i) : 0;
        }
    }

    private static long little(byte[] from, int at, int bytes) {
        long value = 0;
        for (int i = Math.min(bytes, 8) - 1; i >= 0; i--) {
            value = value << 8 | from[at + i] & 0xff;
        }
        return value;
    }

    // ---- sources ------------------------------------------------------------------------------------------------

    /**
     * The full tag word (SDM vol. 1, 8.1.7 and table 10-2): 0 valid, 1 zero, 2 special, 3 empty. The abridged one has a
     * set bit for every physical register that is not empty; the image has the registers in stack order.
     */
    static long tagWord(byte[] fx) {
        int top = (int) little(fx, FX_STATUS, 2) >> 11 & 7;
        int abridged = fx[FX_TAGS] & 0xff;
        int tags = 0;
        for (int physical = 0; physical < 8; physical++) {
            int tag = 3;
            if ((abridged >> physical & 1) != 0) {
                tag = tag(fx, FX_STACK + 16 * (physical - top & 7));
            }
            tags |= tag << 2 * physical;
        }
        return tags;
    }

    private static int tag(byte[] fx, int at) {
        long significand = little(fx, at, 8);
        long exponent = little(fx, at + 8, 2) & 0x7fff;
        if (exponent == 0) {
            return significand == 0 ? 1 : 2;
        }
        return exponent == 0x7fff || significand >= 0 ? 2 : 0;
    }

    // ---- writing ------------------------------------------------------------------------------------------------

    /**
     * Writes one register. To write the value that it has is no change, allowed anywhere.
     *
     * @throws HistoryException anywhere but at the live head
     * @throws IllegalArgumentException if it cannot be written, or not with so many bytes
     */
    void write(int number, byte[] value) {
        Register r = registers.get(number);
        if (value.length != r.bytes()) {
            throw new IllegalArgumentException(
                    "%s has %d bytes, %d sent".formatted(r.name(), r.bytes(), value.length));
        }
        if (Arrays.equals(value, value(number))) {
            return;
        }
        if (!context.get().isProcessor() && !(r.source() instanceof Source.OrigAx)) {
            throw new IllegalArgumentException(r.name() + " cannot be written while the CPU is in the kernel");
        }
        switch (r.source()) {
            case Source.Cpu(Reg reg) -> {
                timeline.writeRegister(reg, little(value, 0, value.length));
                writtenAt[0] = timeline.position();
            }
            case Source.Fx(int offset, int length) -> {
                byte[] fx = timeline.machine().fxsave().clone();
                System.arraycopy(value, 0, fx, offset, length);
                timeline.writeFx(fx);
            }
            case Source.TagWord _ -> {
                byte[] fx = timeline.machine().fxsave().clone();
                fx[FX_TAGS] = (byte) abridged(little(value, 0, 2));
                timeline.writeFx(fx);
            }
            case Source.OrigAx _ -> {
                // gdb writes -1 with every change of the program counter, against system call restarts. Those are the
                // guest kernel's business here.
            }
            case Source.TimeStamp _, Source.Position _, Source.NextEvent _ -> {
                // After a call of a function in the guest gdb puts all registers back. Time does not go back by that.
                if (writtenAt[0] != timeline.position()) {
                    throw new IllegalArgumentException(r.name() + " cannot be written; to move, use \"monitor goto\"");
                }
            }
        }
    }

    private static int abridged(long tagWord) {
        int tags = 0;
        for (int i = 0; i < 8; i++) {
            tags |= (tagWord >> 2 * i & 3) == 3 ? 0 : 1 << i;
        }
        return tags;
    }

    /** Writes those registers of a {@code G} block that differ from what they are. */
    void writeBlock(byte[] block) {
        if (block.length > blockBytes) {
            throw new IllegalArgumentException("%d bytes of registers, %d sent".formatted(blockBytes, block.length));
        }
        byte[] now = block();
        int at = 0;
        for (int i = 0; i < inBlock.size(); i++) {
            int end = at + inBlock.get(i).bytes();
            if (end > block.length) {
                break;
            }
            if (!Arrays.equals(now, at, end, block, at, end)) {
                write(i, Arrays.copyOfRange(block, at, end));
            }
            at = end;
        }
    }
}
