package io.matriarch.server;

import io.matriarch.core.peer.PeerStatus;
import io.matriarch.core.request.ClientStats;
import io.matriarch.server.client.ServerFigures;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows the state of the core in the words of operators (operations.md 3.2). */
final class CoreFigures {
    private static final ServerFigures.Traffic NO_TRAFFIC = new ServerFigures.Traffic(0, 0, 0, 0, 0, 0);

    private CoreFigures() {}

    static ServerFigures of(@Nullable PeerStatus status, boolean isServingObservers, long slowForces) {
        if (status == null) {
            return new ServerFigures(
                    false,
                    false,
                    "looking",
                    null,
                    Zxid.ZERO,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    slowForces,
                    NO_TRAFFIC,
                    null,
                    "",
                    null,
                    null);
        }
        ServerId master = status.learnerMaster();
        ClientStats clients = status.clients();
        ServerFigures.Traffic traffic = new ServerFigures.Traffic(
                clients.received(),
                clients.sent(),
                clients.outstanding(),
                (long) clients.minLatencyMillis(),
                clients.avgLatencyMillis(),
                (long) clients.maxLatencyMillis());
        return new ServerFigures(
                status.isServing(),
                status.isReadOnly(),
                modeOf(status),
                status.isStandalone() || status.isReadOnly() ? null : stateOf(status.role()) + " - " + status.phase(),
                status.lastApplied(),
                // Compat: Apache counts the root twice.
                status.nodeCount() + 1,
                status.watchCount(),
                status.ephemeralCount(),
                status.sessionCount(),
                status.localSessionCount(),
                status.approximateDataBytes(),
                status.digestMismatches(),
                slowForces,
                traffic,
                leaderOf(status),
                status.isStandalone() ? "" : status.configuration().text(),
                status.role() == PeerState.FOLLOWING && isServingObservers ? status.syncedObservers() : null,
                status.role() == PeerState.OBSERVING && master != null ? master.value() : null);
    }

    private static ServerFigures.@Nullable Leader leaderOf(PeerStatus status) {
        if (status.isStandalone() || status.role() != PeerState.LEADING) {
            return null;
        }
        return new ServerFigures.Leader(
                status.learners(),
                status.syncedFollowers(),
                status.syncedObservers(),
                status.configuration().participants().size(),
                status.outstandingProposals(),
                status.pendingSyncs());
    }

    private static String modeOf(PeerStatus status) {
        if (status.isStandalone()) {
            return "standalone";
        }
        return switch (status.role()) {
            case LEADING -> "leader";
            case FOLLOWING -> "follower";
            case OBSERVING -> "observer";
            case LOOKING -> status.isReadOnly() ? "read-only" : "looking";
        };
    }

    private static String stateOf(PeerState role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
