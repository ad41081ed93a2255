package dev.retrap.trace.diff;

import java.util.Set;

/**
 * What a comparison looks at.
 *
 * @param aspects which aspects of a call are compared
 * @param maxCalls how many calls of a group the report lists by number at most
 */
public record DiffOptions(Set<Aspect> aspects, int maxCalls) {
    /** Everything. */
    public static final DiffOptions DEFAULT = new DiffOptions(Set.of(Aspect.values()), 16);

    public DiffOptions {
        aspects = Set.copyOf(aspects);
    }
}
