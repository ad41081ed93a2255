package dev.retrap.trace.check;

import dev.retrap.trace.unwind.CallFrameInfo;
import java.util.List;

/**
 * A call through the vDSO, stepped.
 *
 * @param arrival all registers at {@code __kernel_vsyscall}, by slot; null if it was not entered there
 * @param steps what user mode executed in the vDSO, in order
 * @param departure all registers at the caller's next instruction; null if it does not get there
 */
record Walk(long[] arrival, List<Step> steps, long[] departure) {
    /**
     * An instruction that is about to be executed.
     *
     * @param position where
     * @param ip its address
     * @param caller what the unwind rules say; null if they say nothing
     */
    record Step(long position, long ip, CallFrameInfo.Unwound caller) {}

    boolean complete() {
        return arrival != null && departure != null;
    }
}
