package io.matriarch.core.zab;

import io.matriarch.core.port.Now;
import io.matriarch.core.session.SessionIds;
import io.matriarch.core.session.SessionTracker;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may write, as the leader judges it (zab.md 12): the sessions that all servers know, by their clocks and owners, and, if
 * local sessions are enabled, those that only the server they come through knows.
 *
 * <p>Deviation: with local sessions Apache lets a session that has just ended pass for a local one, if a request of it was on
 * its way here meanwhile. We remember what ended until every learner has answered a heartbeat sent after the end: then it
 * has dropped the session's connection, and nothing sent before is on its way any more (zab.md 18.31).
 */
final class LeaderSessions {
    private final Zab zab;
    private final SessionTracker tracker;
    private final boolean hasLocal;

    /** Sessions that ended, by the heartbeat round from which on no learner sends anything of them. */
    private final Map<Long, Long> ended = new HashMap<>();

    LeaderSessions(Zab zab) {
        this.zab = zab;
        this.tracker = new SessionTracker(zab.now(), zab.limits().sessionGrainMillis());
        this.hasLocal =
                zab.desk().sessionRules().hasLocal() && zab.desk().rules().passesLocalsOfOthers();
    }

    /** The clocks of those that all servers know. */
    SessionTracker tracker() {
        return tracker;
    }

    /**
     * Whether a request may come through {@code through}: OK, SESSION_EXPIRED or SESSION_MOVED.
     *
     * @param mayBeLocal whether it may be of a session that only the server it comes from knows
     */
    int check(long sessionId, int opcode, ServerId through, boolean mayBeLocal) {
        if (!tracker.isKnown(sessionId) && opcode != OpCode.CLOSE_SESSION && mayBeLocal) {
            return ErrorCode.OK;
        }
        return tracker.check(sessionId, through);
    }

    /** Whether a session that comes through another server may be one that only that server knows. */
    boolean mayBeLocalElsewhere(long sessionId) {
        return hasLocal && !SessionIds.isOf(zab.self(), sessionId) && !ended.containsKey(sessionId);
    }

    /** Whether a request that {@link #check} let pass is of a session that all servers know. */
    boolean isGlobal(long sessionId) {
        return tracker.isKnown(sessionId);
    }

    /** The session's end is committed, before the heartbeat round {@code nextRound}. */
    void ended(long sessionId, long nextRound) {
        tracker.forget(sessionId);
        if (hasLocal) {
            ended.put(sessionId, nextRound);
        }
    }

    /** Every learner has answered {@code round}. */
    void answeredByAll(long round) {
        ended.values().removeIf(since -> since <= round);
    }

    /** The sessions whose time has passed, each once. */
    List<Long> expired(Now now) {
        return tracker.expired(now);
    }
}
