package dev.retrap.cpu.boot;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Reads the symbol tables .symtab and .dynsym. */
final class ElfSymbols {
    private static final int TYPE_SECTION = 3;
    private static final int TYPE_FILE = 4;
    private static final int UNDEFINED = 0;
    private static final int FIRST_RESERVED = 0xFF00;

    private final ElfBytes file;
    private final ElfHeaders headers;

    ElfSymbols(ElfBytes file, ElfHeaders headers) {
        this.file = file;
        this.headers = headers;
    }

    /** STT_ values; sections and files are no symbols to us. */
    private static Symbol.Type type(int value) {
        return switch (value) {
            case 0 -> Symbol.Type.NONE;
            case 1 -> Symbol.Type.OBJECT;
            case 2 -> Symbol.Type.FUNCTION;
            case 5 -> Symbol.Type.COMMON;
            case 6 -> Symbol.Type.TLS;
            case 10 -> Symbol.Type.IFUNC;
            default -> Symbol.Type.OTHER;
        };
    }

    /** STB_ values. */
    private static Symbol.Binding binding(int value) {
        return switch (value) {
            case 0 -> Symbol.Binding.LOCAL;
            case 1 -> Symbol.Binding.GLOBAL;
            case 2 -> Symbol.Binding.WEAK;
            default -> Symbol.Binding.OTHER;
        };
    }

    /** Defined symbols with a name, each once, in the order of the file. */
    List<Symbol> read() {
        LinkedHashSet<Symbol> symbols = new LinkedHashSet<>();
        for (Section s : headers.sections) {
            if (s.type() == Section.SYMTAB || s.type() == Section.DYNSYM) {
                read(s, symbols);
            }
        }
        return new ArrayList<>(symbols);
    }

    private void read(Section table, LinkedHashSet<Symbol> into) {
        String what = "symbol table " + table.name();
        int least = headers.is64 ? 24 : 16;
        if (table.entrySize() < least) {
            throw file.bad(what + " has entries of " + Long.toUnsignedString(table.entrySize()) + " bytes, need "
                    + least);
        }
        file.check(table.fileOffset(), table.size(), what);
        if (table.link() < 0 || table.link() >= headers.sections.size()) {
            throw file.bad(what + " names section " + Integer.toUnsignedString(table.link())
                    + " as its string table, there are " + headers.sections.size());
        }
        Section strings = headers.sections.get(table.link());
        file.check(strings.fileOffset(), strings.size(), "string table of " + what);
        for (long at = 0; at + table.entrySize() <= table.size(); at += table.entrySize()) {
            Symbol symbol = symbol(table.fileOffset() + at, strings);
            if (symbol != null) {
                into.add(symbol);
            }
        }
    }

    private Symbol symbol(long at, Section strings) {
        int info = file.u8(at + (headers.is64 ? 4 : 12));
        int section = file.u16(at + (headers.is64 ? 6 : 14));
        int type = info & 15;
        if (section == UNDEFINED || type == TYPE_SECTION || type == TYPE_FILE) {
            return null;
        }
        String name = file.string(strings.fileOffset(), strings.size(), file.u32L(at));
        if (name.isEmpty()) {
            return null;
        }
        long address = headers.is64 ? file.u64(at + 8) : file.u32L(at + 4);
        long size = headers.is64 ? file.u64(at + 16) : file.u32L(at + 8);
        return new Symbol(name, address, size, type(type), binding(info >> 4), limit(section, address));
    }

    private long limit(int section, long address) {
        if (section < headers.sections.size() && section < FIRST_RESERVED) {
            Section s = headers.sections.get(section);
            if (s.allocated() && Long.compareUnsigned(address - s.address(), s.size()) < 0) {
                return s.address() + s.size();
            }
        }
        return address;
    }
}
