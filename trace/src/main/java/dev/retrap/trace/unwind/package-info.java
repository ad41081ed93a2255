/**
 * Call frame information: reads {@code .eh_frame} and {@code .debug_frame} (DWARF 4, section 6.4; LSB Core, "Exception
 * Frames") and applies it to registers, giving those of the caller.
 */
package dev.retrap.trace.unwind;
