package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Binds the integer instructions that stay at one privilege level to their meaning. */
public final class Semantics {
    private Semantics() {}

    /** {@return the handler of an instruction, or null if it is not one of these} */
    public static Exec bind(Insn i) {
        Op op = i.op;
        return switch (op) {
            case ADD, OR, ADC, SBB, AND, SUB, XOR, CMP, TEST, NOT, NEG, INC, DEC -> switch (i.opSize) {
                case 8 -> Arithmetic8.bind(i);
                case 16 -> Arithmetic16.bind(i);
                case 32 -> Arithmetic32.bind(i);
                default -> Arithmetic64.bind(i);
            };
            case MUL, IMUL, DIV, IDIV, MULX -> MultiplyDivide.bind(op, i);
            case ROL, ROR, RCL, RCR, SHL, SHR, SAR, SHLD, SHRD -> Shifting.bind(op, i);
            case BT, BTS, BTR, BTC, BSF, BSR, LZCNT, TZCNT, POPCNT, BSWAP, CRC32, ADCX, ADOX ->
                BitOperations.bind(op);
            case ANDN, BEXTR, BLSI, BLSMSK, BLSR, BZHI, PDEP, PEXT, RORX, SARX, SHLX, SHRX -> BitFields.bind(op, i);
            case MOV, MOVZX, MOVSX, MOVSXD, LEA, MOVBE, MOVNTI, MOVDIRI, CMOVCC, SETCC, CBW, CWD, XLAT ->
                Moves.bind(op, i);
            case XCHG, XADD, CMPXCHG, CMPXCHG8B, CMPXCHG16B -> Exchanges.bind(op, i);
            case PUSH, POP, PUSHA, POPA, PUSHF, POPF, ENTER, LEAVE -> StackOperations.bind(op, i);
            case JCC, JMP, JMP_IND, CALL, CALL_IND, RET, LOOP, LOOPE, LOOPNE, JCXZ, BOUND -> Branches.bind(op, i);
            case CLC, STC, CMC, CLD, STD, LAHF, SAHF, SALC, DAA, DAS, AAA, AAS, AAM, AAD -> FlagOperations.bind(op);
            case MOVS, CMPS, STOS, LODS, SCAS -> StringOperations.bind(op, i);
            default -> Hints.bind(op);
        };
    }
}
