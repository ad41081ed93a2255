/** Programs on all combinations of kernel variant and CPU model: recorded, measured, checked, compared. */
package dev.retrap.repl.matrix;
