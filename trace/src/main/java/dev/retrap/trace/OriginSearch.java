package dev.retrap.trace;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import dev.retrap.trace.Origin.Kind;
import dev.retrap.trace.Origin.Place;
import dev.retrap.trace.Search.InterruptedSearch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Follows a value back from copy to copy. */
final class OriginSearch {
    private static final Reg[] BASES =
            {Reg.ES_BASE, Reg.CS_BASE, Reg.SS_BASE, Reg.DS_BASE, Reg.FS_BASE, Reg.GS_BASE};
    /** What a gate pushes, from the lowest address, behind an error code. */
    private static final Reg[] FRAME = {Reg.RIP, Reg.CS, Reg.RFLAGS, Reg.RSP, Reg.SS};

    private final Queries queries;
    private final Travel travel;
    private final Timeline timeline;
    private final Machine m;

    OriginSearch(Queries queries, Travel travel, Timeline timeline) {
        this.queries = queries;
        this.travel = travel;
        this.timeline = timeline;
        m = travel.machine;
    }

    /** A link, and where it says that the value was before; null at the end. */
    private record Link(Origin origin, Place from) {}

    List<Origin> follow(Place start, long position, int most) throws InterruptedSearch {
        List<Origin> way = new ArrayList<>();
        Place place = start;
        long at = position;
        while (way.size() < most) {
            Link link = switch (place) {
                case Place.Register(Reg r) -> register(r, at);
                case Place.Memory memory -> memory(memory, at);
            };
            way.add(link.origin());
            if (link.from() == null) {
                return way;
            }
            place = link.from();
            at = link.origin().position();
        }
        return way;
    }

    private void goTo(long position) throws InterruptedSearch {
        Search.reached(travel, travel.to(position));
    }

    // ------------------------------------------------------------------ memory

    private Link memory(Place.Memory place, long at) throws InterruptedSearch {
        goTo(at);
        Access a = queries.lastAccess(queries.written(place.linear(), place.size()), at);
        if (a == null) {
            return end(0, 0, place, Kind.START, "there since power-on");
        }
        goTo(a.position());
        long linear = a.address();
        if (a.byDebugger()) {
            return end(a.position(), a.ip(), place, Kind.DEBUGGER, "written by a debugger");
        }
        Event event = timeline.recording().eventAt(a.position()).orElse(null);
        if (event != null) {
            return pushed(place, event, linear);
        }
        Insn i = m.decodeAt(m.linearIp());
        if (i == null) {
            return end(a.position(), a.ip(), place, Kind.COMPUTED, "no instruction");
        }
        Place from = null;
        Kind kind = Kind.COMPUTED;
        int size = Math.min(place.size(), i.opSize / 8);
        switch (i.op) {
            case MOV -> {
                kind = i.r1 >= 0 ? Kind.COPY : Kind.CONSTANT;
                from = i.r1 >= 0 ? gpr(i, i.r1) : null;
            }
            case PUSH -> {
                if (i.mem()) {
                    from = new Place.Memory(linear(i), size);
                } else if (i.r0 >= 0) {
                    from = gpr(i, i.r0);
                }
                kind = from == null ? Kind.CONSTANT : Kind.COPY;
            }
            case PUSHA -> {
                int word = i.opSize / 8;
                long top = stack(m.get(Reg.RSP));
                from = new Place.Register(Reg.gpr((int) ((top - word - linear) / word) & 7));
                kind = Kind.COPY;
            }
            case MOVS -> {
                long to = base(0) + address(i, m.get(Reg.RDI));
                long source = base(i.seg) + address(i, m.get(Reg.RSI));
                from = new Place.Memory(wrap(source + (linear - to)), place.size());
                kind = Kind.COPY;
            }
            case STOS -> {
                from = new Place.Register(Reg.RAX);
                kind = Kind.COPY;
            }
            case XCHG -> {
                from = gpr(i, i.memAt == 0 ? i.r1 : i.r0);
                kind = Kind.COPY;
            }
            case CALL, CALL_IND, CALL_FAR, CALL_FAR_IND -> kind = Kind.CONSTANT;
            case INS -> kind = Kind.INPUT;
            default -> { }
        }
        return new Link(new Origin(a.position(), a.ip(), place, kind, text(i, kind, a.position())), from);
    }

