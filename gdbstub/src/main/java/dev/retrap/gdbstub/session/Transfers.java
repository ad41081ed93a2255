package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.gdbstub.guest.GuestProgram;
import dev.retrap.gdbstub.rsp.Reply;
import dev.retrap.gdbstub.rsp.Request;
import dev.retrap.trace.Timeline;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code qXfer:OBJECT:read} (GDB manual, node "General Query Packets"): documents read piece by piece. */
final class Transfers {
    private static final int EINVAL = 22;

    private final Timeline timeline;
    private final TargetDescription description;
    private final Supplier<Optional<GuestProgram>> program;
    private final Supplier<Optional<String>> thread;
    private final Supplier<SignalInfo> signalInfo;
    private final OsData tables;
    private final int longestPiece;
    private String current = "";
    private byte[] document = new byte[0];

    /**
     * Transfers for a session.
     *
     * @param program the guest's program, looked for when first needed
     * @param thread id of the thread, empty while the client has killed it or detached
     * @param signalInfo why it has stopped
     * @param longestPiece most bytes of a document in one reply
     */
    Transfers(Timeline timeline, TargetDescription description, Supplier<Optional<GuestProgram>> program,
            Supplier<Optional<String>> thread, Supplier<SignalInfo> signalInfo, OsData tables, int longestPiece) {
        this.timeline = timeline;
        this.description = description;
        this.program = program;
        this.thread = thread;
        this.signalInfo = signalInfo;
        this.tables = tables;
        this.longestPiece = longestPiece;
    }

    Reply read(Request.TransferRead request) {
        String name = request.object() + ":" + request.annex();
        // A document is made when its reading begins and kept until it is read: it may change in between.
        if (request.offset() == 0 || !name.equals(current)) {
            byte[] made;
            switch (request.object()) {
                case "features", "auxv", "exec-file", "threads", "libraries-svr4", "osdata", "memory-map",
                        "siginfo" ->
                        made = document(request.object(), request.annex());
                default -> {
                    return Reply.UNSUPPORTED;
                }
            }
            if (made == null) {
                return new Reply.Error(0, "no " + request.object() + " \"" + request.annex() + "\"");
            }
            document = made;
            current = name;
        }
        return piece(request.offset(), request.length());
    }

    private Reply piece(long offset, long length) {
        if (offset < 0 || offset > document.length) {
            return new Reply.Error(EINVAL, "offset %d of %d".formatted(offset, document.length));
        }
        long most = length < 0 ? longestPiece : Math.min(length, longestPiece);
        int end = (int) Math.min(document.length, offset + most);
        return new Reply.Binary(end < document.length ? "m" : "l", Arrays.copyOfRange(document, (int) offset, end));
    }

    /** The bytes of a document, or null if there is none of that annex. */
    private byte[] document(String object, String annex) {
        String text = switch (object) {
            case "features" -> annex.equals("target.xml") ? description.xml() : null;
            case "exec-file" -> GuestProgram.path(timeline.recording().bootImage());
            case "threads" -> threads();
            case "libraries-svr4" -> libraries();
            case "osdata" -> tables.table(annex);
            case "memory-map" -> memoryMap();
            default -> null;
        };
        if (object.equals("auxv")) {
            return program.get().map(p -> p.auxv(description.wordBytes())).orElse(new byte[0]);
        }
        if (object.equals("siginfo")) {
            return signalInfo.get().bytes(description.wordBytes());
        }
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * All that an address can be. What is mapped of it changes with the position, and gdb keeps this for the whole
     * connection; LLDB asks for the mappings of the moment by {@code qMemoryRegionInfo}.
     */
    private String memoryMap() {
        String low = description.wordBytes() == 8 ? "0x800000000000" : "0x100000000";
        String high = "  <memory type=\"ram\" start=\"0xffff800000000000\" length=\"0x800000000000\"/>\n";
        return "<?xml version=\"1.0\"?>\n<memory-map>\n  <memory type=\"ram\" start=\"0x0\" length=\"" + low + "\"/>\n"
                + (description.wordBytes() == 8 ? high : "") + "</memory-map>\n";
    }

    private String threads() {
        String one = thread.get()
                .map(id -> "<thread id=\"%s\" core=\"0\" name=\"%s\">%s</thread>\n".formatted(
                        id, Xml.text(name()), Xml.text(state(timeline))))
                .orElse("");
        return "<?xml version=\"1.0\"?>\n<threads>\n" + one + "</threads>\n";
    }

    private String name() {
        return GuestProgram.path(timeline.recording().bootImage()).substring(1);
    }

    /** What the processor is at, in a few words. */
    static String state(Timeline timeline) {
        Machine machine = timeline.machine();
        return "position %d, CPL %d".formatted(timeline.position(), machine.get(Reg.CPL));
    }

    /**
     * Images that gdb loads symbols of beside the program's: the kernel, and the vDSO for the times when it is not
     * mapped (while it is, gdb finds it by AT_SYSINFO_EHDR and drops it from this list by its {@code l_ld}).
     */
    private String libraries() {
        StringBuilder xml = new StringBuilder("<library-list-svr4 version=\"1.0\">\n");
        if (!timeline.recording().bootImage().modules().isEmpty()) {
            xml.append(library(GuestProgram.KERNEL_PATH, 0, 0));
        }
        program.get().flatMap(GuestProgram::vdso).ifPresent(
                v -> xml.append(library(GuestProgram.VDSO_PATH, v.base(), v.dynamic())));
        return xml.append("</library-list-svr4>\n").toString();
    }

    private static String library(String name, long base, long dynamic) {
        return "  <library name=\"%s\" lmid=\"0x0\" lm=\"0x%x\" l_addr=\"0x%x\" l_ld=\"0x%x\"/>\n".formatted(
                Xml.text(name), base, base, dynamic);
    }
}
