package dev.retrap.repl.debug;

import dev.retrap.cpu.Watch;
import dev.retrap.repl.expr.CType;
import dev.retrap.repl.expr.Expr;
import dev.retrap.trace.EventFilter;

/** One breakpoint, watchpoint or catchpoint. */
final class Breakpoint {
    /** What it waits for. */
    sealed interface Where {
        /**
         * An instruction about to run.
         *
         * @param address linear
         */
        record Code(long address) implements Where {}

        /**
         * An access to memory.
         *
         * @param watch which
         * @param type as what the memory is shown; null if it is no single value
         */
        record Memory(Watch watch, CType type) implements Where {}

        /**
         * An event.
         *
         * @param filter which
         */
        record Crossing(EventFilter filter) implements Where {}
    }

    final int number;
    final Where where;
    /** What the user asked for, as typed. */
    final String text;
    /** Deleted at its first stop. */
    final boolean temporary;

    boolean enabled = true;
    Expr condition;
    String conditionText;
    long hits;
    /** So many hits are still to be passed over. */
    long ignore;

    Breakpoint(int number, Where where, String text, boolean temporary) {
        this.number = number;
        this.where = where;
        this.text = text;
        this.temporary = temporary;
    }

    /** {@return the kind as {@code info breakpoints} and stops name it} */
    String kind() {
        return switch (where) {
            case Where.Code c -> "breakpoint";
            case Where.Memory m -> switch (m.watch().access()) {
                case WRITE -> "watchpoint";
                case READ -> "read watchpoint";
                case ACCESS -> "acc watchpoint";
            };
            case Where.Crossing c -> "catchpoint";
        };
    }
}
