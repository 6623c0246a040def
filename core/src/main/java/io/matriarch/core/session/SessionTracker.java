package io.matriarch.core.session;

import io.matriarch.core.port.Now;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.client.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The leader's clock of every session (client.md 10.1), and through which learner each is served (zab.md 12).
 *
 * <p>A session expires at the next boundary after its last touch plus its timeout, so between one timeout and one timeout plus
 * the distance of boundaries; that is one tick in Apache (client.md 10.1). Sessions with the same boundary share a bucket; a
 * touch within the same bucket costs a look-up. A new leader makes a new tracker and so gives every session its full timeout.
 */
public final class SessionTracker {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final class Session {
        final long id;
        int timeoutMillis;
        long bucket;
        long touchedNanos;
        boolean isClosing;

        @Nullable
        ServerId owner;

        Session(long id) {
            this.id = id;
        }
    }

    private final long originNanos;
    private final long grainMillis;
    private final Map<Long, Session> sessions = new HashMap<>();

    /** By boundary, in grains since the origin. */
    private final TreeMap<Long, Set<Session>> buckets = new TreeMap<>();

    /** A tracker without sessions, whose boundaries lie {@code grainMillis} apart and count from {@code now}. */
    public SessionTracker(Now now, int grainMillis) {
        this.originNanos = now.nanos();
        this.grainMillis = grainMillis;
    }

    /** Starts the clock of a session, new or known; a known one keeps its owner and its closing mark. */
    public void track(Now now, long sessionId, int timeoutMillis) {
        Session session = sessions.get(sessionId);
        if (session == null) {
            session = new Session(sessionId);
            session.bucket = Long.MIN_VALUE;
            session.touchedNanos = now.nanos();
            sessions.put(sessionId, session);
        }
        restart(now, session, timeoutMillis);
    }

    /**
     * Restarts the clock of a session, from now on with {@code timeoutMillis}.
     *
     * @param now when it was heard of; may be earlier than what is known already
     * @return false if it is unknown or closing
     */
    public boolean touch(Now now, long sessionId, int timeoutMillis) {
        Session session = sessions.get(sessionId);
        if (session == null || session.isClosing) {
            return false;
        }
        restart(now, session, timeoutMillis);
        return true;
    }

    /** Restarts the clock of a session with the timeout it has; nothing happens if it is unknown or closing. */
    public void touch(Now now, long sessionId) {
        Session session = sessions.get(sessionId);
        if (session != null) {
            restart(now, session, session.timeoutMillis);
        }
    }

    /** The session has ended: its closing was applied. */
    public void forget(long sessionId) {
        Session session = sessions.remove(sessionId);
        if (session != null) {
            leaveBucket(session);
        }
    }

    /** Its closing was proposed: it does not expire again, and its requests are refused. */
    public void markClosing(long sessionId) {
        Session session = sessions.get(sessionId);
        if (session != null) {
            session.isClosing = true;
            leaveBucket(session);
        }
    }

    /** Whether the session is known and not closing. */
    public boolean isAlive(long sessionId) {
        Session session = sessions.get(sessionId);
        return session != null && !session.isClosing;
    }

    /** Whether the session is known, closing or not. */
    public boolean isKnown(long sessionId) {
        return sessions.containsKey(sessionId);
    }

    /** Sessions known, closing ones included. */
    public int count() {
        return sessions.size();
    }

    /** The sessions whose time has passed, each marked as closing; each is returned once. */
    public List<Long> expired(Now now) {
        List<Long> expired = new ArrayList<>();
        while (!buckets.isEmpty() && now.isAtOrAfter(nanosOf(buckets.firstKey()))) {
            for (Session session : buckets.pollFirstEntry().getValue()) {
                session.isClosing = true;
                session.bucket = Long.MIN_VALUE;
                expired.add(session.id);
            }
        }
        return expired;
    }

    /** When {@link #expired} will have something to tell, unless sessions are touched; Long.MAX_VALUE if never. */
    public long deadlineNanos() {
        return buckets.isEmpty() ? Long.MAX_VALUE : nanosOf(buckets.firstKey());
    }

    /** All sessions that are not closing by when they expire, the next to expire first; a copy. */
    public List<Expiry> expiries() {
        List<Expiry> expiries = new ArrayList<>(buckets.size());
        buckets.forEach((bucket, members) -> expiries.add(new Expiry(
                nanosOf(bucket), members.stream().map(member -> member.id).toList())));
        return expiries;
    }

    // --- owners --------------------------------------------------------------------------------------------------

    /**
     * Whether a request of the session may come through {@code through}: 0, SESSION_EXPIRED if the session is unknown or
     * closing, SESSION_MOVED if another server owns it. The first request makes the server it came through the owner.
     *
     * <p>A server that is gone goes on to own its sessions, until they are resumed elsewhere: what comes through another
     * one without that was sent before the session moved, and is too late. So a learner that comes back over another link
     * may go on with the clients it kept, unless they have moved meanwhile.
     */
    public int check(long sessionId, ServerId through) {
        Session session = sessions.get(sessionId);
        if (session == null || session.isClosing) {
            return ErrorCode.SESSION_EXPIRED;
        }
        if (session.owner == null) {
            session.owner = through;
        }
        return session.owner.equals(through) ? ErrorCode.OK : ErrorCode.SESSION_MOVED;
    }

    /** The session was opened or resumed through {@code through}: requests through another server have come too late. */
    public void setOwner(long sessionId, ServerId through) {
        Session session = sessions.get(sessionId);
        if (session != null) {
            session.owner = through;
        }
    }

    /** Whether the session is alive; then its client is heard through {@code through}, which owns it from now on. */
    public boolean resume(Now now, long sessionId, int timeoutMillis, ServerId through) {
        boolean isAlive = touch(now, sessionId, timeoutMillis);
        if (isAlive) {
            setOwner(sessionId, through);
        }
        return isAlive;
    }

    /** Who owns it; null if unknown or owned by nobody yet. */
    public @Nullable ServerId owner(long sessionId) {
        Session session = sessions.get(sessionId);
        return session == null ? null : session.owner;
    }

    // --- buckets -------------------------------------------------------------------------------------------------

    private void restart(Now now, Session session, int timeoutMillis) {
        if (session.isClosing) {
            return;
        }
        session.timeoutMillis = timeoutMillis;
        if (now.nanos() - session.touchedNanos > 0) {
            session.touchedNanos = now.nanos();
        }
        long touchedMillis = Now.millis(session.touchedNanos - originNanos);
        long bucket = (touchedMillis + timeoutMillis) / grainMillis + 1;
        if (bucket == session.bucket) {
            return;
        }
        leaveBucket(session);
        session.bucket = bucket;
        Set<Session> members = buckets.get(bucket);
        if (members == null) {
            members = new LinkedHashSet<>();
            buckets.put(bucket, members);
        }
        members.add(session);
    }

    private void leaveBucket(Session session) {
        Set<Session> members = buckets.get(session.bucket);
        if (members != null) {
            members.remove(session);
            if (members.isEmpty()) {
                buckets.remove(session.bucket);
            }
        }
        session.bucket = Long.MIN_VALUE;
    }

    private long nanosOf(long bucket) {
        return originNanos + bucket * grainMillis * NANOS_PER_MILLI;
    }
}
