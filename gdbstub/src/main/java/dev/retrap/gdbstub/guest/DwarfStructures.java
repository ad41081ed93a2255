package dev.retrap.gdbstub.guest;

import dev.retrap.cpu.boot.ElfImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the members of C structures lie, by a program's debugging information (DWARF 4 and 5, 32-bit format): sections
 * {@code .debug_info}, {@code .debug_abbrev}, {@code .debug_str}.
 */
final class DwarfStructures {
    private static final int DW_TAG_MEMBER = 0x0d;
    private static final int DW_TAG_STRUCTURE_TYPE = 0x13;
    private static final int DW_AT_NAME = 0x03;
    private static final int DW_AT_DATA_MEMBER_LOCATION = 0x38;
    private static final int DW_FORM_STRING = 0x08;
    private static final int DW_FORM_STRP = 0x0e;
    private static final int DW_FORM_INDIRECT = 0x16;
    private static final int DW_FORM_IMPLICIT_CONST = 0x21;

    /** An attribute of an abbreviation; the value of an implicit constant stands there as well. */
    private record Attribute(int name, int form, long constant) {}

    /** An abbreviation (DWARF 5, section 7.5.3). */
    private record Abbreviation(int tag, boolean children, List<Attribute> attributes) {}

    private final ByteBuffer info;
    private final ByteBuffer abbreviations;
    private final ByteBuffer strings;
    private final Map<Integer, Map<Long, Abbreviation>> tables = new HashMap<>();
    private final Map<String, Map<String, Integer>> found = new HashMap<>();
    private int addressBytes;
    private String name;
    private long constant;

