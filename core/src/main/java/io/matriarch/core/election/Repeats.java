package io.matriarch.core.election;

import io.matriarch.core.port.Now;

/** When a server that looks says its vote again without being asked (election.md F10). */
final class Repeats {
    private static final long MAX_SAFETY_REPEAT_MILLIS = 60_000;

    private final Election election;
    private long repeatMillis;
    private long repeatNanos;
    private long safetyMillis;
    private long safetyNanos;

    Repeats(Election election) {
        this.election = election;
    }

    /** Everybody is told a vote that is new. */
    void restart(Now now) {
        repeatMillis = election.timing().repeatMillis();
        repeatNanos = now.plusMillis(election.withJitter(repeatMillis));
        safetyMillis = election.timing().safetyRepeatMillis();
        safetyNanos = now.plusMillis(election.withJitter(safetyMillis));
    }

    /** Whether everybody is to be told once more; then the next time is twice as far off. */
    boolean isSafetyDue(Now now) {
        if (!now.isAtOrAfter(safetyNanos)) {
            return false;
        }
        safetyMillis = Math.min(2 * safetyMillis, MAX_SAFETY_REPEAT_MILLIS);
        safetyNanos = now.plusMillis(election.withJitter(safetyMillis));
        return true;
    }

    /** Whether those that have not announced our vote are to be told once more; {@code isSlowing} makes the waits grow. */
    boolean isRepeatDue(Now now, boolean isSlowing) {
        if (!now.isAtOrAfter(repeatNanos)) {
            return false;
        }
        if (isSlowing) {
            repeatMillis = Math.min(2 * repeatMillis, election.timing().maxRepeatMillis());
        }
        repeatNanos = now.plusMillis(election.withJitter(repeatMillis));
        return true;
    }

    /** Whether repeats have grown as rare as they get, which takes about twice the longest wait. */
    boolean areRarest() {
        return repeatMillis >= election.timing().maxRepeatMillis();
    }

    long deadlineNanos() {
        return Math.min(repeatNanos, safetyNanos);
    }
}
