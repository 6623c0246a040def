package io.matriarch.core.request;

import io.matriarch.core.port.Now;
import io.matriarch.core.session.LocalSessions;
import io.matriarch.core.session.SessionIds;
import io.matriarch.core.session.SessionRules;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.quorum.SessionTouch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one desk's clients: those that all servers know, of which the leader is told when they were heard of, and
 * those that only this server knows.
 */
final class DeskSessions {
    private final ServerId self;
    private final SessionRules rules;
    private final RequestRules requestRules;
    private final LocalSessions local;
    private final Map<Long, HeardOf> touched = new LinkedHashMap<>();
    private @Nullable Now lastHeard;
    private @Nullable SessionIds ids;

    DeskSessions(DeskConfig config) {
        this.self = config.self();
        this.rules = config.sessionRules();
        this.requestRules = config.rules();
        this.local = new LocalSessions(config.tickMillis(), config.maxLocalSessions());
    }

    SessionRules rules() {
        return rules;
    }

    RequestRules requestRules() {
        return requestRules;
    }

    LocalSessions local() {
        return local;
    }

    /** Whether no other server knows this session. */
    boolean isLocal(long sessionId) {
        return local.has(sessionId);
    }

    /** Whether the session lives, as far as this server knows. */
    boolean isKnown(long sessionId, DataTree tree) {
        return local.has(sessionId) || tree.hasSession(sessionId);
    }

    /** An id for a new session. */
    long newId(Now now, DataTree tree) {
        if (ids == null) {
            ids = new SessionIds(self, now.wallMillis());
        }
        return ids.next(id -> isKnown(id, tree));
    }

    /** The session was heard of: it must not expire now. */
    void heardOf(Now now, long sessionId, int timeoutMillis) {
        lastHeard = now;
        if (!local.touch(now, sessionId, timeoutMillis)) {
            touched.put(sessionId, new HeardOf(sessionId, timeoutMillis, now));
        }
    }

    /** The leader is asked to make the session known to all servers; from now on it keeps its clock. */
    void becameGlobal(long sessionId, int timeoutMillis) {
        if (requestRules.endsLocalWhenUpgraded()) {
            local.remove(sessionId);
        }
        // The request that makes it so was heard a moment ago.
        if (lastHeard != null) {
            touched.put(sessionId, new HeardOf(sessionId, timeoutMillis, lastHeard));
        }
    }

    /** The session ended. */
    void forget(long sessionId) {
        touched.remove(sessionId);
        local.remove(sessionId);
    }

    /** The sessions that all servers know and that were heard of since the last call, with their timeouts. */
    List<SessionTouch> touches() {
        List<SessionTouch> touches = new ArrayList<>(touched.size());
        for (HeardOf each : heardOf()) {
            touches.add(new SessionTouch(each.sessionId(), each.timeoutMillis()));
        }
        return touches;
    }

    /** The same, with the times. */
    List<HeardOf> heardOf() {
        List<HeardOf> heard = List.copyOf(touched.values());
        touched.clear();
        return heard;
    }
}
