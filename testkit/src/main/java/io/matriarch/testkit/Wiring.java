package io.matriarch.testkit;

import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.link.Route;
import io.matriarch.testkit.network.Link;
import io.matriarch.testkit.network.Network;
import io.matriarch.testkit.network.Relay;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who is connected with whom in an ensemble: a link for each pair of servers and for each server's clients. */
final class Wiring implements AutoCloseable {
    private final @Nullable Network network;
    private final Map<Long, Map<Long, Link>> pairs = new HashMap<>();
    private final List<Link> links = new ArrayList<>();

    private Wiring(@Nullable Network network) {
        this.network = network;
    }

    /** Straight connections: there are no links to fail. */
    static Wiring straight() {
        return new Wiring(null);
    }

    /** Links between all of {@code members}. */
    static Wiring linked(List<MemberConfig> members) {
        Network network = new Network();
        Wiring wiring = new Wiring(network);
        for (MemberConfig one : members) {
            for (MemberConfig other : members) {
                long low = one.sid().value();
                long high = other.sid().value();
                if (low < high) {
                    Link link = network.link("between servers " + low + " and " + high);
                    wiring.links.add(link);
                    wiring.pairs.computeIfAbsent(low, sid -> new HashMap<>()).put(high, link);
                    wiring.pairs.computeIfAbsent(high, sid -> new HashMap<>()).put(low, link);
                }
            }
        }
        return wiring;
    }

    boolean isLinked() {
        return network != null;
    }

    List<Link> links() {
        return links;
    }

    /** The link of a pair of servers. */
    Link between(long one, long other) {
        Link link = pairs.getOrDefault(one, Map.of()).get(other);
        if (link == null) {
            throw new IllegalArgumentException("there is no link between servers " + one + " and " + other);
        }
        return link;
    }

    /** How dials of {@code own} to {@code members} go; null if straight. */
    @Nullable
    Route routeOf(long own, List<MemberConfig> members, int connectTimeoutMillis) {
        if (network == null) {
            return null;
        }
        Map<Integer, Relay> relays = new HashMap<>();
        for (MemberConfig member : members) {
            if (member.sid().value() != own) {
                Link link = between(own, member.sid().value());
                for (int port : new int[] {member.quorumPort(), member.electionPort()}) {
                    relays.put(port, network.relay(link, 0, () -> port));
                }
            }
        }
        return wanted -> {
            Relay relay = relays.get(wanted.getPort());
            return relay == null
                    ? CompletableFuture.<InetSocketAddress>completedFuture(wanted)
                    : relay.prepare(connectTimeoutMillis);
        };
    }

    /** A port for the clients of server {@code sid}, which listens at {@code target}; call where {@link #isLinked}. */
    Clients clientsOf(long sid, int port, Relay.Target target) {
        Network used = network;
        if (used == null) {
            throw new IllegalStateException("connections are straight");
        }
        Link link = used.link("between server " + sid + " and its clients");
        links.add(link);
        return new Clients(link, used.relay(link, port, target).port());
    }

    /** What lies between a server and its clients, and where they connect. */
    record Clients(Link link, int port) {}

    /** Closes all connections. */
    @Override
    public void close() {
        if (network != null) {
            network.close();
        }
    }
}
