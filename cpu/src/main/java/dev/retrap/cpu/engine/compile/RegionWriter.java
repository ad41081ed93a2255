package dev.retrap.cpu.engine.compile;

import static dev.retrap.cpu.engine.compile.Code.AT;
import static dev.retrap.cpu.engine.compile.Code.AUX;
import static dev.retrap.cpu.engine.compile.Code.CD_CPU;
import static dev.retrap.cpu.engine.compile.Code.CD_FAULT;
import static dev.retrap.cpu.engine.compile.Code.CD_MMU;
import static dev.retrap.cpu.engine.compile.Code.CD_PAGES;
import static dev.retrap.cpu.engine.compile.Code.CD_REGION;
import static dev.retrap.cpu.engine.compile.Code.CD_TAGS;
import static dev.retrap.cpu.engine.compile.Code.CPU;
import static dev.retrap.cpu.engine.compile.Code.EXTRA;
import static dev.retrap.cpu.engine.compile.Code.FAULT;
import static dev.retrap.cpu.engine.compile.Code.LEFT;
import static dev.retrap.cpu.engine.compile.Code.LINE_TAGS;
import static dev.retrap.cpu.engine.compile.Code.MMU;
import static dev.retrap.cpu.engine.compile.Code.READ_PAGES;
import static dev.retrap.cpu.engine.compile.Code.READ_TAGS;
import static dev.retrap.cpu.engine.compile.Code.RES;
import static dev.retrap.cpu.engine.compile.Code.TARGET;
import static dev.retrap.cpu.engine.compile.Code.THIS;
import static dev.retrap.cpu.engine.compile.Code.WRITE_PAGES;
import static dev.retrap.cpu.engine.compile.Code.WRITE_TAGS;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes the method of a region. */
final class RegionWriter {
    static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_int, CD_CPU, CD_int);
    private static final MethodTypeDesc ACCOUNT = MethodTypeDesc.of(CD_void, CD_CPU, CD_int, CD_int);

    static final ClassDesc CD_EXEC = Code.desc(Exec.class), CD_INSN = Code.desc(Insn.class);

    private final CodeBuilder k;
    private final Plan plan;
    private final Code code;
    private final Label exit;
    private final Edges edges;
    private final Transfers transfers;
    /** Number of the first instruction of the block being written. */
    private int first;
    private final List<Integer> called = new ArrayList<>();
    /** If a footprint is kept: behind what each block does at its head. */
    private final Map<Piece, Label> bodies = new HashMap<>();
    /** True while the guest's registers are in the processor's arrays rather than in local variables. */
    private boolean inMemory;
    /** What the handlers called since may have changed there, see {@link Handlers#changes}. */
    private int changed;

    RegionWriter(CodeBuilder k, Plan plan) {
        this.k = k;
        this.plan = plan;
        code = new Code(k, plan);
        exit = k.newLabel();
        edges = new Edges(code, exit);
        transfers = new Transfers(code, edges);
    }

    /** Context bits that the code depends on. */
    int contextUsed() {
        return code.contextUsed;
    }

    void write() {
        Label start = k.newLabel();
        Label end = k.newLabel();
        Label handler = k.newLabel();
        enter();
        k.labelBinding(start);
        List<Piece> pieces = plan.pieces();
        for (int n = 0; n < pieces.size(); n++) {
            block(pieces.get(n), n + 1 < pieces.size() ? pieces.get(n + 1) : null);
        }
        for (Piece p : edges.finish()) {
            k.labelBinding(edges.again(p));
            budget(p);
            k.goto_(bodies.get(p));
        }
        edges.leaves();
        k.labelBinding(end);
        k.labelBinding(exit);
        spill();
        k.aload(THIS).aload(CPU).iload(LEFT).iload(EXTRA).lload(TARGET);
        k.invokevirtual(CD_REGION, "leave", MethodTypeDesc.of(CD_int, CD_CPU, CD_int, CD_int, CD_long)).ireturn();
        fault(start, end, handler);
    }

    /** State to local variables. */
    private void enter() {
        k.aload(CPU).getfield(CD_CPU, "mmu", CD_MMU).astore(MMU);
        tables();
        k.iconst_0().istore(EXTRA).iconst_0().istore(AT).lconst_0().lstore(TARGET);
        reload(Handlers.ALL);
    }

    /** The tags and pages that the present privilege has. */
    private void tables() {
        table("readTags", CD_TAGS, READ_TAGS);
        table("writeTags", CD_TAGS, WRITE_TAGS);
        table("readPages", CD_PAGES, READ_PAGES);
        table("writePages", CD_PAGES, WRITE_PAGES);
        if (plan.footprint()) {
            table("lineTags", CD_TAGS, LINE_TAGS);
        }
    }

    private void table(String name, ClassDesc type, int local) {
        k.aload(MMU).invokevirtual(CD_MMU, name, MethodTypeDesc.of(type)).astore(local);
    }

    /** State to local variables, as far as handlers may have changed it. */
    private void reload(int changed) {
        k.aload(CPU).getfield(CD_CPU, "r", CD_TAGS);
        for (int n = 0; n < code.registers(); n++) {
            if ((changed >>> n & 1) == 0) {
                continue;
            }
            k.dup().loadConstant(n).laload();
            if (code.narrow) {
                k.l2i();
            }
            code.setRaw(n);
        }
        k.pop();
        if ((changed & Handlers.FLAGS) == 0) {
            return;
        }
        k.aload(CPU).getfield(CD_CPU, "flagRes", CD_long);
        if (code.narrow) {
            k.l2i().istore(RES);
        } else {
            k.lstore(RES);
        }
        k.aload(CPU).getfield(CD_CPU, "flagAux", CD_int).istore(AUX);
    }

    private void spill() {
        k.aload(CPU);
        ClassDesc type = code.narrow ? CD_int : CD_long;
        if (code.narrow) {
            k.iload(RES);
        } else {
            k.lload(RES);
        }
        k.iload(AUX);
        ClassDesc[] types = new ClassDesc[3 + code.registers()];
        Arrays.fill(types, type);
        types[0] = CD_CPU;
        types[2] = CD_int;
        for (int n = 0; n < code.registers(); n++) {
            code.raw(n);
        }
        k.invokestatic(CD_REGION, "spill", MethodTypeDesc.of(CD_void, types));
    }

    /** A negative AT says that the state is in memory already. */
    private void fault(Label start, Label end, Label handler) {
        Label done = k.newLabel();
        Label count = k.newLabel();
        k.labelBinding(handler);
        k.astore(FAULT).iload(AT).iflt(done);
        spill();
        k.goto_(count);
        k.labelBinding(done);
        k.iload(AT).iconst_m1().ixor().istore(AT);
        k.labelBinding(count);
        k.aload(THIS).aload(CPU).aload(FAULT).iload(AT).iload(LEFT).iload(EXTRA);
        k.invokevirtual(CD_REGION, "faulted",
                MethodTypeDesc.of(CD_int, CD_CPU, CD_FAULT, CD_int, CD_int, CD_int)).ireturn();
        k.exceptionCatch(start, end, handler, CD_FAULT);
    }

    private void block(Piece p, Piece next) {
        edges.at(p, next);
        k.labelBinding(edges.head(p));
        code.flags = Known.NOTHING;
        inMemory = false;
        if (p.probes() != null) {
            probe(p);
        }
        budget(p);
        if (plan.footprint()) {
            // A store by itself costs little; a set in a local variable would cost a register.
            k.aload(THIS).iconst_1().putfield(RegionCompiler.NAME, ran(plan.pieces().indexOf(p)), CD_boolean);
            Label body = k.newLabel();
            bodies.put(p, body);
            k.labelBinding(body);
        }
        int n = p.count();
        boolean transfer = Transfers.supports(p.last(), plan);
        Inlined[] inlined = new Inlined[n];
        for (int i = 0; i < n; i++) {
            inlined[i] = bind(p.insns()[i]);
        }
        if (transfer) {
            inlined[n - 1] = new Inlined(null, Transfers.faults(p.last()), Inlined.BOTH, 0);
        }
        int[] live = Liveness.after(inlined);
        for (int i = 0; i < n; i++) {
            Insn insn = p.insns()[i];
            boolean last = i == n - 1;
            if (inlined[i] == null && (inMemory || !Handlers.light(insn))) {
                handler(p, i);
                continue;
            }
            if (inMemory) {
                toLocals();
            }
            if (inlined[i] == null) {
                light(p, i);
                continue;
            }
            if (inlined[i].faults()) {
                k.loadConstant(first + i).istore(AT);
            }
            if (last && transfer) {
                transfers.write(insn);
            } else {
                inlined[i].writer().write(code, insn, live[i]);
            }
        }
        if (!transfer) {
            if (inMemory) {
                afterHandler(p, inlined[n - 1] == null);
            }
            if (inMemory && Handlers.crosses(p.last())) {
                crossed();
            } else if (inMemory) {
                // All is accounted for, and RIP set by the handler.
                k.iconst_0().ireturn();
            } else {
                edges.fall(p.end());
            }
        }
        first += n;
    }

    /** At the end of a block after a handler: no step is left if the run may not go on. */
    private void settle() {
        k.aload(THIS).aload(CPU).iload(LEFT).aload(READ_TAGS).invokevirtual(CD_REGION, "settle",
                MethodTypeDesc.of(CD_int, CD_CPU, CD_int, CD_TAGS)).istore(LEFT);
    }

    private void toLocals() {
        reload(changed);
        if ((changed & Handlers.FLAGS) != 0) {
            code.flags = Known.NOTHING;
        }
        inMemory = false;
    }

    /** At the end of a block with the state in memory: to local variables, if control goes on to what follows. */
    private void afterHandler(Piece p, boolean byHandler) {
        Insn last = p.last();
        if (!byHandler || !last.form.endsBlock() && !Handlers.mayChangeContext(last)) {
            toLocals();
        } else if (Handlers.mayGoOn(last)) {
            settle();
            toLocals();
        }
    }

    /** Lets the probes at a block's start see the state, unless its steps do not reach. */
    private void probe(Piece p) {
        k.iload(LEFT).loadConstant(p.count()).if_icmplt(edges.leave(p.ip()));
        spill();
        k.aload(THIS).aload(CPU).iload(LEFT).iload(EXTRA).invokevirtual(CD_REGION, "account", ACCOUNT);
        k.aload(CPU).loadConstant(p.ip()).putfield(CD_CPU, "rip", CD_long);
        k.aload(THIS).aload(CPU).loadConstant(plan.pieces().indexOf(p)).invokevirtual(CD_REGION, "probe",
                MethodTypeDesc.of(CD_void, CD_CPU, CD_int));
    }

    /** Field that is true if the block of a number has run, if a footprint is kept. */
    static String ran(int block) {
        return "ran" + block;
    }

    /** After a transfer to another level: goes on if what is there is known here. */
    private void crossed() {
        if (!edges.anyAfterCrossing()) {
            k.iconst_0().ireturn();
            return;
        }
        k.aload(THIS).aload(CPU).iload(LEFT).iload(EXTRA).invokevirtual(CD_REGION, "crossed",
                MethodTypeDesc.of(CD_int, CD_CPU, CD_int, CD_int)).istore(LEFT);
        tables();
        toLocals();
        k.aload(CPU).getfield(CD_CPU, "rip", CD_long).lstore(TARGET);
        edges.afterCrossing();
    }

    /** Takes the block's steps off what is left, or leaves. */
    private void budget(Piece p) {
        Label go = k.newLabel();
        k.iinc(LEFT, -p.count()).iload(LEFT).ifge(go);
        k.iinc(LEFT, p.count()).goto_(edges.leave(p.ip()));
        k.labelBinding(go);
        if (p.extraCycles() != 0) {
            k.iinc(EXTRA, p.extraCycles());
        }
    }

    private Inlined bind(Insn i) {
        if (i.op == Op.INVALID || i.op == Op.TOO_LONG || !plan.model().has(i.form.feature())
                || !Code.addressable(i, plan)) {
            return null;
        }
        Inlined x = Arithmetic.bind(i);
        if (x == null) {
            x = Shifting.bind(i);
        }
        if (x == null) {
            x = Moves.bind(i);
        }
        return x == null ? StackMoves.bind(i, plan) : x;
    }

    /** Calls a handler that reads few registers and changes none, with the state in local variables. */
    private void light(Piece p, int i) {
        Insn insn = p.insns()[i];
        int at = first + i;
        for (int n = 0; n < code.registers(); n++) {
            if ((Handlers.reads(insn) >>> n & 1) != 0) {
                k.aload(CPU).getfield(CD_CPU, "r", CD_TAGS).loadConstant(n);
                code.raw(n);
                if (code.narrow) {
                    code.zeroExtend();
                }
                k.lastore();
            }
        }
        k.aload(THIS).aload(CPU).iload(LEFT).iload(EXTRA).invokevirtual(CD_REGION, "account", ACCOUNT);
        k.loadConstant(at).istore(AT);
        call(at);
        if (!Handlers.mayChangeContext(insn)) {
            return;
        }
        if (i == p.count() - 1) {
            settle();
            return;
        }
        Label same = k.newLabel();
        k.aload(THIS).aload(CPU).aload(READ_TAGS).invokevirtual(CD_REGION, "steady",
                MethodTypeDesc.of(CD_boolean, CD_CPU, CD_TAGS));
        k.ifne(same);
        // What is left of the block is not done.
        int steps = p.count() - 1 - i;
        int cycles = 0;
        for (int n = i + 1; n < p.count(); n++) {
            cycles += p.costs()[n];
        }
        k.iinc(LEFT, steps).iload(EXTRA).loadConstant(steps - cycles).iadd().istore(EXTRA);
        k.goto_(edges.leave(insn.next));
        k.labelBinding(same);
    }

    /** Handler and instruction are constants of the class: HotSpot knows which method it is, and may put it in line. */
    private void call(int at) {
        called.add(at);
        k.getstatic(RegionCompiler.NAME, handlerField(at), CD_EXEC).aload(CPU).getstatic(RegionCompiler.NAME, insnField(at), CD_INSN)
                .invokeinterface(CD_EXEC, "exec", MethodTypeDesc.of(CD_void, CD_CPU, CD_INSN));
    }

    /** Numbers of the instructions run by their handlers. */
    List<Integer> called() {
        return called;
    }

    static String handlerField(int at) {
        return "exec" + at;
    }

    static String insnField(int at) {
        return "insn" + at;
    }

    /** Calls the handler with the state in memory, where it stays until an inlined instruction needs it. */
    private void handler(Piece p, int i) {
        int at = first + i;
        if (!inMemory) {
            spill();
            k.aload(THIS).aload(CPU).iload(LEFT).iload(EXTRA).invokevirtual(CD_REGION, "account", ACCOUNT);
            k.aload(CPU).loadConstant(p.end()).putfield(CD_CPU, "rip", CD_long);
            inMemory = true;
            changed = 0;
        }
        changed |= Handlers.changes(p.insns()[i]);
        k.loadConstant(~at).istore(AT);
        call(at);
        if (i < p.count() - 1 && Handlers.mayChangeContext(p.insns()[i])) {
            Label same = k.newLabel();
            k.aload(THIS).aload(CPU).invokevirtual(CD_REGION, "changed", MethodTypeDesc.of(CD_boolean, CD_CPU));
            k.ifeq(same);
            k.aload(THIS).aload(CPU).loadConstant(at).invokevirtual(CD_REGION, "cut",
                    MethodTypeDesc.of(CD_int, CD_CPU, CD_int)).ireturn();
            k.labelBinding(same);
        }
    }
}
