/**
 * What the stub does about a {@link dev.retrap.gdbstub.rsp.Request}: policy over a
 * {@link dev.retrap.trace.Timeline}. All of it runs on the one thread that owns the timeline.
 */
package dev.retrap.gdbstub.session;
