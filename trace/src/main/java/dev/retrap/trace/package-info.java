/**
 * Recordings of a machine's run and going back and forth in them. A {@link dev.retrap.trace.Recorder} writes one while
 * a guest runs, a {@link dev.retrap.trace.Recording} reads it, a {@link dev.retrap.trace.Timeline} moves in it by
 * restoring checkpoints and running forward. The file format is described in {@code trace/README.md}.
 */
package dev.retrap.trace;
