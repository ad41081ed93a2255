/** Recordings of a machine's run: writing, reading, going back and forth in them, comparing two. */
module dev.retrap.trace {
    requires transitive dev.retrap.cpu;
    requires com.google.protobuf;

    exports dev.retrap.trace;
    exports dev.retrap.trace.check;
    exports dev.retrap.trace.diff;
    exports dev.retrap.trace.unwind;
}
