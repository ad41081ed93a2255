package dev.retrap.cpu.ring0;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.CpuModel.Vendor;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.cpu.Stop;
import dev.retrap.cpu.SystemFeature;
import dev.retrap.cpu.isa.Feature;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An image of checks (src/test/ring0), what it should print, and runs of it here and in QEMU. A line of the file of what
 * is expected may begin with {@code [tag]} or {@code [!tag]}: it is that of processors that have the tag, or do not.
 *
 * @param image name of the image, with {@code .expected} that of what it should print
 * @param qemu the program to run it in
 */
record Ring0Guest(String image, String qemu) {
    private static final Pattern TAGGED = Pattern.compile("\\[(!?)(\\w+)] (.*)");
    private static final int STEPS = 20_000_000;

    private byte[] resource(String name) throws IOException {
        try (InputStream in = Ring0Guest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    /** What tells processors apart here. */
    static Set<String> tags(CpuModel model) {
        Set<String> tags = new TreeSet<>();
        tags.add(model.vendor() == Vendor.INTEL ? "intel" : "amd");
        if (model.behaviour().nullSelectorClearsBase()) {
            tags.add("clears");
        }
        for (SystemFeature f : model.system()) {
            tags.add(f.label());
        }
        for (Feature f : model.features()) {
            tags.add(f.name().toLowerCase(Locale.ROOT));
        }
        return tags;
    }

    /** The lines that a processor with these tags prints, by check. */
    Map<String, String> expected(Set<String> tags) throws IOException {
        List<String> lines = new ArrayList<>();
        new String(resource(image + ".expected"), StandardCharsets.US_ASCII).lines().forEach(line -> {
            Matcher m = TAGGED.matcher(line);
            if (!m.matches()) {
                lines.add(line);
            } else if (tags.contains(m.group(2)) == m.group(1).isEmpty()) {
                lines.add(m.group(3));
            }
        });
        return lines(lines.stream());
    }

    /** Lines by check; those of the same name are numbered. */
    static Map<String, String> lines(Stream<String> printed) {
        Map<String, String> lines = new LinkedHashMap<>();
        printed.forEach(line -> {
            int colon = line.lastIndexOf(':');
            String name = colon < 0 ? line.replaceFirst(" (lar|lsl|verr)=.*", "") : line.substring(0, colon);
            String key = name;
            for (int n = 2; lines.containsKey(key); n++) {
                key = name + " (" + n + ")";
            }
            lines.put(key, line);
        });
        return lines;
    }

    /** Runs it here to its end. */
    Stop run(CpuModel model, String commandLine, ByteArrayOutputStream console) throws IOException {
        Machine machine = Machine.boot(new MachineConfig(model, MachineConfig.DEFAULT_RAM),
                new BootImage(resource(image), commandLine, List.of()));
        machine.setObserver(new MachineObserver() {
            @Override
            public void console(int octet) {
                console.write(octet);
            }
        });
        return machine.run(STEPS);
    }

    /** What it prints here. */
    Map<String, String> printed(CpuModel model) throws IOException {
        var console = new ByteArrayOutputStream();
        assertThat(run(model, "", console)).isEqualTo(new Stop.PoweredOff(0));
        return lines(console.toString(StandardCharsets.US_ASCII).lines());
    }

    /** What it prints in QEMU, which must be installed. */
    Map<String, String> printedInQemu(String cpu, Path directory) throws IOException, InterruptedException {
        assumeTrue(Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, qemu))), qemu + " is not installed");
        Path kernel = Files.write(directory.resolve(image), resource(image));
        Path console = directory.resolve("console");
        Process process = new ProcessBuilder(List.of(qemu, "-accel", "tcg", "-M", "isapc", "-cpu", cpu, "-m", "32",
                "-nodefaults", "-no-user-config", "-display", "none", "-serial", "file:" + console, "-no-reboot",
                "-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-kernel", kernel.toString(), "-append", "qemu"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the guest powers off").isTrue();
        } finally {
            process.destroyForcibly();
        }
        Map<String, String> lines = lines(Files.readString(console, StandardCharsets.US_ASCII).lines());
        assertThat(lines).containsKey("done");
        return lines;
    }
}
