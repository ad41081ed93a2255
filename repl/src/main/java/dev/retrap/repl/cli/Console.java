package dev.retrap.repl.cli;

import dev.retrap.cpu.MachineObserver;
import dev.retrap.repl.report.Numbers;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/** Shows the guest's console output, and counts what the guest asked for that the machine does not have. */
final class Console implements MachineObserver {
    private final PrintStream out;
    private final Map<String, Long> lacking = new TreeMap<>();

    Console(PrintStream out) {
        this.out = out;
    }

    @Override
    public void console(int octet) {
        out.write(octet);
    }

    @Override
    public void unsupported(long position, long ip, byte[] bytes, String what) {
        StringBuilder sb = new StringBuilder(what).append(" (");
        for (byte b : bytes) {
            sb.append("%02x ".formatted(b));
        }
        sb.setLength(sb.length() - 1);
        lacking.merge(sb.append(bytes.length == 0 ? "" : ")").append(" at 0x").append(Long.toHexString(ip)).toString(),
                1L, Long::sum);
    }

    /** Says what was unsupported, a line each. */
    void report(Context context) {
        lacking.forEach((what, times) ->
                context.note("unsupported: " + what + ", " + Numbers.count(times, "time") + "; the guest got #UD"));
    }
}
