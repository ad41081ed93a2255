/**
 * The x87 unit (SDM vol. 1, chapter 8), exact to the bit and the same on every host: integer arithmetic only, but for
 * one estimate by {@link Math#sqrt}, which is exact by definition.
 *
 * <p>Two layers. Pure functions of values say what results and exceptions are: {@code Addition}, {@code Product},
 * {@code Quotient}, {@code SquareRoot}, {@code Remainder}, {@code Scaling}, {@code Comparison}, {@code Nan}, the
 * conversions {@code Widening} and {@code Narrowing}, all on pairs of sign with exponent and significand ({@code F80}),
 * and through {@code Rounding}; and the transcendental functions, which are computed to some 120 bits ({@code Wide},
 * {@code Fraction}, {@code Series}) and rounded once. Handlers bring operands from stack and memory to them, and do
 * what masks and stack faults ask for; {@link dev.retrap.cpu.fpu.X87#bind} picks one per decoded instruction.
 *
 * <p>Where units of different makers are known to differ stands in {@code X87Behaviour}. What the manuals leave open is
 * as the AMD Zen family does it, measured (the test resources have the program and what it found):
 * <ul>
 * <li>a reserved precision control is 64 bits;
 * <li>FPREM and FPREM1 reduce an exponent difference D of 64 or more by 32 + D mod 32;
 * <li>an empty operand stands before a full stack (FLD ST(i)), and an operand in memory before either;
 * <li>FCMOVcc leaves C1 as it is, but for a stack underflow; so does FNOP; other stack instructions clear it;
 * <li>a load of a denormal with its exception unmasked is done; a comparison with it sets the condition codes;
 * <li>an unmasked overflow or underflow beyond reach of the adjusted exponent (FSCALE) gives infinity or zero;
 * <li>F2XM1 out of range returns its operand, FYL2XP1 works for all arguments above -1 and returns those below; the
 * transcendental functions always report PE, but for the special cases of the manuals' tables;
 * <li>FSTP by its alias D9 D8+i pops an empty ST(0) without an exception;
 * <li>a digit above 9 in a packed decimal counts as its value.
 * </ul>
 * Transcendental functions are the exception: the processor is off by one in the last place now and then, in different
 * ways by maker; here the result is always the nearest in the direction asked for.
 */
package dev.retrap.cpu.fpu;
