package dev.retrap.trace;

import dev.retrap.cpu.Reg;

/**
 * A change of a register's value.
 *
 * @param position of the state before it
 * @param ip linear address of the instruction that made it, or before which an interrupt or exception did
 * @param before the value before
 * @param after the value after
 */
public record Change(long position, long ip, Reg register, long before, long after) {}
