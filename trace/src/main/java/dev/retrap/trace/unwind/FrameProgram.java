package dev.retrap.trace.unwind;

import dev.retrap.trace.unwind.CallFrameInfo.CommonInfo;
import dev.retrap.trace.unwind.CallFrameInfo.FrameDescription;
import dev.retrap.trace.unwind.CallFrameInfo.Section;
import dev.retrap.trace.unwind.RuleRow.Rule;
import java.util.ArrayDeque;
import java.util.Deque;

/** Executes call frame instructions up to an address (DWARF 4, 6.4.2 and 7.23). */
final class FrameProgram {
    private final CommonInfo cie;
    private final long target;
    private final Deque<RuleRow> remembered = new ArrayDeque<>();
    private RuleRow row = new RuleRow();
    private RuleRow initial;
    private long location;

    private FrameProgram(FrameDescription frame, long target) {
        this.cie = frame.cie();
        this.target = target;
        this.location = frame.start();
    }

    /** The row for an address. */
    static RuleRow rowAt(FrameDescription frame, long address) {
        FrameProgram p = new FrameProgram(frame, address);
        p.run(frame.cie().instructions());
        p.initial = p.row.copy();
        p.run(frame.instructions());
        return p.row;
    }

    private void run(Section instructions) {
        Bytes in = instructions.cursor();
        while (in.hasMore()) {
            int op = in.u8();
            int low = op & 0x3F;
            boolean past = switch (op & 0xC0) {
                case 0x40 -> advance(low);
                case 0x80 -> {
                    row.rule(low, new Rule.Saved(in.uleb() * cie.dataAlign()));
                    yield false;
                }
                case 0xC0 -> {
                    row.restore(low, initial == null ? row : initial);
                    yield false;
                }
                default -> extended(op, in);
            };
            if (past) {
                return;
            }
        }
    }

    /** Moves on; true if that passes the address looked for. */
    private boolean advance(long delta) {
        long next = location + delta * cie.codeAlign();
        if (Long.compareUnsigned(next, target) > 0) {
            return true;
        }
        location = next;
        return false;
    }

    private boolean extended(int op, Bytes in) {
        switch (op) {
            case 0x00 -> { }
            case 0x01 -> {
                long next = in.pointer(cie.pointerEncoding());
                if (Long.compareUnsigned(next, target) > 0) {
                    return true;
                }
                location = next;
            }
            case 0x02 -> {
                return advance(in.unsigned(1));
            }
            case 0x03 -> {
                return advance(in.unsigned(2));
            }
            case 0x04 -> {
                return advance(in.unsigned(4));
            }
            case 0x05 -> row.rule((int) in.uleb(), new Rule.Saved(in.uleb() * cie.dataAlign()));
            case 0x06 -> row.restore((int) in.uleb(), initial == null ? row : initial);
            case 0x07 -> row.rule((int) in.uleb(), new Rule.Undefined());
            case 0x08 -> row.rule((int) in.uleb(), new Rule.Same());
            case 0x09 -> row.rule((int) in.uleb(), new Rule.InRegister((int) in.uleb()));
            case 0x0A -> remembered.push(row.copy());
            case 0x0B -> {
                if (remembered.isEmpty()) {
                    throw new BadCallFrameInfo("DW_CFA_restore_state without a state");
                }
                row = remembered.pop();
            }
            case 0x0C -> row.cfa((int) in.uleb(), in.uleb());
            case 0x0D -> row.cfaRegister((int) in.uleb());
            case 0x0E -> row.cfaOffset(in.uleb());
            case 0x0F -> row.cfaExpression(in.slice(in.uleb()));
            case 0x10 -> row.rule((int) in.uleb(), new Rule.SavedAt(in.slice(in.uleb())));
            case 0x11 -> row.rule((int) in.uleb(), new Rule.Saved(in.sleb() * cie.dataAlign()));
            case 0x12 -> row.cfa((int) in.uleb(), in.sleb() * cie.dataAlign());
            case 0x13 -> row.cfaOffset(in.sleb() * cie.dataAlign());
            case 0x14 -> row.rule((int) in.uleb(), new Rule.Value(in.uleb() * cie.dataAlign()));
            case 0x15 -> row.rule((int) in.uleb(), new Rule.Value(in.sleb() * cie.dataAlign()));
            case 0x16 -> row.rule((int) in.uleb(), new Rule.Computed(in.slice(in.uleb())));
            case 0x2E -> in.uleb(); // DW_CFA_GNU_args_size
            case 0x2F -> row.rule((int) in.uleb(), new Rule.Saved(-in.uleb() * cie.dataAlign()));
            default -> throw new BadCallFrameInfo("unknown call frame instruction 0x" + Integer.toHexString(op));
        }
        return false;
    }
}
