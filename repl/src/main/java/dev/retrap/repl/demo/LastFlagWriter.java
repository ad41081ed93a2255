package dev.retrap.repl.demo;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.isa.Disassembler;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;
import dev.retrap.cpu.isa.Syntax;
import dev.retrap.repl.symbols.Symbols;
import dev.retrap.trace.Event;
import dev.retrap.trace.Recording;
import dev.retrap.trace.Timeline;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/** Goes back from an exit to the instruction that last wrote the arithmetic flags. */
final class LastFlagWriter {
    /** Integer instructions that write arithmetic flags (SDM vol. 1, appendix A). */
    private static final Set<Op> WRITERS = EnumSet.of(
            Op.ADD, Op.OR, Op.ADC, Op.SBB, Op.AND, Op.SUB, Op.XOR, Op.CMP, Op.TEST, Op.NEG, Op.INC, Op.DEC, Op.MUL,
            Op.IMUL, Op.SHL, Op.SHR, Op.SAR, Op.SHLD, Op.SHRD, Op.ROL, Op.ROR, Op.RCL, Op.RCR, Op.BT, Op.BTS, Op.BTR,
            Op.BTC, Op.BSF, Op.BSR, Op.XADD, Op.CMPXCHG, Op.CMPXCHG8B, Op.CMPS, Op.SCAS, Op.CLC, Op.STC, Op.CMC,
            Op.SAHF, Op.POPF, Op.IRET, Op.LAR, Op.LSL, Op.VERR, Op.VERW, Op.ARPL);
    private static final int FARTHEST = 1000;

    private final Recording recording;
    private final Symbols symbols;

    LastFlagWriter(Recording recording, Symbols symbols) {
        this.recording = recording;
        this.symbols = symbols;
    }

    /** {@return the instruction and where it is} */
    String before(Event exit) {
        try (Timeline timeline = Timeline.replay(recording)) {
            timeline.seek(exit.position());
            Machine machine = timeline.machine();
            for (int n = 0; n < FARTHEST && timeline.position() > timeline.start(); n++) {
                timeline.stepBackward(1);
                long ip = machine.linearIp();
                Insn insn = machine.decodeAt(ip);
                if (insn != null && WRITERS.contains(insn.op)) {
                    String text = Disassembler.format(insn, Syntax.ATT, a -> null).replaceAll("\\s+", " ").strip();
                    return "`" + text + "' at " + symbols.shortest(ip);
                }
            }
        } catch (IOException e) {
            // Nothing was written.
        }
        return "an instruction long before";
    }
}
