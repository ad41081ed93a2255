package dev.retrap.repl.debug;

import dev.retrap.cpu.isa.Syntax;

/** What {@code set} changes. */
final class Settings {
    /** Syntax of instructions; AT&amp;T, as the kernel's sources and gdb have it. */
    Syntax syntax = Syntax.ATT;
    /** System calls with all six arguments in hexadecimal. */
    boolean rawCalls;
}
