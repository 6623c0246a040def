package io.matriarch.cli.ensemble;

import io.matriarch.wire.election.PeerState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * The order in which an ensemble is restarted: observers, then followers, the leader last, so that leadership moves once
 * only, to a server that has been restarted already (LESSONS 59).
 *
 * @param order server ids
 */
record RestartPlan(List<Long> order) {

    /**
     * Plans it.
     *
     * @throws CannotVerifyException if not everybody is there and serves: a restart would then take more away
     */
    static RestartPlan of(EnsembleReport ensemble) throws CannotVerifyException {
        List<String> absent = new ArrayList<>();
        for (ServerReport server : ensemble.servers()) {
            if (!server.isServing() || server.sid() == null) {
                absent.add(
                        server.sid() == null
                                ? server.name() + " does not tell its id"
                                : server.name() + " does not serve");
            }
        }
        if (ensemble.configuration() != null) {
            ensemble.configuration().members().keySet().stream()
                    .filter(sid -> ensemble.server(sid.value()) == null)
                    .forEach(sid -> absent.add("server " + sid + " was not asked"));
        }
        if (ensemble.leader() == null) {
            absent.add("nobody leads");
        }
        if (!absent.isEmpty()) {
            throw new CannotVerifyException("not begun, because " + String.join(", ", absent)
                    + "; name all servers with --servers or --config, and see 'matriarch ensemble status'");
        }
        return new RestartPlan(ensemble.servers().stream()
                .sorted(Comparator.comparingInt(RestartPlan::rank)
                        .thenComparing(server -> Objects.requireNonNull(server.sid())))
                .map(server -> Objects.requireNonNull(server.sid()))
                .toList());
    }

    private static int rank(ServerReport server) {
        if (server.role() == PeerState.OBSERVING) {
            return 0;
        }
        return server.isLeading() ? 2 : 1;
    }
}
