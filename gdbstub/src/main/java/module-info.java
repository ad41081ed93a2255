/** The GDB remote stub: serves stock gdb on a {@link dev.retrap.trace.Timeline}, forward and backward. */
module dev.retrap.gdbstub {
    requires transitive dev.retrap.trace;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.transport;

    exports dev.retrap.gdbstub;
}
