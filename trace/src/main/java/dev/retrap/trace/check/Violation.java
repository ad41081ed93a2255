package dev.retrap.trace.check;

/**
 * One place where an assertion does not hold.
 *
 * @param event number of the event to look at
 * @param position position to go to: that event's, or of the instruction in question
 * @param what what was found against what must hold, with values
 * @param why what it means, and for whom
 */
public record Violation(long event, long position, String what, String why) {}
