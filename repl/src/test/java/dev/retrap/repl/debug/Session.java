package dev.retrap.repl.debug;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.repl.TestRecordings;
import dev.retrap.repl.terminal.Style;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;

/** A debugger on a fixture recording, with its output at hand. */
final class Session implements AutoCloseable {
    final Recording recording;
    final Timeline timeline;
    final Debugger debugger;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    Session(String variant, String program, String... arguments) throws Exception {
        recording = Recording.open(TestRecordings.of(variant, program, arguments));
        timeline = Timeline.replay(recording);
        debugger = new Debugger(timeline, new PrintWriter(out), new PrintWriter(err), Style.PLAIN);
    }

    /** Executes lines, none of which may fail; returns what the last one printed. */
    String run(String... lines) {
        String printed = "";
        for (String line : lines) {
            out.getBuffer().setLength(0);
            assertThat(debugger.execute(line)).as("%s: %s", line, err).isNotEqualTo(Debugger.Outcome.FAILED);
            printed = out.toString();
        }
        return printed;
    }

    /** Executes a line that must fail; returns its message. */
    String fails(String line) {
        err.getBuffer().setLength(0);
        assertThat(debugger.execute(line)).as(line).isEqualTo(Debugger.Outcome.FAILED);
        String message = err.toString().strip();
        assertThat(message).as(line).isNotEmpty().doesNotContain("\n").doesNotContain("Exception");
        return message;
    }

    /** An empty line. */
    String again() {
        out.getBuffer().setLength(0);
        debugger.executeAgain();
        return out.toString();
    }

    long position() {
        return timeline.position();
    }

    /** Value of an expression. */
    long value(String expression) {
        return debugger.evaluate(expression).unsigned();
    }

    @Override
    public void close() throws IOException {
        timeline.close();
        recording.close();
    }
}
