package dev.retrap.cpu.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Lays out the Multiboot information structure and what it points to as one block: structure, memory map, module list,
 * strings (Multiboot Specification 0.6.96, 3.3).
 */
final class MultibootInfo {
    private static final int STRUCTURE_BYTES = 120;
    private static final int MAP_ENTRY_BYTES = 24;
    private static final int MODULE_BYTES = 16;

    private static final int FLAG_MEMORY = 1;
    private static final int FLAG_COMMAND_LINE = 1 << 2;
    private static final int FLAG_MODULES = 1 << 3;
    private static final int FLAG_MAP = 1 << 6;
    private static final int FLAG_LOADER_NAME = 1 << 9;

    private static final long LOW_MEMORY = 640 << 10;
    private static final long FIRMWARE = 0xF0000;
    private static final long HIGH_MEMORY = 1 << 20;
    private static final int AVAILABLE = 1;
    private static final int RESERVED = 2;

    /** What the boot loader calls itself. */
    static final String LOADER_NAME = "retrap";

    private final String commandLine;
    private final List<String> moduleStrings;
    private final long ramBytes;

    MultibootInfo(String commandLine, List<String> moduleStrings, long ramBytes) {
        this.commandLine = commandLine;
        this.moduleStrings = moduleStrings;
        this.ramBytes = ramBytes;
    }

    /** Bytes of the block. */
    int size() {
        int strings = octets(commandLine).length + octets(LOADER_NAME).length;
        for (String s : moduleStrings) {
            strings += octets(s).length;
        }
        return STRUCTURE_BYTES + 3 * MAP_ENTRY_BYTES + MODULE_BYTES * moduleStrings.size() + strings;
    }

    /**
     * The block.
     *
     * @param at its physical address, also that of the structure
     * @param starts first physical address of each module
     * @param ends first physical address after each module
     */
    byte[] block(long at, long[] starts, long[] ends) {
        ByteBuffer b = ByteBuffer.allocate(size()).order(ByteOrder.LITTLE_ENDIAN);
        int map = STRUCTURE_BYTES;
        int modules = map + 3 * MAP_ENTRY_BYTES;
        int strings = modules + MODULE_BYTES * moduleStrings.size();

        b.position(map);
        mapEntry(b, 0, LOW_MEMORY, AVAILABLE);
        mapEntry(b, FIRMWARE, HIGH_MEMORY - FIRMWARE, RESERVED);
        mapEntry(b, HIGH_MEMORY, ramBytes - HIGH_MEMORY, AVAILABLE);

        int string = strings;
        for (int i = 0; i < moduleStrings.size(); i++) {
            b.position(modules + MODULE_BYTES * i);
            b.putInt((int) starts[i]).putInt((int) ends[i]).putInt((int) at + string).putInt(0);
            string = put(b, string, moduleStrings.get(i));
        }
        int command = string;
        int name = put(b, command, commandLine);
        put(b, name, LOADER_NAME);

        b.putInt(0, FLAG_MEMORY | FLAG_COMMAND_LINE | FLAG_MODULES | FLAG_MAP | FLAG_LOADER_NAME);
        b.putInt(4, (int) (LOW_MEMORY >> 10));
        b.putInt(8, (int) (ramBytes - HIGH_MEMORY >> 10));
        b.putInt(16, (int) at + command);
        b.putInt(20, moduleStrings.size());
        b.putInt(24, (int) at + modules);
        b.putInt(44, 3 * MAP_ENTRY_BYTES);
        b.putInt(48, (int) at + map);
        b.putInt(64, (int) at + name);
        return b.array();
    }

    /** The size field does not count itself. */
    private static void mapEntry(ByteBuffer b, long base, long length, int type) {
        b.putInt(MAP_ENTRY_BYTES - 4).putLong(base).putLong(length).putInt(type);
    }

    private static int put(ByteBuffer b, int at, String s) {
        byte[] octets = octets(s);
        b.put(at, octets);
        return at + octets.length;
    }

    private static byte[] octets(String s) {
        return (s + '\0').getBytes(StandardCharsets.UTF_8);
    }
}
