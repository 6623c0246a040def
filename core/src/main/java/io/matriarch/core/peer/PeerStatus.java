package io.matriarch.core.peer;

import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.request.ClientStats;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;
import org.jspecify.annotations.Nullable;

/**
 * A server at one instant, for operators and tests.
 *
 * @param role what it is
 * @param phase election, discovery, synchronization or broadcast
 * @param isServing whether clients are served
 * @param isReadOnly whether clients are served without a quorum, for reading
 * @param leader whom it follows, itself if it leads, null while it looks
 * @param learnerMaster the server that it gets the history from: the leader, or at an observer perhaps a follower; null
 *     while it looks or leads
 * @param round of its last election
 * @param lastLogged newest zxid in its log
 * @param lastCommitted newest zxid it knows to be committed
 * @param lastApplied what clients see as the last zxid
 * @param sessionCount sessions that all servers know
 * @param localSessionCount sessions that only this server knows
 * @param learners connections on its quorum port
 * @param syncedFollowers participants that follow it in full
 * @param syncedObservers observers that follow it in full, at a leader or at a follower that serves observers
 * @param outstandingProposals logged and not committed
 * @param pendingSyncs syncs that a leader has not answered yet
 * @param configuration the members as agreed
 * @param digestMismatches transactions after which the tree's digest was not the leader's
 * @param clients what the client side counts
 */
public record PeerStatus(
        ServerId self,
        PeerState role,
        String phase,
        boolean isStandalone,
        boolean isServing,
        boolean isReadOnly,
        @Nullable ServerId leader,
        @Nullable ServerId learnerMaster,
        long round,
        long acceptedEpoch,
        long currentEpoch,
        Zxid lastLogged,
        Zxid lastCommitted,
        Zxid lastApplied,
        int nodeCount,
        int watchCount,
        int ephemeralCount,
        int sessionCount,
        int localSessionCount,
        long approximateDataBytes,
        int learners,
        int syncedFollowers,
        int syncedObservers,
        int outstandingProposals,
        int pendingSyncs,
        Configuration configuration,
        long digestMismatches,
        ClientStats clients) {}
