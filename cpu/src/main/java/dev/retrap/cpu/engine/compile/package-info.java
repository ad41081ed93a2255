/**
 * Engine 2: hot regions of decoded blocks as JVM bytecode. A {@link dev.retrap.cpu.engine.compile.Plan} is what to
 * compile, {@link dev.retrap.cpu.engine.compile.RegionWriter} writes one method for it, and
 * {@link dev.retrap.cpu.engine.compile.Region} is the result. What an instruction means stands in {@code semantics}: the
 * code here moves operands between local variables, memory and the functions there, or calls the handler.
 */
package dev.retrap.cpu.engine.compile;
