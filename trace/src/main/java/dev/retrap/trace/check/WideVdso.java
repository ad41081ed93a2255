package dev.retrap.trace.check;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.trace.unwind.CallFrameInfo;
import dev.retrap.trace.unwind.UnwindRegisters;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The vDSO of 64-bit programs: functions that a program calls, and that mostly do without the kernel.
 *
 * @param base address of its ELF header
 * @param functions where they are, in ascending order
 * @param cfi its unwind rules, null if it has none that can be read
 */
record WideVdso(long base, List<Long> functions, CallFrameInfo cfi) {
    private static final int PAGE = 4096;
    private static final long AT_SYSINFO_EHDR = 33;
    private static final int MOST_WORDS = 16_384;

    /** That of a program that is about to run its first instruction: its stack tells (x86-64 psABI, 3.4.1). */
    static Optional<WideVdso> of(Machine m) {
        long at = m.get(Reg.RSP) + 8;
        int lists = 2; // argv and envp, each ended by a null
        for (int n = 0; n < MOST_WORDS; n++, at += 8) {
            Long word = Scene.word(m, at, 8);
            if (word == null) {
                return Optional.empty();
            }
            if (lists > 0) {
                lists -= word == 0 ? 1 : 0;
            } else {
                Long value = Scene.word(m, at + 8, 8);
                if (word == 0 || value == null) {
                    return Optional.empty();
                }
                if (word == AT_SYSINFO_EHDR) {
                    return at(m, value);
                }
                at += 8;
            }
        }
        return Optional.empty();
    }

    private static Optional<WideVdso> at(Machine m, long base) {
        byte[] bytes = new byte[2 * PAGE];
        int n = m.read(base, bytes, 0, bytes.length);
        try {
            ElfImage image = ElfImage.parse("vDSO", Arrays.copyOf(bytes, n));
            long bias = image.segments().isEmpty() ? base : base - image.segments().getFirst().virtual();
            List<Long> functions = image.symbols().stream().filter(s -> s.name().startsWith("__vdso_"))
                    .map(s -> s.address() + bias).distinct().sorted().toList();
            return functions.isEmpty() ? Optional.empty()
                    : Optional.of(new WideVdso(base, functions, CallFrameInfo.of(image, bias).orElse(null)));
        } catch (BadImageException e) {
            return Optional.empty();
        }
    }

    boolean contains(long address) {
        return address >= base && address - base < 2L * PAGE;
    }

    /** What the unwind rules say of the caller of the function that the machine is in. */
    Optional<CallFrameInfo.Unwound> caller(Machine m) {
        return cfi == null ? Optional.empty()
                : cfi.unwind(UnwindRegisters.of(m), m.linearIp(), (a, n) -> Scene.word(m, a, n));
    }
}
