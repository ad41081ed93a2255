package dev.retrap.repl.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Names and argument lists of Linux's system calls, by number, for one ABI. */
public enum SystemCalls {
    /** INT 80h and SYSENTER, and SYSCALL from 32-bit code. */
    I386("i386"),
    /** SYSCALL from 64-bit code. */
    X86_64("x86_64");

    private final Map<Long, Signature> byNumber;

    SystemCalls(String abi) {
        this.byNumber = load("syscalls-" + abi + ".txt");
    }

    /**
     * A system call.
     *
     * @param name without {@code sys_}
     * @param arguments a letter for each: {@code d x o}; null if unknown
     */
    public record Signature(String name, String arguments) {}

    /** {@return the call of a number, or one named after the number} */
    public Signature of(long number) {
        Signature s = byNumber.get(number);
        return s != null ? s : new Signature("syscall_" + number, null);
    }

    /** {@return number to call, ascending} */
    public Map<Long, Signature> all() {
        return byNumber;
    }

    private static Map<Long, Signature> load(String resource) {
        try (InputStream in = SystemCalls.class.getResourceAsStream(resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            Map<Long, Signature> map = new TreeMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    String[] words = line.split(" ");
                    String arguments = switch (words[2]) {
                        case "-" -> "";
                        case "?" -> null;
                        default -> words[2];
                    };
                    map.put(Long.valueOf(words[0]), new Signature(words[1], arguments));
                }
            }
            return Collections.unmodifiableMap(map);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
