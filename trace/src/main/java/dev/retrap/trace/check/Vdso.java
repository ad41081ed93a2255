package dev.retrap.trace.check;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.cpu.boot.Symbol;
import dev.retrap.trace.unwind.CallFrameInfo;
import java.util.Arrays;
import java.util.Optional;

/**
 * A vDSO as it is mapped.
 *
 * @param base address of its ELF header
 * @param image its file
 * @param bias where it is mapped minus where it is linked for
 * @param vsyscall address of {@code __kernel_vsyscall}
 * @param cfi its unwind rules, null if it has none that can be read
 */
record Vdso(long base, ElfImage image, long bias, long vsyscall, CallFrameInfo cfi) {
    private static final int PAGE = 4096;
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    /** The one that has a code address in it, if {@code __kernel_vsyscall} is a symbol of what is mapped there. */
    static Optional<Vdso> at(Machine m, long address) {
        for (long page = address & -PAGE; page >= (address & -PAGE) - PAGE; page -= PAGE) {
            byte[] bytes = new byte[2 * PAGE];
            int n = m.read(page, bytes, 0, bytes.length);
            if (n < ELF.length || !Arrays.equals(bytes, 0, ELF.length, ELF, 0, ELF.length)) {
                continue;
            }
            try {
                ElfImage image = ElfImage.parse("vDSO", Arrays.copyOf(bytes, n));
                long bias = image.segments().isEmpty() ? page : page - image.segments().getFirst().virtual();
                Optional<Symbol> entry =
                        image.symbols().stream().filter(s -> s.name().equals("__kernel_vsyscall")).findFirst();
                if (entry.isPresent()) {
                    return Optional.of(new Vdso(page, image, bias, entry.get().address() + bias,
                            CallFrameInfo.of(image, bias).orElse(null)));
                }
            } catch (BadImageException e) {
                // Something else that begins like one.
            }
        }
        return Optional.empty();
    }

    /** True for an address in its code. */
    boolean contains(long address) {
        return Long.compareUnsigned(address - base, 2L * PAGE) < 0 && address >= base;
    }

    /** An address as {@code VS+9}. */
    String name(long address) {
        long d = address - vsyscall;
        return d == 0 ? "VS" : "VS" + (d > 0 ? "+" : "") + d;
    }
}
