package io.matriarch.server;

import io.matriarch.core.peer.PeerConfig;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.server.config.ServerConfig;

/** Translates between the configuration of a server and its core. */
final class CoreSetup {
    private CoreSetup() {}

    static PeerConfig peerConfig(ServerConfig config) {
        Configuration configuration = config.isStandalone()
                ? Configuration.standalone(config.self())
                // Without reconfiguration the version is 0 everywhere, whatever a file is called (election.md 3.11).
                : Configuration.parse(config.configText()).withVersion(0);
        return PeerConfig.builder()
                .self(config.self())
                .configuration(configuration)
                .standalone(config.isStandalone())
                .tickMillis(config.tickMillis())
                .initLimit(config.initLimit())
                .syncLimit(config.syncLimit())
                .minSessionTimeoutMillis(config.minSessionTimeoutMillis())
                .maxSessionTimeoutMillis(config.maxSessionTimeoutMillis())
                .sessionRules(config.sessionRules())
                .snapCount(config.snapCount())
                .snapSizeBytes(config.storage().maxBytesBetweenSnapshots())
                .build();
    }
}
