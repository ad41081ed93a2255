package dev.retrap.trace;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import dev.retrap.trace.Search.InterruptedSearch;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds the call, or the kernel entry, that has not returned yet, going back window by window. Calls and returns belong
 * together by the address of the return address on the stack, entries and exits by nesting.
 */
final class CallSearch implements Queries.Look<Caller> {
    /** How far above the stack pointer the return address may lie. */
    private static final long FRAME_BYTES = 1 << 20;
    /** Likewise in the kernel, whose stacks lie side by side (THREAD_SIZE on i386; half of it on x86-64). */
    private static final long KERNEL_FRAME_BYTES = 8192;

    private enum Kind { CALL, RETURN, ENTRY, EXIT }

    private final long sp;
    private final long reach;
    /** Slots of return addresses that were used later. */
    private final Set<Long> returned = new HashSet<>();
    private int exits;
    private boolean entry;

    private Kind[] kinds = new Kind[1024];
    private long[] slots = new long[1024];
    private long[] positions = new long[1024];
    private long[] ips = new long[1024];
    private int count;

    /** From where a machine stands now. */
    CallSearch(Machine machine) {
        sp = machine.get(Reg.RSP);
        boolean kernel = machine.get(Reg.CPL) == 0;
        reach = kernel ? KERNEL_FRAME_BYTES - (sp & KERNEL_FRAME_BYTES - 1) : FRAME_BYTES;
    }

    /** True if what was found is an entry. */
    boolean wasEntry() {
        return entry;
    }

    private void note(Kind kind, long slot, long position, long ip) {
        if (count == kinds.length) {
            kinds = java.util.Arrays.copyOf(kinds, count * 2);
            slots = java.util.Arrays.copyOf(slots, count * 2);
            positions = java.util.Arrays.copyOf(positions, count * 2);
            ips = java.util.Arrays.copyOf(ips, count * 2);
        }
        kinds[count] = kind;
        slots[count] = slot;
        positions[count] = position;
        ips[count++] = ip;
    }

    @Override
    public Caller at(Steps steps) throws InterruptedSearch {
        count = 0;
        Machine m = steps.machine();
        Crossing.Kind[] crossed = new Crossing.Kind[1];
        m.setObserver(new MachineObserver() {
            @Override
            public void crossing(Crossing c) {
                crossed[0] = c.kind;
            }
        });
        try {
            Map<Long, Op> ops = new HashMap<>();
            while (m.position() < steps.span().end()) {
                long position = m.position();
                long ip = m.linearIp();
                long before = m.get(Reg.RSP);
                Op op = ops.computeIfAbsent(ip, a -> op(m, a));
                crossed[0] = null;
                steps.next();
                if (crossed[0] != null) {
                    note(crossed[0].isEntry() ? Kind.ENTRY : Kind.EXIT, 0, position, ip);
                } else if (op == Op.CALL) {
                    note(Kind.CALL, m.get(Reg.RSP), position, ip);
                } else if (op == Op.RET) {
                    note(Kind.RETURN, before, position, ip);
                }
            }
        } finally {
            m.setObserver(null);
        }
        return backward();
    }

    private static Op op(Machine m, long ip) {
        Insn i = m.decodeAt(ip);
        return i == null ? Op.INVALID : switch (i.op) {
            case CALL, CALL_IND, CALL_FAR, CALL_FAR_IND -> Op.CALL;
            case RET, RETF -> Op.RET;
            default -> Op.NOP;
        };
    }

    private Caller backward() {
        for (int i = count - 1; i >= 0; i--) {
            switch (kinds[i]) {
                case EXIT -> exits++;
                case ENTRY -> {
                    if (exits == 0) {
                        entry = true;
                        return new Caller(positions[i], ips[i], java.util.Optional.empty());
                    }
                    exits--;
                }
                case RETURN -> {
                    if (exits == 0) {
                        returned.add(slots[i]);
                    }
                }
                case CALL -> {
                    long above = slots[i] - sp;
                    if (exits == 0 && !returned.remove(slots[i]) && above >= 0 && above < reach) {
                        return new Caller(positions[i], ips[i], java.util.Optional.empty());
                    }
                }
            }
        }
        return null;
    }
}
