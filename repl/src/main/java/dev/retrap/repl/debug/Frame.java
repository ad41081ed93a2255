package dev.retrap.repl.debug;

import dev.retrap.trace.Event;

/**
 * A frame of the stack.
 *
 * @param ip the next instruction in it: where it stands, or where the frame below returns to
 * @param stackPointer the stack pointer when execution comes back to {@code ip}
 * @param framePointer EBP or RBP then, if it is known
 * @param guessed true if it was found by looking for return addresses on the stack
 * @param crossing the kernel entry between the frame below and this one, which is the interrupted context; else null
 */
record Frame(long ip, long stackPointer, long framePointer, boolean guessed, Event crossing) {}
