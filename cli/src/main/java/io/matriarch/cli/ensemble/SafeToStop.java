package io.matriarch.cli.ensemble;

import io.matriarch.wire.election.PeerState;
import java.util.List;

/**
 * Whether one server may be stopped without ending the service.
 *
 * @param isSafe whether the others go on
 * @param reason why, in a sentence
 */
record SafeToStop(boolean isSafe, String reason) {
    /** A follower that lacks more than what is on its way is not one to rely on. */
    static final long MAX_LAG = 1000;

    /** Judges it by what all servers say. */
    static SafeToStop of(EnsembleReport ensemble, ServerReport server) {
        ServerReport leader = ensemble.leader();
        if (leader == null) {
            return new SafeToStop(
                    false, "nobody leads: stopping a server now could keep the others from electing a leader");
        } else if (!ensemble.isVoter(server)) {
            return new SafeToStop(true, server.name() + " is an observer: nobody counts on it but its own clients");
        }
        List<ServerReport> left = ensemble.servingVotersWithout(server);
        if (!ensemble.isQuorum(left)) {
            return new SafeToStop(
                    false,
                    "without " + server.name() + ", " + left.size() + " of " + ensemble.voterCount()
                            + " voters would serve, and that is no quorum: " + missing(ensemble, server));
        }
        return judgeLag(ensemble, server, leader, left);
    }

    private static SafeToStop judgeLag(
            EnsembleReport ensemble, ServerReport server, ServerReport leader, List<ServerReport> left) {
        List<ServerReport> close =
                left.stream().filter(one -> lag(leader, one) <= MAX_LAG).toList();
        if (!ensemble.isQuorum(close)) {
            return new SafeToStop(
                    false, "too many of the others lag behind the leader by more than " + MAX_LAG + " transactions");
        }
        if (server.failure() != null) {
            return new SafeToStop(true, server.name() + " does not answer, and the others go on without it");
        }
        String rest = left.size() + " of " + ensemble.voterCount() + " voters go on";
        return new SafeToStop(
                true,
                server.equals(leader)
                        ? server.name() + " leads: hand over first, or let its clients wait for an election; " + rest
                        : rest);
    }

    private static String missing(EnsembleReport ensemble, ServerReport server) {
        List<String> absent = ensemble.servers().stream()
                .filter(one -> !one.equals(server) && ensemble.isVoter(one) && !one.isServing())
                .map(one -> one.name() + (one.failure() == null ? " is " + doing(one) : " does not answer"))
                .toList();
        return absent.isEmpty() ? "the others are too few" : String.join(", ", absent);
    }

    private static String doing(ServerReport server) {
        boolean isJoining = server.role() == PeerState.FOLLOWING || server.role() == PeerState.LEADING;
        return isJoining ? "being synchronized" : "looking for a leader";
    }

    /** Transactions that {@code server} lacks of what {@code leader} has; many, if it is in another epoch. */
    static long lag(ServerReport leader, ServerReport server) {
        if (leader.zxid().epoch() > server.zxid().epoch()) {
            // Who is in the leader's epoch has all of those before it.
            return server.epoch() >= leader.epoch() ? leader.zxid().counter() : Long.MAX_VALUE;
        }
        return Math.max(0, leader.zxid().value() - server.zxid().value());
    }
}
