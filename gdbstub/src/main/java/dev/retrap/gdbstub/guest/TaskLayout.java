package dev.retrap.gdbstub.guest;

import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.cpu.boot.Symbol;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a guest kernel keeps its tasks, from its own debugging information: the fixtures' kernel has a ring of
 * {@code struct task_struct} that begins at what {@code init_task} points to.
 *
 * @param wordBytes bytes of the kernel's pointers
 * @param initTask address of the pointer {@code init_task}
 * @param members offsets by structure and member
 */
record TaskLayout(int wordBytes, long initTask, Map<String, Map<String, Integer>> members) {
    private static final String TASK = "task_struct";
    private static final String THREAD = "thread_struct";
    private static final String MM = "mm_struct";
    private static final Map<String, Set<String>> NEEDED = Map.of(
            TASK, Set.of("pid", "tgid", "comm", "mm", "thread", "next", "stack"),
            THREAD, Set.of("sp0", "gs", "tls_array", "fpu", "fpu_loaded"),
            MM, Set.of("pgd", "exe_path"));

    /** The layout of a kernel; empty if it is built in another way, or without debugging information. */
    static Optional<TaskLayout> of(ElfImage kernel) {
        Optional<Long> initTask = kernel.symbols().stream().filter(s -> s.name().equals("init_task"))
                .map(Symbol::address).findFirst();
        return initTask.flatMap(address -> DwarfStructures.of(kernel, NEEDED.keySet())
                .filter(TaskLayout::hasAll)
                .map(found -> new TaskLayout(kernel.is64() ? 8 : 4, address, found)));
    }

    private static boolean hasAll(Map<String, Map<String, Integer>> found) {
        return NEEDED.entrySet().stream().allMatch(e -> found.get(e.getKey()).keySet().containsAll(e.getValue()));
    }

    /** Offset of a member of {@code struct task_struct}. */
    int task(String member) {
        return members.get(TASK).get(member);
    }

    /** The same; -1 if this kernel has none. */
    int taskOrNone(String member) {
        return members.get(TASK).getOrDefault(member, -1);
    }

    /** Offset, in {@code struct task_struct}, of a member of its {@code thread}; -1 if this kernel has none. */
    int thread(String member) {
        Integer offset = members.get(THREAD).get(member);
        return offset == null ? -1 : task("thread") + offset;
    }

    /** Offset of a member of {@code struct mm_struct}; -1 if this kernel has none. */
    int mmOrNone(String member) {
        return members.get(MM).getOrDefault(member, -1);
    }

    /** Offset of a member of {@code struct mm_struct}. */
    int mm(String member) {
        return members.get(MM).get(member);
    }
}
