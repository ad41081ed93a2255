/**
 * Assertions about a recording: what a user program, a signal handler, a tracer and an unwinder may rely on when the
 * kernel is entered and left. {@link dev.retrap.trace.check.Checker} goes through the events once, in bounded memory,
 * and re-executes where an event does not say enough.
 */
package dev.retrap.trace.check;
