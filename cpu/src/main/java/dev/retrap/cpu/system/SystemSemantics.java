package dev.retrap.cpu.system;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.transfer.FarTransfers;
import dev.retrap.cpu.transfer.FastCalls;
import dev.retrap.cpu.transfer.InterruptReturn;

/** Binds the instructions that deal with privilege, segments, control registers, ports and time to their meaning. */
public final class SystemSemantics {
    private SystemSemantics() {}

    /** The handler of an instruction, or null if it is not one of these. */
    public static Exec bind(Insn i) {
        return switch (i.op) {
            case INT -> SoftwareInterrupts::intN;
            case INT3 -> SoftwareInterrupts::int3;
            case INTO -> SoftwareInterrupts::into;
            case INT1 -> SoftwareInterrupts::int1;
            case IRET -> InterruptReturn::iret;
            case SYSENTER -> FastCalls::sysenter;
            case SYSEXIT -> FastCalls::sysexit;
            case SYSCALL -> FastCalls::syscall;
            case SYSRET -> FastCalls::sysret;
            case JMP_FAR -> FarTransfers::jump;
            case JMP_FAR_IND -> FarTransfers::jumpIndirect;
            case CALL_FAR -> FarTransfers::call;
            case CALL_FAR_IND -> FarTransfers::callIndirect;
            case RETF -> FarTransfers::ret;
            case MOV_TO_SREG -> SegmentMoves::movTo;
            case MOV_FROM_SREG -> SegmentMoves::movFrom;
            case PUSH_SREG -> SegmentMoves::push;
            case POP_SREG -> SegmentMoves::pop;
            case LDS, LES, LSS, LFS, LGS -> SegmentMoves::loadPointer;
            case RDFSBASE, RDGSBASE -> SegmentMoves::readBase;
            case WRFSBASE, WRGSBASE -> SegmentMoves::writeBase;
            case SWAPGS -> SegmentMoves::swapgs;
            case MOV_TO_CR -> ControlRegisters::movTo;
            case MOV_FROM_CR -> ControlRegisters::movFrom;
            case LMSW -> ControlRegisters::lmsw;
            case SMSW -> ControlRegisters::smsw;
            case CLTS -> ControlRegisters::clts;
            case INVLPG -> ControlRegisters::invlpg;
            case INVD, WBINVD, WBNOINVD -> ControlRegisters::cache;
            case MOV_TO_DR -> DebugRegisters::movTo;
            case MOV_FROM_DR -> DebugRegisters::movFrom;
            case LGDT, LIDT -> DescriptorTables::load;
            case SGDT, SIDT -> DescriptorTables::store;
            case LLDT -> DescriptorTables::lldt;
            case LTR -> DescriptorTables::ltr;
            case SLDT, STR -> DescriptorTables::storeSelector;
            case LAR, LSL -> SelectorQueries::query;
            case VERR, VERW -> SelectorQueries::verify;
            case ARPL -> SelectorQueries::arpl;
            case CLI -> InterruptFlag::cli;
            case STI -> InterruptFlag::sti;
            case HLT -> InterruptFlag::hlt;
            case CLAC, STAC -> InterruptFlag::accessFlag;
            case IN -> PortIo::in;
            case OUT -> PortIo::out;
            case INS -> PortIo::ins;
            case OUTS -> PortIo::outs;
            case CPUID -> Identity::cpuid;
            case RDTSC, RDTSCP -> Identity::rdtsc;
            case RDPMC -> Identity::rdpmc;
            case RDPID -> Identity::rdpid;
            case RDMSR -> Msrs::read;
            case WRMSR -> Msrs::write;
            case RSM, VMCALL, VMMCALL -> (c, insn) -> {
                throw c.ud();
            };
            default -> null;
        };
    }
}
