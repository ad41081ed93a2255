package dev.retrap.trace.diff;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.cpu.boot.Segment;
import dev.retrap.cpu.boot.Symbol;
import dev.retrap.cpu.boot.SymbolTable;
import dev.retrap.trace.Event;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The addresses of one recording: where vDSO, stack and kernel lie, so that an address can be said relative to them and
 * compares across recordings in which they lie elsewhere.
 */
final class Space {
    private static final int PAGE = 4096;
    private static final long STACK_BELOW = 8L << 20;
    private static final long STACK_ABOVE = 1L << 16;
    /** Calls looked at for one that comes from outside the program. */
    private static final int LOOK_AT = 1000;

    private final boolean wide;
    private final List<Segment> kernel;
    private final SymbolTable kernelSymbols;
    private final long stack;
    private final long vdso;
    private final long vsyscall;

    private Space(boolean wide, ElfImage kernel, long stack, long vdso, long vsyscall) {
        this.wide = wide;
        this.kernel = kernel.segments();
        this.kernelSymbols = kernel.symbolTable(0);
        this.stack = stack;
        this.vdso = vdso;
        this.vsyscall = vsyscall;
    }

    /** Finds out, moving the timeline to a call through the vDSO if there is one. */
    static Space of(Recording r, Timeline t) {
        ElfImage kernel = ElfImage.parse("kernel", r.bootImage().kernel());
        Optional<ElfImage> program = program(r);
        long stack = 0;
        long page = 0;
        long at = 0;
        int seen = 0;
        for (Event e : r.events()) {
            if (stack == 0 && !e.isEntry() && e.toUser()) {
                stack = e.after(Reg.RSP); // the first thing in user mode is the program's start
            }
            if (e.isSystemCallEntry()) {
                long ip = e.before(Reg.RIP);
                if (program.isPresent() && program.get().segments().stream().noneMatch(s -> inside(s, ip))) {
                    page = ip & -PAGE;
                    at = e.position();
                    break;
                }
                if (++seen == LOOK_AT) {
                    break;
                }
            }
        }
        long vsyscall = page == 0 ? 0 : vsyscall(t, page, at);
        return new Space(program.map(ElfImage::is64).orElse(kernel.is64()), kernel, stack, vsyscall == 0 ? 0 : page,
                vsyscall);
    }

    private static Optional<ElfImage> program(Recording r) {
        try {
            return r.bootImage().modules().stream().findFirst().map(m -> ElfImage.parse(m.name(), m.data()));
        } catch (BadImageException e) {
            return Optional.empty();
        }
    }

    private static boolean inside(Segment s, long address) {
        return Long.compareUnsigned(address - s.virtual(), s.memorySize()) < 0;
    }

    /** Address of {@code __kernel_vsyscall} if an ELF image with that symbol is mapped at a page, else 0. */
    private static long vsyscall(Timeline t, long page, long position) {
        t.seek(position);
        Machine m = t.machine();
        byte[] bytes = new byte[2 * PAGE];
        int n = m.read(page, bytes, 0, bytes.length);
        try {
            ElfImage image = ElfImage.parse("vDSO", Arrays.copyOf(bytes, n));
            long base = image.segments().isEmpty() ? 0 : image.segments().getFirst().virtual();
            return image.symbols().stream()
                    .filter(s -> s.name().equals("__kernel_vsyscall"))
                    .mapToLong(Symbol::address)
                    .map(a -> page + a - base)
                    .findFirst()
                    .orElse(0);
        } catch (BadImageException e) {
            return 0;
        }
    }

    /** Whether the program is a 64-bit one. */
    boolean wide() {
        return wide;
    }

    /** True for an address in the vDSO's code page. */
    boolean inVdso(long address) {
        return vdso != 0 && Long.compareUnsigned(address - vdso, PAGE) < 0;
    }

    /** An address relative to what it lies in, as {@code VS+9}, {@code stack-0x1c} or a kernel symbol; else null. */
    String relative(long value) {
        if (inVdso(value)) {
            return "VS" + signed(value - vsyscall, false);
        }
        if (inStack(value)) {
            return "stack" + signed(value - stack, true);
        }
        if (inKernel(value)) {
            return kernelSymbols.nearest(value).map(Object::toString).orElse(null);
        }
        return null;
    }

    private static String signed(long distance, boolean hex) {
        if (distance == 0) {
            return "";
        }
        String digits = hex ? "0x" + Long.toHexString(Math.abs(distance)) : Long.toString(Math.abs(distance));
        return (distance < 0 ? "-" : "+") + digits;
    }

    /** A value as reports print it: {@code 0xb7fff409 (VS+9)}. */
    String show(long value) {
        String relative = relative(value);
        String hex = "0x" + Long.toHexString(value);
        return relative == null ? hex : hex + " (" + relative + ")";
    }

    /** True if a value of this space means the same as a value of another. */
    boolean same(long value, Space other, long otherValue) {
        if (value == otherValue && plain(value) && other.plain(value)) {
            return true;
        }
        String relative = relative(value);
        String otherRelative = other.relative(otherValue);
        return relative == null || otherRelative == null
                ? relative == null && otherRelative == null && value == otherValue
                : relative.equals(otherRelative);
    }

    /** A hash that is equal for values that are the {@link #same}. */
    long hash(long value) {
        if (plain(value)) {
            return value;
        }
        String relative = relative(value);
        return relative == null ? value : relative.hashCode();
    }

    /** True for a value that is no address in anything that moves. */
    private boolean plain(long value) {
        return !inVdso(value) && !inStack(value) && !inKernel(value);
    }

    private boolean inStack(long value) {
        return stack != 0 && value - stack >= -STACK_BELOW && value - stack < STACK_ABOVE;
    }

    private boolean inKernel(long value) {
        for (Segment s : kernel) {
            if (inside(s, value)) {
                return true;
            }
        }
        return false;
    }
}
