package io.matriarch.candidate;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A leadership with its end. Written by the campaign's thread, read by any.
 *
 * <p>The sum, for a session timeout T that the server granted. A confirmation is a write through the leader of the ensemble
 * ({@code multi} with a check of the own znode) that was sent at s and came back committed:
 *
 * <ul>
 *   <li>A quorum took it after s. A later leader of the ensemble becomes active after that and gives every session its
 *       whole timeout again: not over before s + T.
 *   <li>The same leader saw the session alive after s. What it knows of the session's last sign of life is at most half a
 *       tick older than s, because it asks each server for them twice per tick; and T is at least two ticks. Not over
 *       before s + T - T/4.
 * </ul>
 *
 * <p>So leadership ends at s + T/2, and the listener has another T/4 to stop what it began. An ensemble whose operator
 * set {@code minSessionTimeout} below two ticks weakens the second line, and a machine that was suspended, clock and all,
 * breaks both: for those there is the fencing token.
 */
final class Lease implements Leadership {
    private final String path;
    private final long sessionId;
    private final long term;
    private final long fencingToken;
    private final long graceNanos;
    private final LongSupplier clock;

    private long untilNanos;
    private boolean isEnded;

    /**
     * @param graceNanos from the end of leadership to the first moment at which another can lead
     * @param clock monotonic nanoseconds
     */
    Lease(String path, long sessionId, long fencingToken, long untilNanos, long graceNanos, LongSupplier clock) {
        this.path = path;
        this.sessionId = sessionId;
        this.term = SequenceNumber.of(path);
        this.fencingToken = fencingToken;
        this.graceNanos = graceNanos;
        this.clock = clock;
        this.untilNanos = untilNanos;
    }

    /** When leadership ends after a confirmation sent at {@code sentNanos}. */
    static long endNanos(long sentNanos, int timeoutMillis) {
        return sentNanos + TimeUnit.MILLISECONDS.toNanos(timeoutMillis) / 2;
    }

    /** Between two confirmations. */
    static long renewalNanos(int timeoutMillis) {
        return TimeUnit.MILLISECONDS.toNanos(timeoutMillis) / 8;
    }

    /** From the end of leadership to the first moment at which another can lead. */
    static long graceNanos(int timeoutMillis) {
        return TimeUnit.MILLISECONDS.toNanos(timeoutMillis) / 4;
    }

    synchronized long untilNanos() {
        return untilNanos;
    }

    /** Makes the leadership last longer; says false, and ends it for good, if it was over already. */
    synchronized boolean extendTo(long nanos) {
        if (isCurrent() && nanos - untilNanos > 0) {
            untilNanos = nanos;
        }
        return !isEnded;
    }

    synchronized void end() {
        isEnded = true;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public long sessionId() {
        return sessionId;
    }

    @Override
    public long term() {
        return term;
    }

    @Override
    public long fencingToken() {
        return fencingToken;
    }

    @Override
    public synchronized boolean isCurrent() {
        if (!isEnded && clock.getAsLong() - untilNanos >= 0) {
            isEnded = true;
        }
        return !isEnded;
    }

    @Override
    public synchronized Duration remaining() {
        return isEnded ? Duration.ZERO : Duration.ofNanos(Math.max(0, untilNanos - clock.getAsLong()));
    }

    @Override
    public synchronized Duration timeToStop() {
        return Duration.ofNanos(Math.max(0, untilNanos + graceNanos - clock.getAsLong()));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "leadership of %s, token 0x%x", path, fencingToken);
    }
}
