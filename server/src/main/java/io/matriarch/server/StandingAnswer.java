package io.matriarch.server;

import io.matriarch.core.peer.PeerStatus;
import io.matriarch.server.client.ServerVersion;
import io.matriarch.server.client.Standing;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.server.json.JsonLine;
import org.jspecify.annotations.Nullable;

/** Says how this server stands in its ensemble. */
final class StandingAnswer {
    private final ServerConfig config;
    private final ForceTimes forceTimes;
    private final long startedMillis = System.currentTimeMillis();

    StandingAnswer(ServerConfig config, ForceTimes forceTimes) {
        this.config = config;
        this.forceTimes = forceTimes;
    }

    /** The answer to {@code peer}: one line. */
    String of(@Nullable PeerStatus status, int clients) {
        if (config.isStandalone()) {
            return "A standalone server has no ensemble.\n";
        } else if (status == null) {
            return "This server has only just begun.\n";
        }
        ForceTimes.Latency force = forceTimes.latency();
        Standing standing = new Standing(
                status.self(),
                ServerVersion.text(),
                startedMillis * 1000,
                status.role(),
                status.phase(),
                status.isServing(),
                status.leader() == null ? Standing.NOBODY : status.leader(),
                status.round(),
                status.acceptedEpoch(),
                status.currentEpoch(),
                status.lastLogged(),
                status.lastCommitted(),
                clients,
                status.sessionCount(),
                status.clients().outstanding(),
                status.digestMismatches(),
                force.count(),
                force.medianMicros(),
                force.maxMicros(),
                (long) config.tickMillis() * config.syncLimit(),
                config.leadership().heartbeat().maxMillis(),
                config.leadership().standing().priority(),
                config.leadership().standing().stands(),
                status.configuration().text());
        return JsonLine.of(System.currentTimeMillis() * 1000, standing) + "\n";
    }
}