    private DwarfStructures(byte[] info, byte[] abbreviations, byte[] strings) {
        this.info = little(info);
        this.abbreviations = little(abbreviations);
        this.strings = little(strings);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Offsets of the members of structures, by structure and member.
     *
     * @return empty unless the program has debugging information, of a known form, that defines all of them
     */
    static Optional<Map<String, Map<String, Integer>>> of(ElfImage elf, Set<String> wanted) {
        Optional<byte[]> info = elf.section(".debug_info");
        Optional<byte[]> abbreviations = elf.section(".debug_abbrev");
        if (info.isEmpty() || abbreviations.isEmpty()) {
            return Optional.empty();
        }
        try {
            DwarfStructures dwarf = new DwarfStructures(
                    info.get(), abbreviations.get(), elf.section(".debug_str").orElse(new byte[0]));
            dwarf.units(wanted);
            return dwarf.found.keySet().containsAll(wanted) ? Optional.of(dwarf.found) : Optional.empty();
        } catch (RuntimeException e) {
            return Optional.empty(); // cut short, or of a form that is not known here
        }
    }

    private void units(Set<String> wanted) {
        while (info.hasRemaining() && !found.keySet().containsAll(wanted)) {
            long length = Integer.toUnsignedLong(info.getInt());
            int end = Math.toIntExact(info.position() + length);
            int version = info.getShort();
            int table;
            if (version >= 5) {
                info.get(); // unit type: what follows in types' units is not for us
                addressBytes = info.get();
                table = info.getInt();
            } else {
                table = info.getInt();
                addressBytes = info.get();
            }
            if (version == 4 || version == 5) {
                unit(tables.computeIfAbsent(table, this::table), end, wanted);
            }
            info.position(end);
        }
    }

    /** The structures of a unit, which stand right below it. */
    private void unit(Map<Long, Abbreviation> table, int end, Set<String> wanted) {
        int depth = 0;
        Map<String, Integer> members = null;
        while (info.position() < end) {
            long code = uleb(info);
            if (code == 0) {
                depth--;
                members = depth == 1 ? null : members;
                continue;
            }
            Abbreviation a = table.get(code);
            entry(a);
            if (depth == 1 && a.tag() == DW_TAG_STRUCTURE_TYPE && a.children() && wanted.contains(name)) {
                members = new HashMap<>();
                found.putIfAbsent(name, members);
            } else if (depth == 2 && members != null && a.tag() == DW_TAG_MEMBER && name != null) {
                members.put(name, (int) constant);
            }
            depth += a.children() ? 1 : 0;
        }
    }

    /** Reads an entry's attributes: its {@link #name}, and as {@link #constant} where a member lies. */
    private void entry(Abbreviation a) {
        name = null;
        constant = 0;
        for (Attribute attribute : a.attributes()) {
            int form = attribute.form();
            while (form == DW_FORM_INDIRECT) {
                form = (int) uleb(info);
            }
            boolean isName = attribute.name() == DW_AT_NAME;
            if (isName && form == DW_FORM_STRP) {
                name = string(strings, info.getInt());
            } else if (isName && form == DW_FORM_STRING) {
                name = string(info, info.position());
                skip(form);
            } else {
                long value = form == DW_FORM_IMPLICIT_CONST ? attribute.constant() : skip(form);
                constant = attribute.name() == DW_AT_DATA_MEMBER_LOCATION ? value : constant;
            }
        }
    }

    private static String string(ByteBuffer from, int at) {
        int end = at;
        while (from.get(end) != 0) {
            end++;
        }
        return new String(from.array(), at, end - at, StandardCharsets.UTF_8);
    }

    /** Passes over a value (DWARF 5, section 7.5.6, "Form encodings"); that of a constant, else 0. */
    private long skip(int form) {
        return switch (form) {
            case 0x01 -> pass(addressBytes);
            case 0x0b -> info.get() & 0xff;
            case 0x05 -> info.getShort() & 0xffff;
            case 0x06 -> Integer.toUnsignedLong(info.getInt());
            case 0x07 -> info.getLong();
            case 0x0d, 0x0f, 0x15, 0x1a, 0x1b, 0x22, 0x23 -> uleb(info);
            case 0x0c, 0x11, 0x25, 0x29 -> pass(1);
            case 0x12, 0x26, 0x2a -> pass(2);
            case 0x27, 0x2b -> pass(3);
            case 0x0e, 0x10, 0x13, 0x17, 0x1c, 0x1d, 0x1f, 0x28, 0x2c, 0x1f20, 0x1f21 -> pass(4);
            case 0x14, 0x20, 0x24 -> pass(8);
            case 0x1e -> pass(16);
            case 0x19 -> 0;
            case 0x0a -> pass(info.get() & 0xff);
            case 0x03 -> pass(info.getShort() & 0xffff);
            case 0x04 -> pass(info.getInt());
            case 0x09, 0x18 -> pass(Math.toIntExact(uleb(info)));
            case DW_FORM_STRING -> {
                while (info.get() != 0) {
                    // up to the end of the string
                }
                yield 0;
            }
            default -> throw new IllegalArgumentException("DWARF form 0x" + Integer.toHexString(form));
        };
    }

    private long pass(int bytes) {
        info.position(info.position() + bytes);
        return 0;
    }

    private Map<Long, Abbreviation> table(int offset) {
        Map<Long, Abbreviation> table = new HashMap<>();
        abbreviations.position(offset);
        for (long code = uleb(abbreviations); code != 0; code = uleb(abbreviations)) {
            int tag = (int) uleb(abbreviations);
            boolean children = abbreviations.get() != 0;
            List<Attribute> attributes = new ArrayList<>();
            while (true) {
                int attribute = (int) uleb(abbreviations);
                int form = (int) uleb(abbreviations);
                long value = form == DW_FORM_IMPLICIT_CONST ? uleb(abbreviations) : 0;
                if (attribute == 0 && form == 0) {
                    break;
                }
                attributes.add(new Attribute(attribute, form, value));
            }
            table.put(code, new Abbreviation(tag, children, List.copyOf(attributes)));
        }
        return table;
    }

    private static long uleb(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }
}
