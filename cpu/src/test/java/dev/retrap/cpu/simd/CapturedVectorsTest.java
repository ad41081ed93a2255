package dev.retrap.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.isa.CodeMode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Register forms against outcomes of a physical processor (AMD Zen 5), as {@link VectorCapture} wrote them. */
class CapturedVectorsTest {
    private static List<VectorFile.Vector> vectors() throws IOException {
        try (InputStream in = CapturedVectorsTest.class.getResourceAsStream("registers-64.vectors")) {
            return VectorFile.read(in);
        }
    }

    @Test
    void agreesWithThePhysicalProcessor() throws IOException {
        var trial = new Trial(CodeMode.CODE64, "zen");
        var differences = new ArrayList<String>();
        for (VectorFile.Vector v : vectors()) {
            String difference = VectorCapture.difference(trial, v);
            if (difference != null) {
                differences.add(difference);
            }
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void coversEveryRegisterForm() throws IOException {
        var covered = new HashSet<>();
        for (VectorFile.Vector v : vectors()) {
            covered.add(Cases.decode(v.code()).form);
        }
        assertThat(covered).containsAll(Cases.forms());
    }
}