    /** A kernel entry wrote it: the frame that a gate pushes. */
    private Link pushed(Place place, Event event, long linear) {
        int word = timelineLong() ? 8 : 4;
        long slot = linear - stack(event.after(Reg.RSP));
        long n = slot / word - (event.hasErrorCode() ? 1 : 0);
        String text = event.kind().toString();
        if (!event.isEntry() || n < 0 || n >= FRAME.length) {
            return end(event.position(), m.linearIp(), place, Kind.COMPUTED, text);
        }
        Reg reg = FRAME[(int) n];
        boolean followed = reg == Reg.RSP || reg.ordinal() <= Reg.R15.ordinal();
        return new Link(new Origin(event.position(), m.linearIp(), place, Kind.CROSSING,
                text + " pushes " + reg.label()), followed ? new Place.Register(reg) : null);
    }

    private boolean timelineLong() {
        return (m.get(Reg.EFER) & 1 << 10) != 0;
    }

    private Link end(long position, long ip, Place place, Kind kind, String text) {
        return new Link(new Origin(position, ip, place, kind, text), null);
    }

    // ------------------------------------------------------------------ registers

    private Link register(Reg r, long at) throws InterruptedSearch {
        Long position = queries.lastStep(at, steps -> lastWriter(steps, r));
        Place.Register place = new Place.Register(r);
        if (position == null) {
            return end(0, 0, place, Kind.START, "there since power-on");
        }
        goTo(position);
        long ip = m.linearIp();
        for (Input input : travel.inputs) {
            if (input instanceof Input.RegisterWrite w && w.register() == r && w.position() > position
                    && w.position() <= at) {
                return end(w.position(), ip, place, Kind.DEBUGGER, "written by a debugger");
            }
        }
        Event event = timeline.recording().eventAt(position).orElse(null);
        if (event != null) {
            return crossed(place, event);
        }
        Insn i = m.decodeAt(ip);
        if (i == null) {
            return end(position, ip, place, Kind.COMPUTED, "no instruction");
        }
        Place from = source(i, r);
        Kind kind = from != null ? Kind.COPY : constant(i) ? Kind.CONSTANT
                : i.op == Op.IN || i.op == Op.INS ? Kind.INPUT : Kind.COMPUTED;
        return new Link(new Origin(position, ip, place, kind, text(i, kind, position)), from);
    }

    private Long lastWriter(Steps steps, Reg r) throws InterruptedSearch {
        Map<Long, Boolean> explicit = new HashMap<>();
        Long last = null;
        while (m.position() < steps.span().end()) {
            long position = m.position();
            long before = m.get(r);
            boolean writes = explicit.computeIfAbsent(m.linearIp(), ip -> writes(m.decodeAt(ip), r));
            boolean instruction = !writes || m.instructionNext();
            steps.next();
            if (m.get(r) != before || writes && instruction) {
                last = position;
            }
        }
        return last;
    }

    /** True if an instruction writes a register that it names as its destination, whatever the value. */
    private static boolean writes(Insn i, Reg r) {
        if (i == null || i.memAt == 0 || i.r0 < 0) {
            return false;
        }
        boolean named = switch (i.op) {
            case MOV, MOVZX, MOVSX, MOVSXD, LEA, POP, ADD, OR, ADC, SBB, AND, SUB, XOR, NOT, NEG, INC, DEC, SHL, SHR,
                    SAR, ROL, ROR, BSWAP, XCHG, XADD, SETCC -> true;
            case IMUL -> i.r1 >= 0 || i.memAt > 0;
            default -> false;
        };
        return named && Reg.gpr(number(i, i.r0)) == r;
    }

