package io.matriarch.server.client;

import io.matriarch.wire.Zxid;
import org.jspecify.annotations.Nullable;

/**
 * What four-letter words tell about a server, at one instant.
 *
 * @param isServing whether it answers clients now
 * @param isReadOnly whether it answers only those that read, because there is no quorum
 * @param mode standalone, leader, follower, observer, read-only, or looking
 * @param peerState such as {@code leading - broadcast}; null standalone and read-only
 * @param lastApplied zxid of the last transaction that its clients can see
 * @param nodeCount znodes as Apache counts them: the real ones and one
 * @param sessionCount sessions that all servers know
 * @param localSessionCount sessions that only this server knows
 * @param digestMismatches transactions after which the tree's digest was not the leader's
 * @param slowForces times that forcing the log took longer than fsync.warningthresholdms
 * @param traffic what passed through the client port
 * @param leader null unless it leads
 * @param membership the members and their version (election.md 5.2); empty standalone
 * @param syncedObservers observers that a follower serves; null unless it may
 * @param observerMaster id of the server that an observer is connected to; null unless it observes
 */
public record ServerFigures(
        boolean isServing,
        boolean isReadOnly,
        String mode,
        @Nullable String peerState,
        Zxid lastApplied,
        int nodeCount,
        int watchCount,
        int ephemeralCount,
        int sessionCount,
        int localSessionCount,
        long approximateDataBytes,
        long digestMismatches,
        long slowForces,
        Traffic traffic,
        @Nullable Leader leader,
        String membership,
        @Nullable Integer syncedObservers,
        @Nullable Long observerMaster) {

    /** Requests and answers since the start; latency in milliseconds from a request to its answer. */
    public record Traffic(
            long received, long sent, int outstanding, long minLatency, double averageLatency, long maxLatency) {}

    /** What only a leader knows; sizes in bytes, -1 before the first proposal. */
    public record Leader(
            int learners,
            int syncedFollowers,
            int syncedObservers,
            int quorumSize,
            int outstandingProposals,
            int pendingSyncs) {}
}
