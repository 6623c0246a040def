package io.matriarch.server.election;

import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The servers that {@link ElectionLinks} knows: the members, and a bounded number of others. */
final class PeerTable {
    /** Servers outside the configuration that are remembered at a time. */
    static final int MAX_STRANGERS = 16;
    /** Of these, those that came from one address. */
    static final int MAX_STRANGERS_PER_ORIGIN = 8;

    private final ServerId self;
    private final Map<ServerId, PeerLink> peers = new TreeMap<>();

    PeerTable(ServerId self) {
        this.self = self;
    }

    @Nullable
    PeerLink get(ServerId sid) {
        return peers.get(sid);
    }

    /** All, in ascending order of their ids. */
    Collection<PeerLink> all() {
        return peers.values();
    }

    /** Adds, moves and removes members; one that is connected when it is removed stays as a stranger. */
    void replaceMembers(long now, Map<ServerId, List<HostPort>> members) {
        for (PeerLink peer : List.copyOf(peers.values())) {
            if (peer.isMember() && !members.containsKey(peer.sid)) {
                peer.configured = List.of();
                peer.origin = "";
                peer.pending = null;
                forgetIfIdleStranger(peer);
            }
        }
        members.forEach((sid, addresses) -> {
            if (!sid.equals(self)) {
                PeerLink peer = peers.computeIfAbsent(sid, added -> new PeerLink(added, addresses, now));
                if (!peer.configured.equals(addresses)) {
                    peer.configured = addresses;
                    peer.failures = 0;
                    peer.nextDialNanos = now;
                }
                peer.origin = null;
            }
        });
    }

    /** The server of this id, new if it has to be; null if there are too many outside the configuration. */
    @Nullable
    PeerLink memberOrStranger(long now, ServerId sid, String origin) {
        PeerLink known = peers.get(sid);
        if (known != null) {
            return known;
        }
        int strangers = 0;
        int alike = 0;
        for (PeerLink peer : peers.values()) {
            strangers += peer.isMember() ? 0 : 1;
            alike += origin.equals(peer.origin) ? 1 : 0;
        }
        if (strangers >= MAX_STRANGERS || alike >= MAX_STRANGERS_PER_ORIGIN) {
            return null;
        }
        PeerLink stranger = new PeerLink(sid, List.of(), now);
        stranger.origin = origin;
        peers.put(sid, stranger);
        return stranger;
    }

    void forgetIfIdleStranger(PeerLink peer) {
        if (!peer.isMember() && !peer.isConnectedOrDialling() && !peer.owesCall) {
            peers.remove(peer.sid);
        }
    }
}
