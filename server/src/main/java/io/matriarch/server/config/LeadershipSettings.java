package io.matriarch.server.config;

import io.matriarch.core.zab.HeartbeatConfig;
import io.matriarch.core.zab.Standing;

/**
 * What a configuration says about how servers of ours lose and take the lead; Apache's servers know none of these keys and
 * ignore them.
 *
 * @param heartbeat how soon a silent leader is replaced
 * @param standing how gladly this server leads
 */
public record LeadershipSettings(HeartbeatConfig heartbeat, Standing standing) {
    /** What is used where nothing is said. */
    public static final LeadershipSettings DEFAULT = new LeadershipSettings(HeartbeatConfig.DEFAULT, Standing.DEFAULT);

    static final String MIN_KEY = "matriarch.heartbeat.minMillis";
    static final String MAX_KEY = "matriarch.heartbeat.maxMillis";
    static final String PRIORITY_KEY = "matriarch.leader.priority";
    static final String STANDS_KEY = "matriarch.leader.stands";
    /** Below, pauses for the collection of garbage would be taken for losses. */
    private static final int LEAST_MILLIS = 100;

    static LeadershipSettings read(Settings settings) {
        return new LeadershipSettings(readHeartbeat(settings), readStanding(settings));
    }

    private static Standing readStanding(Settings settings) {
        int priority = settings.number(PRIORITY_KEY, 0);
        boolean isRight = priority >= 0 && priority <= Standing.MAX_PRIORITY;
        if (!isRight) {
            settings.add(PRIORITY_KEY, "must be from 0 to " + Standing.MAX_PRIORITY + "; greater is preferred");
        }
        return new Standing(isRight ? priority : 0, settings.isTrue(STANDS_KEY, true));
    }

    /** A single key moves the other's default along. */
    private static HeartbeatConfig readHeartbeat(Settings settings) {
        HeartbeatConfig usual = HeartbeatConfig.DEFAULT;
        int max = settings.number(MAX_KEY, Math.max(usual.maxMillis(), settings.number(MIN_KEY, 0)));
        if (max == 0) {
            return HeartbeatConfig.OFF;
        }
        int min = settings.number(MIN_KEY, Math.min(usual.minMillis(), max));
        if (min < LEAST_MILLIS || max < min) {
            settings.add(
                    settings.has(MIN_KEY) ? MIN_KEY : MAX_KEY,
                    "must be at least " + LEAST_MILLIS + " ms, and " + MAX_KEY + " not below " + MIN_KEY + "; "
                            + MAX_KEY + "=0 switches short heartbeats off");
            return usual;
        }
        return new HeartbeatConfig(min, max);
    }
}
