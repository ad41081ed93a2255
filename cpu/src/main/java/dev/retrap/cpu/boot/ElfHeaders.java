package dev.retrap.cpu.boot;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Reads the ELF header, the program headers and the section headers, all of them checked against the file's size. */
final class ElfHeaders {
    private static final int CLASS_32 = 1;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;
    private static final int LOAD = 1;
    private static final int NOTE = 4;
    /** e_phnum of a file whose section header 0 has the number (gABI, PN_XNUM). */
    private static final int EXTENDED_NUMBER = 0xFFFF;

    final boolean is64;
    final int type;
    final int machine;
    final long entry;
    final List<Segment> segments = new ArrayList<>();
    final List<Segment> noteSegments = new ArrayList<>();
    final List<Section> sections = new ArrayList<>();

    private final ElfBytes file;

    ElfHeaders(ElfBytes file) {
        this.file = file;
        identify();
        is64 = file.u8(4) == CLASS_64;
        file.check(0, is64 ? 64 : 52, "the ELF header");
        type = file.u16(16);
        machine = file.u16(18);
        entry = word(24, 24);
        if (machine != ElfImage.EM_X86_64 && (is64 || machine != ElfImage.EM_386)) {
            throw file.bad("an ELF" + (is64 ? "64" : "32") + " file for machine " + machine + ", not for x86 ("
                    + (is64 ? "62)" : "3 or 62)"));
        }
        readSections();
        readSegments();
    }

    private void identify() {
        if (file.size() < 4 || file.u32(0) != 0x464C457F) {
            throw file.bad(file.size() == 0 ? "the file is empty" : "not an ELF file (starts with " + start() + ")");
        }
        if (file.size() < 16) {
            throw file.bad("the file ends within the ELF header");
        }
        int elfClass = file.u8(4);
        if (elfClass != CLASS_32 && elfClass != CLASS_64) {
            throw file.bad("ELF class " + elfClass + " is neither 1 (32 bits) nor 2 (64 bits)");
        }
        if (file.u8(5) != LITTLE_ENDIAN) {
            throw file.bad("an ELF file that is not little-endian, so not for x86");
        }
    }

    private String start() {
        return HexFormat.ofDelimiter(" ").formatHex(file.copy(0, Math.min(4, file.size()), "the start"));
    }

    /** An address-sized field at different offsets of the two classes. */
    private long word(long at32, long at64) {
        return is64 ? file.u64(at64) : file.u32L(at32);
    }

    private void readSections() {
        long offset = word(32, 40);
        if (offset == 0) {
            return;
        }
        int entrySize = file.u16(is64 ? 58 : 46);
        long count = file.u16(is64 ? 60 : 48);
        long names = file.u16(is64 ? 62 : 50);
        int least = is64 ? 64 : 40;
        if (entrySize < least) {
            throw file.bad("section headers of " + entrySize + " bytes, need " + least);
        }
        file.check(offset, entrySize, "section header 0");
        if (count == 0) {
            count = word(offset + 20, offset + 32);
        }
        if (names == EXTENDED_NUMBER) {
            names = file.u32L(offset + (is64 ? 40 : 24));
        }
        if (count < 0 || count > file.size() / entrySize) {
            throw file.bad("a table of " + Long.toUnsignedString(count)
                    + " section headers does not fit into the file");
        }
        file.check(offset, count * entrySize, "the table of section headers");
        long namesAt = offset + names * entrySize;
        long namesOffset = 0;
        long namesSize = 0;
        if (names != 0 && names < count) {
            namesOffset = word(namesAt + 16, namesAt + 24);
            namesSize = word(namesAt + 20, namesAt + 32);
            file.check(namesOffset, namesSize, "the section name table");
        }
        for (int i = 0; i < count; i++) {
            long at = offset + (long) i * entrySize;
            String name = file.string(namesOffset, namesSize, file.u32L(at));
            Section s = new Section(name, file.u32(at + 4), word(at + 8, at + 8), word(at + 12, at + 16),
                    word(at + 16, at + 24), word(at + 20, at + 32), file.u32(at + (is64 ? 40 : 24)),
                    word(at + 36, at + 56));
            sections.add(s);
        }
    }

    private void readSegments() {
        long offset = word(28, 32);
        int entrySize = file.u16(is64 ? 54 : 42);
        long count = file.u16(is64 ? 56 : 44);
        if (count == EXTENDED_NUMBER && word(32, 40) != 0) {
            count = file.u32L(word(32, 40) + (is64 ? 44 : 28));
        }
        if (offset == 0 || count == 0) {
            return;
        }
        int least = is64 ? 56 : 32;
        if (entrySize < least) {
            throw file.bad("program headers of " + entrySize + " bytes, need " + least);
        }
        if (count > file.size() / entrySize) {
            throw file.bad("a table of " + count + " program headers does not fit into the file");
        }
        file.check(offset, count * entrySize, "the table of program headers");
        for (int i = 0; i < count; i++) {
            long at = offset + (long) i * entrySize;
            int kind = file.u32(at);
            if (kind == LOAD || kind == NOTE) {
                Segment s = new Segment(word(at + 8, at + 16), word(at + 12, at + 24), word(at + 4, at + 8),
                        word(at + 16, at + 32), word(at + 20, at + 40), file.u32(at + (is64 ? 4 : 24)));
                if (kind == LOAD) {
                    checkLoad(s, i);
                }
                (kind == LOAD ? segments : noteSegments).add(s);
            }
        }
    }

    private void checkLoad(Segment s, int index) {
        file.check(s.fileOffset(), s.fileSize(), "segment " + index);
        if (Long.compareUnsigned(s.memorySize(), s.fileSize()) < 0) {
            throw file.bad("segment " + index + " has fewer bytes in memory (" + Long.toUnsignedString(s.memorySize())
                    + ") than in the file (" + s.fileSize() + ")");
        }
        if (s.memorySize() != 0 && (wraps(s.virtual(), s.memorySize()) || wraps(s.physical(), s.memorySize()))) {
            throw file.bad("segment " + index + " does not fit into the address space: 0x"
                    + Long.toHexString(s.memorySize()) + " bytes at 0x" + Long.toHexString(s.virtual())
                    + ", physical 0x" + Long.toHexString(s.physical()));
        }
    }

    private boolean wraps(long address, long size) {
        long last = is64 ? -1 : 0xFFFF_FFFFL;
        return Long.compareUnsigned(size - 1, last - address) > 0;
    }
}
