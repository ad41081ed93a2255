package dev.retrap.repl.demo;

import dev.retrap.repl.terminal.Style;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A small table of what two recordings say; rows in which they differ are marked. */
final class Table {
    private final List<String[]> rows = new ArrayList<>();
    private final String[] heads;

    Table(String first, String second) {
        heads = new String[] {"", first, second};
    }

    Table row(String name, String first, String second) {
        rows.add(new String[] {name, first, second});
        return this;
    }

    void print(PrintStream out, Style style) {
        int[] widths = new int[3];
        for (int column = 0; column < 3; column++) {
            widths[column] = heads[column].length();
            for (String[] row : rows) {
                widths[column] = Math.max(widths[column], row[column].length());
            }
        }
        String format = "    %-" + widths[0] + "s  %-" + widths[1] + "s  %-" + widths[2] + "s";
        out.println(style.heading(format.formatted((Object[]) heads).stripTrailing()));
        for (String[] row : rows) {
            boolean differs = !row[1].equals(row[2]);
            String line = (differs ? "  * " : "    ") + format.substring(4).formatted((Object[]) row).stripTrailing();
            out.println(differs ? style.alert(line) : line);
        }
    }
}
