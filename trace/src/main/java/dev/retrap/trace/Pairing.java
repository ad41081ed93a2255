package dev.retrap.trace;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;

/**
 * Finds for each exit the entry that it ends, while events happen. Entries are kept open until their exit comes; those
 * whose exit never comes (a call that ends its task) are forgotten in time.
 *
 * <p>An IRET ends the entry whose frame the stack pointer stands at: the frame that a gate pushed, or the one in the
 * {@code pt_regs} that a probe saw; if there is none, the latest from the privilege that it returns to, unless that is
 * known to lie on another stack. Another exit ends the entry whose {@code pt_regs} the exit decision was taken on, or
 * else the latest from the privilege that it returns to.
 */
final class Pairing {
    private static final int MAX_OPEN = 256;
    private static final int RSP = Reg.RSP.ordinal();
    private static final int CPL = Reg.CPL.ordinal();
    /** Size and alignment of a kernel stack, THREAD_SIZE on i386. */
    private static final long STACK_BYTES = 8192;

    /** Words that are kept of an open entry. */
    private static final int NUMBER = 0, POSITION = 1, CYCLES = 2, NESTED_STEPS = 3, NESTED_CYCLES = 4, FRAME = 5,
            PT_REGS = 6, CALL = 7, DEPTH = 8, FROM_USER = 9, WORDS = 10;

    /** The open entries one behind the other, the latest last. */
    private final long[] entries = new long[MAX_OPEN * WORDS];
    /** Index behind the latest. */
    private int open;
    private long decided;

    /** After {@link #exit}: number of the entry that it ends, -1 if none. */
    long entry;
    /** After {@link #exit} with an entry: steps from the entry. */
    long steps;
    /** ... those of nested entries among them. */
    long nestedSteps;
    /** ... and modelled cycles. */
    long spentCycles;
    /** ... those of nested entries among them. */
    long nestedCycles;
    /** ... how many entries were open around it. */
    int entryDepth;
    /** After an entry, or an exit with an entry: the entry's system call number, -1 if it is none. */
    long call;

    /** An entry; the number of entries open around it. */
    int entry(long event, Crossing c) {
        if (open == entries.length) {
            drop(0, open / 2);
        }
        long[] e = entries;
        int i = open;
        open = i + WORDS;
        boolean user = c.before[CPL] == 3;
        e[i + NUMBER] = event;
        e[i + POSITION] = c.position;
        e[i + CYCLES] = c.cycles;
        e[i + NESTED_STEPS] = 0;
        e[i + NESTED_CYCLES] = 0;
        e[i + FRAME] = pushesFrame(c.kind) ? c.after[RSP] : 0;
        e[i + PT_REGS] = 0;
        e[i + FROM_USER] = user ? 1 : 0;
        call = user && Event.isSystemCall(c.kind, c.vector) ? c.before[Reg.RAX.ordinal()] & 0xffff_ffffL : -1;
        e[i + CALL] = call;
        long depth = user || i == 0 ? 0 : e[i + DEPTH - WORDS] + 1;
        e[i + DEPTH] = depth;
        return (int) depth;
    }

    private static boolean pushesFrame(Crossing.Kind kind) {
        return kind != Crossing.Kind.SYSENTER && kind != Crossing.Kind.SYSCALL;
    }

    /** The latest entry's {@code pt_regs} have been seen; where the return address lies in them. Number, -1 if none. */
    long handler(long address, long returnAddress) {
        if (open == 0) {
            return -1;
        }
        int i = open - WORDS;
        entries[i + PT_REGS] = address;
        entries[i + FRAME] = returnAddress;
        return entries[i + NUMBER];
    }

    /** The exit is being decided on these {@code pt_regs}; number of the entry that they belong to, -1 if none. */
    long decision(long address, long returnAddress) {
        decided = address;
        for (int i = open - WORDS; i >= 0; i -= WORDS) {
            if (entries[i + PT_REGS] == address) {
                return entries[i + NUMBER];
            }
        }
        // The handler was not called, as after an unreadable argument; or nobody entered, as in a new task.
        return open > 0 && entries[open - WORDS + PT_REGS] == 0 && entries[open - WORDS + FRAME] == 0
                ? handler(address, returnAddress) : -1;
    }

    /** An exit, after which so many cycles have passed; the result is in the fields. */
    void exit(Crossing c, long cyclesAfter) {
        int i = find(c);
        decided = 0;
        if (i < 0) {
            entry = -1;
            entryDepth = 0;
            call = -1;
            return;
        }
        long[] e = entries;
        entry = e[i + NUMBER];
        steps = c.position - e[i + POSITION];
        nestedSteps = e[i + NESTED_STEPS];
        nestedCycles = e[i + NESTED_CYCLES];
        spentCycles = c.cycles - e[i + CYCLES];
        entryDepth = (int) e[i + DEPTH];
        call = e[i + CALL];
        if (i > 0 && entryDepth > 0) {
            e[i - WORDS + NESTED_STEPS] += steps + 1; // its delivery is a step as well
            e[i - WORDS + NESTED_CYCLES] += cyclesAfter - e[i + CYCLES];
        }
        int end = i + WORDS;
        while (end < open && e[end + FROM_USER] == 0) {
            end += WORDS; // left without an exit of their own
        }
        drop(i, end);
    }

    private int find(Crossing c) {
        boolean toUser = c.after[CPL] == 3;
        return c.kind == Crossing.Kind.IRET ? findFrame(c.before[RSP], toUser) : findDecided(toUser);
    }

    private int findFrame(long sp, boolean toUser) {
        int likely = -1;
        for (int i = open - WORDS; i >= 0; i -= WORDS) {
            long frame = entries[i + FRAME];
            if (frame != 0 && sp - frame >= 0 && sp - frame <= 8) {
                return i; // an error code of 4 or 8 bytes may have been in between
            }
            // A frame of the kernel's own may have been moved: debug and nmi do so for SYSENTER's first instruction.
            boolean maybe = frame == 0 || (sp ^ frame) < STACK_BYTES || !toUser;
            if (likely < 0 && entries[i + FROM_USER] == 1 == toUser && maybe) {
                likely = i;
            }
        }
        // From another stack, as to a 16-bit one (espfix): the decision tells. Else the first return of a new task.
        return likely < 0 && decided != 0 && toUser ? open(decided) : likely;
    }

    /** Where the entry of these pt_regs is, negative if nowhere. */
    private int open(long ptRegs) {
        int i = open - WORDS;
        while (i >= 0 && entries[i + PT_REGS] != ptRegs) {
            i -= WORDS;
        }
        return i;
    }

    private int findDecided(boolean toUser) {
        int likely = -1;
        for (int i = open - WORDS; i >= 0; i -= WORDS) {
            if (decided != 0 && entries[i + PT_REGS] == decided) {
                return i;
            }
            boolean maybe = decided == 0 || entries[i + PT_REGS] == 0;
            if (likely < 0 && entries[i + FROM_USER] == 1 == toUser && maybe) {
                likely = i;
            }
        }
        return likely; // none: the first return of a new task
    }

    private void drop(int from, int to) {
        if (to < open) {
            System.arraycopy(entries, to, entries, from, open - to);
        }
        open -= to - from;
    }
}
