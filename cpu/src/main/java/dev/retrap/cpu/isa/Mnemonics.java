package dev.retrap.cpu.isa;

import dev.retrap.cpu.isa.Operand.Place;
import dev.retrap.cpu.isa.Operand.Width;

/** Mnemonics with the suffixes and synonyms that objdump gives them. */
final class Mnemonics {
    private static final String[] COMPARISONS = {"eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord"};

    private Mnemonics() {
    }

    /** {@return the mnemonic; marks the prefixes that it shows} */
    static String of(Printer p) {
        Insn i = p.insn;
        Form form = i.form;
        String name = form.mnemonic();
        return switch (form.op()) {
            case NOP -> nop(p);
            case MOV -> mov(p);
            case CBW -> p.intel ? bySize(p, "cbw", "cwde", "cdqe") : bySize(p, "cbtw", "cwtl", "cltq");
            case CWD -> p.intel ? bySize(p, "cwd", "cdq", "cqo") : bySize(p, "cwtd", "cltd", "cqto");
            case PUSHF, POPF, PUSHA, POPA, ENTER, LEAVE, RET, PUSH_SREG, POP_SREG -> name + prefixSuffix(p);
            case PUSH, POP -> form.operand(0).place() == Place.OPCODE_REGISTER || i.r0 >= 0
                    || p.intel && i.memAt == 0 ? name : name + prefixSuffix(p);
            case RETF -> (p.intel ? "retf" : "lret") + wideSuffix(p);
            case IRET -> name + wideSuffix(p);
            case CALL, JMP, XBEGIN -> form.operand(0).width() == Width.Z ? name + prefixSuffix(p) : name;
            case CALL_IND, JMP_IND -> p.intel || i.r0 >= 0 ? name : name + prefixSuffix(p);
            case CALL_FAR, CALL_FAR_IND -> far(p, "call");
            case JMP_FAR, JMP_FAR_IND -> far(p, "jmp");
            case JCC -> name + hint(p);
            case JCXZ -> {
                p.use.address();
                yield (i.addrSize == 16 ? "jcxz" : i.addrSize == 32 ? "jecxz" : "jrcxz") + hint(p);
            }
            case LOOP, LOOPE, LOOPNE -> p.intel ? name : name + loopSuffix(p) + hint(p);
            case MOVZX, MOVSX -> p.intel ? name : name.substring(0, 4) + suffix(form.operand(1).bits(i, true))
                    + suffix(i.opSize);
            case MOVSXD -> !p.intel && i.opSize == 64 ? "movslq" : name;
            case MOVS, CMPS, INS, OUTS -> p.intel ? name : name + suffix(i.opSize);
            case SGDT, SIDT, LGDT, LIDT -> i.mode == CodeMode.CODE64 ? name : name + modeSuffix(p);
            case SYSRET, SYSEXIT -> i.mode == CodeMode.CODE64 ? name + wide(p, p.intel ? "d" : "l", "q") : name;
            case FXSAVE, FXRSTOR, XSAVE, XRSTOR, XSAVEOPT, XSAVEC, XSAVES, XRSTORS -> name + wide(p, "", "64");
            case PCMPESTRI, PCMPESTRM -> name + wide(p, "", "q");
            case RDSSP, INCSSP, WRSS, WRUSS -> name + wide(p, "d", "q");
            case CRC32 -> p.intel || i.memAt < 0 ? name : name + sized(p, i.opSize);
            case CVTSI2SS, CVTSI2SD, PTWRITE -> p.intel || i.memAt < 0 || i.mode != CodeMode.CODE64 ? name
                    : name + wide(p, "l", "q");
            case CMPPS, CMPPD, CMPSS, CMPSD -> i.imm < COMPARISONS.length
                    ? "cmp" + COMPARISONS[(int) i.imm] + name.substring(3) : name;
            case PCLMULQDQ -> carryless(i, name);
            case FSUB, FSUBR, FDIV, FDIVR, FSUBP, FSUBRP, FDIVP, FDIVRP -> p.intel ? name : reversed(i, name);
            case FNENI, FNDISI -> name + "(8087 only)";
            case FNSETPM, FRSTPM -> name + "(287 only)";
            case FLDENV, FNSTENV, FNSAVE, FRSTOR -> name + environmentSuffix(p);
            default -> p.intel ? name : name + defaultSuffix(p);
        };
    }

