package io.matriarch.bench.soak;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** One leadership, as far as it was heard of. */
public final class Reign {
    static final String KILLED = "killed";
    /** What the candidate library says. */
    static final String RESIGNED = "it resigned";

    private final String candidate;
    private final long token;
    private final long fromNanos;
    private final Set<Reign> violatedWith = new HashSet<>();
    private long untilNanos;
    private long endedNanos;
    private String reason = "";

    Reign(String candidate, long token, long fromNanos) {
        this.candidate = candidate;
        this.token = token;
        this.fromNanos = fromNanos;
        this.untilNanos = fromNanos;
    }

    String candidate() {
        return candidate;
    }

    long token() {
        return token;
    }

    /** When it was told that it leads. */
    long fromNanos() {
        return fromNanos;
    }

    /** The last moment at which it is known to have led. */
    long untilNanos() {
        return untilNanos;
    }

    /**
     * Until when somebody led. A process that slept hears of the end of its lease late; so only who resigned or was killed led
     * until it was over, and all others until the last moment that they told of.
     */
    long ledUntilNanos() {
        boolean isExact = reason.equals(KILLED) || reason.equals(RESIGNED);
        return isExact ? Math.max(endedNanos, untilNanos) : untilNanos;
    }

    /** Why it ended; empty while that is not known. */
    String reason() {
        return reason;
    }

    void lastsUntil(long nanos) {
        untilNanos = Math.max(untilNanos, nanos);
    }

    void end(long nanos, String why) {
        if (reason.isEmpty()) {
            endedNanos = nanos;
            reason = why;
        }
    }

    boolean overlaps(Reign other) {
        return fromNanos < other.untilNanos && other.fromNanos < untilNanos;
    }

    boolean isFirstViolationWith(Reign other) {
        return violatedWith.add(other) && other.violatedWith.add(this);
    }

    Reign copy() {
        Reign copy = new Reign(candidate, token, fromNanos);
        copy.untilNanos = untilNanos;
        copy.endedNanos = endedNanos;
        copy.reason = reason;
        return copy;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%s with token 0x%x, %.3f to %.3f s", candidate, token, fromNanos / 1e9, untilNanos / 1e9);
    }
}
