package dev.retrap.repl.bench;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.Main;

/** Runs JMH in the JVM that tests run in, so that benchmarks get the JDK that the build selects. */
class RunBenchmarks {
    @Test
    void run() throws Exception {
        String words = System.getProperty("bench", "").strip();
        if (words.equals("cost") || words.startsWith("cost ")) {
            RecordingCost.run(List.of(words.split("\\s+")).subList(1, words.split("\\s+").length));
            return;
        }
        if (words.equals("travel") || words.startsWith("travel ")) {
            TravelFigures.run(List.of(words.split("\\s+")).subList(1, words.split("\\s+").length));
            return;
        }
        Main.main(words.isEmpty() ? new String[0] : words.split("\\s+"));
    }
}
