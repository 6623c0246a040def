package io.matriarch.sim.check;

import io.matriarch.sim.history.Call;
import io.matriarch.wire.client.Request;
import org.jspecify.annotations.Nullable;

/** A call of a simulated client, and what the ensemble had delivered by then. */
public final class Operation extends Call {
    /** What was delivered anywhere when this was sent; for a read after a sync, when the sync was. */
    private final long floor;

    Operation(
            int client,
            long sessionId,
            int xid,
            Request request,
            long sentNanos,
            @Nullable Operation sync,
            long floor) {
        super(client, sessionId, xid, request, sentNanos, sync);
        this.floor = sync == null ? floor : sync.floor;
    }

    long floor() {
        return floor;
    }
}