    /** Where a copying instruction takes the value of a register from; null if it does not copy. */
    private Place source(Insn i, Reg r) {
        int word = i.opSize / 8;
        return switch (i.op) {
            case MOV -> i.memAt == 1 ? new Place.Memory(linear(i), word) : i.r1 >= 0 ? gpr(i, i.r1) : null;
            case MOVZX, MOVSX -> {
                int bytes = (i.byteAt(i.prefixLength + 1) & 1) == 0 ? 1 : 2;
                yield i.memAt == 1 ? new Place.Memory(linear(i), bytes)
                        : new Place.Register(Reg.gpr(bytes == 1 ? number(i, i.r1) : i.r1));
            }
            case MOVSXD -> i.memAt == 1 ? new Place.Memory(linear(i), 4) : new Place.Register(Reg.gpr(i.r1));
            case CMOVCC -> i.memAt == 1 ? new Place.Memory(linear(i), word) : gpr(i, i.r1);
            case POP -> i.memAt < 0 && Reg.gpr(i.r0) == r ? new Place.Memory(stack(m.get(Reg.RSP)), word) : null;
            case POPA -> r == Reg.RSP ? null
                    : new Place.Memory(stack(m.get(Reg.RSP) + (long) (7 - r.ordinal()) * word), word);
            case LEAVE -> r == Reg.RBP ? new Place.Memory(stack(m.get(Reg.RBP)), word)
                    : new Place.Register(Reg.RBP);
            case XCHG -> i.mem() ? new Place.Memory(linear(i), word)
                    : Reg.gpr(number(i, i.r0)) == r ? gpr(i, i.r1) : gpr(i, i.r0);
            case LODS -> r == Reg.RAX
                    ? new Place.Memory(wrap(base(i.seg) + address(i, m.get(Reg.RSI))), word) : null;
            default -> null;
        };
    }

    private static boolean constant(Insn i) {
        return i.op == Op.MOV && i.r1 < 0 && i.memAt < 0
                || (i.op == Op.XOR || i.op == Op.SUB) && i.memAt < 0 && i.r0 == i.r1
                || i.op == Op.LEA && i.base < 0 && i.index < 0;
    }

    private Link crossed(Place.Register place, Event event) {
        Reg r = place.reg();
        int word = timelineLong() ? 8 : 4;
        String text = event.kind().toString();
        Place from = null;
        if (event.kind() == Crossing.Kind.IRET && r == Reg.RSP) {
            from = new Place.Memory(stack(event.before(Reg.RSP)) + 3L * word, word);
        } else if (event.kind() == Crossing.Kind.SYSEXIT && r == Reg.RSP) {
            from = new Place.Register(Reg.RCX);
        }
        return new Link(new Origin(event.position(), m.linearIp(), place, from == null ? Kind.COMPUTED : Kind.CROSSING,
                text), from);
    }

    // ------------------------------------------------------------------ operands

    private String text(Insn i, Kind kind, long position) {
        if (kind != Kind.INPUT) {
            return i.toString();
        }
        for (Input input : travel.inputs.reversed()) {
            if (input instanceof Input.Console c && c.position() <= position) {
                return i + " (console input came at position " + c.position() + ")";
            }
        }
        return i.toString();
    }

    private static int number(Insn i, int n) {
        return i.opSize == 8 && n >= 16 ? n - 16 : n & 15;
    }

    private static Place gpr(Insn i, int n) {
        return new Place.Register(Reg.gpr(number(i, n)));
    }

    private long linear(Insn i) {
        long a = i.disp + (i.base < 0 ? 0 : m.get(Reg.gpr(i.base)))
                + (i.index < 0 ? 0 : m.get(Reg.gpr(i.index)) << i.scale);
        return wrap(base(i.seg) + address(i, a));
    }

    private long base(int seg) {
        return m.codeMode() == CodeMode.CODE64 && seg < 4 ? 0 : m.get(BASES[seg]);
    }

    private static long address(Insn i, long a) {
        return i.addrSize == 64 ? a : i.addrSize == 32 ? a & 0xFFFF_FFFFL : a & 0xFFFF;
    }

    private long stack(long sp) {
        return m.codeMode() == CodeMode.CODE64 ? sp : wrap(m.get(Reg.SS_BASE) + (sp & 0xFFFF_FFFFL));
    }

    private long wrap(long linear) {
        return timelineLong() ? linear : linear & 0xFFFF_FFFFL;
    }
}
