/**
 * A server that stock gdb attaches to with {@code target remote HOST:PORT}. See {@code gdbstub/README.md} for the flow
 * of data and for how to add a packet.
 */
package dev.retrap.gdbstub;
