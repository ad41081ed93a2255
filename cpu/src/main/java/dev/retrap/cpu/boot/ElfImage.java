package dev.retrap.cpu.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An ELF file for x86, 32 or 64 bits (System V ABI, ELF specification 1.2 and gABI): what of it a loader and a debugger
 * ask for. The file may be hostile: every offset and size is checked when it is parsed, and what does not fit is a
 * {@link BadImageException} that says so.
 */
public final class ElfImage {
    /** e_machine of IA-32. */
    public static final int EM_386 = 3;
    /** e_machine of x86-64 (and of x32, in a 32-bit file). */
    public static final int EM_X86_64 = 62;
    /** e_type of an executable at fixed addresses. */
    public static final int ET_EXEC = 2;
    /** e_type of a shared object or position-independent executable. */
    public static final int ET_DYN = 3;

    private static final int BUILD_ID = 3;
    /** A file of a few bytes cannot make the reader allocate more than this. */
    private static final int LARGEST_EMPTY_SECTION = 16 << 20;

    private final String name;
    private final byte[] data;
    private final ElfBytes file;
    private final ElfHeaders headers;
    private final List<Symbol> symbols;

    private ElfImage(String name, byte[] data) {
        this.name = name;
        this.data = data;
        file = new ElfBytes(name, data);
        headers = new ElfHeaders(file);
        symbols = List.copyOf(new ElfSymbols(file, headers).read());
    }

    /**
     * Parses a file.
     *
     * @param name what to call it in messages
     * @param data its bytes, not to be changed
     * @throws BadImageException if it is no ELF file for x86, or a damaged one
     */
    public static ElfImage parse(String name, byte[] data) {
        return new ElfImage(name, data);
    }

    /** The name given to {@link #parse}. */
    public String name() {
        return name;
    }

    /** The whole file, not to be changed. */
    public byte[] data() {
        return data;
    }

    /** True if it is an ELF64 file. */
    public boolean is64() {
        return headers.is64;
    }

    /** e_type, such as {@link #ET_EXEC}. */
    public int type() {
        return headers.type;
    }

    /** e_machine: {@link #EM_386} or {@link #EM_X86_64}. */
    public int machine() {
        return headers.machine;
    }

    /** Virtual address of the first instruction. */
    public long entry() {
        return headers.entry;
    }

    /** The PT_LOAD program headers in the order of the file; their bytes are within the file. */
    public List<Segment> segments() {
        return List.copyOf(headers.segments);
    }

    /** A copy of a segment's bytes in the file, {@link Segment#fileSize} of them. */
    public byte[] bytes(Segment segment) {
        return file.copy(segment.fileOffset(), segment.fileSize(), "a segment");
    }

    /**
     * A copy of the contents of the first section of a name; zeros if it has none in the file.
     *
     * @throws BadImageException if its bytes are not within the file
     */
    public Optional<byte[]> section(String sectionName) {
        return headers.sections.stream().filter(s -> s.name().equals(sectionName)).findFirst().map(this::contents);
    }

    private byte[] contents(Section s) {
        if (s.type() != Section.NOBITS) {
            return file.copy(s.fileOffset(), s.size(), "section " + s.name());
        }
        if (s.size() < 0 || s.size() > LARGEST_EMPTY_SECTION) {
            throw file.bad("section " + s.name() + " is too large: " + Long.toUnsignedString(s.size()) + " bytes");
        }
        return new byte[(int) s.size()];
    }

    /** Symbols of .symtab and .dynsym that have a name and are defined, each once. */
    public List<Symbol> symbols() {
        return symbols;
    }

    /**
     * The symbols as a table.
     *
     * @param bias what to add to each address: where the file is loaded minus where it is linked for, often 0
     */
    public SymbolTable symbolTable(long bias) {
        return SymbolTable.of(bias == 0 ? symbols : symbols.stream().map(s -> s.moved(bias)).toList());
    }

    /** All notes: of the PT_NOTE program headers, or of the SHT_NOTE sections if there are none of these. */
    public List<Note> notes() {
        List<Note> notes = new ArrayList<>();
        if (!headers.noteSegments.isEmpty()) {
            headers.noteSegments.forEach(s -> readNotes(s.fileOffset(), s.fileSize(), notes));
        } else {
            headers.sections.stream().filter(s -> s.type() == Section.NOTE)
                    .forEach(s -> readNotes(s.fileOffset(), s.size(), notes));
        }
        return List.copyOf(notes);
    }

    private void readNotes(long offset, long size, List<Note> into) {
        file.check(offset, size, "a note segment");
        long end = offset + size;
        long at = offset;
        while (end - at >= 12) {
            long ownerSize = file.u32L(at);
            long descriptorSize = file.u32L(at + 4);
            long descriptorAt = at + 12 + aligned(ownerSize);
            long next = descriptorAt + aligned(descriptorSize);
            if (descriptorAt + descriptorSize > end) {
                throw file.bad("a note at 0x" + Long.toHexString(at) + " does not fit into its segment");
            }
            String owner = file.string(at + 12, ownerSize, 0);
            into.add(new Note(owner, file.u32(at + 8), file.copy(descriptorAt, descriptorSize, "a note")));
            at = next;
        }
    }

    private static long aligned(long size) {
        return size + 3 & ~3L;
    }

    /** The build ID that the linker left, if any. */
    public Optional<byte[]> buildId() {
        return notes().stream().filter(n -> n.type() == BUILD_ID && n.owner().equals("GNU")).map(Note::descriptor)
                .findFirst();
    }

    /** {@code name (ELF32, entry 0x...)}. */
    @Override
    public String toString() {
        return name + " (ELF" + (is64() ? 64 : 32) + ", entry 0x" + Long.toHexString(entry()) + ")";
    }
}
