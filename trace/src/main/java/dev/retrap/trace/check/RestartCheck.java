package dev.retrap.trace.check;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.Event;
import dev.retrap.trace.PtRegs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an interrupted call goes back to. */
final class RestartCheck extends Assertion {
    private static final int MOST = 4096;
    private static final long INT80 = 0x80cd;
    private static final long SYSCALL = 0x050f;
    private static final long SYSENTER = 0x340f;
    private static final long RESTART_SYSCALL_32 = 0;

    /** Byte pair before each return address seen: null if it is not mapped. */
    private final Map<Long, Long> pairs = new HashMap<>();
    /** pt_regs of calls that did not come back, by where they lie: one per kernel stack. */
    private final Map<Long, PtRegs> interrupted = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, PtRegs> eldest) {
            return size() > MOST;
        }
    };
    private Event last;

    RestartCheck(Scene scene) {
        super(scene);
    }

    @Override
    void crossing(Event e) {
        if (e.isSystemCallEntry() && e.ptRegs().isPresent() && last != null && !last.isEntry()
                && last.after(Reg.RIP) == e.before(Reg.RIP)) {
            PtRegs now = e.ptRegs().get();
            PtRegs then = interrupted.remove(now.address());
            if (then != null && then.get("ip") - 2 == e.before(Reg.RIP)) {
                repeated(e, then, now);
            }
        }
        last = e;
    }

    private void repeated(Event e, PtRegs then, PtRegs now) {
        examined();
        SystemCall c = new SystemCall(e, e, false);
        List<String> differ = new ArrayList<>();
        if (now.get("orig_ax") != then.get("orig_ax") && now.get("orig_ax") != RESTART_SYSCALL_32) {
            differ.add(Text.differs("the number", now.get("orig_ax"), then.get("orig_ax")));
        }
        for (SystemCall.Place p : c.arguments()) {
            if (now.get(p.member()) != then.get(p.member())) {
                differ.add(Text.differs(p.member(), now.get(p.member()), then.get(p.member())));
            }
        }
        if (!differ.isEmpty()) {
            violated(e, "the restarted call is not the interrupted one: " + String.join("; ", differ),
                    "the call is repeated with other arguments than the program passed");
        }
    }

    @Override
    void call(SystemCall c) {
        long back = c.back();
        if (back < 0) {
            return;
        }
        if (c.built() != null && c.traced()) {
            interrupted.remove(c.built().address()); // to be repeated as the tracer likes
        } else if (c.built() != null && !c.plain() && !c.sigreturn()) {
            interrupted.put(c.built().address(), c.built());
        }
        if (!pairs.containsKey(back)) {
            if (pairs.size() >= MOST) {
                return;
            }
            pairs.put(back, Scene.word(scene.at(c.exit().position()), back - 2 & (c.wide() ? -1L : 0xffff_ffffL), 2));
        }
        examined();
        Long pair = pairs.get(back);
        long wanted = c.wide() && c.entry().kind() == Crossing.Kind.SYSCALL ? SYSCALL : INT80;
        if (pair == null || pair != wanted) {
            violated(c.exit(), "before the return address " + Text.hex(back) + " is " + name(pair) + ", expected "
                            + name(wanted),
                    "a call that a signal or a tracer restarts (ip -= 2) executes that instead, "
                            + (pair != null && pair == SYSCALL || pair != null && pair == SYSENTER
                                    ? "which reads its arguments from where they no longer are"
                                    : "and the program is lost"));
        }
    }

    private static String name(Long pair) {
        if (pair == null) {
            return "nothing that is mapped";
        }
        String bytes = "%02x %02x".formatted(pair & 0xff, pair >>> 8);
        return pair == INT80 ? bytes + " (INT 0x80)" : pair == SYSCALL ? bytes + " (SYSCALL)"
                : pair == SYSENTER ? bytes + " (SYSENTER)" : bytes;
    }
}
