/**
 * The container of a recording: chunks of protobuf records with checksums, an index, a footer; and the columns that
 * events are coded in. Knows arrays of numbers and the generated messages, not the types of {@code dev.retrap.trace}.
 */
package dev.retrap.trace.file;
