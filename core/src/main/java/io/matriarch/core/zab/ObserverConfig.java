package io.matriarch.core.zab;

/**
 * How observers are served, and what one does itself (zab.md 15).
 *
 * @param isServed whether observers connect to followers, on a port of their own, and not only to the leader
 * @param heldBackBytes how much may be committed while a follower of ours synchronizes an observer; above it the observer
 *     has to start again
 * @param maxSnapSyncs snapshots on their way to learners at a time; an observer above it is turned away, a participant
 *     never
 * @param maxDiffSyncs the same for learners that get only what they miss
 * @param reconnectDelayMillis an observer waits up to this long before it connects; drawn each time
 * @param electionDelayMillis an observer that lost its connection waits up to this long before it looks for a leader
 *     again; drawn each time
 * @param isLogging whether an observer writes what it is told of to its disk, once it is up to date; if not, it is told
 *     again after a restart. Not together with changes of the members, or a participant could have a disk that is behind
 */
public record ObserverConfig(
        boolean isServed,
        long heldBackBytes,
        int maxSnapSyncs,
        int maxDiffSyncs,
        int reconnectDelayMillis,
        int electionDelayMillis,
        boolean isLogging) {
    /** Observers at the leader only; bounds as in ZooKeeper, no delays. */
    public static final ObserverConfig DEFAULT = new ObserverConfig(false, 32L << 20, 10, 100, 0, 0, true);

    /** Throws IllegalArgumentException if a number is out of its range. */
    public ObserverConfig {
        if (heldBackBytes < 0 || reconnectDelayMillis < 0 || electionDelayMillis < 0) {
            throw new IllegalArgumentException("sizes and delays of observers must not be negative");
        }
        if (maxSnapSyncs < 1 || maxDiffSyncs < 1) {
            throw new IllegalArgumentException("at least one synchronization at a time must be allowed");
        }
    }

    /** The same, with or without observers at followers. */
    public ObserverConfig withServed(boolean served) {
        return new ObserverConfig(
                served,
                heldBackBytes,
                maxSnapSyncs,
                maxDiffSyncs,
                reconnectDelayMillis,
                electionDelayMillis,
                isLogging);
    }
}
