package dev.retrap.cpu.isa;

import dev.retrap.cpu.isa.Operand.Place;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/** Where objdump (binutils 2.40) and the manuals differ, or objdump knows instructions that the table leaves out. */
final class Exclusions {
    private record Rule(String reason, BiPredicate<Insn, String> applies) {
    }

    private static final List<Rule> RULES = List.of(
            new Rule("a REX prefix before another prefix is an instruction of its own to objdump",
                    (i, text) -> lostRex(i)),
            new Rule("FWAIT is a prefix of the x87 instruction after it to objdump",
                    (i, text) -> i.form.op() == Op.FWAIT && !text.endsWith("fwait")),
            new Rule("reserved by the manuals, executed by processors, (bad) to objdump",
                    (i, text) -> i.form.has(Form.UNDOCUMENTED) && bad(text)),
            new Rule("ModRM.rm of the fences is ignored (SDM vol. 2, LFENCE), (bad) to objdump",
                    (i, text) -> isFence(i.form.op()) && bad(text)),
            new Rule("objdump shows XMM for MM registers after a 66 that selects nothing",
                    (i, text) -> extra66(i) && onMmx(i.form)),
            new Rule("objdump does not call 64-bit instructions undefined in other modes",
                    (i, text) -> i.form.has(Form.ONLY64) && i.mode != CodeMode.CODE64),
            new Rule("not in the table: TDX module calls, VIA PadLock",
                    (i, text) -> i.op == Op.INVALID
                            && text.matches(".*(tdcall|seam[a-z]+|xstore|xcrypt|montmul|xsha).*")),
            new Rule("not in the table: MPX, gone from processors; its opcodes are reserved NOPs",
                    (i, text) -> i.form.op() == Op.RESERVED_NOP && text.contains("bnd")),
            new Rule("reserved NOPs: objdump shows or hides 66, F2 and F3 by its ways to CLDEMOTE, RDSSP, PREFETCHI",
                    (i, text) -> i.form.op() == Op.RESERVED_NOP && (i.rep != 0 || extra66(i) && wide(i))),
            new Rule("processors ignore 66 before WBINVD, RDPRU and AMD's others (tried), (bad) to objdump",
                    (i, text) -> extra66(i) && bad(text) && ignores66(i.form.op())),
            new Rule("processors ignore F2 before BSF, BSR and WBINVD, (bad) to objdump",
                    (i, text) -> i.rep == Insn.REP_F2 && bad(text)
                            && (i.form.op() == Op.BSF || i.form.op() == Op.BSR || i.form.op() == Op.WBINVD)),
            new Rule("90 with REX.B is XCHG after F3 too (tried on a processor), PAUSE to objdump",
                    (i, text) -> i.form.op() == Op.XCHG && i.byteAt(i.prefixLength) == 0x90),
            new Rule("PCLMULQDQ: bits 4 and 0 of the immediate select, objdump takes 2 and 3 for 10h and 11h",
                    (i, text) -> i.form.op() == Op.PCLMULQDQ && (i.imm == 2 || i.imm == 3)),
            new Rule("EXTRQ is /0 only (APM vol. 4)",
                    (i, text) -> i.form == Form.UNDEFINED && text.contains("extrq")),
            new Rule("CLZERO ignores 66 and is undefined with F2 and F3 (tried on a processor)",
                    (i, text) -> text.endsWith("clzero") && (i.rep != 0 || extra66(i))),
            new Rule("F2 and F3 make SFENCE undefined (SDM vol. 2: NP)",
                    (i, text) -> i.form == Form.UNDEFINED && text.endsWith("sfence")),
            new Rule("F2 and F3 select no PMOVMSKB",
                    (i, text) -> i.form == Form.UNDEFINED && text.contains("pmovmskb")),
            new Rule("LOCK makes CR8 of CR0 in all modes (APM vol. 3, MOV CRn); to objdump of any, not in 64-bit mode",
                    (i, text) -> isControlMove(i.form) && i.lock
                            && (i.op == Op.INVALID || i.mode == CodeMode.CODE64)),
            new Rule("MOV to and from CR and DR take ModRM.mod for 3; objdump then miscounts REX",
                    (i, text) -> isControlMove(i.form) && i.byteAt(i.modrmAt()) < 0xC0),
            new Rule("EIP-relative addresses wrap at 4 GiB (SDM vol. 2, 2.2.1.6)",
                    (i, text) -> i.ripRelative && i.addrSize == 32 && text.contains("# 0xffffffff")),
            new Rule("66 does not change RDFSBASE and its like",
                    (i, text) -> extra66(i) && i.form.feature() == Feature.FSGSBASE),
            new Rule("66 with REX.W: the manuals give precedence to REX.W",
                    (i, text) -> i.hasPrefix(Insn.PREFIX_OPSIZE) && wide(i) && objdumpPrefers66(i.form.op())),
            new Rule("far CALL and JMP with REX.W: objdump loses the suffix to 66 and REX.R, and knows none of AMD's, "
                    + "whose pointer has 16:32 bits and whose stack entries have 64 (tried on a processor)",
                    (i, text) -> wide(i) && (extra66(i) || (i.rex & 4) != 0 || text.contains("rex.W"))
                            && (i.form.op() == Op.CALL_FAR_IND || i.form.op() == Op.JMP_FAR_IND)),
            new Rule("MOVSXD after 66 reads a doubleword (APM vol. 3), a word on Intel processors",
                    (i, text) -> extra66(i) && i.form.op() == Op.MOVSXD),
            new Rule("not in the table: XOP, AVX-512",
                    (i, text) -> i.form == Form.UNDEFINED && vectorPrefix(i.byteAt(i.prefixLength))));

