package dev.retrap.trace;

import dev.retrap.cpu.Snapshot;

/**
 * A whole machine state kept in a recording.
 *
 * @param snapshot the state
 * @param inputs how many of the recording's inputs are in it: the first that many
 */
public record StoredCheckpoint(Snapshot snapshot, int inputs) {}
