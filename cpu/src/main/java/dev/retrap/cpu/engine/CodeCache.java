package dev.retrap.cpu.engine;

import dev.retrap.cpu.PageLines;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Decoder;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import dev.retrap.cpu.memory.PhysicalMemory;
import java.util.Arrays;

/** Decoded blocks by address, and their invalidation when the bytes they came from may change. */
final class CodeCache implements Cpu.CodeSink {
    private static final int MAX_INSNS = 48;
    private static final int MAX_BLOCKS = 200_000;
    private static final int TABLE = 1 << 14;

    private final Cpu c;
    private final Binder binder;
    private final Hooks hooks;
    private final Tiering tiering;
    private final CodePage[] pages;
    private final Block[] table = new Block[TABLE];
    private int blocks;
    /** Blocks of earlier epochs are found anew before they run, see {@link #trackFootprint}. */
    int epoch;
    private PageLines executed;
    private final byte[] straddle = new byte[32];
    private final Insn[] insns = new Insn[MAX_INSNS];
    private final Exec[] execs = new Exec[MAX_INSNS];

    CodeCache(Cpu c, Binder binder, Hooks hooks, Tiering tiering) {
        this.c = c;
        this.tiering = tiering;
        this.binder = binder;
        this.hooks = hooks;
        pages = new CodePage[c.memory.pageCount()];
    }

    private static int slot(long la) {
        return (int) (la ^ la >>> 14) & TABLE - 1;
    }

    /** The block at CS:RIP; raises #PF or #GP as the fetch of its first instruction does. */
    Block find() {
        long la = c.paging.wrap(c.base[Seg.CS] + c.rip);
        Block b = table[slot(la)];
        if (b != null && b.linear == la && b.ip == c.rip && b.mode == c.mode() && b.epoch == epoch
                && b.limit == c.limit[Seg.CS] && mapped(b)) {
            return b;
        }
        b = decodeOrFind(la);
        table[slot(la)] = b;
        b.epoch = epoch;
        if (executed != null) {
            addExecuted(b);
        }
        return b;
    }

    private void addExecuted(Block b) {
        int here = Math.min(b.bytes(), PhysicalMemory.PAGE - ((int) b.linear & 0xFFF));
        executed.addRange(b.linear, here);
        if (here < b.bytes()) {
            executed.addRange(c.paging.wrap(b.linear + here), b.bytes() - here);
        }
    }

    /** Adds the blocks that compiled code has run since this was last asked. */
    void addExecuted(Compiled x) {
        long ran = x.region.takeRan();
        if (executed != null) {
            for (; ran != 0; ran &= ran - 1) {
                addExecuted(x.blocks.get(Long.numberOfTrailingZeros(ran)));
            }
        }
    }

    /** Adds the lines of every block run from now on to {@code lines}, or to nothing if null. */
    void trackFootprint(PageLines lines) {
        tiering.forEach(this::addExecuted);
        executed = lines;
        epoch = epoch + 1 & Integer.MAX_VALUE;
    }

    /** True if the block was decoded for the code segment there is now. */
    boolean inSegment(Block b) {
        return b.linear == c.paging.wrap(c.base[Seg.CS] + b.ip) && b.mode == c.mode() && b.limit == c.limit[Seg.CS];
    }

    /** True if the block's pages are where they were, and may be fetched, without a walk. */
    boolean mapped(Block b) {
        return c.mmu.fetchCached(b.linear, b.pfn)
                && (b.pfn2 < 0 || c.mmu.fetchCached(c.paging.wrap((b.linear | 0xFFF) + 1), b.pfn2));
    }

    private Block decodeOrFind(long la) {
        checkIp(c.rip, 1);
        int pfn = c.mmu.fetchFrame(la);
        boolean inRam = pfn < pages.length;
        if (inRam && pages[pfn] != null) {
            Block b = pages[pfn].find(la, c.rip, c.mode(), c.limit[Seg.CS]);
            if (b != null && (b.pfn2 < 0 || c.mmu.fetchFrame(c.paging.wrap((la | 0xFFF) + 1)) == b.pfn2)) {
                return b;
            }
        }
        if (blocks >= MAX_BLOCKS) {
            clear();
        }
        Block b = decode(la, pfn, inRam);
        if (inRam) {
            register(b);
        }
        return b;
    }

    private void checkIp(long ip, int length) {
        if (c.mode() != CodeMode.CODE64
                && Long.compareUnsigned(ip + length - 1, c.limit[Seg.CS] & 0xFFFFFFFFL) > 0) {
            throw c.gp(0);
        }
    }