    private final Map<String, Integer> counts = new TreeMap<>();

    /** {@return true if the texts are not to be compared; counts the reason} */
    boolean excluded(Insn insn, String objdump) {
        for (Rule rule : RULES) {
            if (rule.applies.test(insn, objdump)) {
                counts.merge(rule.reason, 1, Integer::sum);
                return true;
            }
        }
        return false;
    }

    /** {@return how often each reason has applied} */
    Map<String, Integer> counts() {
        return counts;
    }

    private static boolean bad(String text) {
        return text.contains("(bad)");
    }

    private static boolean lostRex(Insn i) {
        for (int at = 0; at + 1 < i.prefixLength; at++) {
            if (i.mode == CodeMode.CODE64 && (i.byteAt(at) & 0xF0) == 0x40) {
                return true;
            }
        }
        return false;
    }

    private static boolean wide(Insn i) {
        return (i.rex & 8) != 0;
    }

    private static boolean extra66(Insn i) {
        return i.hasPrefix(Insn.PREFIX_OPSIZE) && !i.form.encoding().mandatory66();
    }

    private static boolean onMmx(Form form) {
        return form.operands().stream().map(Operand::place)
                .anyMatch(p -> p == Place.MMX || p == Place.MMX_RM || p == Place.MMX_RM_REGISTER);
    }

    private static boolean isFence(Op op) {
        return op == Op.LFENCE || op == Op.MFENCE || op == Op.SFENCE;
    }

    private static boolean isControlMove(Form form) {
        return switch (form.op()) {
            case MOV_TO_CR, MOV_FROM_CR, MOV_TO_DR, MOV_FROM_DR, MOV_TO_TR, MOV_FROM_TR -> true;
            default -> false;
        };
    }

    private static boolean ignores66(Op op) {
        return switch (op) {
            case WBINVD, RDPRU, VMMCALL, MONITORX, MWAITX, INVLPGB, TLBSYNC -> true;
            default -> false;
        };
    }

    private static boolean objdumpPrefers66(Op op) {
        return switch (op) {
            case FLDENV, FNSTENV, FNSAVE, FRSTOR -> true;
            default -> false;
        };
    }

    private static boolean vectorPrefix(int opcode) {
        return opcode == 0x62 || opcode == 0x8F || opcode == 0xC4 || opcode == 0xC5;
    }
}
