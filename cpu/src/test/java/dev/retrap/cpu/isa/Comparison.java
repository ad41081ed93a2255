package dev.retrap.cpu.isa;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;

/** Compares decoder and disassembler with lines of objdump, and keeps the differences. */
final class Comparison {
    final Exclusions exclusions = new Exclusions();
    final List<String> differences = new ArrayList<>();
    final BitSet covered = new BitSet();
    int compared;

    private final CodeMode mode;
    private final boolean amd;
    private final Syntax syntax;

    Comparison(CodeMode mode, boolean amd, Syntax syntax) {
        this.mode = mode;
        this.amd = amd;
        this.syntax = syntax;
    }

    /** Compares one instruction: equal length and text, or undefined to both. */
    void compare(byte[] code, int at, long ip, Objdump.Line line) {
        Insn insn = Decoder.decode(mode, amd, code, at, Math.min(Decoder.MAX_LENGTH, code.length - at), ip);
        if (insn == null) {
            return;
        }
        String theirs = line == null ? "(no line)" : normal(line.text());
        String ours = normal(Disassembler.format(insn, syntax, SymbolResolver.NONE));
        if (exclusions.excluded(insn, theirs)) {
            return;
        }
        compared++;
        boolean equal = theirs.contains("(bad)") ? insn.op == Op.INVALID
                : line != null && line.length() == insn.length && ours.equals(theirs);
        if (equal) {
            covered.set(insn.form.id());
        } else {
            int shown = Math.min(Decoder.MAX_LENGTH, code.length - at);
            differences.add("%s %s %s [%s]: %s (%d), objdump %s (%d)".formatted(mode, syntax,
                    HexFormat.of().formatHex(code, at, at + shown), insn.form, ours, insn.length, theirs,
                    line == null ? 0 : line.length()));
        }
    }

    private static String normal(String text) {
        var out = new StringBuilder(text.length());
        boolean space = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\t') {
                space = true;
            } else {
                if (space && !out.isEmpty()) {
                    out.append(' ');
                }
                space = false;
                out.append(c);
            }
        }
        return out.toString();
    }
}
