package io.matriarch.server.config;

import java.util.List;

/**
 * TLS on the election and quorum ports, as sslQuorum, portUnification and ssl.quorum.* describe it (operations.md 9).
 *
 * @param isSpoken whether we dial with TLS, and accept nothing else unless {@code isUnified}
 * @param isUnified whether both TLS and clear text are accepted, for the time of a rolling change
 * @param keyStore our own key and certificate
 * @param trustStore whose certificates count
 * @param protocols TLS versions, never empty
 * @param cipherSuites names in the order of preference; empty for those of the JVM
 * @param clientAuth what a dialler must show
 * @param verifiesServers whether the certificate of a server that we dial must name it
 * @param verifiesClients whether the certificate of a server that dials us must name it
 * @param allowsReverseLookup whether the name that DNS gives for a dialler's address counts
 * @param revocation how to find out whether a certificate was taken back by its issuer
 * @param detectionTimeoutMillis how long a dialler may be silent before it is taken for one in clear text
 * @param isReloaded whether changed files are read again while the server runs
 */
public record QuorumTls(
        boolean isSpoken,
        boolean isUnified,
        KeyStoreFile keyStore,
        KeyStoreFile trustStore,
        List<String> protocols,
        List<String> cipherSuites,
        ClientAuth clientAuth,
        boolean verifiesServers,
        boolean verifiesClients,
        boolean allowsReverseLookup,
        Revocation revocation,
        int detectionTimeoutMillis,
        boolean isReloaded) {

    /** What a dialler must show. */
    public enum ClientAuth {
        /** A trusted certificate. */
        NEED,
        /** A trusted certificate or none. */
        WANT,
        /** Nothing. */
        NONE
    }

    /** How to find out whether a certificate was taken back by its issuer. */
    public enum Revocation {
        /** Not at all. */
        UNCHECKED,
        /** By the lists that issuers publish. */
        CRL,
        /** By asking issuers; by their lists if they do not answer. */
        OCSP
    }

    /** Takes copies of the lists. */
    public QuorumTls {
        protocols = List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
    }
}
