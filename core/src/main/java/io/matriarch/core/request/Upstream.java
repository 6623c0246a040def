package io.matriarch.core.request;

import io.matriarch.wire.Bytes;

/**
 * The way to the leader while this server serves clients: the leader itself, or a learner's link to it. Everything given
 * to it is handled in the order given. Each call has one outcome, told to {@link ClientDesk}, unless serving ends first.
 */
public interface Upstream {
    /** Have this become a transaction. Outcome: a transaction with its session id and cxid is applied. */
    void submit(WriteRequest request);

    /** Outcome: {@link ClientDesk#synced()}, in the order of the calls, behind every transaction it must reflect. */
    void sync(long sessionId, int cxid, Bytes body);

    /** Ask whether this session may go on here. Outcome: {@link ClientDesk#revalidated}. */
    void revalidate(long sessionId, int timeoutMillis);

    /**
     * Whether the outcome of a revalidation comes behind those of all writes that its session made before, through whatever
     * server: then nothing that comes later is an answer to an earlier link. Apache's leaders answer at once.
     */
    boolean revalidatesBehindWrites();

    /**
     * Whether something given to {@code before}, through which this server served last, may become a transaction yet,
     * though it is not among those that are applied now.
     */
    boolean mayYetPropose(Upstream before);
}
