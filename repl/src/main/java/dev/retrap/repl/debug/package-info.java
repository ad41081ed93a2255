/**
 * The debugger on a recording: gdb's words on a {@link dev.retrap.trace.Timeline}. A {@link Debugger} executes one line
 * after the other; who types them, and whether anybody does, it does not know. Commands are data in
 * {@link Commands}.
 */
package dev.retrap.repl.debug;
