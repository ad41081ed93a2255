package dev.retrap.repl.cli;

import dev.retrap.cpu.boot.BadImageException;
import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.cpu.boot.Segment;
import dev.retrap.cpu.boot.Symbol;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Decoder;
import dev.retrap.cpu.isa.Disassembler;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Syntax;
import dev.retrap.fixtures.Fixtures;
import dev.retrap.repl.symbols.GuestSymbols;
import dev.retrap.repl.symbols.Symbols;
import dev.retrap.repl.terminal.ExitStatus;
import dev.retrap.repl.terminal.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrap disasm}: an ELF file's code, or some bytes, as instructions. */
@Command(
        name = "disasm",
        header = "Disassemble an ELF file, a kernel variant, a program of the catalogue, or bytes.",
        description = {
            "",
            "WHAT is a file, or the name of a variant or program. For code in a recording see retrap replay.",
        },
        footer = {
            "  retrap disasm v4.4 do_fast_syscall_32",
            "  retrap disasm --syntax intel hello _start",
            "  retrap disasm ./vmlinux 0xc0100000,0xc0100040",
            "  retrap disasm --hex '0f 34 89 e5 cd 80'",
            "  retrap disasm --mode 64 --hex 0f05",
        })
final class DisasmCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", arity = "0..1", paramLabel = "WHAT", description = "An ELF file, a variant, a program")
    private String what;

    @Parameters(index = "1..*", paramLabel = "PLACE", description = "Symbols or START,END (default: all code)")
    private List<String> places = List.of();

    @Option(names = "--hex", paramLabel = "BYTES", description = "These bytes instead of a file")
    private String hex;

    @Option(names = "--mode", paramLabel = "BITS",
            description = "16, 32 or 64 (default: that of the file, 32 for bytes)")
    private int bits;

    @Option(names = "--syntax", paramLabel = "SYNTAX", description = "att or intel (default: att)")
    private Syntax syntax = Syntax.ATT;

    @Option(names = "--amd", description = "Decode as AMD processors do where they differ")
    private boolean amd;

    DisasmCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (hex != null) {
            print(bytes(), 0, mode(32), Symbols.NONE);
            return ExitStatus.OK;
        }
        if (what == null) {
            throw new Trouble("name an ELF file, a variant or a program, or give --hex BYTES");
        }
        try {
            ElfImage image = ElfImage.parse(what, data());
            Symbols symbols = GuestSymbols.ofFile(what, image.data());
            CodeMode mode = mode(image.is64() ? 64 : 32);
            if (places.isEmpty()) {
                image.segments().stream().filter(Segment::executable)
                        .forEach(s -> print(image.bytes(s), s.virtual(), mode, symbols));
            }
            for (String place : places) {
                Symbols.Range range = range(place, symbols);
                print(code(image, range), range.start(), mode, symbols);
            }
            return ExitStatus.OK;
        } catch (BadImageException e) {
            throw new Trouble(e.getMessage() + "; name an ELF file for x86", e);
        }
    }

    private byte[] bytes() {
        String digits = hex.replaceAll("(?i)0x|[\\s,]", "");
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            throw new Trouble("--hex \"" + hex + "\" is not made of bytes: write two hexadecimal digits for each", e);
        }
    }

    private CodeMode mode(int natural) {
        return switch (bits == 0 ? natural : bits) {
            case 16 -> CodeMode.CODE16;
            case 32 -> CodeMode.CODE32;
            case 64 -> CodeMode.CODE64;
            default -> throw new Trouble("--mode must be 16, 32 or 64, not " + bits);
        };
    }

    private byte[] data() {
        try {
            if (Files.isRegularFile(Recordings.path(what))) {
                return Files.readAllBytes(Recordings.path(what));
            }
            if (Fixtures.variants().stream().anyMatch(v -> v.name().equals(what))) {
                return Fixtures.kernel(what);
            }
            if (Fixtures.programs().stream().anyMatch(p -> p.name().equals(what))) {
                return Fixtures.program(what);
            }
            throw new NoSuchFileException(what);
        } catch (NoSuchFileException e) {
            throw new Trouble(what + " is no file, variant or program; retrap variants lists those", e);
        } catch (IOException e) {
            throw new Trouble(what + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Symbols.Range range(String place, Symbols symbols) {
        int comma = place.indexOf(',');
        if (comma >= 0) {
            return new Symbols.Range(place, address(place.substring(0, comma)), address(place.substring(comma + 1)));
        }
        Symbol symbol = symbols.named(place).orElseThrow(() -> new Trouble("no symbol " + place
                + "; for addresses write START,END"));
        return symbols.function(symbol.address()).orElseThrow();
    }

    private static long address(String text) {
        try {
            return Long.decode(text.strip());
        } catch (NumberFormatException e) {
            throw new Trouble("\"" + text + "\" is no address", e);
        }
    }

    private static byte[] code(ElfImage image, Symbols.Range range) {
        for (Segment s : image.segments()) {
            long from = range.start() - s.virtual();
            long to = Math.min(range.end() - s.virtual(), s.fileSize());
            if (from >= 0 && from < s.fileSize() && to > from) {
                return Arrays.copyOfRange(image.bytes(s), (int) from, (int) to);
            }
        }
        throw new Trouble(range.name() + " is not in a segment of " + image.name());
    }

    private void print(byte[] code, long address, CodeMode mode, Symbols symbols) {
        TreeMap<Long, String> labels = new TreeMap<>();
        symbols.images().forEach(i -> i.table().all().forEach(s -> labels.putIfAbsent(s.address(), s.name())));
        int at = 0;
        while (at < code.length) {
            long ip = address + at;
            if (labels.containsKey(ip)) {
                context.out().println((at == 0 ? "" : "\n") + "%08x <%s>:".formatted(ip,
                        context.style().symbol(labels.get(ip))));
            }
            Insn insn = Decoder.decode(mode, amd, code, at, code.length - at, ip);
            StringBuilder bytes = new StringBuilder();
            for (int i = 0; i < insn.length; i++) {
                bytes.append("%02x ".formatted(insn.byteAt(i)));
            }
            context.out().println("%8x:\t%-30s\t%s".formatted(ip, bytes, Disassembler.format(insn, syntax,
                    a -> symbols.nearest(a).map(Object::toString).orElse(null))));
            at += insn.length;
        }
    }
}
