package io.matriarch.candidate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The candidates under one path, first comer first: the order of the number that the server appended to each name. Names
 * without such a number belong to somebody else and are left out.
 */
final class Contenders {
    /** The server writes at least ten digits (client.md 9.3). */
    private static final int MIN_DIGITS = 10;

    /** More digits than this are not a number that a server wrote. */
    private static final int MAX_DIGITS = 18;

    private record Contender(String name, long sequence) {}

    private final List<Contender> inOrder;

    private Contenders(List<Contender> inOrder) {
        this.inOrder = inOrder;
    }

    static Contenders of(List<String> names) {
        List<Contender> found = new ArrayList<>();
        for (String name : names) {
            long sequence = sequenceOf(name);
            if (sequence >= 0) {
                found.add(new Contender(name, sequence));
            }
        }
        // Two labels can bear the same number only after the parent was made anew; the name then decides for everybody.
        found.sort(Comparator.comparingLong(Contender::sequence).thenComparing(Contender::name));
        return new Contenders(found);
    }

    /** The number at the end of {@code name}, or -1 if there is none. */
    static long sequenceOf(String name) {
        int start = name.length();
        while (start > 0 && isDigit(name.charAt(start - 1))) {
            start--;
        }
        int digits = name.length() - start;
        return digits < MIN_DIGITS || digits > MAX_DIGITS ? -1 : Long.parseLong(name, start, name.length(), 10);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The first name that starts with {@code prefix}, or null. */
    @Nullable
    String withPrefix(String prefix) {
        for (Contender contender : inOrder) {
            if (contender.name().startsWith(prefix)) {
                return contender.name();
            }
        }
        return null;
    }

    /** The one just before {@code name}, or null if {@code name} is the first. */
    @Nullable
    String before(String name) {
        String previous = null;
        for (Contender contender : inOrder) {
            if (contender.name().equals(name)) {
                return previous;
            }
            previous = contender.name();
        }
        throw new IllegalArgumentException(name + " is not a candidate");
    }
}
