package dev.retrap.cpu.oracle;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.VendorBehaviour;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Descriptors;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.core.Fault;
import dev.retrap.cpu.core.Flags;
import dev.retrap.cpu.core.Seg;
import dev.retrap.cpu.device.Devices;
import dev.retrap.cpu.fpu.X87;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Decoder;
import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import dev.retrap.cpu.memory.PhysicalMemory;
import dev.retrap.cpu.semantics.Semantics;
import dev.retrap.cpu.simd.Simd;
import dev.retrap.cpu.system.SystemSemantics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Our machine as a program of user mode finds it under Linux: CPL 3, paging, the {@link Layout}'s pages, a GDT, LDT, IDT
 * and TSS as the kernel that the outcomes come from has them. Runs one instruction's meaning at a time, without an
 * engine around it.
 */
final class Subject {
    private static final int PAGES = 64;
    /** Linear addresses of the kernel's pages: tests cannot reach them. */
    private static final int GDT = 0x7E000000, IDT = GDT + 0x1000, TSS = GDT + 0x2000, KERNEL_STACK = GDT + 0x3000;
    private static final int LDT = GDT + 0x800;
    private static final int TSS_LIMIT = 0x67;
    private static final int KERNEL_CS = 0x10;
    private static final int KERNEL_SS = 0x18;
    /** Gates lead to this address plus 16 times the vector. */
    private static final int HANDLERS = 0x7F000000;
    private static final int MAX_REPETITIONS = 100_000;

    private final CodeMode mode;
    private final boolean long64;
    private final HostFacts facts;
    private final Cpu cpu;
    private final PhysicalMemory memory = new PhysicalMemory((long) PAGES * Layout.PAGE);
    /** The pages of each region, in the order of {@link Layout#REGIONS}. */
    private final List<byte[][]> pages = new ArrayList<>();
    private final byte[] gdt;
    private final byte[] ldt;
    private MemoryImage current;
    /** Content of the data regions that the test at hand starts with. */
    private final byte[] start = new byte[Layout.DATA_BYTES];

    /** A machine for tests of one mode whose expected outcomes come from a host. */
    Subject(CodeMode mode, HostFacts facts) {
        this.mode = mode;
        this.facts = facts;
        long64 = mode == CodeMode.CODE64;
        cpu = new Cpu(model(facts), memory, new Devices(null));
        cpu.alone = true;
        var tables = new PageTables(memory, long64, 1);
        for (Layout.Region r : Layout.REGIONS) {
            var list = new byte[r.pages()][];
            for (int i = 0; i < list.length; i++) {
                boolean code = r.kind() == Layout.Kind.CODE;
                int pfn = tables.map(r.address() + i * Layout.PAGE, true, r.kind() == Layout.Kind.DATA, code);
                list[i] = memory.writable(pfn);
                if (code) {
                    Arrays.fill(list[i], (byte) 0xCC);
                }
            }
            pages.add(list);
        }
        gdt = kernelPage(tables, GDT);
        byte[] idt = kernelPage(tables, IDT);
        byte[] tss = kernelPage(tables, TSS);
        kernelPage(tables, KERNEL_STACK);
        ldt = new byte[Layout.LDT.size() * 8];
        fillGdt();
        fillLdt();
        fillIdt(idt);
        MemoryImage.put(tss, 4, KERNEL_STACK + Layout.PAGE, 4);
        MemoryImage.put(tss, 8, long64 ? 0 : KERNEL_SS, 4);
        // No I/O permission bitmap: all ports are forbidden.
        MemoryImage.put(tss, 0x66, TSS_LIMIT + 1, 2);
        control(tables.cr3());
    }

    /**
     * The model nearest to the physical processor, with exactly the features it showed. Null selectors clear the base:
     * the processors that can be asked are Zen 2 or later; x87 pointers are as wide as a Zen 5 has them.
     */
    private static CpuModel model(HostFacts facts) {
        CpuModel zen = CpuModels.named("zen");
        VendorBehaviour b = zen.behaviour();
        var behaviour = new VendorBehaviour(b.sysenterInLongMode(), b.sysenterMsrs64(), b.syscallOutside64BitMode(),
                b.sysretChecksRcx(), b.sysretLoadsSsAttributes(), b.nearBranchHonours66(), true,
                b.bsfZeroKeepsDestination(), b.farPointer64(), b.cpuidRepeatsHighestLeaf(),
                b.cpuidSyscallIn64BitModeOnly(), b.larShowsLimit(), b.savesPointersOnError(),
                b.cvtpi2psFromMemoryKeepsX87(), 57);
        return new CpuModel("oracle", facts.brand(), zen.vendor(), behaviour, EnumSet.copyOf(facts.features()),
                zen.system(), Set.of(), Set.of(), zen.cpuid(), zen.costs());
    }

