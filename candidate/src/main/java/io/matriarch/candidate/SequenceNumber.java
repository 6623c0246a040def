package io.matriarch.candidate;

/**
 * The number that a server appends to a sequential znode's name: a 32-bit counter of the parent's children, written with
 * at least ten characters, sign included (client.md 9.3). After 2,147,483,647 it goes on at -2,147,483,648, so that numbers
 * are compared by their distance and not by their size.
 */
final class SequenceNumber {
    /** A parent whose numbers are beyond this should be made anew some day: other libraries fail at the overflow. */
    static final int WARNING = 1 << 30;

    /** Returned for a name that bears no number. */
    static final long NONE = Long.MIN_VALUE;

    private static final int WIDTH = 10;

    private SequenceNumber() {}

    /** The number at the end of {@code name}, in the range of an int; {@link #NONE} if there is none. */
    static long of(String name) {
        int start = name.length();
        while (start > 0 && isDigit(name.charAt(start - 1))) {
            start--;
        }
        int digits = name.length() - start;
        if (digits < WIDTH - 1) {
            return NONE;
        }
        // A label may end with a digit itself: the number is the last ten.
        String text = name.substring(name.length() - Math.min(digits, WIDTH));
        long value = Long.parseLong(text);
        if (digits <= WIDTH && hasSign(name, start)) {
            long negative = -value;
            return negative >= Integer.MIN_VALUE ? negative : NONE;
        }
        return digits >= WIDTH && value <= Integer.MAX_VALUE ? value : NONE;
    }

    /**
     * How far {@code sequence} comes behind {@code reference}, negative if before it; right as long as the two are less
     * than 2^31 creations apart.
     */
    static int distance(long sequence, long reference) {
        return (int) (sequence - reference);
    }

    /** A dash before the digits is a sign only if the label's own separator comes before it. */
    private static boolean hasSign(String name, int start) {
        if (start == 0 || name.charAt(start - 1) != '-') {
            return false;
        }
        return start == 1 || name.charAt(start - 2) == '-' || name.charAt(start - 2) == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
