package dev.retrap.gdbstub.rsp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Packets that follow the protocol's grammar, and packets that nearly do. */
public final class PacketGenerator {
    /** {@code @} is an address, {@code #} a number, {@code %} hexadecimal, {@code *} raw bytes, {@code &} a thread. */
    private static final List<String> SHAPES = List.of(
            "qSupported:multiprocess+;swbreak+", "qSupported:multiprocess+;fork-events+;vfork-events+;exec-events+",
            "qSupported", "vMustReplyEmpty", "!", "?", "QNonStop:#", "qC",
            "qfThreadInfo", "qsThreadInfo", "qThreadExtraInfo,&", "qAttached:#", "qSymbol:%:%", "H@&", "Hg&", "Hc&",
            "T&", "g", "G%", "p#", "P#=%", "m@,#", "x@,#", "M@,#:%", "X@,#:*", "Z0,@,#", "Z1,@,1", "Z2,@,#", "Z3,@,#",
            "Z4,@,#", "Z0,@,1;X#,%", "z0,@,#", "z1,@,1", "z2,@,#", "z3,@,#", "z4,@,#", "vCont?", "vCont;s:&",
            "vCont;s:p1.1", "vCont;r@,@:p1.1", "vCont;t:&", "s", "S05", "bs", "qXfer:features:read:target.xml:#,#",
            "qXfer:auxv:read::#,#", "qXfer:exec-file:read:1:#,#", "qXfer:threads:read::#,#",
            "qXfer:osdata:read:events:#,#", "qXfer:libraries-svr4:read::#,#", "qXfer:frob:read::#,#", "qRcmd,%",
            "qRcmd,68656c70", "qRcmd,7768656e", "qSearch:memory:@;#;*", "qCRC:@,#", "vFile:setfs:#",
            "vFile:open:%,#,#", "vFile:open:2f70726f632f312f6d617073,0,0", "vFile:pread:#,#,#", "vFile:fstat:#",
            "vFile:close:#", "vFile:readlink:%", "vFile:stat:%", "vFile:unlink:%", "QTFrame:#", "QTFrame:pc:@",
            "QTFrame:ffffffff", "qHostInfo", "qProcessInfo", "qMemoryRegionInfo:@",
            "qRegisterInfo#", "jThreadsInfo", "Z0,@,1;X#,%;cmds:1,X#,%", "qXfer:memory-map:read::#,#",
            "qXfer:siginfo:read::#,#", "qXfer:osdata:read:syscalls:#,#", "qTStatus", "QCatchSyscalls:1;#", "QCatchSyscalls:0", "QPassSignals:#", "vAttach;#",
            "qGetTLSAddr:&,#,#", "qFrob:#", "vFrob;#", "Qfrob", "i@", "y", "");

    private static final long[] EDGES = {
        0, 1, 3, 4, 8, 0x10, 0xff, 0x1000, 0x8048000L, 0xbfffffffL, 0xc0000000L, 0xc0100000L, 0xfffff000L, 0xffffffffL,
        0x100000000L, Long.MAX_VALUE, Long.MIN_VALUE, -1
    };

    private final Random random;

    /** A generator of the sequence that a seed makes. */
    public PacketGenerator(long seed) {
        this.random = new Random(seed);
    }

    /** A payload; now and then a spoiled one. */
    public byte[] payload() {
        StringBuilder packet = new StringBuilder();
        for (char c : SHAPES.get(random.nextInt(SHAPES.size())).toCharArray()) {
            switch (c) {
                case '@', '#' -> packet.append(Long.toHexString(number(c == '#')));
                case '%' -> packet.append(hexBytes());
                case '*' -> packet.append(rawBytes());
                case '&' -> packet.append(thread());
                default -> packet.append(c);
            }
        }
        byte[] payload = packet.toString().getBytes(StandardCharsets.ISO_8859_1);
        return random.nextInt(3) == 0 ? spoiled(payload) : payload;
    }

    private long number(boolean small) {
        return switch (random.nextInt(3)) {
            case 0 -> EDGES[random.nextInt(EDGES.length)];
            case 1 -> random.nextInt(small ? 16 : Integer.MAX_VALUE);
            default -> small ? random.nextInt(4096) : random.nextLong();
        };
    }

    private String hexBytes() {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(12); n > 0; n--) {
            text.append("%02x".formatted(random.nextInt(256)));
        }
        return text.toString();
    }

    private String rawBytes() {
        byte[] bytes = new byte[random.nextInt(12)];
        random.nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private String thread() {
        return List.of("p1.1", "1", "0", "-1", "p1.-1", "p0.0", "p2.1", "p1", "p-1.-1").get(random.nextInt(9));
    }

    /** Cuts, doubles or changes bytes. */
    private byte[] spoiled(byte[] payload) {
        byte[] spoiled = switch (random.nextInt(3)) {
            case 0 -> Arrays.copyOf(payload, random.nextInt(payload.length + 1));
            case 1 -> Arrays.copyOf(payload, payload.length + random.nextInt(20));
            default -> payload.clone();
        };
        for (int n = random.nextInt(4); n > 0 && spoiled.length > 0; n--) {
            spoiled[random.nextInt(spoiled.length)] = (byte) random.nextInt(256);
        }
        return spoiled;
    }

    /** Random source of the sequence, for choices around packets. */
    public Random random() {
        return random;
    }
}
