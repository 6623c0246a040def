package io.matriarch.server.config;

import java.util.Map;
import java.util.TreeMap;

/**
 * Authentication between servers by SASL, as quorum.auth.* and the JAAS file describe it (operations.md 8.4).
 *
 * @param authenticates whether we authenticate ourselves to every server that we dial
 * @param requires whether a server that dials us must do so
 * @param initiator how we do it
 * @param acceptor how others do it to us
 */
public record QuorumSasl(boolean authenticates, boolean requires, Initiator initiator, Acceptor acceptor) {
    /** Who we are to a server that we dial. */
    public sealed interface Initiator {}

    /** What a server that dials us has to prove. */
    public sealed interface Acceptor {}

    /** DIGEST-MD5 with a name and a password. */
    public record Password(String user, String password) implements Initiator {
        /** Without the password. */
        @Override
        public String toString() {
            return "user " + user;
        }
    }

    /** DIGEST-MD5; users who may dial us, by name. */
    public record Passwords(Map<String, String> byUser) implements Acceptor {
        /** Takes a copy of the map. */
        public Passwords {
            byUser = Map.copyOf(new TreeMap<>(byUser));
        }

        /** Without passwords. */
        @Override
        public String toString() {
            return byUser.size() + " users";
        }
    }

    /**
     * GSSAPI with a ticket of Kerberos.
     *
     * @param section of the JAAS file, which says how to log in
     * @param service name of the servers that we dial, before the slash of their principals
     * @param host behind the slash; {@code _HOST} stands for the host that we dial
     */
    public record Ticket(String section, String service, String host) implements Initiator {}

    /**
     * GSSAPI with the keys of a principal of Kerberos, for principals whose host is one of the members'.
     *
     * @param section of the JAAS file, which says where the keys are
     */
    public record Keys(String section) implements Acceptor {}

    /** DIGEST-MD5 in both directions. */
    public static QuorumSasl digest(
            boolean authenticates, boolean requires, String user, String password, Map<String, String> passwords) {
        return new QuorumSasl(authenticates, requires, new Password(user, password), new Passwords(passwords));
    }
}
