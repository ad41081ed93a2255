/**
 * C-like expressions of the debugger: numbers, {@code $registers}, symbols, casts, {@code *} and {@code &}, arithmetic.
 * Knows neither terminals nor recordings: everything outside comes through {@link dev.retrap.repl.expr.Scope}.
 */
package dev.retrap.repl.expr;
