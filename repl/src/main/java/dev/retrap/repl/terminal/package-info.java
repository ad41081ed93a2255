/** Where output goes and what it may look like; the exit status and the one line a failure gets. */
package dev.retrap.repl.terminal;
