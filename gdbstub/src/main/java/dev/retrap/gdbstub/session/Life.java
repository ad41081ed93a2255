package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.cpu.boot.Symbol;
import dev.retrap.gdbstub.guest.Task;
import dev.retrap.gdbstub.guest.Tasks;
import dev.retrap.trace.Event;
import dev.retrap.trace.Timeline;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * How processes come to be, become other programs, and end, as fork(2), execve(2) and wait(2) tell of it. Beginnings are
 * exits to user mode; the end is where the kernel's {@code do_exit} begins, if it has a symbol of that name.
 */
final class Life {
    /** fork, vfork and clone; execve. */
    private static final Set<Long> FORKS_32 = Set.of(2L, 190L, 120L);
    private static final Set<Long> FORKS_64 = Set.of(57L, 58L, 56L);
    private static final long VFORK_32 = 190;
    private static final long VFORK_64 = 58;
    private static final long CLONE_32 = 120;
    private static final long CLONE_64 = 56;
    private static final long EXECVE_32 = 11;
    private static final long EXECVE_64 = 59;
    private static final long CLONE_VFORK = 0x4000;
    private static final long CLONE_THREAD = 0x10000;
    /** {@code __USER_CS} of 64-bit programs. */
    private static final long USER_CS_64 = 0x33;

    /** What has happened to a process. */
    sealed interface Turn {
        /** It has a child, the guest's number of it. */
        record Forked(long child) implements Turn {}

        /** It has a child that it shares its memory with and waits for. */
        record Vforked(long child) implements Turn {}

        /** It does not wait for that child any more. */
        record VforkDone() implements Turn {}

        /** It runs another program. */
        record Executed() implements Turn {}
    }

    private final Timeline timeline;
    private final Tasks tasks;
    private final OptionalLong end;
    /** Events of the history that may begin something, by position. */
    private final TreeMap<Long, Event> known = new TreeMap<>();
    private long scanned;
    /** The line of history that the known ones are of. */
    private String line = "";

    Life(Timeline timeline, Tasks tasks) {
        this.timeline = timeline;
        this.tasks = tasks;
        this.end = symbol(timeline, "do_exit");
    }

    private static OptionalLong symbol(Timeline timeline, String name) {
        try {
            return ElfImage.parse("kernel", timeline.recording().bootImage().kernel()).symbols().stream()
                    .filter(s -> s.name().equals(name)).mapToLong(Symbol::address).findFirst();
        } catch (BadImageException e) {
            return OptionalLong.empty();
        }
    }

    /** True if an event may be the beginning of something: it is cheap to ask. */
    boolean mayBegin(Event e) {
        return !e.isEntry() && e.toUser()
                && (e.pair() < 0 || FORKS_32.contains(e.systemCall()) || FORKS_64.contains(e.systemCall())
                        || e.systemCall() == EXECVE_32 || e.systemCall() == EXECVE_64);
    }

    /** The first such event at or after a position of the history. */
    Optional<Event> next(long position) {
        if (!timeline.line().equals(line)) {
            line = timeline.line();
            known.clear();
            scanned = 0;
        }
        timeline.eachEvent(scanned, timeline.recording().eventCount(), e -> {
            if (mayBegin(e)) {
                known.put(e.position(), e);
            }
            scanned = e.index() + 1;
        });
        return Optional.ofNullable(known.ceilingEntry(position)).map(Map.Entry::getValue);
    }

    /** What an exit, behind which the machine stands, tells of the task that it goes to; null for nothing. */
    Turn turn(Event exit) {
        if (!mayBegin(exit)) {
            return null;
        }
        Machine machine = timeline.machine();
        if (exit.pair() < 0) {
            // The first of a new task. One that shares its parent's memory runs before the parent comes back.
            Task child = tasks.current(machine).orElse(null);
            Task parent = child == null ? null : tasks.parent(machine, child).orElse(null);
            return parent != null && parent.tgid() != child.tgid() && parent.addressSpace() == child.addressSpace()
                    ? new Turn.Vforked(child.tgid())
                    : null;
        }
        Event entry = timeline.recording().event(exit.pair());
        boolean wide = entry.kind() == Crossing.Kind.SYSCALL && entry.before(Reg.CS) == USER_CS_64;
        long number = exit.systemCall();
        long result = wide ? exit.after(Reg.RAX) : (int) exit.after(Reg.RAX);
        if (number == (wide ? EXECVE_64 : EXECVE_32)) {
            return result == 0 ? new Turn.Executed() : null;
        }
        if (result <= 0 || !(wide ? FORKS_64 : FORKS_32).contains(number)) {
            return null;
        }
        boolean clone = number == (wide ? CLONE_64 : CLONE_32);
        long flags = !clone ? 0 : entry.before(wide ? Reg.RDI : Reg.RBX);
        if ((flags & CLONE_THREAD) != 0) {
            return null;
        }
        boolean waited = number == (wide ? VFORK_64 : VFORK_32) || (flags & CLONE_VFORK) != 0;
        return waited ? new Turn.VforkDone() : new Turn.Forked(result);
    }

    /** Where processes end; empty if the kernel does not say. */
    OptionalLong end() {
        return end;
    }

    /** The process whose last thread a machine is about to end, standing at {@link #end}; 0 if another remains. */
    long ending(Machine machine) {
        Task task = tasks.current(machine).orElse(null);
        return task == null || tasks.all(machine).stream().anyMatch(t -> t.tgid() == task.tgid() && t.pid() != task.pid())
                ? 0
                : task.tgid();
    }

    /** The wait status (wait(2)) that the machine, standing at {@link #end}, ends the process with: its argument. */
    static int status(Machine machine) {
        return (int) machine.get(machine.codeMode().bits() == 64 ? Reg.RDI : Reg.RAX) & 0xffff;
    }
}
