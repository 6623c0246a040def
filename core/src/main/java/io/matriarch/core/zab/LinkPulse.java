package io.matriarch.core.zab;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The heartbeats of one link as the leader sees them: how long they take, and until when the server at the other end stays
 * with this leader whatever happens to the network.
 *
 * <p>With each heartbeat goes the time that its receiver waits for another: its <em>patience</em>. It counts from when the
 * heartbeat arrives; the leader counts less, and from when it was sent. So the leader's count is over before the
 * receiver's, as long as their clocks do not differ in pace by a quarter.
 */
final class LinkPulse {
    private static final long NANOS_PER_MILLI = 1_000_000;
    /** More unanswered heartbeats than this, and the link counts as lost until one that is sent later is answered. */
    private static final int MAX_OUTSTANDING = 64;
    /** After each heartbeat the memory of the worst delay fades by this part: to half in 177 of them, some 18 s. */
    private static final int FADING = 256;
    /** A bound is so many times the worst delay that is remembered. */
    private static final int MARGIN = 4;

    private final Zab.Limits limits;
    private final Deque<Beat> outstanding = new ArrayDeque<>();
    private long worstDelayNanos;
    private boolean isBound;
    private long boundNanos;

    private record Beat(long number, long sentNanos, long boundNanos) {}

    /** As long as nothing is known, every delay is possible: the bound begins at the greatest. */
    LinkPulse(Zab.Limits limits) {
        this.limits = limits;
        this.worstDelayNanos = limits.heartbeat().maxMillis() * NANOS_PER_MILLI / MARGIN;
    }

    /** How often heartbeats are sent: some times in the shortest time that anybody waits for one. */
    static long intervalMillis(Zab.Limits limits) {
        int shortest = Math.min(limits.heartbeat().minMillis(), limits.syncMillis());
        return Math.max(1, shortest / HeartbeatConfig.BEATS);
    }

    /** How long the other end is to wait for a heartbeat, by the delays seen so far; never beyond {@code syncLimit}. */
    int patienceMillis() {
        long wanted = 2 * intervalMillis(limits) + MARGIN * worstDelayNanos / NANOS_PER_MILLI;
        HeartbeatConfig heartbeat = limits.heartbeat();
        long bounded = Math.max(heartbeat.minMillis(), Math.min(heartbeat.maxMillis(), wanted));
        return (int) Math.min(limits.syncMillis(), bounded);
    }

    /** The longest way there and back that is remembered, the disk at the other end included. */
    long worstDelayNanos() {
        return worstDelayNanos;
    }

    /** Something of the way took so long, here or there. */
    void delayed(long nanos) {
        worstDelayNanos = Math.max(worstDelayNanos, nanos);
    }

    /** The other end said something that it can only have said after it had heard what was sent at {@code sentNanos}. */
    void heardSince(long sentNanos) {
        isBound = true;
        boundNanos = boundAfter(sentNanos, limits.syncMillis());
    }

    /** A heartbeat is sent. It may arrive at once, and nothing after it, so a shorter patience holds from now on. */
    void sent(long number, long nowNanos, int patienceMillis) {
        if (outstanding.size() == MAX_OUTSTANDING) {
            outstanding.clear();
            isBound = false;
        }
        Beat beat = new Beat(number, nowNanos, boundAfter(nowNanos, patienceMillis));
        outstanding.addLast(beat);
        if (isBound && beat.boundNanos - boundNanos < 0) {
            boundNanos = beat.boundNanos;
        }
    }

    /** The other end answered this heartbeat, and with it all before it. */
    void echoed(long number, long nowNanos) {
        Beat first = outstanding.peekFirst();
        if (first == null || number < first.number || number > outstanding.getLast().number) {
            return;
        }
        worstDelayNanos -= worstDelayNanos / FADING;
        delayed(nowNanos - first.sentNanos);
        while (!outstanding.isEmpty() && outstanding.getFirst().number < number) {
            outstanding.removeFirst();
        }
        // It has heard this one, and perhaps any after it.
        boundNanos = outstanding.getFirst().boundNanos;
        for (Beat beat : outstanding) {
            boundNanos = beat.boundNanos - boundNanos < 0 ? beat.boundNanos : boundNanos;
        }
        isBound = true;
        outstanding.removeFirst();
    }

    /** Whether it is known how long the other end stays at least. */
    boolean isBound() {
        return isBound;
    }

    /** Up to this instant it stays, if its link does; only if {@link #isBound}. */
    long boundNanos() {
        return boundNanos;
    }

    private static long boundAfter(long sentNanos, int patienceMillis) {
        return sentNanos + (patienceMillis - patienceMillis / 4) * NANOS_PER_MILLI;
    }
}
