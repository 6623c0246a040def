package io.matriarch.core.session;

import io.matriarch.core.port.Now;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that only this server knows (zab.md 12, client.md 10.5): no transaction opens or closes them, they own no
 * znode, and they expire by this server's clock, as {@link SessionTracker} describes.
 *
 * <p>Deviation: in Apache they end when the server loses its leader. Here they stay: nothing in them depends on a leader.
 * Their clocks stand still while this server serves nobody, and start anew when it does again.
 */
public final class LocalSessions {
    /** More than one server can serve; without a bound, clients that connect and vanish would fill the memory. */
    public static final int MAX_SESSIONS = 1_000_000;

    private final int tickMillis;
    private final int maxSessions;
    private final Map<Long, Session> sessions = new LinkedHashMap<>();
    private @Nullable SessionTracker clock;

    /** @param isReadOnly granted while there was no quorum, and gone once there is one */
    private record Session(int timeoutMillis, boolean isReadOnly) {}

    /**
     * None yet.
     *
     * @param tickMillis sessions expire at multiples of it
     * @param maxSessions at most so many
     */
    public LocalSessions(int tickMillis, int maxSessions) {
        this.tickMillis = tickMillis;
        this.maxSessions = maxSessions;
    }

    /** This server serves from now on: every session gets its full timeout. */
    public void startClocks(Now now) {
        SessionTracker started = new SessionTracker(now, tickMillis);
        sessions.forEach((id, session) -> started.track(now, id, session.timeoutMillis));
        clock = started;
    }

    /** This server serves nobody: nothing expires. */
    public void stopClocks() {
        clock = null;
    }

    /** Whether there is room for one more. */
    public boolean hasRoom() {
        return sessions.size() < maxSessions;
    }

    /** A new session, whose clock starts now. */
    public void open(Now now, long sessionId, int timeoutMillis, boolean isReadOnly) {
        sessions.put(sessionId, new Session(timeoutMillis, isReadOnly));
        if (clock != null) {
            clock.track(now, sessionId, timeoutMillis);
        }
    }

    /** Whether this is one of them. */
    public boolean has(long sessionId) {
        return sessions.containsKey(sessionId);
    }

    /** Restarts the clock of a session, from now on with {@code timeoutMillis}; false if it is none of them. */
    public boolean touch(Now now, long sessionId, int timeoutMillis) {
        Session session = sessions.get(sessionId);
        if (session == null) {
            return false;
        }
        if (session.timeoutMillis != timeoutMillis) {
            sessions.put(sessionId, new Session(timeoutMillis, session.isReadOnly));
        }
        if (clock != null) {
            clock.touch(now, sessionId, timeoutMillis);
        }
        return true;
    }

    /** The session ended, or all servers know it now; false if it was none of them. */
    public boolean remove(long sessionId) {
        if (clock != null) {
            clock.forget(sessionId);
        }
        return sessions.remove(sessionId) != null;
    }

    /** There is a quorum again: what was granted without one ends. */
    public void endReadOnly() {
        for (Long id : List.copyOf(sessions.keySet())) {
            if (sessions.get(id).isReadOnly) {
                remove(id);
            }
        }
    }

    /** Removes the sessions whose time has passed, and answers which. */
    public List<Long> expire(Now now) {
        if (clock == null) {
            return List.of();
        }
        List<Long> expired = clock.expired(now);
        expired.forEach(this::remove);
        return expired;
    }

    /** When {@link #expire} will have something to do, unless sessions are touched; Long.MAX_VALUE if never. */
    public long deadlineNanos() {
        return clock == null ? Long.MAX_VALUE : clock.deadlineNanos();
    }

    /** All of them by when they expire, the next first; empty while this server serves nobody. */
    public List<Expiry> expiries() {
        return clock == null ? List.of() : clock.expiries();
    }

    public int count() {
        return sessions.size();
    }
}
