package dev.retrap.gdbstub.session;

import dev.retrap.gdbstub.guest.AddressSpace;
import dev.retrap.gdbstub.guest.AddressSpace.Mapping;
import dev.retrap.gdbstub.rsp.Reply;
import dev.retrap.trace.Timeline;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** What LLDB asks beyond gdb's protocol (LLVM, {@code lldb/docs/lldb-gdb-remote.txt}). */
final class Lldb {
    private static final int NO_MORE_REGISTERS = 0x45;
    private static final int GENERAL_AND_X87 = 24;

    private final Timeline timeline;

    Lldb(Timeline timeline) {
        this.timeline = timeline;
    }

    Reply hostInfo(TargetDescription description) {
        return new Reply.Text(architecture(description) + "hostname:" + hex("retrap") + ";");
    }

    Reply processInfo(Inferior inferior) {
        return new Reply.Text("pid:%x;parent-pid:0;real-uid:0;real-gid:0;effective-uid:0;effective-gid:0;".formatted(
                inferior.pid()) + architecture(inferior.description()));
    }

    private static String architecture(TargetDescription description) {
        int bytes = description.wordBytes();
        return "triple:%s;ptrsize:%d;endian:little;ostype:linux;".formatted(
                hex((bytes == 8 ? "x86_64" : "i386") + "-pc-linux-gnu"), bytes);
    }

    /** The mapping that holds an address, or the hole. */
    Reply memoryRegion(long address, long mask) {
        long start = 0;
        for (Mapping m : AddressSpace.of(timeline.machine())) {
            if (address - m.start() >= 0 && Long.compareUnsigned(address, m.start()) >= 0
                    && (m.end() == 0 || Long.compareUnsigned(address, m.end()) < 0)) {
                return new Reply.Text("start:%x;size:%x;permissions:r%s%s;".formatted(
                        m.start(), m.end() - m.start(), m.writable() ? "w" : "", m.executable() ? "x" : ""));
            }
            if (Long.compareUnsigned(address, m.start()) < 0) {
                return hole(start, m.start());
            }
            start = m.end();
        }
        return hole(start, mask + 1);
    }

    private static Reply hole(long start, long end) {
        return new Reply.Text("start:%x;size:%x;".formatted(start, end - start));
    }

    /** One register, by number; an error behind the last. */
    Reply register(long number, TargetDescription description) {
        List<Register> registers = description.registers();
        if (number < 0 || number >= registers.size()) {
            return new Reply.Error(NO_MORE_REGISTERS, "no register " + number);
        }
        int offset = registers.subList(0, (int) number).stream().mapToInt(Register::bytes).sum();
        Register r = registers.get((int) number);
        boolean vector = r.bits() == 128;
        String set = vector ? "Vector Registers"
                : number < GENERAL_AND_X87 ? "General Purpose Registers" : "Other Registers";
        return new Reply.Text("name:%s;bitsize:%d;offset:%d;encoding:%s;format:%s;set:%s;%s".formatted(
                r.name(), r.bits(), offset, vector || r.bits() == 80 ? "vector" : "uint",
                vector || r.bits() == 80 ? "vector-uint8" : "hex", set, generic(r.name())));
    }

    /** What LLDB has names of its own for. */
    private static String generic(String name) {
        return switch (name) {
            case "eip", "rip" -> "generic:pc;";
            case "esp", "rsp" -> "generic:sp;";
            case "ebp", "rbp" -> "generic:fp;";
            case "eflags" -> "generic:flags;";
            default -> "";
        };
    }

    /**
     * A thread.
     *
     * @param signal Linux's number of what has stopped it, 0 for nothing
     */
    record Thread(long tid, String name, int signal) {}

    Reply threads(List<Thread> threads) {
        return new Reply.Text(threads.stream()
                .map(t -> "{\"tid\":%d,\"name\":\"%s\",\"reason\":\"%s\",\"signal\":%d}".formatted(t.tid(),
                        t.name().replace("\\", "\\\\").replace("\"", "\\\""), t.signal() == 0 ? "none" : "signal", t.signal()))
                .collect(Collectors.joining(",", "[", "]")));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
