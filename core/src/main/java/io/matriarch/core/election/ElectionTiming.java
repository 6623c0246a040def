package io.matriarch.core.election;

/**
 * The waits of an election of ours.
 *
 * @param finalWaitMillis how long a quorum waits for a better vote while some voter is neither heard nor known to be
 *     down (F3); Apache waits 200
 * @param repeatMillis first repeat to a voter that has not announced our vote; doubles up to {@code maxRepeatMillis}.
 *     Not 200, which is Apache's own wait (election.md 6.3)
 * @param safetyRepeatMillis first repeat to everybody; doubles up to 60 s (F10)
 * @param maxRepeatMillis bound of the first kind of repeat
 */
public record ElectionTiming(long finalWaitMillis, long repeatMillis, long safetyRepeatMillis, long maxRepeatMillis) {
    public static final ElectionTiming DEFAULT = new ElectionTiming(30, 330, 1000, 5000);
}
