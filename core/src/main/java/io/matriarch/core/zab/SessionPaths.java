package io.matriarch.core.zab;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Through which observer, or through this follower itself, the requests of a session come. The leader knows only that they
 * come through this follower, so it cannot tell a request that comes too late over a session's former way (zab.md 12).
 */
final class SessionPaths {
    /** Sessions that are not in the tree: being created, or refused. */
    static final int MAX_UNKNOWN = 10_000;

    private final History history;
    private final Map<Long, Way> ways = new LinkedHashMap<>();

    /** {@code link} is null for this server's own clients. */
    private record Way(@Nullable LearnerLink link) {}

    SessionPaths(History history) {
        this.history = history;
    }

    /** From now on the session's requests come over {@code link}, or with null through this server's own port. */
    void lead(long sessionId, @Nullable LearnerLink link) {
        ways.put(sessionId, new Way(link));
        if (ways.size() > MAX_UNKNOWN + history.tree().sessionCount()) {
            ways.keySet().removeIf(known -> !history.tree().hasSession(known));
        }
    }

    /** Whether a request may come over {@code link}. The first one makes its link the way, as at a leader. */
    boolean mayPass(long sessionId, LearnerLink link) {
        Way way = ways.get(sessionId);
        if (way == null) {
            lead(sessionId, link);
            return true;
        }
        return way.link == link;
    }

    /** The session has ended. */
    void end(long sessionId) {
        ways.remove(sessionId);
    }

    /** The link is gone: its sessions go on wherever they are heard of next. */
    void forget(LearnerLink link) {
        ways.values().removeIf(way -> way.link == link);
    }

    int count() {
        return ways.size();
    }
}
