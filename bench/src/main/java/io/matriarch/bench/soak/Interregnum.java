package io.matriarch.bench.soak;

import java.util.ArrayList;
import java.util.List;

/**
 * A time without a leader.
 *
 * @param fromNanos the last known moment of the leadership before
 * @param untilNanos when the next one began
 * @param reason why the one before ended
 * @param isSameCandidate whether it leads again who led before
 * @param quietNanos the longest stretch of it in which no fault struck or ended
 * @param disturbances faults that struck or ended in it
 */
public record Interregnum(
        long fromNanos, long untilNanos, String reason, boolean isSameCandidate, long quietNanos, int disturbances) {
    long nanos() {
        return untilNanos - fromNanos;
    }

    /**
     * All of them.
     *
     * @param reigns in order of their beginnings
     * @param disturbances moments at which a fault struck or ended, ascending
     */
    static List<Interregnum> between(List<Reign> reigns, List<Long> disturbances) {
        List<Interregnum> found = new ArrayList<>();
        for (int i = 1; i < reigns.size(); i++) {
            Reign before = reigns.get(i - 1);
            Reign next = reigns.get(i);
            long from = Math.min(before.ledUntilNanos(), next.fromNanos());
            boolean isSame = before.candidate().equals(next.candidate());
            found.add(of(from, next.fromNanos(), before.reason(), isSame, disturbances));
        }
        return found;
    }

    /** One that lasted from {@code from} to {@code until}. */
    static Interregnum of(long from, long until, String reason, boolean isSame, List<Long> disturbances) {
        long quiet = 0;
        long since = from;
        int count = 0;
        for (long moment : disturbances) {
            if (moment > from && moment < until) {
                quiet = Math.max(quiet, moment - since);
                since = moment;
                count++;
            }
        }
        return new Interregnum(from, until, reason, isSame, Math.max(quiet, until - since), count);
    }
}