    private static String nop(Printer p) {
        Insn i = p.insn;
        if (i.memAt < 0 && i.form.operands().isEmpty() && (i.prefixes & Insn.PREFIX_OPSIZE) != 0) {
            return "xchg";
        }
        return p.intel ? "nop" : "nop" + defaultSuffix(p);
    }

    private static String mov(Printer p) {
        Insn i = p.insn;
        boolean wideImmediate = i.form.operand(1).width() == Width.V && i.opSize == 64
                && i.form.operand(1).place() == Place.IMMEDIATE;
        boolean wideOffset = i.mode == CodeMode.CODE64 && i.addrSize == 64
                && (i.form.operand(0).place() == Place.OFFSET || i.form.operand(1).place() == Place.OFFSET);
        return wideImmediate || wideOffset ? "movabs" : p.intel ? "mov" : "mov" + defaultSuffix(p);
    }

    private static String far(Printer p, String near) {
        if (p.intel) {
            p.use.data();
            return near;
        }
        return 'l' + near + wideSuffix(p);
    }

    private static String environmentSuffix(Printer p) {
        String suffix = prefixSuffix(p);
        return !p.intel && suffix.equals("w") ? "s" : suffix;
    }

    /** Branch hints: 2E not taken, 3E taken (Pentium 4). */
    private static String hint(Printer p) {
        int hint = p.insn.prefixes & (Insn.PREFIX_CS | Insn.PREFIX_DS);
        if (p.intel || hint != Insn.PREFIX_CS && hint != Insn.PREFIX_DS) {
            return "";
        }
        p.use.anySegment();
        return hint == Insn.PREFIX_DS ? ",pt" : ",pn";
    }

    /** AT&amp;T syntax has FSUB and FSUBR, FDIV and FDIVR exchanged where the destination is not ST(0). */
    private static String reversed(Insn i, String name) {
        if (i.memAt >= 0) {
            return name + floatSuffix(i);
        }
        if (i.form.operand(0).place() == Place.ST0) {
            return name;
        }
        boolean pops = name.endsWith("p");
        String stem = pops ? name.substring(0, name.length() - 1) : name;
        String other = stem.endsWith("r") ? stem.substring(0, stem.length() - 1) : stem + 'r';
        return pops ? other + 'p' : other;
    }

    private static String carryless(Insn i, String name) {
        return switch ((int) i.imm) {
            case 0x00 -> "pclmullqlqdq";
            case 0x01 -> "pclmulhqlqdq";
            case 0x10 -> "pclmullqhqdq";
            case 0x11 -> "pclmulhqhqdq";
            default -> name;
        };
    }

    /** {@return true if the immediate is part of the mnemonic} */
    static boolean hidesImmediate(Insn i) {
        return switch (i.form.op()) {
            case CMPPS, CMPPD, CMPSS, CMPSD -> i.imm < COMPARISONS.length;
            case PCLMULQDQ -> (i.imm & ~0x11L) == 0;
            default -> false;
        };
    }

    /** {@return operands that no operand specification tells of, or null} */
    static String impliedOperands(Printer p) {
        Insn i = p.insn;
        String list = switch (i.form.op()) {
            // Intel syntax has them without operands.
            case MONITOR, MONITORX -> p.intel ? "" : address(p) + ",ecx,edx";
            case MWAIT -> p.intel ? "" : "eax,ecx";
            case MWAITX -> p.intel ? "" : "eax,ecx,ebx";
            case NOP -> {
                if (i.form.operands().isEmpty() && (i.prefixes & Insn.PREFIX_OPSIZE) != 0) {
                    p.use.operandSize();
                    String name = Registers.general(0, i.opSize);
                    yield name + ',' + name;
                }
                yield null;
            }
            default -> null;
        };
        return list == null || list.isEmpty() || p.intel ? list : '%' + list.replace(",", ",%");
    }

