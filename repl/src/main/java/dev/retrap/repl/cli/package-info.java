/** The commands of {@code retrap}: options, what they do, what they print, exit status. */
package dev.retrap.repl.cli;
