package io.matriarch.sim.world;

import io.matriarch.core.port.Now;
import io.matriarch.sim.time.Chance;

/** A server's two clocks: a monotonic one that drifts a little, and a wall clock that may be wrong by hours. */
final class HostClock {
    private static final long MILLI = 1_000_000;
    private static final long MILLION = 1_000_000;
    private static final long MAX_DRIFT_PER_MILLION = 300;
    private static final long HOUR_MILLIS = 3_600_000;
    /** 2023-11-14. */
    private static final long EPOCH_MILLIS = 1_700_000_000_000L;

    private final long offsetNanos;
    private final long driftPerMillion;
    private long wallOffsetMillis;

    HostClock(Chance chance) {
        offsetNanos = chance.between(-MILLION * MILLION, MILLION * MILLION);
        driftPerMillion = chance.between(-MAX_DRIFT_PER_MILLION, MAX_DRIFT_PER_MILLION);
        wallOffsetMillis = chance.hits(0.5) ? 0 : chance.between(-HOUR_MILLIS, HOUR_MILLIS);
    }

    Now at(long virtualNanos) {
        return new Now(toLocal(virtualNanos), EPOCH_MILLIS + wallOffsetMillis + virtualNanos / MILLI);
    }

    long toLocal(long virtualNanos) {
        return offsetNanos + virtualNanos + virtualNanos / MILLION * driftPerMillion;
    }

    /** The first virtual instant at which the monotonic clock shows {@code localNanos} or more. */
    long toVirtual(long localNanos) {
        long elapsed = localNanos - offsetNanos;
        long virtual = Math.max(0, elapsed - elapsed / MILLION * driftPerMillion - MILLION);
        while (toLocal(virtual) < localNanos) {
            virtual += Math.max(1, (localNanos - toLocal(virtual)) / 2);
        }
        return virtual;
    }

    void jumpWall(long millis) {
        wallOffsetMillis += millis;
    }
}