    private static String address(Printer p) {
        p.use.address();
        return Registers.general(0, p.insn.addrSize);
    }

    private static String bySize(Printer p, String word, String dword, String qword) {
        p.use.operandSize();
        return switch (p.insn.opSize) {
            case 16 -> word;
            case 32 -> dword;
            default -> qword;
        };
    }

    private static String wide(Printer p, String narrow, String wide) {
        p.use.rexW();
        return (p.insn.rex & 8) != 0 ? wide : narrow;
    }

    private static String suffix(int bits) {
        return switch (bits) {
            case 8 -> "b";
            case 16 -> "w";
            case 32 -> "l";
            default -> "q";
        };
    }

    private static String sized(Printer p, int bits) {
        if (bits > 8) {
            p.use.operandSize();
        }
        return suffix(bits);
    }

    /** Stack and branch instructions show a size only if 66 changes it. */
    private static String prefixSuffix(Printer p) {
        Insn i = p.insn;
        if ((i.prefixes & Insn.PREFIX_OPSIZE) == 0 || i.mode == CodeMode.CODE64 && i.opSize == 64) {
            return "";
        }
        p.use.data();
        return i.opSize == 16 ? "w" : p.intel ? "d" : "l";
    }

    private static String wideSuffix(Printer p) {
        if (p.insn.opSize == 64) {
            p.use.rexW();
            return "q";
        }
        return prefixSuffix(p);
    }

    private static String modeSuffix(Printer p) {
        p.use.data();
        return p.insn.opSize == 16 ? "w" : p.intel ? "d" : "l";
    }

    private static String loopSuffix(Printer p) {
        if ((p.insn.prefixes & Insn.PREFIX_ADDRSIZE) == 0) {
            return "";
        }
        p.use.address();
        return p.insn.addrSize == 16 ? "w" : "l";
    }

    /** AT&amp;T: a size suffix where no register operand tells the size of a memory operand. */
    private static String defaultSuffix(Printer p) {
        Insn i = p.insn;
        if (i.memAt < 0) {
            return "";
        }
        Operand memory = i.form.operand(i.memAt);
        if (i.form.mnemonic().charAt(0) == 'f' && memory.place() == Place.MEMORY) {
            return floatSuffix(i);
        }
        if (memory.place() != Place.RM || i.form.op() == Op.SETCC) {
            return "";
        }
        for (Operand o : i.form.operands()) {
            switch (o.place()) {
                case REG, OPCODE_REGISTER, VEX_REGISTER, SEGMENT, MMX, XMM -> {
                    return "";
                }
                default -> { }
            }
        }
        return memory.width() == Width.B || memory.width() == Width.V ? sized(p, memory.bits(i, true)) : "";
    }

    private static String floatSuffix(Insn i) {
        boolean integer = i.form.mnemonic().startsWith("fi");
        return switch (i.form.op()) {
            case FLDCW, FNSTCW, FNSTSW, FBLD, FBSTP, FXSAVE, FXRSTOR -> "";
            default -> switch (i.form.operand(i.memAt).width()) {
                case W -> "s";
                case D -> integer ? "l" : "s";
                case Q -> integer ? "ll" : "l";
                case T -> "t";
                default -> "";
            };
        };
    }

    /** {@return the size of a memory operand in Intel syntax, such as {@code DWORD PTR }, or nothing} */
    static String pointer(Insn i, Operand spec) {
        return switch (i.form.op()) {
            case INVEPT, INVVPID, CMPXCHG16B -> "OWORD PTR ";
            case INVLPG -> "BYTE PTR ";
            case INVPCID, LDDQU, WRSS, WRUSS, SGDT, SIDT, LGDT, LIDT -> "";
            default -> Printer.pointer(spec.width() == Width.P ? farPointerBits(i) : spec.bits(i, true));
        };
    }

    /** The size that objdump shows for a far pointer takes no account of REX.W. */
    private static int farPointerBits(Insn i) {
        return i.hasPrefix(Insn.PREFIX_OPSIZE) == (i.mode == CodeMode.CODE16) ? 48 : 32;
    }
}
