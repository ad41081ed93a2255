package dev.retrap.cpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.device.Devices;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Decoder;
import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.FormEncoder;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.InstructionTable;
import dev.retrap.cpu.memory.PhysicalMemory;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a model claims to have, it has. */
class BinderTest {
    static List<CpuModel> all() {
        return CpuModels.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyFormOfAFeatureHasAMeaning(CpuModel model) {
        var binder = new Binder(new Cpu(model, new PhysicalMemory(1 << 20), new Devices(b -> {}, 1 << 20)));
        var random = new SplittableRandom(1);
        var encoder = new FormEncoder(random);
        var bytes = new byte[32];
        Set<String> without = new TreeSet<>();
        for (Form form : InstructionTable.forms()) {
            if (!model.has(form.feature()) || form.encoding().opcode() < 0) {
                continue;
            }
            for (int n = 0; n < 24; n++) {
                random.nextBytes(bytes);
                CodeMode mode = CodeMode.values()[n % 3];
                encoder.encode(form, mode, bytes);
                Insn i = Decoder.decode(mode, bytes, 0, 15, 0);
                if (i.form == form && binder.bind(i) == Binder.UNSUPPORTED) {
                    without.add(form + " " + form.feature());
                }
            }
        }
        assertThat(without).isEmpty();
    }
}
