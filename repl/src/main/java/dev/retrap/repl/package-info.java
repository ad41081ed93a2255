/** The program {@code retrap}. */
package dev.retrap.repl;
