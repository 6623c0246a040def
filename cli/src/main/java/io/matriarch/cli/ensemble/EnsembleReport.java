package io.matriarch.cli.ensemble;

import io.matriarch.cli.contact.Address;
import io.matriarch.cli.contact.Network;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.Member;
import io.matriarch.core.quorum.QuorumVerifier;
import io.matriarch.server.client.Standing;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What all servers of an ensemble say at about the same time.
 *
 * @param servers by id; those whose id is not known come last
 * @param configuration the members as agreed, from the newest that a server of ours shows; null if none could be asked
 */
record EnsembleReport(List<ServerReport> servers, @Nullable Configuration configuration) {
    private static final String ANY_HOST = "0.0.0.0";

    /** Asks these servers, and those that they name. */
    static EnsembleReport of(Network network, Map<Address, @Nullable Long> addresses) {
        Inquiry inquiry = new Inquiry(network);
        List<ServerReport> servers = ask(inquiry, addresses);
        Configuration configuration = newest(servers);
        if (configuration != null) {
            Map<Address, @Nullable Long> unasked = new LinkedHashMap<>(unasked(configuration, servers));
            addresses.keySet().forEach(unasked::remove);
            servers.addAll(ask(inquiry, unasked));
        }
        return new EnsembleReport(sorted(named(servers, configuration)), configuration);
    }

    private static List<ServerReport> ask(Inquiry inquiry, Map<Address, @Nullable Long> addresses) {
        List<CompletableFuture<ServerReport>> asked = new ArrayList<>();
        addresses.forEach((address, sid) ->
                asked.add(CompletableFuture.supplyAsync(() -> inquiry.ask(address, sid), EnsembleReport::begin)));
        List<ServerReport> servers = new ArrayList<>();
        for (CompletableFuture<ServerReport> one : asked) {
            ServerReport report = one.join();
            boolean isDouble = report.sid() != null
                    && report.failure() == null
                    && servers.stream().anyMatch(other -> report.sid().equals(other.sid()) && other.failure() == null);
            if (!isDouble) {
                servers.add(report);
            }
        }
        return servers;
    }

    /** One that does not answer keeps nobody waiting. */
    private static void begin(Runnable question) {
        Thread thread = new Thread(question, "matriarch-ask");
        thread.setDaemon(true);
        thread.start();
    }

    private static @Nullable Configuration newest(List<ServerReport> servers) {
        Configuration newest = null;
        for (ServerReport server : servers) {
            Standing standing = server.standing();
            try {
                Configuration shown = standing == null ? null : Configuration.parse(standing.config());
                newest = shown != null && (newest == null || shown.version() > newest.version()) ? shown : newest;
            } catch (MalformedException e) {
                // Of another release; the others know the members too.
            }
        }
        return newest;
    }

    private static Map<Address, @Nullable Long> unasked(Configuration configuration, List<ServerReport> servers) {
        Map<Address, @Nullable Long> unasked = new LinkedHashMap<>();
        for (Member member : configuration.members().values()) {
            HostPort client = member.client();
            boolean isAsked = servers.stream()
                    .anyMatch(server -> Long.valueOf(member.sid().value()).equals(server.sid()));
            if (client != null && !isAsked) {
                String host = client.host().equals(ANY_HOST)
                        ? member.addresses().get(0).host()
                        : client.host();
                unasked.put(new Address(host, client.port()), member.sid().value());
            }
        }
        return unasked;
    }

    /** Gives the last server without an id the last id without a server. */
    private static List<ServerReport> named(List<ServerReport> servers, @Nullable Configuration configuration) {
        if (configuration == null) {
            return servers;
        }
        Set<Long> free = new TreeSet<>();
        configuration.members().keySet().forEach(sid -> free.add(sid.value()));
        servers.forEach(server -> {
            if (server.sid() != null) {
                free.remove(server.sid());
            }
        });
        boolean isClear = free.size() == 1
                && servers.stream().filter(server -> server.sid() == null).count() == 1;
        long last = isClear ? free.iterator().next() : -1;
        return servers.stream()
                .map(server -> isClear && server.sid() == null ? server.withSid(last) : server)
                .toList();
    }

    private static List<ServerReport> sorted(List<ServerReport> servers) {
        return servers.stream()
                .sorted(Comparator.comparing(ServerReport::sid, Comparator.nullsLast(Comparator.naturalOrder())))
                .toList();
    }

    // --- who is what -------------------------------------------------------------------------------------------------

    /** The server that leads, of several the one in the newest epoch; null if none does. */
    @Nullable
    ServerReport leader() {
        return servers.stream()
                .filter(ServerReport::isLeading)
                .max(Comparator.comparingLong(ServerReport::epoch))
                .orElse(null);
    }

    /** The server with this id; null if it was not found. */
    @Nullable
    ServerReport server(long sid) {
        return servers.stream()
                .filter(server -> Long.valueOf(sid).equals(server.sid()))
                .findFirst()
                .orElse(null);
    }

    /** Whether this server counts in elections, as far as is known. */
    boolean isVoter(ServerReport server) {
        Configuration members = configuration;
        Long sid = server.sid();
        return (members != null && sid != null)
                ? members.isParticipant(new ServerId(sid))
                : server.role() != PeerState.OBSERVING;
    }

    /** How many servers vote. */
    int voterCount() {
        return configuration != null
                ? configuration.participants().size()
                : (int) servers.stream().filter(this::isVoter).count();
    }

    /** Voters that serve their clients, and so have the leader's history. */
    List<ServerReport> servingVoters() {
        return servers.stream()
                .filter(server -> server.isServing() && isVoter(server))
                .toList();
    }

    /**
     * Whether these could go on without the others. Groups and weights are asked where the members are known; else a majority
     * of those that were named decides.
     */
    boolean isQuorum(List<ServerReport> these) {
        Configuration members = configuration;
        boolean isNamed = these.stream().allMatch(server -> server.sid() != null);
        if (members == null || !isNamed) {
            return these.size() > voterCount() / 2;
        }
        QuorumVerifier verifier =
                io.matriarch.core.quorum.Membership.of(new ServerId(0), members).ofCommitted();
        return verifier.isQuorum(sid ->
                these.stream().anyMatch(server -> Long.valueOf(sid.value()).equals(server.sid())));
    }

    /** The voters that serve, without this one. */
    List<ServerReport> servingVotersWithout(ServerReport one) {
        return servingVoters().stream().filter(server -> !server.equals(one)).toList();
    }
}
