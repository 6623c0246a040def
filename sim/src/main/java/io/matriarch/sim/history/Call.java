package io.matriarch.sim.history;

import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import org.jspecify.annotations.Nullable;

/** One request of a client, and what became of it. Times are nanoseconds of one monotonic clock for all clients. */
public class Call {
    private final int client;
    private final long sessionId;
    private final int xid;
    private final Request request;
    private final long sentNanos;
    private final @Nullable Call sync;

    private volatile long respondedNanos = Long.MAX_VALUE;
    private volatile @Nullable Reply reply;

    /** A request that was just sent; {@code sync} is the sync sent right before a read that relies on it. */
    public Call(int client, long sessionId, int xid, Request request, long sentNanos, @Nullable Call sync) {
        this.client = client;
        this.sessionId = sessionId;
        this.xid = xid;
        this.request = request;
        this.sentNanos = sentNanos;
        this.sync = sync;
    }

    public final int client() {
        return client;
    }

    public final long sessionId() {
        return sessionId;
    }

    public final int xid() {
        return xid;
    }

    public final Request request() {
        return request;
    }

    /** From when on this may have taken effect: for a read after a sync, when the sync was sent. */
    public final long invokedNanos() {
        return sync == null ? sentNanos : sync.sentNanos;
    }

    public final boolean isAfterSync() {
        return sync != null;
    }

    /** When the reply came; Long.MAX_VALUE if none has. */
    public final long respondedNanos() {
        return respondedNanos;
    }

    /** Null if none came: the outcome is unknown. */
    public final @Nullable Reply reply() {
        return reply;
    }

    /** Whether a reply came and told of no error. */
    public final boolean isDone() {
        Reply answer = reply;
        return answer != null && answer.err() == ErrorCode.OK;
    }

    /** The reply came. */
    public final void responded(Reply newReply, long nanos) {
        reply = newReply;
        respondedNanos = nanos;
    }

    @Override
    public String toString() {
        return "client " + client + " session 0x" + Long.toHexString(sessionId) + " request " + xid + " " + request;
    }
}
