package dev.retrap.trace;

/**
 * The guest reached something that the machine does not have; it got #UD.
 *
 * @param position position of the instruction
 * @param ip its offset in CS
 * @param bytes its bytes; not to be changed
 * @param what one line that names it
 */
public record Unsupported(long position, long ip, byte[] bytes, String what) {}
