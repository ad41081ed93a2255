package dev.retrap.repl.debug;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.repl.expr.ExprException;
import dev.retrap.repl.symbols.Symbols;
import dev.retrap.trace.unwind.CallFrameInfo;
import dev.retrap.trace.unwind.UnwindRegisters;
import dev.retrap.trace.Event;
import dev.retrap.trace.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the frames of the stack where the session stands. Within a privilege level: by CFI; at the first instructions
 * of a function by what its prologue has done; by the frame pointer; last by looking for return addresses on the
 * stack. Where the kernel was entered, the recorded entry has the interrupted context.
 */
final class Unwinder {
    /** More frames than anyone reads. */
    static final int MAX_FRAMES = 128;

    /** How many words of a stack are searched for a return address. */
    private static final int SEARCHED_WORDS = 128;
    /** A frame is smaller than this. */
    private static final long MAX_FRAME_BYTES = 1 << 16;

    private final Machine machine;
    private final Symbols symbols;
    private final Recording recording;
    private final List<CallFrameInfo> cfi;
    private final int word;
    private final long position;

    Unwinder(Debugger d) {
        this.machine = d.machine();
        this.symbols = d.symbols();
        this.recording = d.recording();
        this.cfi = d.callFrameInfo();
        this.word = machine.codeMode().bits() == 64 ? 8 : 4;
        this.position = d.timeline().position();
    }

    /** {@return the entries that have not returned at a position, innermost first} */
    static List<Event> openEntries(Recording recording, long position) {
        List<Event> open = new ArrayList<>();
        Optional<Event> before = recording.eventBefore(position);
        long index = before.map(Event::index).orElse(-1L);
        while (index >= 0 && open.size() < MAX_FRAMES) {
            Event e = recording.event(index);
            if (e.isEntry()) {
                open.add(e);
                if (e.fromUser()) {
                    break;
                }
                index--;
            } else if (e.toUser()) {
                break;
            } else {
                // An exit within the kernel: what it ended is over.
                index = e.pair() >= 0 ? e.pair() - 1 : index - 1;
            }
        }
        return open;
    }

    /** {@return at most so many frames, the innermost first} */
    List<Frame> frames(int max) {
        List<Frame> frames = new ArrayList<>();
        UnwindRegisters registers = UnwindRegisters.of(machine);
        List<Event> open = openEntries(recording, position);
        int entry = 0;
        frames.add(frame(registers, false, null));
        // Where a frame was interrupted, its ip is the instruction itself; a return address is the one after a call.
        boolean exact = true;
        while (frames.size() < max) {
            Event around = entry < open.size() ? open.get(entry) : null;
            CallFrameInfo.Unwound caller = null;
            boolean guessed = false;
            if (around == null || !isEntryCode(registers, around)) {
                caller = unwind(registers, exact);
                if (caller == null) {
                    caller = search(registers, around);
                    guessed = true;
                }
            }
            if (caller != null) {
                registers = caller.registers();
                exact = caller.signalFrame();
                frames.add(frame(registers, guessed, null));
            } else if (around != null) {
                registers = UnwindRegisters.before(around);
                exact = true;
                frames.add(frame(registers, false, around));
                entry++;
            } else {
                break;
            }
        }
        return frames;
    }

    private static Frame frame(UnwindRegisters r, boolean guessed, Event crossing) {
        return new Frame(r.ip(), r.sp(), r.bp(), guessed, crossing);
    }

    /** True in code that has no caller: it runs on the stack that the processor or the entry itself has set up. */
    private boolean isEntryCode(UnwindRegisters r, Event around) {
        Optional<Symbols.Range> here = symbols.function(r.ip());
        Optional<Symbols.Range> handler = symbols.function(around.after(Reg.RIP));
        return here.isPresent() && here.equals(handler);
    }

    private CallFrameInfo.Unwound unwind(UnwindRegisters r, boolean exact) {
        for (CallFrameInfo info : cfi) {
            Optional<CallFrameInfo.Unwound> caller = info.unwind(r, exact ? r.ip() : r.ip() - 1, this::read);
            if (caller.isPresent()) {
                return caller.get().registers().ip() == 0 ? null : caller.get();
            }
        }
        CallFrameInfo.Unwound caller = exact ? prologue(r) : null;
        return caller != null ? caller : framePointer(r);
    }

    /** At a function's first instruction, after its {@code push %ebp} and at its RET the return address is known. */
    private CallFrameInfo.Unwound prologue(UnwindRegisters r) {
        Optional<Symbols.Range> function = symbols.function(r.ip());
        if (function.isEmpty()) {
            return null;
        }
        long into = r.ip() - function.get().start();
        Long address = null;
        long bp = r.bp();
        if (into == 0) {
            address = r.sp();
        } else if (into == 1 && byteAt(function.get().start()) == 0x55) {
            address = r.sp() + word;
            Long saved = read(r.sp(), word);
            bp = saved == null ? 0 : saved;
        } else if (byteAt(r.ip()) == 0xC3 || byteAt(r.ip()) == 0xC2) {
            address = r.sp();
        }
        return address == null ? null : returnTo(address, bp);
    }

    /** The chain of saved frame pointers (System V ABI): [bp] is the caller's, [bp + word] the return address. */
    private CallFrameInfo.Unwound framePointer(UnwindRegisters r) {
        long bp = r.bp();
        if (Long.compareUnsigned(bp, r.sp()) < 0 || bp - r.sp() > MAX_FRAME_BYTES || bp % word != 0) {
            return null;
        }
        Long saved = read(bp, word);
        return saved == null ? null : returnTo(bp + word, saved);
    }

    private CallFrameInfo.Unwound returnTo(long address, long bp) {
        Long ip = read(address, word);
        return ip == null || !isReturnAddress(ip)
                ? null
                : new CallFrameInfo.Unwound(UnwindRegisters.of(word, ip, address + word, bp), false);
    }

    /** The first word on the stack that may be a return address. */
    private CallFrameInfo.Unwound search(UnwindRegisters r, Event around) {
        long limit = r.sp() + (long) SEARCHED_WORDS * word;
        if (around != null && around.ptRegs().isPresent()) {
            long regs = around.ptRegs().get().address();
            limit = Long.compareUnsigned(regs, r.sp()) >= 0 && regs < limit ? regs : limit;
        }
        for (long at = r.sp() + (-r.sp() & word - 1); Long.compareUnsigned(at, limit) < 0; at += word) {
            Long ip = read(at, word);
            if (ip == null) {
                return null;
            }
            if (isReturnAddress(ip)) {
                return new CallFrameInfo.Unwound(UnwindRegisters.of(word, ip, at + word, r.bp()), false);
            }
        }
        return null;
    }

    /** True if the instruction before an address, in code that has a symbol, is a call. */
    private boolean isReturnAddress(long ip) {
        if (ip == 0 || symbols.nearest(ip - 1).isEmpty()) {
            return false;
        }
        for (int length = 2; length <= Flow.LONGEST_CALL; length++) {
            Insn insn = machine.decodeAt(ip - length);
            if (insn != null && insn.length == length && Flow.isCall(insn)) {
                return true;
            }
        }
        return false;
    }

    private int byteAt(long address) {
        Long b = read(address, 1);
        return b == null ? -1 : (int) (long) b;
    }

    private Long read(long address, int bytes) {
        try {
            return new MachineScope(machine, symbols, name -> null).read(address, bytes);
        } catch (ExprException e) {
            return null;
        }
    }
}
