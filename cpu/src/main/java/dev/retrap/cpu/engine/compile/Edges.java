package dev.retrap.cpu.engine.compile;

import static dev.retrap.cpu.engine.compile.Code.TARGET;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where control goes from block to block. To a block on the same page it is a jump; on another page the fetch
 * translation is looked up first, as the interpreter does; out of the region it leaves with RIP set. What is seldom
 * used is written behind all blocks.
 */
final class Edges {
    private final Code c;
    private final Label exit;
    private final Map<Long, Piece> pieces = new HashMap<>();
    private final Map<Piece, Label> heads = new HashMap<>();
    private final List<Runnable> later = new ArrayList<>();
    private final Map<Long, Label> exits = new LinkedHashMap<>();
    private final Set<Long> returns = new LinkedHashSet<>();
    private Piece from;
    private Piece following;

    /** @param exit where a run ends, with the new RIP in TARGET */
    Edges(Code c, Label exit) {
        this.c = c;
        this.exit = exit;
        for (Piece p : c.plan.pieces()) {
            pieces.put(p.ip(), p);
            heads.put(p, c.k.newLabel());
            switch (p.last().op) {
                case CALL, CALL_IND -> returns.add(p.end());
                default -> { }
            }
        }
    }

    /** The block being written, and the one written next or null. */
    void at(Piece piece, Piece next) {
        from = piece;
        following = next;
    }

    Label head(Piece p) {
        return heads.get(p);
    }

    /** The label to jump to for an offset, or null if more than a jump is needed. */
    Label direct(long ip) {
        Piece to = pieces.get(ip);
        return to == null ? leave(ip) : from.samePage(to) ? heads.get(to) : null;
    }

    /** Goes to an offset. */
    void go(long ip) {
        Label direct = direct(ip);
        if (direct != null) {
            c.k.goto_(direct);
        } else {
            checked(pieces.get(ip));
        }
    }

    /** Goes to an offset, perhaps by going on to what is written next: the last thing written of a block. */
    void fall(long ip) {
        Piece to = pieces.get(ip);
        if (to == null || to != following || !from.samePage(to)) {
            go(ip);
        }
    }

    /** The label of a stub that leaves for a fixed offset. */
    Label leave(long ip) {
        return exits.computeIfAbsent(ip, x -> c.k.newLabel());
    }

    private void checked(Piece to) {
        mapped(to.linear(), to.pfn());
        c.k.ifeq(leave(to.ip()));
        if (to.pfn2() >= 0) {
            mapped((to.linear() | 0xFFF) + 1, to.pfn2());
            c.k.ifeq(leave(to.ip()));
        }
        c.k.goto_(heads.get(to));
    }

    private void mapped(long linear, int pfn) {
        c.k.aload(Code.MMU).loadConstant(c.narrow ? linear & 0xFFFFFFFFL : linear).loadConstant(pfn)
                .invokevirtual(Code.CD_MMU, "fetchCached", MethodTypeDesc.of(CD_boolean, CD_long, CD_int));
    }

    /** Goes to the offset in TARGET, which has been checked. */
    void computed() {
        Set<Long> likely = new LinkedHashSet<>();
        for (long ip : from.successors()) {
            likely.add(ip);
        }
        if (from.last().op == dev.retrap.cpu.isa.Op.RET) {
            likely.addAll(returns);
        }
        likely.retainAll(pieces.keySet());
        if (c.plan.code64()) {
            for (long ip : likely) {
                c.k.lload(TARGET).loadConstant(ip).lcmp().ifeq(way(ip));
            }
        } else if (!likely.isEmpty()) {
            List<SwitchCase> cases = new ArrayList<>();
            likely.stream().sorted((a, b) -> Integer.compare((int) (long) a, (int) (long) b))
                    .forEach(ip -> cases.add(SwitchCase.of((int) (long) ip, way(ip))));
            c.k.lload(TARGET).l2i().lookupswitch(exit, cases);
            return;
        }
        c.k.goto_(exit);
    }

    /** True if it is known where control goes from the block being written, which ends in a transfer between levels. */
    boolean anyAfterCrossing() {
        for (long ip : from.successors()) {
            if (pieces.containsKey(ip)) {
                return true;
            }
        }
        return false;
    }

    /** Goes to the offset in TARGET with other rights: the page is looked up even if it is the same. */
    void afterCrossing() {
        for (long ip : from.successors()) {
            Piece to = pieces.get(ip);
            if (to != null) {
                Label other = c.k.newLabel();
                c.k.lload(TARGET).loadConstant(ip).lcmp().ifne(other);
                checked(to);
                c.k.labelBinding(other);
            }
        }
        c.k.goto_(exit);
    }

    private Label way(long ip) {
        Label direct = direct(ip);
        if (direct != null) {
            return direct;
        }
        Label stub = c.k.newLabel();
        Piece to = pieces.get(ip);
        later.add(() -> {
            c.k.labelBinding(stub);
            checked(to);
        });
        return stub;
    }

    /** Writes what was put off. */
    void finish() {
        later.forEach(Runnable::run);
        exits.forEach((ip, label) -> {
            c.k.labelBinding(label);
            c.k.loadConstant((long) ip).lstore(TARGET).goto_(exit);
        });
    }
}
