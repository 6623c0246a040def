package io.matriarch.bench.soak;

import io.matriarch.bench.ensemble.Flavour;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * What a soak is made of.
 *
 * @param duration how long faults strike
 * @param seed of all that is drawn
 * @param kinds faults that may strike; at least one
 * @param flavour whose servers
 * @param servers members of the ensemble
 * @param candidates sessions, spread evenly over the processes
 * @param processes how many processes the candidates live in
 * @param tickMillis tickTime of the servers
 * @param timeoutMillis session timeout of all candidates, at least two ticks
 * @param ignoresLeases lets candidates lead on for a second after their lease ended, to see the witness bite
 * @param directory for the servers' files and all logs
 */
public record SoakSettings(
        Duration duration,
        long seed,
        Set<FaultKind> kinds,
        Flavour flavour,
        int servers,
        int candidates,
        int processes,
        int tickMillis,
        int timeoutMillis,
        boolean ignoresLeases,
        Path directory) {
    static final int SYNC_LIMIT = 5;

    /** Until a majority that runs has elected a leader and serves; more than a busy machine was ever seen to need. */
    private static final int ELECTION_MILLIS = 2000;

    /** The longest pause that the ZooKeeper client makes before it connects again. */
    private static final int CLIENT_PAUSE_MILLIS = 1000;

    /** For the successor's list and confirmation, and for processes that wait for a processor. */
    private static final int HAND_OVER_MILLIS = 1000;

    /**
     * How long nobody may lead at most while nothing happens: no fault strikes and none ends. A silent leader of the ensemble is
     * missed after syncLimit ticks and another one elected; it gives every session its whole timeout again, which is rounded
     * up to a tick and may be heard of half a tick late; the successor's client, if its own connection broke, tries each server
     * for a third of the timeout and pauses before; then it lists and is confirmed.
     */
    public Duration bound() {
        int missed = SYNC_LIMIT * tickMillis;
        int expiry = timeoutMillis + tickMillis + tickMillis / 2;
        int connecting = timeoutMillis / 3 + CLIENT_PAUSE_MILLIS;
        return Duration.ofMillis(missed + ELECTION_MILLIS + expiry + connecting + HAND_OVER_MILLIS);
    }
}
