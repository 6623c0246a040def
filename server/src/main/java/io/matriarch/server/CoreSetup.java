package io.matriarch.server;

import io.matriarch.core.peer.PeerConfig;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.ReconfigRules;
import io.matriarch.server.config.ServerConfig;
import org.jspecify.annotations.Nullable;

/** Translates between the configuration of a server and its core. */
final class CoreSetup {
    /** Sessions end this much behind their timeout at most: an election among clients waits for that. */
    private static final int SESSION_GRAIN_MILLIS = 10;

    private CoreSetup() {}

    /** The members that {@code config} names. */
    static Configuration configuration(ServerConfig config) {
        if (config.isStandalone()) {
            return Configuration.standalone(config.self());
        }
        Configuration configuration = Configuration.parse(config.configText());
        // Without reconfiguration the version is 0 everywhere, whatever a file is called (election.md 3.11).
        return config.isReconfigEnabled() ? configuration : configuration.withVersion(0);
    }

    /** {@code next} is a configuration that was proposed and not known to be agreed; null if there is none. */
    static PeerConfig peerConfig(ServerConfig config, @Nullable Configuration next) {
        Configuration configuration = configuration(config);
        int minVoters = config.isStandaloneEnabled() ? 2 : 1;
        return PeerConfig.builder()
                .self(config.self())
                .configuration(configuration)
                .lastSeen(next == null ? configuration : next)
                .reconfig(new ReconfigRules(config.isReconfigEnabled(), config.isStandalone(), minVoters))
                .superDigest(config.superDigest().orElse(null))
                .znodes(config.znodes())
                .standalone(config.isStandalone())
                .tickMillis(config.tickMillis())
                .initLimit(config.initLimit())
                .syncLimit(config.syncLimit())
                .minSessionTimeoutMillis(config.minSessionTimeoutMillis())
                .maxSessionTimeoutMillis(config.maxSessionTimeoutMillis())
                .sessionGrainMillis(SESSION_GRAIN_MILLIS)
                .sessionRules(config.sessionRules())
                .snapCount(config.snapCount())
                .snapSizeBytes(config.storage().maxBytesBetweenSnapshots())
                .hasOracle(config.oracleFile().isPresent())
                .observers(config.observers().core())
                .replication(config.replication().withMaxTxnBytes(config.maxTxnBytes()))
                .heartbeat(config.leadership().heartbeat())
                .standing(config.leadership().standing())
                .build();
    }
}
