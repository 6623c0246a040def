package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.core.port.LinkId;
import io.matriarch.core.session.SessionIds;
import io.matriarch.core.session.SessionRules;
import io.matriarch.wire.ServerId;
import java.util.HashMap;
import java.util.Map;

/**
 * The sessions that one server granted by itself (zab.md 12): nobody else serves them before they are made known to all, and
 * they do not expire early by that server's clock.
 */
final class LocalSessionChecks {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final int sid;
    private final SessionRules rules;
    private final DeliveredHistory history;

    /** By session, the server that granted it; shared by all servers of a world. */
    private final Map<Long, Integer> homes;

    private final Map<LinkId, Long> sessionOf = new HashMap<>();
    private final Map<Long, Integer> timeouts = new HashMap<>();
    private final Map<Long, Long> heardNanos = new HashMap<>();

    LocalSessionChecks(int sid, SessionRules rules, DeliveredHistory history, Map<Long, Integer> homes) {
        this.sid = sid;
        this.rules = rules;
        this.history = history;
        this.homes = homes;
    }

    void restarted() {
        sessionOf.clear();
        timeouts.clear();
        heardNanos.clear();
    }

    /** The server tells a client that it has this session. */
    void welcomed(LinkId link, long sessionId, int timeoutMillis, boolean isReadOnly, long localNanos) {
        if (history.isCreated(sessionId)) {
            return;
        }
        require(
                rules.hasLocal() || isReadOnly,
                Invariant.LOCAL_SESSION,
                () -> name(sessionId) + " is served by server " + sid + " without having been created");
        int home = homes.computeIfAbsent(sessionId, id -> sid);
        require(
                home == sid && SessionIds.isOf(new ServerId(sid), sessionId),
                Invariant.LOCAL_SESSION,
                () -> name(sessionId) + " of server " + home + " is served by server " + sid);
        sessionOf.put(link, sessionId);
        timeouts.put(sessionId, timeoutMillis);
        heardNanos.put(sessionId, localNanos);
    }

    /** The server closes this link: what still comes on it, it does not read. */
    void closed(LinkId link) {
        sessionOf.remove(link);
    }

    /** A frame came on this link. */
    void heard(LinkId link, long localNanos) {
        Long sessionId = sessionOf.get(link);
        if (sessionId != null) {
            heardNanos.put(sessionId, localNanos);
        }
    }

    /** The server ends a session for its silence, perhaps a local one. */
    void expired(long sessionId, long localNanos) {
        if (history.isCreated(sessionId)) {
            require(
                    history.isClosing(sessionId),
                    Invariant.LOCAL_SESSION,
                    () -> "server " + sid + " ends " + name(sessionId) + " by itself, though all servers know it");
            return;
        }
        long silentMillis = (localNanos - heardNanos.getOrDefault(sessionId, 0L)) / NANOS_PER_MILLI;
        require(
                timeouts.containsKey(sessionId) && silentMillis >= timeouts.get(sessionId),
                Invariant.SESSION_EXPIRY,
                () -> "server " + sid + " expires " + name(sessionId) + " " + silentMillis
                        + " ms after it was heard of; its timeout is " + timeouts.get(sessionId) + " ms");
    }

    private static String name(long sessionId) {
        return "session 0x" + Long.toHexString(sessionId);
    }
}
