package dev.retrap.trace.file;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Numbers the contents of RAM pages: equal content, equal number (as far as memory allows); zeros are 0. */
final class PageNumbers {
    private static final int MAX_KNOWN = 1 << 18;

    private record Key(long a, long b) {}

    private final MessageDigest sha256;
    private final Key zeros;
    private final Map<Key, Integer> known = new HashMap<>();
    private int next = 1;

    PageNumbers() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
        zeros = key(new byte[Format.PAGE_BYTES]);
    }

    private Key key(byte[] page) {
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest(page));
        return new Key(digest.getLong(), digest.getLong());
    }

    /** Number of a content; negative: it is new, and its number is the complement. */
    int number(byte[] page) {
        if (page == null) {
            return 0;
        }
        Key key = key(page);
        if (key.equals(zeros)) {
            return 0;
        }
        Integer number = known.get(key);
        if (number != null) {
            return number;
        }
        if (known.size() == MAX_KNOWN) {
            known.clear(); // contents stored again from here on cost room, not correctness
        }
        known.put(key, next);
        return ~next++;
    }

    /** Numbers below are taken. */
    void skipTo(int number) {
        next = number;
    }

    /** A number for a content that is not to be known again. */
    int anonymous() {
        return next++;
    }

    /** Number that the next new content gets. */
    int next() {
        return next;
    }
}