    private Block decode(long la, int pfn, boolean inRam) {
        byte[] page = inRam ? c.memory.page(pfn) : PhysicalMemory.outside();
        CodeMode mode = c.mode();
        boolean amd = c.model.behaviour().nearBranchHonours66();
        long limit = mode == CodeMode.CODE64 ? -1L : c.limit[Seg.CS] & 0xFFFFFFFFL;
        int off = (int) la & 0xFFF;
        long ip = c.rip;
        int n = 0;
        int cycles = 0;
        boolean alone = false;
        while (n < MAX_INSNS && off < PhysicalMemory.PAGE) {
            if (n > 0 && hooks.at(la + (ip - c.rip))) {
                break;
            }
            Insn i = Decoder.decode(mode, amd, page, off, PhysicalMemory.PAGE - off, ip);
            if (i == null) {
                return n == 0 ? decodeStraddling(la, pfn, page, off, ip, mode, amd) : block(la, mode, pfn, -1, n, cycles,
                        alone);
            }
            if (mode != CodeMode.CODE64 && Long.compareUnsigned(ip + i.length - 1, limit) > 0) {
                if (n == 0) {
                    throw c.gp(0);
                }
                break;
            }
            i = binder.read(i);
            boolean single = i.op == Op.INS;
            if (single && n > 0) {
                break;
            }
            insns[n] = i;
            execs[n] = binder.bind(i);
            n++;
            cycles += c.model.costs().cost(i.op);
            off += i.length;
            ip = i.next;
            if (single) {
                alone = true;
            }
            if (single || binder.endsBlock(i) || ip == 0) {
                break;
            }
        }
        return block(la, mode, pfn, -1, n, cycles, alone);
    }

    private Block block(long la, CodeMode mode, int pfn, int pfn2, int n, int cycles, boolean alone) {
        Block b = new Block(la, mode, c.limit[Seg.CS], pfn, pfn2, Arrays.copyOf(insns, n), Arrays.copyOf(execs, n), cycles,
                alone);
        b.breakpoint = hooks.breakpoint(la);
        b.probes = hooks.probesAt(la);
        b.hooked = b.breakpoint || b.probes != null;
        return b;
    }

    /** The instruction at {@code off} needs bytes of the next page. */
    private Block decodeStraddling(long la, int pfn, byte[] page, int off, long ip, CodeMode mode, boolean amd) {
        int first = PhysicalMemory.PAGE - off;
        System.arraycopy(page, off, straddle, 0, first);
        // The CS limit may end the instruction's bytes before the second page is touched.
        if (mode != CodeMode.CODE64 && Long.compareUnsigned(ip + first, c.limit[Seg.CS] & 0xFFFFFFFFL) > 0) {
            throw c.gp(0);
        }
        int pfn2 = c.mmu.fetchFrame(c.paging.wrap((la | 0xFFF) + 1));
        byte[] second = pfn2 < pages.length ? c.memory.page(pfn2) : PhysicalMemory.outside();
        System.arraycopy(second, 0, straddle, first, 15);
        Insn i = binder.read(Decoder.decode(mode, amd, straddle, 0, first + 15, ip));
        checkIp(ip, i.length);
        insns[0] = i;
        execs[0] = binder.bind(i);
        return block(la, mode, pfn, pfn2, 1, c.model.costs().cost(i.op), i.op == Op.INS);
    }

    private void register(Block b) {
        blocks++;
        int off = (int) b.linear & 0xFFF;
        int bytes = b.bytes();
        int here = Math.min(bytes, PhysicalMemory.PAGE - off);
        page(b.pfn).add(b);
        mark(b.pfn, off, off + here);
        if (b.pfn2 >= 0 && b.pfn2 < pages.length) {
            page(b.pfn2).addReachingIn(b);
            mark(b.pfn2, 0, Math.max(1, bytes - here));
        }
    }

    private void mark(int pfn, int from, int to) {
        boolean fresh = (c.memory.attributes(pfn) & PhysicalMemory.CODE) == 0;
        c.memory.markCode(pfn, from, to);
        if (fresh) {
            c.mmu.dropWrites(pfn);
        }
    }

    private CodePage page(int pfn) {
        CodePage p = pages[pfn];
        if (p == null) {
            p = pages[pfn] = new CodePage();
        }
        return p;
    }

    @Override
    public void invalidate(int pfn) {
        CodePage p = pages[pfn];
        if (p != null) {
            for (Block b : p.all()) {
                drop(b);
            }
            pages[pfn] = null;
        }
        c.memory.unmarkCode(pfn);
    }

    private void drop(Block b) {
        if (b.epoch >= 0) {
            blocks--;
            CodePage home = pages[b.pfn];
            if (home != null) {
                home.remove(b);
            }
            b.epoch = -1;
            b.next0 = null;
            b.next1 = null;
            tiering.dropped(b);
        }
    }

    /** A block already decoded at an offset in the page of another and like it in all else, or null. */
    Block neighbour(Block of, long ip) {
        long la = c.paging.wrap(of.linear + (ip - of.ip));
        CodePage p = (la ^ of.linear) >>> 12 == 0 && of.pfn < pages.length ? pages[of.pfn] : null;
        return p == null ? null : p.find(la, ip, of.mode, of.limit);
    }

    /** The hooks have changed: blocks that hold a changed address are decoded anew. */
    void hooksChanged(long address) {
        for (CodePage p : pages) {
            if (p != null) {
                for (Block b : p.all()) {
                    if (address >= b.linear && address < b.linear + b.bytes()) {
                        drop(b);
                    }
                }
            }
        }
    }

    /** Drops everything. */
    void clear() {
        for (int pfn = 0; pfn < pages.length; pfn++) {
            if (pages[pfn] != null) {
                invalidate(pfn);
            }
        }
        Arrays.fill(table, null);
        blocks = 0;
    }

    /** The page frame now holds other bytes. */
    void replaced(int pfn) {
        if (pages[pfn] != null) {
            invalidate(pfn);
        }
    }
}
