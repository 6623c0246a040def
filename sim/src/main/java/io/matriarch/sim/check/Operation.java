package io.matriarch.sim.check;

import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import org.jspecify.annotations.Nullable;

/** One request of a client, and what became of it. */
public final class Operation {
    private final int client;
    private final long sessionId;
    private final int xid;
    private final Request request;
    private final long invokedNanos;
    private final boolean isAfterSync;
    /** What was delivered anywhere when this was sent; for a read after a sync, when the sync was. */
    private final long floor;

    private long respondedNanos = Long.MAX_VALUE;
    private @Nullable Reply reply;

    Operation(
            int client,
            long sessionId,
            int xid,
            Request request,
            long invokedNanos,
            @Nullable Operation sync,
            long floor) {
        this.client = client;
        this.sessionId = sessionId;
        this.xid = xid;
        this.request = request;
        this.invokedNanos = sync == null ? invokedNanos : sync.invokedNanos;
        this.isAfterSync = sync != null;
        this.floor = sync == null ? floor : sync.floor;
    }

    public int client() {
        return client;
    }

    public long sessionId() {
        return sessionId;
    }

    public int xid() {
        return xid;
    }

    public Request request() {
        return request;
    }

    long invokedNanos() {
        return invokedNanos;
    }

    boolean isAfterSync() {
        return isAfterSync;
    }

    long floor() {
        return floor;
    }

    /** When the reply came; Long.MAX_VALUE if none has. */
    long respondedNanos() {
        return respondedNanos;
    }

    /** Null if none came: the outcome is unknown. */
    @Nullable
    Reply reply() {
        return reply;
    }

    void responded(Reply newReply, long nanos) {
        reply = newReply;
        respondedNanos = nanos;
    }

    @Override
    public String toString() {
        return "client " + client + " session 0x" + Long.toHexString(sessionId) + " request " + xid + " " + request;
    }
}