    private byte[] kernelPage(PageTables tables, int linear) {
        return memory.writable(tables.map(linear, false, true, false));
    }

    private void fillGdt() {
        long code = long64 ? 0x00AF9B000000FFFFL : 0x00CF9B000000FFFFL;
        MemoryImage.put(gdt, KERNEL_CS, code, 8);
        MemoryImage.put(gdt, KERNEL_SS, 0x00CF93000000FFFFL, 8);
        for (int i = 0; i < facts.selectors().size(); i++) {
            HostFacts.Visible v = facts.selectors().get(i);
            if (v.larValid()) {
                MemoryImage.put(gdt, 8 * (i + 1), descriptor(v), 8);
            }
        }
    }

    /** A descriptor of base 0 of which LAR and LSL say the same. */
    private static long descriptor(HostFacts.Visible v) {
        long attributes = v.lar() & 0xF0FF00L;
        long limit = (attributes & 1 << 23) != 0 ? (v.lsl() & 0xFFFFFFFFL) >>> 12 : v.lsl() & 0xFFFFFL;
        return attributes << 32 | limit & 0xFFFF | (limit & 0xF0000) << 32;
    }

    private void fillLdt() {
        for (int i = 0; i < Layout.LDT.size() && facts.ldt(); i++) {
            MemoryImage.put(gdt, LDT - GDT + 8 * i, Layout.LDT.get(i).encoded(), 8);
        }
        System.arraycopy(gdt, LDT - GDT, ldt, 0, ldt.length);
    }

    /** User mode may call vectors 3 and 4 (arch/x86/kernel/idt.c). */
    private void fillIdt(byte[] idt) {
        for (int v = 0; v < 256; v++) {
            long handler = HANDLERS + 16 * v;
            long access = v == 3 || v == 4 ? 0xEE : 0x8E;
            long gate = handler & 0xFFFF | (long) KERNEL_CS << 16 | access << 40 | handler >>> 16 << 48;
            MemoryImage.put(idt, v * (long64 ? 16 : 8), gate, 8);
        }
    }

    private void control(long cr3) {
        Cpu c = cpu;
        c.gdtrBase = GDT;
        c.gdtrLimit = Layout.GDT_LIMIT;
        c.idtrBase = IDT;
        c.idtrLimit = 256 * (long64 ? 16 : 8) - 1;
        c.sel[Seg.TR] = facts.tr();
        c.base[Seg.TR] = TSS;
        c.limit[Seg.TR] = TSS_LIMIT;
        c.attr[Seg.TR] = Seg.P | 0xB;
        c.sel[Seg.LDTR] = facts.ldtr();
        c.base[Seg.LDTR] = LDT;
        c.limit[Seg.LDTR] = ldt.length - 1;
        c.attr[Seg.LDTR] = facts.ldt() ? Seg.P | 2 : Seg.UNUSABLE;
        c.cpl = 3;
        long cr0 = Cpu.CR0_PE | Cpu.CR0_MP | Cpu.CR0_ET | Cpu.CR0_NE | Cpu.CR0_WP | Cpu.CR0_AM | Cpu.CR0_PG;
        // Linux clears CR4.DE (arch/x86/kernel/cpu/common.c, cpu_init).
        long cr4 = Cpu.CR4_PSE | Cpu.CR4_MCE | Cpu.CR4_PGE | Cpu.CR4_OSFXSR | Cpu.CR4_OSXMMEXCPT;
        if (facts.features().contains(dev.retrap.cpu.isa.Feature.FSGSBASE)) {
            cr4 |= Cpu.CR4_FSGSBASE;
        }
        if (long64) {
            c.setControl(cr0, cr3, cr4 | Cpu.CR4_PAE, Cpu.EFER_SCE | Cpu.EFER_LME | Cpu.EFER_LMA | Cpu.EFER_NXE);
        } else {
            c.setControl(cr0, cr3, cr4, 0);
        }
    }

