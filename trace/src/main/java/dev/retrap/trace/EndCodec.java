package dev.retrap.trace;

import dev.retrap.trace.v1.End;
import dev.retrap.trace.v1.Record;

/** How a run ended, to and from its record. */
final class EndCodec {
    private EndCodec() {}

    static Record encode(EndStatus status) {
        End.Builder b = End.newBuilder();
        switch (status) {
            case EndStatus.PoweredOff(int n) -> b.setStatus(End.Status.STATUS_POWERED_OFF).setPowerOffStatus(n);
            case EndStatus.Shutdown(String report) -> b.setStatus(End.Status.STATUS_SHUTDOWN).setReport(report);
            case EndStatus.Idle() -> b.setStatus(End.Status.STATUS_IDLE);
            case EndStatus.Interrupted() -> b.setStatus(End.Status.STATUS_INTERRUPTED);
            case EndStatus.Incomplete() -> { }
        }
        return Record.newBuilder().setEnd(b).build();
    }

    static EndStatus decode(End e) {
        return switch (e.getStatus()) {
            case STATUS_POWERED_OFF -> new EndStatus.PoweredOff(e.getPowerOffStatus());
            case STATUS_SHUTDOWN -> new EndStatus.Shutdown(e.getReport());
            case STATUS_IDLE -> new EndStatus.Idle();
            case STATUS_INTERRUPTED -> new EndStatus.Interrupted();
            default -> new EndStatus.Incomplete();
        };
    }
}
