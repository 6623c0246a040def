package io.matriarch.sim.apache;

import io.matriarch.core.port.Now;
import io.matriarch.core.request.WriteRequest;
import io.matriarch.core.session.SessionIds;
import io.matriarch.core.session.SessionRules;
import io.matriarch.core.session.SessionTracker;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Apache's LeaderSessionTracker: the sessions that all servers know, and what passes for one that only the server knows which it
 * comes through (zab.md 12).
 */
final class ApacheSessions {
    private final ServerId self;
    private final SessionRules rules;
    private final SessionTracker global;
    /** What ended does not pass for local here (see {@link ApacheServer}). */
    private final Set<Long> ended = new HashSet<>();

    /** All those of {@code tree}, which have their full time from {@code now} on. */
    ApacheSessions(ApacheServer.Setup setup, DataTree tree, Now now) {
        this.self = new ServerId(setup.sid());
        this.rules = setup.sessionRules();
        this.global = new SessionTracker(now, setup.tickMillis());
        tree.sessions().forEach((id, timeoutMillis) -> global.track(now, id, timeoutMillis));
    }

    void touch(Now now, long sessionId, int timeoutMillis) {
        global.touch(now, sessionId, timeoutMillis);
    }

    /** REVALIDATE: nobody but its own server answers for a local one. Says whether the session lives. */
    boolean revalidate(Now now, long sessionId, int timeoutMillis, ServerId through) {
        boolean isAlive = global.touch(now, sessionId, timeoutMillis);
        if (isAlive) {
            global.setOwner(sessionId, through);
        }
        return isAlive;
    }

    /** OK, or the error that the session of {@code request} has. */
    int refusal(Now now, WriteRequest request, ServerId through) {
        long id = request.sessionId();
        if (request.opcode() == OpCode.CREATE_SESSION || mayBeLocalElsewhere(id)) {
            return ErrorCode.OK;
        }
        int refusal = global.check(id, through);
        if (refusal == ErrorCode.OK) {
            global.touch(now, id);
            if (request.opcode() == OpCode.CLOSE_SESSION) {
                global.markClosing(id);
            }
        }
        return refusal;
    }

    private boolean mayBeLocalElsewhere(long id) {
        return rules.hasLocal() && !global.isKnown(id) && !SessionIds.isOf(self, id) && !ended.contains(id);
    }

    boolean isGlobal(long sessionId) {
        return global.isKnown(sessionId);
    }

    /** One that was local, or is new. */
    void created(Now now, long sessionId, int timeoutMillis, ServerId through) {
        global.track(now, sessionId, timeoutMillis);
        global.setOwner(sessionId, through);
    }

    void ended(long sessionId) {
        global.forget(sessionId);
        ended.add(sessionId);
    }

    /** Those whose time has passed, each once. */
    List<Long> expired(Now now) {
        return global.expired(now);
    }
}
