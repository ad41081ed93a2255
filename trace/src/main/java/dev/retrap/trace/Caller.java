package dev.retrap.trace;

import java.util.Optional;

/**
 * Who led to where we are.
 *
 * @param position of the call instruction, or of the entry's crossing step
 * @param ip linear address of the call instruction, or of the instruction that the entry came at
 * @param entry the kernel entry, if it was one and no call
 */
public record Caller(long position, long ip, Optional<Event> entry) {}
