package dev.retrap.gdbstub.guest;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.Arrival;
import dev.retrap.trace.Event;
import dev.retrap.trace.Timeline;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * The user program of a guest, as it was when its first instruction was about to run.
 *
 * @param start position of that instruction
 * @param longMode whether the processor is in long mode then, in 64-bit or compatibility mode
 * @param wordBytes bytes of the program's pointers: 4 or 8
 * @param stackPointer its stack pointer
 * @param arguments argv, as the kernel put it on the stack
 * @param auxv auxiliary vector, its bytes in memory; empty if the stack held none
 * @param vdso the vDSO, if the kernel announced one
 */
public record GuestProgram(
        long start, boolean longMode, int wordBytes, long stackPointer, List<String> arguments, byte[] auxv, Optional<Vdso> vdso) {
    /** The process id that the stub gives to the program. */
    public static final long PID = 1;

    /** Path under which the kernel image is served. */
    public static final String KERNEL_PATH = "/boot/vmlinux";
    /** Path under which the vDSO image is served. */
    public static final String VDSO_PATH = "/vdso/linux-gate.so.1";

    private static final long EFER_LMA = 1 << 10;
    private static final int HEADER_BYTES = 4096;
    private static final long LARGEST_VDSO = 1 << 20;

    /**
     * The vDSO in memory.
     *
     * @param base linear address of its ELF header (AT_SYSINFO_EHDR)
     * @param image its ELF image
     * @param dynamic linear address of its dynamic section
     */
    public record Vdso(long base, byte[] image, long dynamic) {}

    /**
     * Finds the program in a timeline: goes to the first passage to user mode and reads the stack there. Comes back to
     * the position it was called at.
     *
     * @return empty if the guest has not come to user mode yet, or never does
     */
    public static Optional<GuestProgram> find(Timeline timeline) {
        Optional<Event> entry = timeline.recording().findForward(timeline.start(), Event::toUser);
        if (entry.isEmpty() || entry.get().position() >= timeline.end()) {
            return Optional.empty();
        }
        long back = timeline.position();
        long start = entry.get().position() + 1;
        arriveAt(timeline, start);
        try {
            return Optional.of(read(timeline.machine(), start));
        } finally {
            arriveAt(timeline, back);
        }
    }

    /** Seeks whatever interrupts: callers rely on the position. */
    private static void arriveAt(Timeline timeline, long position) {
        while (timeline.position() != position && timeline.seek(position) instanceof Arrival.Interrupted) {
            // The interrupt is for the request that we are part of, which has to leave things as they were.
        }
    }

    private static GuestProgram read(Machine machine, long start) {
        GuestMemory memory = new GuestMemory(machine);
        long stackPointer = machine.get(Reg.RSP);
        int wordBytes = machine.codeMode().bits() == 64 ? 8 : 4;
        boolean longMode = (machine.get(Reg.EFER) & EFER_LMA) != 0;
        InitialStack stack = InitialStack.read(memory, stackPointer, wordBytes);
        if (stack == null) {
            return new GuestProgram(start, longMode, wordBytes, stackPointer, List.of(), new byte[0],
                    Optional.empty());
        }
        Optional<Vdso> vdso = Optional.ofNullable(stack.auxiliary().get(InitialStack.AT_SYSINFO_EHDR))
                .flatMap(base -> vdso(memory, base));
        return new GuestProgram(
                start, longMode, wordBytes, stackPointer, stack.arguments(), stack.auxv(), vdso);
    }

    /** The auxiliary vector as a debugger of that word size reads it. */
    public byte[] auxv(int bytes) {
        if (bytes == wordBytes) {
            return auxv;
        }
        ByteBuffer narrow = ByteBuffer.wrap(auxv).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer wide = ByteBuffer.allocate(2 * auxv.length).order(ByteOrder.LITTLE_ENDIAN);
        while (narrow.remaining() >= 4) {
            wide.putLong(Integer.toUnsignedLong(narrow.getInt()));
        }
        return wide.array();
    }

    private static Optional<Vdso> vdso(GuestMemory memory, long base) {
        try {
            ElfSegments header = ElfSegments.of(memory.bytes(base, HEADER_BYTES));
            if (header == null || header.fileSize() > LARGEST_VDSO) {
                return Optional.empty();
            }
            byte[] image = memory.bytes(base, (int) header.fileSize());
            long linkedAt = header.loads().isEmpty() ? 0 : header.loads().getFirst().address();
            return Optional.of(new Vdso(base, image, base - linkedAt + header.dynamic()));
        } catch (GuestMemory.Unmapped e) {
            return Optional.empty();
        }
    }

    /** Path under which the guest's program is served: its file name at the root. */
    public static String path(BootImage image) {
        if (image.modules().isEmpty()) {
            return KERNEL_PATH;
        }
        String name = image.modules().getFirst().name();
        return "/" + name.substring(name.lastIndexOf('/') + 1);
    }
}
