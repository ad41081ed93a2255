package dev.retrap.gdbstub.rsp;

/** One unit of the byte stream in either direction (GDB manual, node "Overview" of the remote protocol). */
public sealed interface Frame {
    /** {@code +}: the last packet arrived whole. */
    record Ack() implements Frame {}

    /** {@code -}: the last packet was damaged, send it again. */
    record Nak() implements Frame {}

    /** The byte 03h between packets: stop the running target (node "Interrupts"). */
    record Interrupt() implements Frame {}

    /**
     * {@code $payload#checksum}.
     *
     * @param payload the bytes between {@code $} and {@code #}, escapes already undone; not to be changed
     */
    record Packet(byte[] payload) implements Frame {}

    /**
     * A packet whose checksum or escapes are wrong. Inbound only.
     *
     * @param why one line
     */
    record Damaged(String why) implements Frame {}

    /**
     * A packet longer than the decoder takes; its bytes were thrown away. Inbound only.
     *
     * @param limit longest payload accepted, in bytes
     */
    record Oversized(int limit) implements Frame {}

    /**
     * A byte between packets that means nothing. gdb skips it, and begins anew to wait for its answer: until then the
     * two seconds of {@code remotetimeout} are all a stub has. Outbound only.
     */
    record Filler() implements Frame {}

    /** The one {@link Ack}. */
    Ack ACK = new Ack();
    /** The one {@link Nak}. */
    Nak NAK = new Nak();
    /** The one {@link Filler}. */
    Filler FILLER = new Filler();
    /** The one {@link Interrupt}. */
    Interrupt INTERRUPT = new Interrupt();
}
