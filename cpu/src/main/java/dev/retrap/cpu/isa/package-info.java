/**
 * The instruction set: one table of forms that feeds decoder, disassembler, engines and test generators. Knows nothing
 * of the rest of the machine. Sources: Intel SDM vol. 2 and AMD APM vol. 3.
 */
package dev.retrap.cpu.isa;
