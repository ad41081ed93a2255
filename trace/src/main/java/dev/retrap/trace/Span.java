package dev.retrap.trace;

/**
 * A part of history.
 *
 * @param start first position
 * @param end position behind the last
 */
record Span(long start, long end) {}
