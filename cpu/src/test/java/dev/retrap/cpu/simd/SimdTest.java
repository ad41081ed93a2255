package dev.retrap.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Encoding;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.InstructionTable;
import dev.retrap.cpu.isa.Operand;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is covered, and what it costs. */
class SimdTest {
    private static final EnumSet<Feature> FEATURES = EnumSet.of(Feature.MMX, Feature.MMXEXT, Feature.FXSR, Feature.SSE,
            Feature.SSE2, Feature.SSE3, Feature.SSSE3, Feature.SSE41, Feature.SSE42, Feature.SSE4A, Feature.AES,
            Feature.PCLMUL, Feature.SHA, Feature.XSAVE, Feature.XSAVEOPT, Feature.XSAVEC, Feature.XSAVES);

    /** Everything in the table but what other packages have: hints, fences, MOVNTI, CRC32, x87. */
    @Test
    void bindsEveryFormOfItsFeatures() {
        var missing = new ArrayList<String>();
        int bound = 0;
        for (Form f : InstructionTable.forms()) {
            if (!FEATURES.contains(f.feature())) {
                continue;
            }
            boolean elsewhere = switch (f.op()) {
                case PREFETCHNTA, PREFETCHT0, PREFETCHT1, PREFETCHT2, SFENCE, LFENCE, MFENCE, MOVNTI, CRC32, PAUSE,
                        FISTTP -> true;
                default -> false;
            };
            if (elsewhere) {
                continue;
            }
            Insn i = sample(f);
            assertThat(i).as(f.toString()).isNotNull();
            if (Simd.bind(i) != null) {
                bound++;
            } else {
                missing.add(f.toString());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(bound).isGreaterThan(380);
    }

    private static Insn sample(Form f) {
        byte[] code = Cases.code(f, new SplittableRandom(3));
        if (f.encoding().mod() == Encoding.Mod.MEMORY) {
            int modrm = code.length - 1 - (int) f.operands().stream()
                    .filter(o -> o.place() == Operand.Place.IMMEDIATE).count();
            code[modrm] = (byte) (code[modrm] & 0x3F);
        }
        Insn i = Cases.decode(code);
        if (i == null || i.form != f) {
            // Forms without ModRM.
            i = Cases.decode(java.util.Arrays.copyOf(code, code.length - 1));
        }
        return i != null && i.form == f ? i : fixed(f);
    }

    /** Forms whose whole ModRM byte is fixed (XGETBV, XSETBV). */
    private static Insn fixed(Form f) {
        Encoding e = f.encoding();
        byte[] code = {0x0F, (byte) e.opcode(), (byte) (0xC0 | e.reg() << 3 | e.rm())};
        Insn i = Cases.decode(code);
        return i != null && i.form == f ? i : null;
    }

    @Test
    void handlersDoNotAllocate() {
        var trial = new Trial(CodeMode.CODE64, "zen");
        var insns = new ArrayList<Insn>();
        var execs = new ArrayList<Exec>();
        var d = new SplittableRandom(9);
        for (Form f : Cases.forms()) {
            Insn i = Cases.decode(Cases.code(f, d));
            insns.add(i);
            execs.add(Simd.bind(i));
        }
        Cases.state(Cases.Kind.DOUBLE, d).load(trial.c);
        trial.c.fpu.mxcsr = 0x1F80;
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (int pass = 0; pass < 3; pass++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int n = 0; n < 200; n++) {
                for (int k = 0; k < insns.size(); k++) {
                    execs.get(k).exec(trial.c, insns.get(k));
                }
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        // Nothing per instruction; 200 passes over some 360 forms.
        assertThat(allocated).isLessThan(100_000);
    }
}
