package dev.retrap.trace.check;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.PtRegs;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What became of a tracer's changes to pt_regs. */
final class TracerEditsCheck extends Assertion {
    private static final int LONGEST_TAIL = 16;
    private static final int RET = 0xc3;

    private final TracerWrites writes;
    /** What was written to pt_regs of calls that are to be made again, by where these are. */
    private final Map<Long, TracerWrites.Written> again = new HashMap<>();

    TracerEditsCheck(Scene scene) {
        super(scene);
        writes = new TracerWrites(scene);
    }

    @Override
    void crossing(Event e) {
        if (!e.isSystemCallEntry()) {
            return;
        }
        writes.entered(e);
        e.ptRegs().ifPresent(now -> {
            TracerWrites.Written w = again.remove(now.address());
            if (w != null && w.get("ip") == e.before(Reg.RIP)) {
                repeated(e, now, w);
            }
        });
    }

    /** The tracer set IP back onto the entry instruction: this call is to have the number and arguments that he set. */
    private void repeated(Event e, PtRegs now, TracerWrites.Written w) {
        examined();
        List<String> lost = new ArrayList<>();
        if (now.get("orig_ax") != w.get("ax")) {
            lost.add(Text.differs("the number", now.get("orig_ax"), w.get("ax")));
        }
        for (SystemCall.Place p : new SystemCall(e, e, true).arguments()) {
            if (now.get(p.member()) != w.get(p.member())) {
                lost.add(Text.differs(p.member(), now.get(p.member()), w.get(p.member())));
            }
        }
        if (!lost.isEmpty()) {
            violated(e, "a call made again for a tracer is not the one that it set: " + String.join("; ", lost),
                    "the tracer had IP set back and the arguments changed, and was told that it had");
        }
    }

    @Override
    void call(SystemCall c) {
        if (c.ptrace()) {
            writes.traced(c);
        }
        if (c.built() != null) {
            Optional<TracerWrites.Written> w = writes.take(c.built());
            if (w.isPresent() && !c.plain() && c.exit().after(Reg.RIP) == w.get().get("ip")) {
                again.put(c.built().address(), w.get());
            }
        }
        PtRegs before = c.built();
        PtRegs after = c.left();
        if (!c.traced() || before == null || after == null || !c.plain()) {
            return;
        }
        Optional<Vdso> vdso = c.wide() ? Optional.empty() : scene.vdso(c.entry());
        long[] caller = null;
        Set<Reg> reloaded = EnumSet.noneOf(Reg.class);
        if (vdso.isPresent()) {
            if (!scene.close(Check.TRACER_EDITS, c)) {
                return;
            }
            caller = scene.walk(c, vdso.get()).departure();
            reloaded = reloaded(scene.at(c.exit().position() + 1), c.exit().after(Reg.RIP));
        }
        if (vdso.isPresent() && caller == null) {
            return;
        }
        examined();
        List<String> lost = new ArrayList<>();
        for (SystemCall.Place p : c.arguments()) {
            // IRET loads all of pt_regs, as they were after the last stop.
            long edited = c.exit().kind() == Crossing.Kind.IRET ? c.exit().after(p.reg()) : after.get(p.member());
            long seen = caller == null ? c.exit().after(p.reg()) : caller[p.reg().slot()];
            if (edited != before.get(p.member()) && seen != edited && !reloaded.contains(p.reg())) {
                lost.add(Text.differs(Text.name(p.reg(), c.wide()), seen, edited));
            }
        }
        if (!lost.isEmpty()) {
            violated(c.exit(), "a tracer's change is lost: " + String.join("; ", lost),
                    "the tracer was told that it had set the register");
        }
    }

    /** Registers that the code from the landing pad to RET pops or copies. */
    private static Set<Reg> reloaded(Machine m, long pad) {
        byte[] code = new byte[LONGEST_TAIL];
        int n = m.read(pad, code, 0, code.length);
        Set<Reg> regs = EnumSet.noneOf(Reg.class);
        for (int i = 0; i < n && (code[i] & 0xff) != RET; i++) {
            int b = code[i] & 0xff;
            if (b >= 0x58 && b <= 0x5f) {
                regs.add(Reg.gpr(b - 0x58));
            } else if (b == 0x89 && i + 1 < n) {
                regs.add(Reg.gpr(code[++i] & 7));
            }
        }
        return regs;
    }
}
