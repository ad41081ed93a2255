package dev.retrap.trace.diff;

import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.PtRegs;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells in what a call differs between two recordings. */
final class Comparison {
    private static final List<Reg> USER_32 = List.of(Reg.RAX, Reg.RBX, Reg.RCX, Reg.RDX, Reg.RSI, Reg.RDI, Reg.RBP,
            Reg.RSP, Reg.RIP, Reg.CS, Reg.SS, Reg.DS, Reg.ES, Reg.FS, Reg.GS, Reg.SS_ATTR);
    private static final List<Reg> USER_64 = List.of(Reg.RAX, Reg.RBX, Reg.RCX, Reg.RDX, Reg.RSI, Reg.RDI, Reg.RBP,
            Reg.RSP, Reg.R8, Reg.R9, Reg.R10, Reg.R11, Reg.R12, Reg.R13, Reg.R14, Reg.R15, Reg.RIP, Reg.CS, Reg.SS,
            Reg.DS, Reg.ES, Reg.FS, Reg.GS, Reg.FS_BASE, Reg.GS_BASE, Reg.SS_ATTR);
    private static final Set<String> SEGMENTS = Set.of("cs", "ds", "es", "fs", "gs", "ss");

    private static final Fact.Field INSTRUCTION = new Fact.Field("instruction", Fact.Show.PATH);
    private static final Fact.Field EXIT = new Fact.Field("exit", Fact.Show.PATH);
    private static final Fact.Field HANDLER = new Fact.Field("handler called", Fact.Show.PRESENCE);
    private static final Fact.Field RETURNED = new Fact.Field("returned", Fact.Show.PRESENCE);
    private static final Fact.Field DECISION = new Fact.Field("decision", Fact.Show.DECISION);
    private static final Fact.Field COUNT = new Fact.Field("count", Fact.Show.NUMBER);

    private final Space spaceA;
    private final Space spaceB;
    private final Set<Aspect> aspects;
    private final List<Reg> registers;
    private final Map<Reg, Fact.Field> fields = new EnumMap<>(Reg.class);
    private final Map<PtRegs.Layout, Fact.Field[]> members = new EnumMap<>(PtRegs.Layout.class);
    private final Fact.Field flags;
    private final Fact.Field result;
    private List<Fact> found;

    Comparison(Space spaceA, Space spaceB, Set<Aspect> aspects) {
        this.spaceA = spaceA;
        this.spaceB = spaceB;
        this.aspects = aspects;
        boolean wide = spaceA.wide() || spaceB.wide();
        registers = wide ? USER_64 : USER_32;
        for (Reg r : registers) {
            fields.put(r, new Fact.Field(label(r, wide), Fact.Show.ADDRESS));
        }
        flags = new Fact.Field(wide ? "rflags" : "eflags", Fact.Show.FLAGS);
        result = new Fact.Field(label(Reg.RAX, wide), Fact.Show.RESULT);
        for (PtRegs.Layout layout : PtRegs.Layout.values()) {
            members.put(layout, layout.fields().stream()
                    .map(f -> new Fact.Field(f, f.equals("flags") ? Fact.Show.FLAGS : Fact.Show.ADDRESS))
                    .toArray(Fact.Field[]::new));
        }
    }

    private static String label(Reg r, boolean wide) {
        String name = r.label();
        return wide || name.charAt(0) != 'r' ? name : "e" + name.substring(1);
    }

    /** A call of one recording with what belongs to it. */
    record Side(Event entry, Optional<Event> exit) {}

    /** What differs between a call and its partner, in the order of the aspects. */
    List<Fact> of(Side a, Side b) {
        found = new ArrayList<>();
        differ(Aspect.ENTRY, INSTRUCTION, Paths.code(a.entry()), Paths.code(b.entry()));
        address(Aspect.ENTRY, fields.get(Reg.RIP), a.entry().before(Reg.RIP), b.entry().before(Reg.RIP));
        address(Aspect.ENTRY, fields.get(Reg.RSP), a.entry().before(Reg.RSP), b.entry().before(Reg.RSP));
        ptRegs(a.entry().ptRegs(), b.entry().ptRegs());
        if (a.exit().isPresent() && b.exit().isPresent()) {
            exits(a.exit().get(), b.exit().get());
        } else {
            differ(Aspect.EXIT_INSTRUCTION, EXIT, Paths.code(a.exit()), Paths.code(b.exit()));
        }
        return found;
    }

    /** What differs between registers as the caller got them back; null: it did not. */
    List<Fact> callers(long[] a, long[] b) {
        found = new ArrayList<>();
        if (a == null || b == null) {
            differ(Aspect.CALLER_REGISTERS, RETURNED, a == null ? 0 : 1, b == null ? 0 : 1);
            return found;
        }
        for (Reg r : registers) {
            address(Aspect.CALLER_REGISTERS, fields.get(r), a[r.slot()], b[r.slot()]);
        }
        differ(Aspect.CALLER_REGISTERS, flags, a[Reg.RFLAGS.slot()], b[Reg.RFLAGS.slot()]);
        return found;
    }

    private void ptRegs(Optional<PtRegs> a, Optional<PtRegs> b) {
        if (a.isEmpty() || b.isEmpty()) {
            differ(Aspect.PT_REGS, HANDLER, a.isEmpty() ? 0 : 1, b.isEmpty() ? 0 : 1);
            return;
        }
        PtRegs ra = a.get();
        PtRegs rb = b.get();
        List<String> names = ra.valid();
        boolean sameLayout = ra.layout() == rb.layout();
        for (int i = 0; i < names.size(); i++) {
            int j = sameLayout ? i : rb.layout().fields().indexOf(names.get(i));
            if (j < 0 || j >= rb.valid().size()) {
                continue; // the other kernel does not save it
            }
            Fact.Field field = members.get(ra.layout())[i];
            long mask = SEGMENTS.contains(field.name()) ? 0xffff : -1L; // above is what PUSH left there
            if (field.show() == Fact.Show.FLAGS) {
                differ(Aspect.PT_REGS, field, ra.words()[i], rb.words()[j]);
            } else {
                address(Aspect.PT_REGS, field, ra.words()[i] & mask, rb.words()[j] & mask);
            }
        }
    }

    private void exits(Event a, Event b) {
        for (Reg r : registers) {
            address(Aspect.EXIT_REGISTERS, fields.get(r), a.after(r), b.after(r));
        }
        differ(Aspect.EFLAGS, flags, a.after(Reg.RFLAGS), b.after(Reg.RFLAGS));
        differ(Aspect.EXIT_INSTRUCTION, EXIT, Paths.code(a), Paths.code(b));
        differ(Aspect.DECISION, DECISION, Decisions.code(a), Decisions.code(b));
        differ(Aspect.KERNEL_INSTRUCTIONS, COUNT, a.ownSteps(), b.ownSteps());
        differ(Aspect.CYCLES, COUNT, a.ownCycles(), b.ownCycles());
        if (a.systemCall() >= 0 && b.systemCall() >= 0) {
            address(Aspect.RESULT, result, a.after(Reg.RAX), b.after(Reg.RAX));
        }
    }

    private void address(Aspect aspect, Fact.Field field, long a, long b) {
        if (!spaceA.same(a, spaceB, b)) {
            add(aspect, field, a, b);
        }
    }

    private void differ(Aspect aspect, Fact.Field field, long a, long b) {
        if (a != b) {
            add(aspect, field, a, b);
        }
    }

    private void add(Aspect aspect, Fact.Field field, long a, long b) {
        if (aspects.contains(aspect)) {
            found.add(new Fact(aspect, field, a, b));
        }
    }
}
