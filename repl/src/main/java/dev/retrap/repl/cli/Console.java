package dev.retrap.repl.cli;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.MachineObserver;
import dev.retrap.repl.report.MissingCalls;
import dev.retrap.repl.report.Numbers;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Shows the guest's console output, and counts what the guest asked for that there is not. */
final class Console implements MachineObserver {
    private final PrintStream out;
    private final Map<String, Long> lacking = new TreeMap<>();
    private List<String> missing = List.of();

    Console(PrintStream out) {
        this.out = out;
    }

    @Override
    public boolean wantsCrossings() {
        return false;
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

    /** The guest has ended: what its kernel counted is looked up. */
    void ended(Guest guest, Machine machine) {
        missing = MissingCalls.of(guest.image().kernel(), machine);
    }

    /** Says what the machine and the kernel did not have, a line each. */
    void report(Context context) {
        missing.forEach(context::note);
        lacking.forEach((what, times) ->
                context.note("unsupported: " + what + ", " + Numbers.count(times, "time") + "; the guest got #UD"));
    }
}
