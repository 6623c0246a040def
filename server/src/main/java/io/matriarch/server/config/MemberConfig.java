package io.matriarch.server.config;

import io.matriarch.core.quorum.Member;
import io.matriarch.core.quorum.MemberAddress;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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
    private static final String SHAPE =
            "must read host:quorumPort:electionPort[:participant|observer][;[host:]clientPort]";
    private static final String ANY_HOST = "0.0.0.0";

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
     * @throws IllegalArgumentException with a text that says what is allowed
     */
    static MemberConfig parse(ServerId sid, String value) {
        String[] halves = value.split(";", -1);
        if (halves.length > 2) {
            throw new IllegalArgumentException(
                    "has a second client part (a secure client port), which is not supported; " + SHAPE);
        }
        List<MemberAddress> addresses = new ArrayList<>();
        Boolean isParticipant = null;
        for (String text : halves[0].split("\\|", -1)) {
            List<String> parts = partsOf(text.strip());
            if (parts.size() < 3 || parts.size() > 4) {
                throw new IllegalArgumentException(SHAPE);
            }
            if (parts.size() == 4) {
                boolean says = isParticipantRole(parts.get(3));
                if (isParticipant != null && isParticipant != says) {
                    throw new IllegalArgumentException("all addresses of a server must have the same role");
                }
                isParticipant = says;
            }
            addresses.add(addressOf(parts));
        }
        HostPort client = halves.length == 2 ? clientOf(halves[1].strip()) : null;
        return new MemberConfig(sid, addresses, isParticipant == null || isParticipant, client);
    }

    private static MemberAddress addressOf(List<String> parts) {
        int quorumPort = portOf("quorum port", parts.get(1), 1);
        int electionPort = portOf("election port", parts.get(2), 1);
        if (quorumPort == electionPort) {
            throw new IllegalArgumentException("quorum and election port must differ");
        }
        return new MemberAddress(parts.get(0), quorumPort, electionPort);
    }

    private static boolean isParticipantRole(String role) {
        return switch (role.toLowerCase(Locale.ROOT)) {
            case "participant" -> true;
            case "observer" -> false;
            default -> throw new IllegalArgumentException("role must be participant or observer");
        };
    }

    private static HostPort clientOf(String text) {
        List<String> parts = partsOf(text);
        if (parts.size() == 1) {
            return new HostPort(ANY_HOST, portOf("client port", parts.get(0), 0));
        }
        if (parts.size() != 2) {
            throw new IllegalArgumentException("client part must read [host:]port");
        }
        return new HostPort(parts.get(0), portOf("client port", parts.get(1), 0));
    }

    /** Splits at colons, except inside the brackets of a leading IPv6 literal, which lose their brackets. */
    private static List<String> partsOf(String text) {
        List<String> parts = new ArrayList<>();
        String rest = text;
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            if (close < 0) {
                throw new IllegalArgumentException("bracket [ of an IPv6 address is never closed");
            }
            parts.add(text.substring(1, close));
            rest = text.substring(close + 1);
            if (!rest.startsWith(":")) {
                throw new IllegalArgumentException("a colon must follow the bracket ] of an IPv6 address");
            }
            rest = rest.substring(1);
        }
        for (String part : rest.split(":", -1)) {
            parts.add(part.strip());
        }
        if (parts.get(0).isEmpty()) {
            throw new IllegalArgumentException("host is missing; " + SHAPE);
        }
        return parts;
    }

    private static int portOf(String what, String text, int least) {
        try {
            int port = Integer.parseInt(text);
            if (port >= least && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Falls through to the same complaint.
        }
        throw new IllegalArgumentException(what + " '" + text + "' must be a number from " + least + " to 65535");
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
