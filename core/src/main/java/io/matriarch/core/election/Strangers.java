package io.matriarch.core.election;

import io.matriarch.core.port.Now;
import io.matriarch.wire.ServerId;
import java.util.Map;
import java.util.TreeMap;

/** Servers that ask and are no voters, and when each was answered last. */
final class Strangers {
    /** A server that is no voter gets an answer at most so often: Apache's answers ours in turn (election.md 2.4). */
    static final int GAP_MILLIS = 50;
    /** Remembered at a time. */
    private static final int MOST = 100;

    private final Map<ServerId, Long> answeredNanos = new TreeMap<>();

    /** Whether {@code stranger} is to be answered now; then it has been. */
    boolean isDue(Now now, ServerId stranger) {
        Long before = answeredNanos.get(stranger);
        if (before != null && now.millisSince(before) < GAP_MILLIS) {
            return false;
        }
        if (answeredNanos.size() == MOST) {
            answeredNanos.clear();
        }
        answeredNanos.put(stranger, now.nanos());
        return true;
    }
}
