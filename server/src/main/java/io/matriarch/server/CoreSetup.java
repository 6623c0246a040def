package io.matriarch.server;

import io.matriarch.core.peer.PeerConfig;
import io.matriarch.core.quorum.Member;
import io.matriarch.server.config.ServerConfig;
import java.util.List;

/** Translates between the configuration of a server and its core. */
final class CoreSetup {
    private CoreSetup() {}

    static PeerConfig peerConfig(ServerConfig config) {
        List<Member> members = config.isStandalone()
                ? List.of(new Member(config.self(), true))
                : config.members().stream()
                        .map(member -> new Member(member.sid(), member.isParticipant()))
                        .toList();
        return PeerConfig.builder()
                .self(config.self())
                .members(members)
                .groups(config.groups().orElse(null))
                .standalone(config.isStandalone())
                .tickMillis(config.tickMillis())
                .initLimit(config.initLimit())
                .syncLimit(config.syncLimit())
                .minSessionTimeoutMillis(config.minSessionTimeoutMillis())
                .maxSessionTimeoutMillis(config.maxSessionTimeoutMillis())
                .snapCount(config.snapCount())
                .configText(config.configText())
                .build();
    }
}
