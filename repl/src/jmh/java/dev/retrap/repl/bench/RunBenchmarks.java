package dev.retrap.repl.bench;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.Main;

/** Runs JMH in the JVM that tests run in, so that benchmarks get the JDK that the build selects. */
class RunBenchmarks {
    @Test
    void run() throws Exception {
        String words = System.getProperty("bench", "").strip();
        Main.main(words.isEmpty() ? new String[0] : words.split("\\s+"));
    }
}
