package dev.retrap.repl.report;

import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.ExitDecision;
import dev.retrap.trace.PtRegs;
import dev.retrap.trace.Recording;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One event as one JSON object. Member names are stable: new ones may come, none goes or changes its meaning.
 * Positions, counts and numbers are JSON numbers; registers and addresses are hexadecimal strings.
 */
public final class EventJson {
    private final Recording recording;

    /** A printer for the events of a recording. */
    public EventJson(Recording recording) {
        this.recording = recording;
    }

    /** {@return the object on one line} */
    public String line(Event e) {
        Map<String, Object> o = new LinkedHashMap<>();
        o.put("event", e.index());
        o.put("position", e.position());
        o.put("cycles", e.cycles());
        o.put("kind", e.kind().name());
        o.put("name", e.name());
        o.put("entry", e.isEntry());
        if (e.vector() >= 0) {
            o.put("vector", e.vector());
        }
        if (e.hasErrorCode()) {
            o.put("error_code", e.errorCode());
        }
        if (e.vector() == 14 && e.isEntry()) {
            o.put("cr2", hex(e.cr2()));
        }
        o.put("depth", e.depth());
        if (e.pair() >= 0) {
            o.put("pair", e.pair());
            o.put("steps", e.steps());
            o.put("nested_steps", e.nestedSteps());
            o.put("spent_cycles", e.spentCycles());
        }
        if (e.systemCall() >= 0) {
            o.put("nr", e.systemCall());
        }
        if (e.isSystemCallEntry()) {
            call(e, o);
        }
        o.put("before", registers(e.before()));
        o.put("after", registers(e.after()));
        e.ptRegs().ifPresent(r -> o.put("pt_regs", ptRegs(r)));
        e.decision().ifPresent(d -> o.put("decision", decision(d)));
        return Json.of(o);
    }

    private void call(Event e, Map<String, Object> o) {
        o.put("call", CallText.abi(e).of(e.systemCall()).name());
        List<Object> arguments = new ArrayList<>();
        for (Long a : CallText.arguments(e)) {
            arguments.add(a == null ? null : hex(a));
        }
        o.put("arguments", arguments);
        if (e.pair() >= 0) {
            Event exit = recording.event(e.pair());
            o.put("exit", exit.name());
            o.put("result", hex(exit.after(Reg.RAX)));
        }
    }

    private static Map<String, Object> registers(long[] values) {
        Map<String, Object> o = new LinkedHashMap<>();
        for (int slot = 0; slot < Reg.CROSSING_SLOTS; slot++) {
            o.put(Reg.ofSlot(slot).label(), hex(values[slot]));
        }
        return o;
    }

    private static Map<String, Object> ptRegs(PtRegs regs) {
        Map<String, Object> o = new LinkedHashMap<>();
        o.put("address", hex(regs.address()));
        for (String field : regs.valid()) {
            o.put(field, hex(regs.get(field)));
        }
        return o;
    }

    private static Map<String, Object> decision(ExitDecision d) {
        Map<String, Object> o = new LinkedHashMap<>();
        o.put("style", d.style().name());
        o.put("position", d.position());
        o.put("fast", d.verdict());
        o.put("consistent", d.consistent());
        List<Object> conditions = new ArrayList<>();
        for (ExitDecision.Condition c : d.conditions()) {
            Map<String, Object> m = new LinkedHashMap<>();
            m.put("id", c.id());
            m.put("tested", c.tested());
            m.put("actual", c.actual());
            m.put("holds", c.holds());
            conditions.add(m);
        }
        o.put("conditions", conditions);
        return o;
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
