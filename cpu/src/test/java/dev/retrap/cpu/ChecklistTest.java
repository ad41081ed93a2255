package dev.retrap.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table "Entries and exits" of this module's README names each point of the checklist, and tests that there are. */
class ChecklistTest {
    private static final Path README = Path.of("README.md");
    private static final Path RING0 = Path.of("src/test/resources/dev/retrap/cpu/ring0");
    private static final Pattern REFERENCE = Pattern.compile("`([^`]+)`");
    private static final Pattern METHOD = Pattern.compile("(\\w+)#(\\w+)");
    private static final Pattern CHECK = Pattern.compile("(ring0-(?:32|64)) (.+)");

    private static final List<String> POINTS = List.of("SYSENTER, SYSEXIT", "SYSCALL, SYSRET",
            "SYSRET with a 32-bit operand in long mode", "#UD by maker", "SS after SYSRET by maker",
            "non-canonical RCX at SYSRET by maker", "TF: SYSRET traps at once", "TF: IRET traps after one instruction",
            "TF at SYSENTER and SYSCALL", "MOV SS: shadow, deferred #DB", "RF", "NT at IRET: #TS, or #GP in long mode",
            "trap gate, interrupt gate", "SWAPGS", "CLAC, STAC", "FMASK",
            "a record of each crossing: way, registers before and after, gate, `pt_regs`",
            "the decision about the exit, tracers' edits, instructions in the kernel",
            "a breakpoint at the landing pad is hit once a call", "a restart stops two bytes before it",
            "a debug register at the landing pad does not hit for ever",
            "QEMU: SYSENTER in compatibility mode for all makers", "QEMU: SYSCALL in compatibility mode for all makers",
            "QEMU: far CALL pushes with a supervisor's rights", "QEMU: SS is always loaded by SYSRET", "QEMU: costs");

    private static Map<String, String> table() throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        boolean within = false;
        for (String line : Files.readAllLines(README)) {
            within = line.startsWith("#") ? line.startsWith("### Entries and exits") : within;
            String[] cells = line.split(" \\| ");
            if (within && line.startsWith("| ") && cells.length == 2 && !line.startsWith("| point")) {
                rows.put(cells[0].substring(2), cells[1]);
            }
        }
        return rows;
    }

    @Test
    void everyPointIsThere() throws IOException {
        assertThat(table().keySet()).containsExactlyElementsOf(POINTS);
    }

    @Test
    void everyTestNamedIsThere() throws IOException {
        for (Map.Entry<String, String> row : table().entrySet()) {
            int references = 0;
            for (Matcher m = REFERENCE.matcher(row.getValue()); m.find(); references++) {
                Matcher method = METHOD.matcher(m.group(1));
                Matcher check = CHECK.matcher(m.group(1));
                assertThat(method.matches() || check.matches()).as("%s: %s", row.getKey(), m.group(1)).isTrue();
                if (method.matches()) {
                    assertThat(hasMethod(method.group(1), method.group(2))).as("%s: %s", row.getKey(), m.group(1)).isTrue();
                } else {
                    assertThat(Files.readAllLines(RING0.resolve(check.group(1) + ".expected")))
                            .as("%s: %s", row.getKey(), m.group(1))
                            .anyMatch(l -> l.replaceFirst("^\\[!?\\w+] ", "").matches(Pattern.quote(check.group(2)) + " ?:.*"));
                }
            }
            assertThat(references).as(row.getKey()).isPositive();
        }
    }

    /** A test method of a class in any module. */
    private static boolean hasMethod(String type, String method) throws IOException {
        assumeTrue(Files.isDirectory(Path.of("../trace/src/test")), "the other modules' tests are not there");
        for (String module : List.of("cpu", "trace", "gdbstub", "repl")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/test/java"))) {
                Path file = files.filter(f -> f.endsWith(type + ".java")).findFirst().orElse(null);
                if (file != null) {
                    return Files.readString(file).contains("void " + method + "(");
                }
            }
        }
        return false;
    }
}
