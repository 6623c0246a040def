package io.matriarch.server.config;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Authentication between servers by SASL DIGEST-MD5, as quorum.auth.* and the JAAS file describe it (operations.md 8.4).
 *
 * @param authenticates whether we authenticate ourselves to every server that we dial
 * @param requires whether a server that dials us must do so
 * @param user who we are; null if we never say
 * @param password our own
 * @param passwords of the users who may dial us, by name
 */
public record QuorumSasl(
        boolean authenticates,
        boolean requires,
        @Nullable String user,
        String password,
        Map<String, String> passwords) {
    /** Takes a copy of the map. */
    public QuorumSasl {
        passwords = Map.copyOf(new TreeMap<>(passwords));
    }

    /** Without passwords. */
    @Override
    public String toString() {
        return "SASL as " + user + ", authenticates " + authenticates + ", requires " + requires;
    }
}