    /** True of an address whose page only our machine has, for the kernel. */
    static boolean owns(long linear) {
        return (linear & 0xFFFFC000L) == GDT && linear >>> 32 == 0;
    }

    /** The instruction of a test, as our machine decodes it. */
    Insn decode(TestCase t) {
        Insn insn = Decoder.decode(mode, true, t.code, 0, t.code.length, t.initial.ip);
        Insn older = cpu.model.has(insn.form.feature()) ? null : insn.fallback();
        return older == null ? insn : older;
    }

    /** True if our machine has a meaning for a form. */
    boolean knows(Form form) {
        EncodingDraw.Encoded e = new EncodingDraw(mode, new Draw(form.id())).draw(form, Layout.CODE.address());
        return e != null && bind(e.insn()) != null;
    }

    /** The meaning of an instruction, or null if our machine has none yet. */
    Exec bind(Insn insn) {
        if (insn.op == Op.INVALID || insn.form != Form.UNDEFINED && !cpu.model.has(insn.form.feature())) {
            return (c, i) -> {
                throw c.ud();
            };
        }
        Exec e = SystemSemantics.bind(insn);
        if (e == null) {
            e = Semantics.bind(insn);
        }
        if (e == null) {
            e = Simd.bind(insn);
        }
        return e == null ? X87.bind(insn, cpu.model) : e;
    }

    /** Runs a test on memory that holds {@code image}. */
    Outcome run(TestCase t, MemoryImage image, Insn insn, Exec exec) {
        load(t, image);
        Cpu c = cpu;
        int vector = Outcome.COMPLETED;
        int error = 0;
        try {
            boolean repeats = insn.rep != Insn.REP_NONE && (insn.form.has(Form.REP) || insn.form.has(Form.REPE));
            int n = 0;
            do {
                c.rip = insn.next;
                exec.exec(c, insn);
            } while (repeats && c.rip == insn.ip && ++n < MAX_REPETITIONS);
        } catch (Fault f) {
            vector = f.vector;
            error = f.hasError ? f.error : 0;
            c.rip = insn.ip;
        }
        State s = save(t);
        if (vector == Outcome.COMPLETED && c.cpl == 0) {
            vector = delivered(s);
            if (vector == Fault.DB) {
                // INT1 looks to user mode like the end of the test.
                vector = Outcome.COMPLETED;
            }
        }
        long cr2 = vector == Fault.PF ? c.faultAddress : 0;
        return new Outcome(vector, Normal.error(vector, error, cr2), cr2, s, changes(t, image));
    }

    private void load(TestCase t, MemoryImage image) {
        if (image != current) {
            current = image;
            System.arraycopy(image.bytes(), 0, start, 0, start.length);
            forEachPage((page, at) -> System.arraycopy(image.bytes(), at, page, 0, Layout.PAGE));
        }
        for (TestCase.Patch p : t.patches) {
            poke(p.address(), p.bytes());
            System.arraycopy(p.bytes(), 0, start, Layout.dataOffset(p.address()), p.bytes().length);
        }
        poke(t.address, t.code);
        Cpu c = cpu;
        State s = t.initial;
        System.arraycopy(s.gpr, 0, c.r, 0, 16);
        for (int i = 0; i < 6; i++) {
            segment(i, s.seg[i]);
        }
        if (long64) {
            c.base[Seg.FS] = s.fsBase;
            c.base[Seg.GS] = s.gsBase;
        }
        if (s.fx != null) {
            FxBridge.load(s.fx, c.fpu);
        }
        c.cpl = 3;
        c.setEflags(s.eflags);
        c.modeChanged();
        c.cr2 = 0;
        c.halted = false;
        c.inhibitAt = -1;
        c.pendingDebug = 0;
        c.position = 1000;
    }

    private void segment(int seg, int selector) {
        if ((selector & ~3) == 0) {
            cpu.sel[seg] = selector;
            cpu.base[seg] = 0;
            cpu.limit[seg] = 0;
            cpu.attr[seg] = Seg.UNUSABLE;
        } else {
            byte[] table = (selector & 4) != 0 ? ldt : gdt;
            long d = 0;
            for (int i = 7; i >= 0; i--) {
                d = d << 8 | table[(selector & ~7) + i] & 0xFF;
            }
            Descriptors.fill(cpu, seg, selector, d);
        }
    }

