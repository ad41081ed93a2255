package dev.retrap.trace.check;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.PtRegs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Registers that tracers wrote by PTRACE_SETREGS. A recording does not know processes: whose they are is told by the system
 * call under way whose pt_regs, in the kernel's memory, have become what was written.
 */
final class TracerWrites {
    private static final int MOST = 1024;
    private static final long SETREGS = 13;
    /** Of those that decide whose they are, see {@link #same}. */
    private static final List<String> TELLING = List.of("bx", "cx", "dx", "si", "di", "bp", "ip", "sp");
    /** {@code struct user_regs_struct} of either ABI, up to ss. */
    private static final List<String> USER_32 = PtRegs.Layout.I386.fields();
    private static final List<String> USER_64 = PtRegs.Layout.X86_64.fields();

    /**
     * What a tracer wrote.
     *
     * @param words by the member's number in fields
     */
    record Written(List<String> fields, long[] words) {
        long get(String member) {
            return words[fields.indexOf(member)];
        }
    }

    private final Scene scene;
    /** Calls under way, by where their pt_regs are. */
    private final Map<Long, PtRegs> running = bounded();
    private final Map<Long, Written> written = bounded();

    TracerWrites(Scene scene) {
        this.scene = scene;
    }

    private static <V> Map<Long, V> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, V> eldest) {
                return size() > MOST;
            }
        };
    }

    /** A system call begins. */
    void entered(Event e) {
        e.ptRegs().ifPresent(r -> running.put(r.address(), r));
    }

    /** What was last written to the pt_regs of a call that has ended. */
    Optional<Written> take(PtRegs r) {
        running.remove(r.address());
        return Optional.ofNullable(written.remove(r.address()));
    }

    /** A call of ptrace has ended. */
    void traced(SystemCall c) {
        List<SystemCall.Place> arguments = c.arguments();
        if (c.exit().after(Reg.RAX) != 0 || c.entry().before(arguments.getFirst().reg()) != SETREGS
                || !scene.close(Check.TRACER_EDITS, c)) {
            return;
        }
        List<String> fields = c.wide() ? USER_64 : USER_32;
        Machine m = scene.at(c.entry().position());
        long[] words = words(m, c.entry().before(arguments.get(3).reg()), c.wide() ? 8 : 4, fields.size());
        if (words == null) {
            return;
        }
        Written w = new Written(fields, words);
        m = scene.at(c.exit().position());
        for (PtRegs r : running.values()) {
            long[] now = words(m, r.address(), r.layout().wordBytes(), r.layout().fields().size());
            if (now != null && same(new PtRegs(r.layout(), r.address(), now), w)) {
                written.put(r.address(), w);
                return;
            }
        }
    }

    private static boolean same(PtRegs now, Written w) {
        return TELLING.stream().allMatch(f -> now.get(f) == w.get(f));
    }

    private static long[] words(Machine m, long address, int bytes, int count) {
        long[] words = new long[count];
        for (int i = 0; i < count; i++) {
            Long word = Scene.word(m, address + (long) i * bytes, bytes);
            if (word == null) {
                return null;
            }
            words[i] = word;
        }
        return words;
    }
}
