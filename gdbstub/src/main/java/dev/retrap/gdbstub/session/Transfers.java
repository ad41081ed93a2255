package dev.retrap.gdbstub.session;

import dev.retrap.gdbstub.View;
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
    /** The document "threads" if there are none. */
    static final String NO_THREADS = "<?xml version=\"1.0\"?>\n<threads>\n</threads>\n";

    private static final int EINVAL = 22;

    private final Timeline timeline;
    private final Supplier<Optional<GuestProgram>> program;
    private final Inferiors inferiors;
    private final Supplier<SignalInfo> signalInfo;
    private final OsData tables;
    private final int longestPiece;
    private String current = "";
    private byte[] document = new byte[0];

    /**
     * Transfers for a session.
     *
     * @param program the guest's program, looked for when first needed
     * @param inferiors whom the client is attached to
     * @param signalInfo why it has stopped
     * @param longestPiece most bytes of a document in one reply
     */
    Transfers(Timeline timeline, Supplier<Optional<GuestProgram>> program, Inferiors inferiors,
            Supplier<SignalInfo> signalInfo, OsData tables, int longestPiece) {
        this.timeline = timeline;
        this.program = program;
        this.inferiors = inferiors;
        this.signalInfo = signalInfo;
        this.tables = tables;
        this.longestPiece = longestPiece;
    }

    /** A piece of a document about one of the inferiors. */
    Reply read(Request.TransferRead request, Inferior inferior) {
        String name = inferior.pid() + request.object() + ":" + request.annex();
        // A document is made when its reading begins and kept until it is read: it may change in between.
        if (request.offset() == 0 || !name.equals(current)) {
            byte[] made;
            switch (request.object()) {
                case "features", "auxv", "exec-file", "threads", "libraries-svr4", "osdata", "memory-map",
                        "siginfo" ->
                        made = document(request.object(), request.annex(), inferior);
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
    private byte[] document(String object, String annex, Inferior inferior) {
        TargetDescription description = inferior.description();
        String text = switch (object) {
            case "features" -> annex.equals("target.xml") ? description.xml() : null;
            case "exec-file" -> file(annex, inferior);
            case "threads" -> threads();
            case "libraries-svr4" -> libraries(inferior);
            case "osdata" -> tables.table(annex);
            case "memory-map" -> memoryMap();
            default -> null;
        };
        if (object.equals("auxv")) {
            Optional<byte[]> vector = sees(inferior)
                    ? program.get().map(p -> p.auxv(description.wordBytes()))
                    : inferiors.auxiliaryVector(inferior);
            return vector.orElse(new byte[0]);
        }
        if (object.equals("siginfo")) {
            return signalInfo.get().bytes(description.wordBytes());
        }
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * All that an address can be. What is mapped of it changes with the position, and gdb keeps this for the whole
     * connection and all of its inferiors; LLDB asks for the mappings of the moment by {@code qMemoryRegionInfo}.
     */
    private String memoryMap() {
        boolean wide = inferiors.isWide();
        String low = wide ? "0x800000000000" : "0x100000000";
        String high = "  <memory type=\"ram\" start=\"0xffff800000000000\" length=\"0x800000000000\"/>\n";
        return "<?xml version=\"1.0\"?>\n<memory-map>\n  <memory type=\"ram\" start=\"0x0\" length=\"" + low + "\"/>\n"
                + (wide ? high : "") + "</memory-map>\n";
    }

    /** The program file of a process; of this one if none is named. */
    private String file(String annex, Inferior inferior) {
        try {
            return annex.isEmpty()
                    ? inferiors.file(inferior)
                    : inferiors.ofProcess(Long.parseUnsignedLong(annex, 16)).map(inferiors::file).orElse(null);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private String threads() {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?>\n<threads>\n");
        for (InferiorThread t : inferiors.threads()) {
            xml.append("<thread id=\"%s\" core=\"0\" name=\"%s\">%s</thread>\n".formatted(
                    t.id(), Xml.text(inferiors.name(t)), Xml.text(inferiors.state(t))));
        }
        return xml.append("</threads>\n").toString();
    }

    /** True if the first user program is all or a part of an inferior: of that one the auxiliary vector is known. */
    private boolean sees(Inferior inferior) {
        return inferior.process() == GuestProgram.PID || inferiors.view() == View.FLAT;
    }

    /**
     * Images that gdb loads symbols of beside the program's: the kernel, and the vDSO for the times when it is not
     * mapped (while it is, gdb finds it by AT_SYSINFO_EHDR and drops it from this list by its {@code l_ld}).
     */
    private String libraries(Inferior inferior) {
        StringBuilder xml = new StringBuilder("<library-list-svr4 version=\"1.0\">\n");
        if (inferiors.view() == View.FLAT && !timeline.recording().bootImage().modules().isEmpty()) {
            xml.append(library(GuestProgram.KERNEL_PATH, 0, 0));
        }
        program.get().filter(_ -> inferior.isProgram() || inferiors.view() == View.FLAT).flatMap(GuestProgram::vdso).ifPresent(
                v -> xml.append(library(GuestProgram.VDSO_PATH, v.base(), v.dynamic())));
        return xml.append("</library-list-svr4>\n").toString();
    }

    private static String library(String name, long base, long dynamic) {
        return "  <library name=\"%s\" lmid=\"0x0\" lm=\"0x%x\" l_addr=\"0x%x\" l_ld=\"0x%x\"/>\n".formatted(
                Xml.text(name), base, base, dynamic);
    }
}
