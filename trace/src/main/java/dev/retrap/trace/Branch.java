package dev.retrap.trace;

/**
 * Where a recording branches off another one. It is whole in itself: the history up to there is in it too.
 *
 * @param name of the branch
 * @param parent file name of the other recording, without directories
 * @param position up to which they agree
 */
public record Branch(String name, String parent, long position) {}
