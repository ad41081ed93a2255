/**
 * The meaning of MMX and of SSE to SSE4.2, SSE4a, AES, PCLMULQDQ and SHA, and of the instructions that save and restore
 * their registers (SDM vol. 1, chapters 9 to 13).
 *
 * <p>As in {@code semantics} there are two layers. Pure functions of quadwords say what results are: {@link
 * dev.retrap.cpu.simd.Lane}, {@code Products}, {@code Packing}, {@code Shuffles}, {@code StringCompare} for integers,
 * {@link dev.retrap.cpu.simd.BinaryFormat}, {@code Arithmetic}, {@code Singles}, {@code Doubles}, {@code FloatCompare},
 * {@code FloatConvert}, {@code Estimates} for floating point. Handlers bring operands to them; {@link
 * dev.retrap.cpu.simd.Simd#bind} picks one per decoded instruction.
 *
 * <p>A handler checks in this order: #UD and #NM by CR0 and CR4, #MF, memory, #XM; and changes nothing before the last
 * of them has passed, but for the flags of MXCSR that belong to #XM, and the change to MMX where the physical processor
 * makes it before a fault.
 *
 * <p>Floating point gives the same bits on any host: Java's own arithmetic is used where it is exactly rounded and the
 * error of the rounding can be had exactly; integers do the rest.
 */
package dev.retrap.cpu.simd;
