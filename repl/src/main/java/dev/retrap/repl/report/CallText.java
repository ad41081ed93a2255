package dev.retrap.repl.report;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.Errno;
import dev.retrap.trace.Event;
import dev.retrap.trace.PtRegs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A system call as strace would write it, from its entry event. Arguments are those that the kernel took: from the
 * {@code pt_regs} probe if there is one, else from the registers of the ABI.
 */
final class CallText {
    private static final String[] I386_ARGS = {"bx", "cx", "dx", "si", "di", "bp"};
    private static final String[] X86_64_ARGS = {"di", "si", "dx", "r10", "r8", "r9"};
    private static final Reg[] I386_REGS = {Reg.RBX, Reg.RCX, Reg.RDX, Reg.RSI, Reg.RDI, Reg.RBP};
    private static final Reg[] X86_64_REGS = {Reg.RDI, Reg.RSI, Reg.RDX, Reg.R10, Reg.R8, Reg.R9};

    private CallText() {}

    /** The ABI a call's number and arguments follow: that of its instruction and code segment. */
    static SystemCalls abi(Event entry) {
        // 64-bit code runs in its own segment; nothing else in the registers tells the code size.
        boolean sixtyFour = entry.kind() == Crossing.Kind.SYSCALL && entry.before(Reg.CS) == 0x33;
        return sixtyFour ? SystemCalls.X86_64 : SystemCalls.I386;
    }

    /** Values of the six arguments; null for one that is on the user's stack and was not recorded. */
    static List<Long> arguments(Event entry) {
        boolean sixtyFour = abi(entry) == SystemCalls.X86_64;
        List<Long> values = new ArrayList<>();
        Optional<PtRegs> regs = entry.ptRegs();
        for (int i = 0; i < 6; i++) {
            if (regs.isPresent()) {
                values.add(regs.get().get((sixtyFour ? X86_64_ARGS : I386_ARGS)[i]) & (sixtyFour ? -1 : 0xFFFF_FFFFL));
            } else if (i == 5 && !sixtyFour && entry.kind() != Crossing.Kind.INT_N) {
                values.add(null);
            } else {
                values.add(entry.before((sixtyFour ? X86_64_REGS : I386_REGS)[i]));
            }
        }
        return values;
    }

    /**
     * {@return {@code name(arguments)}}
     *
     * @param raw all six arguments in hexadecimal whatever the call
     */
    static String call(Event entry, boolean raw) {
        SystemCalls.Signature signature = abi(entry).of(entry.systemCall());
        String letters = raw || signature.arguments() == null ? "xxxxxx" : signature.arguments();
        List<Long> values = arguments(entry);
        boolean sixtyFour = abi(entry) == SystemCalls.X86_64;
        StringBuilder sb = new StringBuilder(signature.name()).append('(');
        for (int i = 0; i < letters.length(); i++) {
            if (i > 0) {
                sb.append(", ");
            }
            Long v = values.get(i);
            if (v == null) {
                sb.append('?');
                continue;
            }
            long signed = sixtyFour ? v : (int) (long) v;
            sb.append(switch (letters.charAt(i)) {
                case 'd' -> Long.toString(signed);
                case 'o' -> v == 0 ? "0" : "0" + Long.toOctalString(v);
                default -> v == 0 && !raw ? "0" : "0x" + Long.toHexString(v);
            });
        }
        return sb.append(')').toString();
    }

    /** {@return the result, an error with its name}
     * @param exit the call's exit */
    static String result(Event entry, Event exit) {
        long value = result(entry, exit.after(Reg.RAX));
        String error = Errno.name(value);
        if (error != null) {
            return value + " " + error;
        }
        return value >= 0 && value < 0x10000 ? Long.toString(value) : "0x" + Long.toHexString(exit.after(Reg.RAX));
    }

    private static long result(Event entry, long rax) {
        return abi(entry) == SystemCalls.X86_64 ? rax : (int) rax;
    }
}
