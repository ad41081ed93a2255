/**
 * The meaning of the integer instructions.
 *
 * <p>Two layers. Pure functions of values ({@link dev.retrap.cpu.semantics.Alu}, {@code Shifts}, {@code Bits},
 * {@code MulDiv}, {@code Bcd}, {@code Crc32c}) say what results and flags are; they know no processor, and each
 * instruction's meaning stands there once. Handlers move operands between registers, memory and these functions;
 * {@link dev.retrap.cpu.semantics.Semantics#bind} picks one per decoded instruction by operand size and shape.
 *
 * <p>Two rules hold for all handlers: whatever can fault comes before the first change of state, and a memory
 * destination is stored before registers and flags change, since a store may ask to be run again
 * ({@link dev.retrap.cpu.core.Cpu#resync}).
 *
 * <p>Flags that the manuals leave undefined are as the AMD Zen family sets them where that was measured; the Javadoc of
 * the pure functions says what.
 */
package dev.retrap.cpu.semantics;
