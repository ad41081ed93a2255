package dev.retrap.cpu.isa;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs binutils' objdump, the oracle of the disassembler tests. */
final class Objdump {
    /** Bytes a slot takes: 15 of an instruction, and filler that an instruction from the slot's middle may eat. */
    static final int SLOT = 32;
    /** Slots a batch holds, so that addresses fit in 16 bits. */
    static final int BATCH = 65_536 / SLOT;

    /** A disassembled instruction. */
    record Line(int length, String text) {
    }

    private Objdump() {
    }

    /** {@return the first line of {@code objdump --version}, or null if it is not installed} */
    static String version() {
        try {
            var process = new ProcessBuilder("objdump", "--version").redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text.lines().findFirst().orElse(null) : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /**
     * Disassembles the first instruction of each slot.
     * @param options further {@code -M} options, or empty
     * @return for each slot its line, or null where objdump put none at its start
     */
    static List<Line> slots(CodeMode mode, Syntax syntax, String options, byte[] slots) {
        Map<Long, Line> lines = listing(mode, syntax, options, slots);
        var result = new ArrayList<Line>();
        for (int at = 0; at < slots.length; at += SLOT) {
            result.add(lines.get((long) at));
        }
        return result;
    }

    /** {@return the lines of a listing of the bytes from address 0 on, by address} */
    static Map<Long, Line> listing(CodeMode mode, Syntax syntax, String options, byte[] bytes) {
        try {
            Path file = Files.createTempFile("retrap-isa", ".bin");
            try {
                Files.write(file, bytes);
                String style = syntax == Syntax.ATT ? "att" : "intel";
                return run(List.of("objdump", "-D", "-z", "-b", "binary", "-m", machine(mode),
                        "-M", options.isEmpty() ? style : style + ',' + options, "--insn-width=16",
                        file.toString()));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String machine(CodeMode mode) {
        return switch (mode) {
            case CODE16 -> "i8086";
            case CODE32 -> "i386";
            case CODE64 -> "i386:x86-64";
        };
    }

    /** Runs a command line and reads the listing: address, bytes, text. */
    private static Map<Long, Line> run(List<String> command) throws IOException {
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var lines = new HashMap<Long, Line>();
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line; (line = reader.readLine()) != null; ) {
                String[] column = line.split("\t", 3);
                int colon = column[0].indexOf(':');
                if (column.length == 3 && colon > 0) {
                    long address = Long.parseUnsignedLong(column[0].substring(0, colon).strip(), 16);
                    int length = (column[1].strip().length() + 1) / 3;
                    lines.put(address, new Line(length, column[2].strip()));
                }
            }
        }
        return lines;
    }
}
