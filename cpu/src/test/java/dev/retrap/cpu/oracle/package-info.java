/**
 * The physical processor as the judge of single instructions. Tests are made from the instruction table, executed by a
 * native helper ({@code cpu/src/test/oracle}) and by our machine, and the outcomes compared. Captured outcomes are kept
 * as resources, so that the comparison also runs where the helper cannot. {@code cpu/src/test/oracle/README.md} tells
 * how to draw new ones.
 */
package dev.retrap.cpu.oracle;
