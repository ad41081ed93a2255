package dev.retrap.cpu.isa;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The instruction table: every form, and the way from an opcode to its form. Built once when the class is loaded. */
public final class InstructionTable {
    private static final String[] TABLES = {OneByteMap.ROWS, TwoByteMap.ROWS, X87Map.ROWS, MmxMap.ROWS, SseMap.ROWS,
        Map0F38.ROWS, Map0F3A.ROWS, ThreeDNowMap.ROWS, VexMap.ROWS};
    private static final List<Form> FORMS;
    private static final OpcodeCell[][] CELLS = new OpcodeCell[OpcodeMap.values().length][];
    private static final OpcodeCell[][] VEX_CELLS = new OpcodeCell[OpcodeMap.values().length][];

    static {
        var rows = new ArrayList<RowParser.Row>();
        for (String table : TABLES) {
            RowParser.parse(table, rows);
        }
        FORMS = Collections.unmodifiableList(forms(rows));
        index();
    }

    private InstructionTable() {
    }

    /** {@return the forms of parsed rows, numbered from 1 on} */
    static List<Form> forms(List<RowParser.Row> rows) {
        var forms = new Form[rows.size() + 1];
        forms[0] = Form.UNDEFINED;
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).fallback() == null) {
                forms[i + 1] = form(i + 1, rows.get(i), null);
            }
        }
        for (int i = 0; i < rows.size(); i++) {
            if (forms[i + 1] == null) {
                forms[i + 1] = form(i + 1, rows.get(i), fallback(rows.get(i), forms));
            }
        }
        return List.of(forms);
    }

    private static Form form(int id, RowParser.Row row, Form fallback) {
        return new Form(id, row.encoding(), row.op(), row.mnemonic(), row.operands(), row.attributes(), row.modifies(),
                row.clears(), row.sets(), row.undefined(), row.tests(), row.feature(), fallback);
    }

    private static Form fallback(RowParser.Row row, Form[] forms) {
        for (Form form : forms) {
            if (form != null && form.op() == row.fallback() && form.encoding().map() == row.encoding().map()
                    && form.encoding().opcode() == row.encoding().opcode()) {
                return form;
            }
        }
        throw new IllegalStateException("instruction table: no such fallback in: " + row.text());
    }

    private static void index() {
        for (OpcodeMap map : OpcodeMap.values()) {
            CELLS[map.ordinal()] = cells(map, false);
            VEX_CELLS[map.ordinal()] = cells(map, true);
        }
    }

    private static OpcodeCell[] cells(OpcodeMap map, boolean vex) {
        var candidates = new ArrayList<List<Plan>>(256);
        for (int i = 0; i < 256; i++) {
            candidates.add(new ArrayList<>());
        }
        for (Form form : FORMS) {
            Encoding e = form.encoding();
            if (e.map() == map && e.vex() == vex && e.opcode() >= 0) {
                var plan = new Plan(form);
                for (int opcode = e.opcode(); opcode <= e.opcodeLast(); opcode++) {
                    candidates.get(opcode).add(plan);
                }
            }
        }
        var cells = new OpcodeCell[256];
        for (int i = 0; i < 256; i++) {
            cells[i] = candidates.get(i).isEmpty() ? null : new OpcodeCell(candidates.get(i));
        }
        return cells;
    }

    /** {@return every form, by {@link Form#id}; the first is {@link Form#UNDEFINED}} */
    public static List<Form> forms() {
        return FORMS;
    }

    /** {@return the forms of an opcode, or null if none} */
    static OpcodeCell cell(OpcodeMap map, boolean vex, int opcode) {
        return (vex ? VEX_CELLS : CELLS)[map.ordinal()][opcode];
    }
}
