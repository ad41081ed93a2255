package dev.retrap.trace.unwind;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import java.util.function.ToLongFunction;

/**
 * Registers of a frame by their DWARF numbers (System V ABI, i386 supplement table 2.14; AMD64 supplement figure 3.36).
 * Those of a caller may be unknown.
 */
public final class UnwindRegisters {
    private static final Reg[] I386 = {
        Reg.RAX, Reg.RCX, Reg.RDX, Reg.RBX, Reg.RSP, Reg.RBP, Reg.RSI, Reg.RDI, Reg.RIP
    };
    private static final Reg[] X86_64 = {
        Reg.RAX, Reg.RDX, Reg.RCX, Reg.RBX, Reg.RSI, Reg.RDI, Reg.RBP, Reg.RSP, Reg.R8, Reg.R9, Reg.R10, Reg.R11,
        Reg.R12, Reg.R13, Reg.R14, Reg.R15, Reg.RIP
    };

    private final int wordBytes;
    private final long[] values;
    private final boolean[] known;

    private UnwindRegisters(int wordBytes) {
        this.wordBytes = wordBytes;
        int count = wordBytes == 8 ? X86_64.length : I386.length;
        this.values = new long[count];
        this.known = new boolean[count];
    }

    /** {@return the registers of a machine as it stands} */
    public static UnwindRegisters of(Machine machine) {
        return all(machine.codeMode().bits() == 64 ? 8 : 4, machine::get);
    }

    /** {@return the registers of the context that an entry interrupted} */
    public static UnwindRegisters before(Event entry) {
        // 64-bit code has its own segment; 32-bit code never has anything above bit 31.
        boolean sixtyFour = entry.before(Reg.RIP) >>> 32 != 0 || entry.before(Reg.RSP) >>> 32 != 0;
        return all(sixtyFour ? 8 : 4, entry::before);
    }

    private static UnwindRegisters all(int wordBytes, ToLongFunction<Reg> source) {
        UnwindRegisters r = new UnwindRegisters(wordBytes);
        Reg[] order = wordBytes == 8 ? X86_64 : I386;
        for (int i = 0; i < order.length; i++) {
            r.set(i, source.applyAsLong(order[i]));
        }
        return r;
    }

    /** {@return registers of which only instruction, stack and frame pointer are known}
     * @param wordBytes 4 or 8 */
    public static UnwindRegisters of(int wordBytes, long ip, long sp, long bp) {
        UnwindRegisters r = new UnwindRegisters(wordBytes);
        r.set(r.ipNumber(), ip);
        r.set(r.spNumber(), sp);
        r.set(r.bpNumber(), bp);
        return r;
    }

    /** Registers of this width, none known. */
    UnwindRegisters blank() {
        return new UnwindRegisters(wordBytes);
    }

    /** {@return 4 or 8} */
    public int wordBytes() {
        return wordBytes;
    }

    int count() {
        return values.length;
    }

    int ipNumber() {
        return wordBytes == 8 ? 16 : 8;
    }

    int spNumber() {
        return wordBytes == 8 ? 7 : 4;
    }

    private int bpNumber() {
        return wordBytes == 8 ? 6 : 5;
    }

    boolean isKnown(int number) {
        return number >= 0 && number < values.length && known[number];
    }

    long get(int number) {
        if (!isKnown(number)) {
            throw new BadCallFrameInfo("register " + number + " is not known");
        }
        return values[number];
    }

    void set(int number, long value) {
        if (number >= 0 && number < values.length) {
            values[number] = wordBytes == 8 ? value : value & 0xFFFF_FFFFL;
            known[number] = true;
        }
    }

    /** {@return the instruction pointer, 0 if unknown} */
    public long ip() {
        return values[ipNumber()];
    }

    /** {@return the stack pointer} */
    public long sp() {
        return values[spNumber()];
    }

    /** {@return the frame pointer, 0 if unknown} */
    public long bp() {
        return values[bpNumber()];
    }

    /** {@return a general register by machine name, or null if it is not known} */
    public Long value(Reg reg) {
        Reg[] order = wordBytes == 8 ? X86_64 : I386;
        for (int i = 0; i < order.length; i++) {
            if (order[i] == reg) {
                return known[i] ? values[i] : null;
            }
        }
        return null;
    }
}
