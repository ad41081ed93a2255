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
    /** Size and alignment of a kernel stack, THREAD_SIZE on i386. */
    private static final long STACK_BYTES = 8192;

    private final long[] number = new long[MAX_OPEN];
    private final long[] position = new long[MAX_OPEN];
    private final long[] cycles = new long[MAX_OPEN];
    private final long[] nestedStepsOf = new long[MAX_OPEN];
    private final long[] nestedCyclesOf = new long[MAX_OPEN];
    private final long[] frame = new long[MAX_OPEN];
    private final long[] ptRegs = new long[MAX_OPEN];
    private final long[] systemCall = new long[MAX_OPEN];
    private final int[] depth = new int[MAX_OPEN];
    private final boolean[] fromUser = new boolean[MAX_OPEN];
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
        if (open == MAX_OPEN) {
            drop(0, MAX_OPEN / 2);
        }
        int i = open++;
        boolean user = c.before[Reg.CPL.ordinal()] == 3;
        number[i] = event;
        position[i] = c.position;
        cycles[i] = c.cycles;
        nestedStepsOf[i] = 0;
        nestedCyclesOf[i] = 0;
        frame[i] = pushesFrame(c.kind) ? c.after[Reg.RSP.ordinal()] : 0;
        ptRegs[i] = 0;
        fromUser[i] = user;
        call = user && Event.isSystemCall(c.kind, c.vector) ? c.before[Reg.RAX.ordinal()] & 0xffff_ffffL : -1;
        systemCall[i] = call;
        depth[i] = user || i == 0 ? 0 : depth[i - 1] + 1;
        return depth[i];
    }

    private static boolean pushesFrame(Crossing.Kind kind) {
        return kind != Crossing.Kind.SYSENTER && kind != Crossing.Kind.SYSCALL;
    }

    /** The latest entry's {@code pt_regs} have been seen; where the return address lies in them. Number, -1 if none. */
    long handler(long address, long returnAddress) {
        if (open == 0) {
            return -1;
        }
        ptRegs[open - 1] = address;
        frame[open - 1] = returnAddress;
        return number[open - 1];
    }

    /** The exit is being decided on these {@code pt_regs}; number of the entry that they belong to, -1 if none. */
    long decision(long address, long returnAddress) {
        decided = address;
        for (int i = open - 1; i >= 0; i--) {
            if (ptRegs[i] == address) {
                return number[i];
            }
        }
        return handler(address, returnAddress); // the handler was not called, as after an unreadable argument
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
        entry = number[i];
        steps = c.position - position[i];
        nestedSteps = nestedStepsOf[i];
        nestedCycles = nestedCyclesOf[i];
        spentCycles = c.cycles - cycles[i];
        entryDepth = depth[i];
        call = systemCall[i];
        if (i > 0 && depth[i] > 0) {
            nestedStepsOf[i - 1] += steps + 1; // its delivery is a step as well
            nestedCyclesOf[i - 1] += cyclesAfter - cycles[i];
        }
        int end = i + 1;
        while (end < open && !fromUser[end]) {
            end++; // left without an exit of their own
        }
        drop(i, end);
    }

    private int find(Crossing c) {
        boolean toUser = c.after[Reg.CPL.ordinal()] == 3;
        return c.kind == Crossing.Kind.IRET ? findFrame(c.before[Reg.RSP.ordinal()], toUser) : findDecided(toUser);
    }

    private int findFrame(long sp, boolean toUser) {
        int likely = -1;
        for (int i = open - 1; i >= 0; i--) {
            if (frame[i] != 0 && sp - frame[i] >= 0 && sp - frame[i] <= 8) {
                return i; // an error code of 4 or 8 bytes may have been in between
            }
            boolean maybe = frame[i] == 0 || (sp ^ frame[i]) < STACK_BYTES;
            if (likely < 0 && fromUser[i] == toUser && maybe) {
                likely = i;
            }
        }
        return likely; // else the first return of a new task
    }

    private int findDecided(boolean toUser) {
        int likely = -1;
        for (int i = open - 1; i >= 0; i--) {
            if (decided != 0 && ptRegs[i] == decided) {
                return i;
            }
            if (likely < 0 && fromUser[i] == toUser) {
                likely = i;
            }
        }
        return likely;
    }

    private void drop(int from, int to) {
        int tail = open - to;
        if (tail > 0) {
            System.arraycopy(number, to, number, from, tail);
            System.arraycopy(position, to, position, from, tail);
            System.arraycopy(cycles, to, cycles, from, tail);
            System.arraycopy(nestedStepsOf, to, nestedStepsOf, from, tail);
            System.arraycopy(nestedCyclesOf, to, nestedCyclesOf, from, tail);
            System.arraycopy(frame, to, frame, from, tail);
            System.arraycopy(ptRegs, to, ptRegs, from, tail);
            System.arraycopy(systemCall, to, systemCall, from, tail);
            System.arraycopy(depth, to, depth, from, tail);
            System.arraycopy(fromUser, to, fromUser, from, tail);
        }
        open -= to - from;
    }
}
