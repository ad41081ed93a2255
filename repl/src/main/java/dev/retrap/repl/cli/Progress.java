package dev.retrap.repl.cli;

import dev.retrap.repl.report.Numbers;
import dev.retrap.repl.terminal.Io;
import java.util.Locale;

/** One line on standard error that says how far a run is; only for a terminal, and only if it takes a while. */
final class Progress {
    private static final long FIRST_NANOS = 1_000_000_000;
    private static final long INTERVAL_NANOS = 200_000_000;

    private final Io io;
    private final long start = System.nanoTime();
    private long shownAt;
    private boolean visible;

    Progress(Io io) {
        this.io = io;
    }

    /**
     * Shows the state if it is time.
     *
     * @param position steps so far
     * @param events events so far, or -1
     * @param bytes bytes written so far, or -1
     */
    void show(long position, long events, long bytes) {
        long now = System.nanoTime();
        if (!io.errIsTerminal() || now - start < FIRST_NANOS || visible && now - shownAt < INTERVAL_NANOS) {
            return;
        }
        double seconds = (now - start) / 1e9;
        StringBuilder sb = new StringBuilder("\rposition ").append(Numbers.grouped(position));
        sb.append(String.format(Locale.ROOT, ", %.1f M insn/s", position / seconds / 1e6));
        if (events >= 0) {
            sb.append(", ").append(Numbers.count(events, "event"));
        }
        if (bytes >= 0) {
            sb.append(", ").append(Numbers.bytes(bytes));
        }
        // Erase to the end of the line: what was there may have been longer.
        io.err().print(sb.append("\033[K"));
        io.err().flush();
        shownAt = now;
        visible = true;
    }

    /** Takes the line away. */
    void clear() {
        if (visible) {
            io.err().print("\r\033[K");
            io.err().flush();
            visible = false;
        }
    }
}
