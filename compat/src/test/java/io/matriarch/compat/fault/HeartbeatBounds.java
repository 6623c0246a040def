package io.matriarch.compat.fault;

import io.matriarch.bench.ensemble.EnsembleOptions;

/** How long a silent leader is followed: as by default, or {@code -Dfaults.heartbeatMillis=N}, to see what a wrong bound does. */
final class HeartbeatBounds {
    private static final String MILLIS = System.getProperty("faults.heartbeatMillis", "");

    private HeartbeatBounds() {}

    /** The same options with the bounds that are asked for, least and most. */
    static EnsembleOptions in(EnsembleOptions options) {
        return MILLIS.isEmpty()
                ? options
                : options.withSetting("matriarch.heartbeat.minMillis", MILLIS)
                        .withSetting("matriarch.heartbeat.maxMillis", MILLIS);
    }

    /** The bounds in words. */
    static String asked() {
        return MILLIS.isEmpty() ? "as by default" : MILLIS + " ms";
    }
}
