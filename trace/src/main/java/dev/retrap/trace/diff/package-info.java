/**
 * Compares two recordings of the same program, call by call: {@link dev.retrap.trace.diff.TraceDiff} aligns the calls,
 * tells in what each differs, groups equal differences and makes a {@link dev.retrap.trace.diff.DiffReport}.
 *
 * <p>Alignment is that of patience diff (unique elements, longest ascending chain) with a longest common subsequence
 * where nothing is unique; both are classics.
 */
package dev.retrap.trace.diff;