    private State save(TestCase t) {
        Cpu c = cpu;
        var s = new State();
        System.arraycopy(c.r, 0, s.gpr, 0, 16);
        s.eflags = c.eflags();
        for (int i = 0; i < 6; i++) {
            s.seg[i] = Normal.selector(c.sel[i]);
        }
        s.ip = c.rip;
        if (long64) {
            s.fsBase = c.base[Seg.FS];
            s.gsBase = c.base[Seg.GS];
        }
        s.fx = t.initial.fx == null ? null : FxBridge.save(c.fpu);
        return s;
    }

    /** The instruction called a handler: the state is what its frame says. */
    private int delivered(State s) {
        int size = long64 ? 8 : 4;
        long sp = cpu.r[4];
        s.ip = cpu.mmu.systemLoad(sp, size);
        s.seg[Seg.CS] = (int) cpu.mmu.systemLoad(sp + size, 2);
        s.eflags = (int) cpu.mmu.systemLoad(sp + 2 * size, 4);
        s.gpr[4] = cpu.mmu.systemLoad(sp + 3 * size, size);
        s.seg[Seg.SS] = (int) cpu.mmu.systemLoad(sp + 4 * size, 2);
        return (int) (cpu.rip - HANDLERS) >> 4;
    }

    private interface PageUse {
        void page(byte[] page, int at);
    }

    /** Each data page with its place in a {@link MemoryImage}. */
    private void forEachPage(PageUse use) {
        int at = 0;
        for (int r = 0; r < pages.size(); r++) {
            if (Layout.REGIONS.get(r).kind() != Layout.Kind.CODE) {
                for (byte[] page : pages.get(r)) {
                    use.page(page, at);
                    at += Layout.PAGE;
                }
            }
        }
    }

    private void poke(int linear, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            for (int r = 0; r < pages.size(); r++) {
                Layout.Region region = Layout.REGIONS.get(r);
                if (region.holds(linear + i)) {
                    int at = linear + i - region.address();
                    pages.get(r)[at >> 12][at & 0xFFF] = bytes[i];
                }
            }
        }
    }

    /** What memory changed to; puts it back to the image and removes the instruction. */
    private List<Outcome.Change> changes(TestCase t, MemoryImage image) {
        var changes = new ArrayList<Outcome.Change>(2);
        int at = 0;
        for (int r = 0; r < pages.size(); r++) {
            Layout.Region region = Layout.REGIONS.get(r);
            if (region.kind() == Layout.Kind.CODE) {
                continue;
            }
            if (region.kind() == Layout.Kind.DATA) {
                changes(region, pages.get(r), at, changes);
            }
            at += region.bytes();
        }
        for (TestCase.Patch p : t.patches) {
            int from = Layout.dataOffset(p.address());
            poke(p.address(), Arrays.copyOfRange(image.bytes(), from, from + p.bytes().length));
            System.arraycopy(image.bytes(), from, start, from, p.bytes().length);
        }
        var blank = new byte[t.code.length];
        Arrays.fill(blank, (byte) 0xCC);
        poke(t.address, blank);
        return changes;
    }

    private void changes(Layout.Region region, byte[][] live, int at, List<Outcome.Change> into) {
        int runFrom = -1;
        int i = 0;
        int bytes = region.bytes();
        while (i < bytes) {
            byte[] page = live[i >> 12];
            int off = i & 0xFFF;
            if (runFrom < 0) {
                int m = Arrays.mismatch(page, off, Layout.PAGE, start, at + i, at + (i & ~0xFFF) + Layout.PAGE);
                if (m < 0) {
                    i = (i & ~0xFFF) + Layout.PAGE;
                } else {
                    i += m;
                    runFrom = i;
                }
            } else if (page[off] == start[at + i]) {
                add(region, live, at, runFrom, i, into);
                runFrom = -1;
            } else {
                i++;
            }
        }
        if (runFrom >= 0) {
            add(region, live, at, runFrom, bytes, into);
        }
    }

    private void add(Layout.Region region, byte[][] live, int at, int from, int to, List<Outcome.Change> into) {
        var b = new byte[to - from];
        for (int k = from; k < to; k++) {
            b[k - from] = live[k >> 12][k & 0xFFF];
            live[k >> 12][k & 0xFFF] = start[at + k];
        }
        into.add(new Outcome.Change(region.address() + from, b));
    }
}
