package io.matriarch.core.request;

import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the desk knows of one client connection. */
final class ClientLink {
    enum Phase {
        /** No connect request was answered or passed on yet. */
        CONNECTING,
        /** The session's creation is on its way. */
        CREATING,
        /** The leader was asked whether the session may go on here. */
        REVALIDATING,
        /** Requests are taken. */
        ESTABLISHED,
        /** closeSession was taken; nothing after it counts. */
        CLOSING,
        CLOSED
    }

    /** A frame that has not been looked at. */
    record HeldFrame(Bytes frame, long receivedNanos) {}

    final LinkId id;
    final String address;
    final long upNanos;
    final LatencyMeter latency = new LatencyMeter();

    Phase phase = Phase.CONNECTING;

    /** Never changed in place: requests hold on to the list of their time. */
    List<Id> identities;

    long sessionId;
    int timeoutMillis;
    boolean hasReadOnly;

    /** Served while there is no quorum, for reading, and closed when there is one. */
    boolean isReadOnly;

    /** Frames that wait for the session, or for this server to serve. */
    final ArrayDeque<HeldFrame> inbox = new ArrayDeque<>(2);

    /** Requests without reply, oldest first; the first is always one without outcome. */
    final ArrayDeque<QueuedRequest> queue = new ArrayDeque<>(2);

    long heldBytes;
    int unresolved;

    /** Those of them that are syncs. */
    int unresolvedSyncs;

    boolean isPaused;

    /** Since when something of this link waits for this server to serve. */
    long heldSinceNanos;

    long lastHeardNanos;
    long received;
    long sent;
    /** When it connected, for people. */
    final long upWallMillis;

    // What operators are told of the last request; -1 for nothing yet.
    int lastXid = -1;
    long lastZxid = -1;
    int lastOpcode;
    long lastAnswerNanos;
    long lastLatencyNanos;

    ClientLink(LinkId id, String address, Now now) {
        this.id = id;
        this.address = address;
        this.upNanos = now.nanos();
        this.upWallMillis = now.wallMillis();
        this.lastHeardNanos = now.nanos();
        this.identities = List.of(new Id(AccessControl.IP, address));
    }

    /** Frames and requests that wait. */
    int load() {
        return inbox.size() + queue.size();
    }

    boolean isOpen() {
        return phase != Phase.CLOSED;
    }

    /** Whether the outcome of something more than a sync is not known. */
    boolean hasWriteUnderWay() {
        return unresolved > unresolvedSyncs;
    }

    boolean hasSession() {
        return phase == Phase.ESTABLISHED || phase == Phase.CLOSING;
    }

    void addIdentities(List<Id> gained) {
        List<Id> all = new ArrayList<>(identities);
        for (Id id : gained) {
            if (!all.contains(id)) {
                all.add(id);
            }
        }
        identities = List.copyOf(all);
    }

    /** The oldest write whose outcome is not known; null if there is none. */
    @Nullable
    QueuedRequest oldestUnresolvedWrite() {
        for (QueuedRequest request : queue) {
            if (request.isUnresolved() && !request.isSync()) {
                return request;
            }
        }
        return null;
    }

    /** Figures start over. */
    void resetStats() {
        received = 0;
        sent = 0;
        lastXid = -1;
        lastZxid = -1;
        lastOpcode = 0;
        lastLatencyNanos = 0;
        latency.reset();
    }

    ClientStats.Link stats() {
        return new ClientStats.Link(
                id,
                address,
                hasSession() ? sessionId : 0,
                hasSession() ? timeoutMillis : 0,
                load(),
                received,
                sent,
                upWallMillis,
                lastHeardNanos,
                lastOpcode,
                lastXid,
                lastZxid,
                Now.millis(lastAnswerNanos),
                Now.millis(lastLatencyNanos),
                latency.minMillis(),
                latency.avgMillis(),
                latency.maxMillis());
    }
}
