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
    /** Null unless a footprint is kept. */
    private final Certain certain;
    private final Map<Piece, Label> again = new LinkedHashMap<>();
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
        certain = c.plan.footprint() ? new Certain(c.plan.pieces(), this::ways) : null;
    }

    /** Offsets that control may go on to in the region after a block. */
    private Set<Long> ways(Piece p) {
        Set<Long> ways = new LinkedHashSet<>();
        for (long ip : p.successors()) {
            ways.add(ip);
        }
        switch (p.last().op) {
            case RET -> ways.addAll(returns);
            case JMP, CALL -> ways.add(p.last().imm);
            case JCC, LOOP, LOOPE, LOOPNE, JCXZ -> {
                ways.add(p.last().imm);
                ways.add(p.end());
            }
            default -> ways.add(p.end());
        }
        ways.retainAll(pieces.keySet());
        return ways;
    }

    /** Where the block being written goes on at another: behind its head if it has run for certain, and so is noted. */
    private Label entry(Piece to) {
        return certain != null && to.probes() == null && certain.ranBefore(to, from)
                ? again.computeIfAbsent(to, x -> c.k.newLabel()) : heads.get(to);
    }

    /** Where a block is entered that has been noted already. */
    Label again(Piece p) {
        return again.get(p);
    }

    /** The block at an offset, if control may go there from the block being written. */
    private Piece piece(long ip) {
        Piece to = pieces.get(ip);
        return to != null && (certain == null || ways(from).contains(ip)) ? to : null;
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
        Piece to = piece(ip);
        return to == null ? leave(ip) : from.samePage(to) ? entry(to) : null;
    }

    /** Goes to an offset. */
    void go(long ip) {
        Label direct = direct(ip);
        if (direct != null) {
            c.k.goto_(direct);
        } else {
            checked(pieces.get(ip), entry(pieces.get(ip)));
        }
    }

    /** Goes to an offset, perhaps by going on to what is written next: the last thing written of a block. */
    void fall(long ip) {
        Piece to = piece(ip);
        if (to == null || to != following || !from.samePage(to)) {
            go(ip);
        }
    }

    /** The label of a stub that leaves for a fixed offset. */
    Label leave(long ip) {
        return exits.computeIfAbsent(ip, x -> c.k.newLabel());
    }

    private void checked(Piece to, Label entry) {
        mapped(to.linear(), to.pfn());
        c.k.ifeq(leave(to.ip()));
        if (to.pfn2() >= 0) {
            mapped((to.linear() | 0xFFF) + 1, to.pfn2());
            c.k.ifeq(leave(to.ip()));
        }
        c.k.goto_(entry);
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
                checked(to, entry(to));
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
        Label entry = entry(to);
        later.add(() -> {
            c.k.labelBinding(stub);
            checked(to, entry);
        });
        return stub;
    }

    /** Writes what was put off; then the caller has to write the second entries of some blocks, before {@link #leaves}. */
    Set<Piece> finish() {
        later.forEach(Runnable::run);
        return again.keySet();
    }

    /** Writes the stubs that leave. */
    void leaves() {
        exits.forEach((ip, label) -> {
            c.k.labelBinding(label);
            c.k.loadConstant((long) ip).lstore(TARGET).goto_(exit);
        });
    }
}
