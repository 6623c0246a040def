package io.matriarch.core.quorum;

import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The value of a {@code server.N} line, read and written (election.md 5.1, 5.2):
 *
 * <pre>
 * host:quorumPort:electionPort[:role][|host:quorumPort:electionPort[:role]]...[;[[host:]clientPort][;[host:]securePort]]
 * </pre>
 */
final class MemberLine {
    private static final String SHAPE =
            "must read host:quorumPort:electionPort[:participant|observer][;[host:]clientPort]";
    /** Compat: what Apache takes a client port without a host to mean. */
    private static final String ANY_HOST = "0.0.0.0";

    private MemberLine() {}

    static Member parse(ServerId sid, String value) {
        String[] parts = value.split(";", -1);
        if (parts.length > 3) {
            throw new MalformedException("has more than two client parts; " + SHAPE);
        }
        List<MemberAddress> addresses = new ArrayList<>();
        Boolean isParticipant = null;
        for (String one : parts[0].split("\\|", -1)) {
            List<String> fields = fieldsOf(one.strip());
            if (fields.size() < 3 || fields.size() > 4) {
                throw new MalformedException(SHAPE);
            }
            MemberAddress address = new MemberAddress(
                    fields.get(0), portOf("quorum port", fields.get(1), 1), portOf("election port", fields.get(2), 1));
            if (address.quorumPort() == address.electionPort()) {
                throw new MalformedException("quorum and election port must differ");
            }
            addresses.add(address);
            Boolean role = fields.size() == 3 ? null : isParticipantRole(fields.get(3));
            if (role != null && isParticipant != null && !role.equals(isParticipant)) {
                throw new MalformedException("all addresses of a server must have the same role");
            }
            isParticipant = role == null ? isParticipant : role;
        }
        return new Member(
                sid,
                isParticipant == null || isParticipant,
                addresses,
                parts.length < 2 ? null : clientOf(parts[1].strip()),
                parts.length < 3 ? null : clientOf(parts[2].strip()));
    }

    static String text(Member member) {
        StringBuilder text = new StringBuilder(
                member.addresses().stream().map(MemberAddress::toString).collect(Collectors.joining("|")));
        text.append(member.isParticipant() ? ":participant" : ":observer");
        HostPort client = member.client();
        HostPort secure = member.secureClient();
        if (client != null || secure != null) {
            text.append(';').append(client == null ? "" : client);
        }
        return secure == null
                ? text.toString()
                : text.append(';').append(secure).toString();
    }

    private static boolean isParticipantRole(String role) {
        return switch (role.toLowerCase(Locale.ROOT)) {
            case "participant" -> true;
            case "observer" -> false;
            default -> throw new MalformedException("role must be participant or observer");
        };
    }

    private static @Nullable HostPort clientOf(String text) {
        if (text.isEmpty()) {
            return null;
        }
        List<String> fields = fieldsOf(text);
        if (fields.size() == 1) {
            return new HostPort(ANY_HOST, portOf("client port", fields.get(0), 0));
        }
        if (fields.size() != 2) {
            throw new MalformedException("client part must read [host:]port");
        }
        return new HostPort(fields.get(0), portOf("client port", fields.get(1), 0));
    }

    /** Splits at colons, except inside the brackets of a leading IPv6 literal, which lose their brackets. */
    private static List<String> fieldsOf(String text) {
        List<String> fields = new ArrayList<>();
        String rest = text;
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            if (close < 0) {
                throw new MalformedException("bracket [ of an IPv6 address is never closed");
            }
            if (!text.startsWith(":", close + 1)) {
                throw new MalformedException("a colon must follow the bracket ] of an IPv6 address");
            }
            fields.add(text.substring(1, close));
            rest = text.substring(close + 2);
        }
        for (String field : rest.split(":", -1)) {
            fields.add(field.strip());
        }
        if (fields.get(0).isEmpty()) {
            throw new MalformedException("host is missing; " + SHAPE);
        }
        return fields;
    }

    private static int portOf(String what, String text, int least) {
        try {
            int port = Integer.parseInt(text);
            if (port >= least && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Falls through to the same complaint.
        }
        throw new MalformedException(what + " '" + text + "' must be a number from " + least + " to 65535");
    }
}
