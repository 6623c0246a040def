package io.matriarch.server.config;

import io.matriarch.core.quorum.Member;
import io.matriarch.core.quorum.MemberAddress;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One member of an ensemble: the value of a {@code server.N} line (election.md 5.1).
 *
 * @param addresses where it can be reached, in the order of the line; never empty
 * @param isParticipant false for an observer
 * @param client the client part behind the semicolon; null if the line has none
 */
public record MemberConfig(
        ServerId sid,
        List<MemberAddress> addresses,
        boolean isParticipant,
        @Nullable HostPort client) {
    /** Takes a copy of the list. */
    public MemberConfig {
        Objects.requireNonNull(sid, "sid");
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("server " + sid + " has no address");
        }
    }

    /** A member with one address. */
    public MemberConfig(
            ServerId sid,
            String host,
            int quorumPort,
            int electionPort,
            boolean isParticipant,
            @Nullable HostPort client) {
        this(sid, List.of(new MemberAddress(host, quorumPort, electionPort)), isParticipant, client);
    }

    /** A voting member without a client part. */
    public static MemberConfig participant(long sid, String host, int quorumPort, int electionPort) {
        return new MemberConfig(new ServerId(sid), host, quorumPort, electionPort, true, null);
    }

    /** A member as the core knows it. */
    public static MemberConfig of(Member member) {
        return new MemberConfig(member.sid(), member.addresses(), member.isParticipant(), member.client());
    }

    /** Host of the first address. */
    public String host() {
        return addresses.get(0).host();
    }

    /** Quorum port of the first address. */
    public int quorumPort() {
        return addresses.get(0).quorumPort();
    }

    /** Election port of the first address. */
    public int electionPort() {
        return addresses.get(0).electionPort();
    }

    /** Where its learners connect while it leads. */
    public List<HostPort> quorumAddresses() {
        return addresses.stream()
                .map(address -> new HostPort(address.host(), address.quorumPort()))
                .toList();
    }

    /** Where its peers send notifications. */
    public List<HostPort> electionAddresses() {
        return addresses.stream()
                .map(address -> new HostPort(address.host(), address.electionPort()))
                .toList();
    }

    /**
     * Parses the value of a {@code server.N} line; several addresses are joined by a vertical bar.
     *
     * @throws MalformedException with a text that says what is allowed
     */
    static MemberConfig parse(ServerId sid, String value) {
        Member member = Member.parse(sid, value);
        if (member.secureClient() != null) {
            throw new MalformedException("has a second client part (a secure client port), which is not supported");
        }
        return of(member);
    }

    /** The line in the form of notifications and of the configuration znode (election.md 5.2). */
    public String configLine() {
        // Compat: Apache sorts the addresses of a server by their hosts.
        String at = addresses.stream()
                .sorted(Comparator.comparing(MemberAddress::host))
                .map(address -> bracketed(address.host()) + ":" + address.quorumPort() + ":" + address.electionPort())
                .collect(Collectors.joining("|"));
        String line = "server." + sid.value() + "=" + at + (isParticipant ? ":participant" : ":observer");
        return client == null ? line : line + ";" + bracketed(client.host()) + ":" + client.port();
    }

    private static String bracketed(String host) {
        if (host.indexOf(':') < 0) {
            return host;
        }
        try {
            // Compat: Java's uncompressed form. A literal is never looked up.
            return "[" + InetAddress.getByName("[" + host + "]").getHostAddress() + "]";
        } catch (UnknownHostException e) {
            return "[" + host + "]";
        }
    }
}
