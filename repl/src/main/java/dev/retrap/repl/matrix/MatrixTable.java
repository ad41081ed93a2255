package dev.retrap.repl.matrix;

import dev.retrap.repl.report.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Rows as a table: text, Markdown, HTML, JSON. */
public final class MatrixTable {
    private static final List<String> ALL =
            List.of("PROGRAM", "KERNEL", "CPU", "END", "EVENTS", "EXITS", "PATH", "INSNS", "CYCLES", "FAILED", "DIFFERS");
    private static final List<String> COST = List.of("KERNEL", "CPU", "PATH", "CALLS", "INSNS", "CYCLES");

    private final List<String> heads;
    private final List<List<String>> lines = new ArrayList<>();

    private MatrixTable(List<String> heads) {
        this.heads = heads;
    }

    /** Everything about each row; a line for each path of its calls. */
    public static MatrixTable of(List<Row> rows) {
        MatrixTable t = new MatrixTable(ALL);
        for (Row r : rows) {
            List<PathCost> paths = r.paths().isEmpty() ? List.of(new PathCost("-", 0, 0, 0, 0, 0)) : r.paths();
            for (int i = 0; i < paths.size(); i++) {
                PathCost p = paths.get(i);
                String exits = r.exits().entrySet().stream().map(e -> e.getValue() + " " + e.getKey())
                        .collect(Collectors.joining(", "));
                List<String> cost = List.of(p.path(), p.calls() == 0 ? "" : p.perCall(),
                        p.calls() == 0 ? "" : p.cyclesPerCall());
                t.lines.add(i > 0
                        ? List.of("", "", "", "", "", "", cost.get(0), cost.get(1), cost.get(2), "", "")
                        : List.of(r.of().command(), r.of().kernel(), r.of().cpu().name(), r.end(),
                                String.valueOf(r.events()), exits, cost.get(0), cost.get(1), cost.get(2),
                                String.join(" ", r.failed()), r.divergence()));
            }
        }
        return t;
    }

    /** What calls cost only; combinations that cost the same stand together. */
    public static MatrixTable cost(List<Row> rows) {
        MatrixTable t = new MatrixTable(COST);
        Map<List<String>, List<String>> kernels = new LinkedHashMap<>();
        for (Row r : rows) {
            for (PathCost p : r.paths()) {
                List<String> key = List.of(r.of().cpu().name(), p.path(), String.valueOf(p.calls()), p.perCall(),
                        p.cyclesPerCall());
                kernels.computeIfAbsent(key, k -> new ArrayList<>()).add(r.of().kernel());
            }
        }
        kernels.forEach((key, names) -> {
            List<String> line = new ArrayList<>(List.of(names.stream().distinct().collect(Collectors.joining(" "))));
            line.addAll(key);
            t.lines.add(line);
        });
        return t;
    }

    /** Columns with blanks in between. */
    public String text() {
        int[] widths = new int[heads.size()];
        for (List<String> line : all()) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder sb = new StringBuilder();
        for (List<String> line : all()) {
            StringBuilder s = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                s.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length() + 2));
            }
            sb.append(s.toString().stripTrailing()).append('\n');
        }
        return sb.toString();
    }

    private List<List<String>> all() {
        List<List<String>> all = new ArrayList<>();
        all.add(heads);
        all.addAll(lines);
        return all;
    }

    /** A table of GitHub's Markdown. */
    public String markdown() {
        StringBuilder sb = new StringBuilder();
        sb.append(markdown(heads.stream().map(String::toLowerCase).toList()));
        sb.append("|").append("---|".repeat(heads.size())).append('\n');
        lines.forEach(l -> sb.append(markdown(l)));
        return sb.toString();
    }

    private static String markdown(List<String> cells) {
        return cells.stream().map(c -> c.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** One HTML document that needs nothing else. */
    public String html() {
        StringBuilder sb = new StringBuilder("""
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>retrap matrix</title>
                <style>
                body { font-family: sans-serif } table { border-collapse: collapse; font-size: 85% }
                th, td { border: 1px solid #aaa; padding: .2em .5em; text-align: left; vertical-align: top }
                </style></head><body><table>
                """);
        row(sb, heads, "th");
        lines.forEach(l -> row(sb, l, "td"));
        return sb.append("</table></body></html>\n").toString();
    }

    private static void row(StringBuilder sb, List<String> cells, String tag) {
        sb.append("<tr>");
        for (String c : cells) {
            sb.append('<').append(tag).append('>')
                    .append(c.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
                    .append("</").append(tag).append('>');
        }
        sb.append("</tr>\n");
    }

    /** {@return rows as JSON, an object per line}; member names are part of the interface: add, never rename */
    public static String json(List<Row> rows) {
        StringBuilder sb = new StringBuilder();
        for (Row r : rows) {
            Map<String, Object> o = new LinkedHashMap<>();
            o.put("program", r.of().command());
            o.put("variant", r.of().variant());
            o.put("architecture", r.of().architecture().label());
            o.put("cpu", r.of().cpu().name());
            o.put("end", r.end());
            o.put("events", r.events());
            o.put("exits", r.exits());
            List<Object> paths = new ArrayList<>();
            for (PathCost p : r.paths()) {
                Map<String, Object> m = new LinkedHashMap<>();
                m.put("entry", p.path().split(" -> ")[0]);
                m.put("exit", p.path().split(" -> ")[1]);
                m.put("calls", p.calls());
                m.put("fewest_instructions", p.fewest());
                m.put("instructions", p.instructions());
                m.put("fewest_cycles", p.fewestCycles());
                m.put("cycles", p.cycles());
                paths.add(m);
            }
            o.put("paths", paths);
            o.put("failed", r.failed());
            o.put("differs", r.divergence());
            sb.append(Json.of(o)).append('\n');
        }
        return sb.toString();
    }
}
