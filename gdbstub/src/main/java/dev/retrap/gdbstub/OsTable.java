package dev.retrap.gdbstub;

import java.util.List;
import java.util.function.Supplier;

/**
 * A table for gdb's {@code info os NAME} (GDB manual, node "Operating System Information").
 *
 * @param name what the user types
 * @param description one line, for {@code info os}
 * @param columns their titles
 * @param rows a cell per column; asked whenever the table is read, on the machine's thread
 */
public record OsTable(String name, String description, List<String> columns, Supplier<List<List<String>>> rows) {
    public OsTable {
        columns = List.copyOf(columns);
    }
}
