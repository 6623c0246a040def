package io.matriarch.core.request;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of a client that waits for its turn to be answered: forwarded and without outcome, or resolved, or a read
 * behind such ones.
 */
final class QueuedRequest {
    final ClientLink link;
    final int xid;
    final int opcode;
    final int sizeBytes;
    final long receivedNanos;

    /** The connection's identities when it arrived. */
    final List<Id> identities;

    /** Null if it could not be decoded, or is not offered; then {@link #reply} is there from the start. */
    @Nullable
    Request request;

    /** Given to the upstream; its outcome makes the reply. */
    boolean isForwarded;

    /** What was given to the upstream. */
    @Nullable
    Bytes forwarded;

    /** Its session was made known to all servers right before it. */
    boolean isBehindUpgrade;

    /** Set once the outcome is known; sent when its turn comes. */
    @Nullable
    Reply reply;

    /**
     * Its session is local and must stay so: the leader, who does not know it, refuses the ephemeral znode as one of an
     * expired session.
     */
    boolean isRefusedLocally;

    /** The link closes after the reply. */
    boolean closesLink;

    QueuedRequest(ClientLink link, int xid, int opcode, int sizeBytes, long receivedNanos) {
        this.link = link;
        this.xid = xid;
        this.opcode = opcode;
        this.sizeBytes = sizeBytes;
        this.receivedNanos = receivedNanos;
        this.identities = link.identities;
    }

    /** Has an outcome: the error {@code err}. */
    void refuse(int err, long zxid) {
        reply = Reply.failed(xid, zxid, err);
    }

    boolean isSync() {
        return opcode == OpCode.SYNC;
    }

    boolean isUnresolved() {
        return isForwarded && reply == null;
    }
}
