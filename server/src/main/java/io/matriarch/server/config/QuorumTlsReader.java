package io.matriarch.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** TLS between servers: sslQuorum, portUnification, ssl.quorum.* (operations.md 9). What we do not have is refused. */
final class QuorumTlsReader {
    private static final String PREFIX = "ssl.quorum.";

    private final Settings settings;

    QuorumTlsReader(Settings settings) {
        this.settings = settings;
    }

    /** Null if links are in clear text, or if something is wrong. */
    @Nullable
    QuorumTls read() {
        boolean isSpoken = settings.isTrue("sslQuorum", false);
        boolean isUnified = settings.isTrue("portUnification", false);
        boolean isReloaded = settings.isTrue("sslQuorumReloadCertFiles", false);
        if (!isSpoken && !isUnified) {
            return null;
        }
        if (!text("context.supplier.class", "").isEmpty()) {
            settings.add(PREFIX + "context.supplier.class", "is not supported; must be absent");
        }
        KeyStoreFile keys = store("keyStore");
        KeyStoreFile trusted = store("trustStore");
        int detectionTimeoutMillis = settings.number(PREFIX + "handshakeDetectionTimeoutMillis", 5000);
        if (detectionTimeoutMillis < 1) {
            settings.add(PREFIX + "handshakeDetectionTimeoutMillis", "must be at least 1");
        }
        QuorumTls.ClientAuth clientAuth = clientAuth();
        boolean verifiesServers = settings.isTrue(PREFIX + "hostnameVerification", true);
        boolean verifiesClients = settings.isTrue(PREFIX + "clientHostnameVerification", true) && verifiesServers;
        boolean allowsReverseLookup = settings.isTrue(PREFIX + "allowReverseDnsLookup", true);
        if (keys == null || trusted == null) {
            return null;
        }
        return new QuorumTls(
                isSpoken,
                isUnified,
                keys,
                trusted,
                protocols(),
                words("ciphersuites"),
                clientAuth,
                verifiesServers,
                verifiesClients,
                allowsReverseLookup,
                revocation(),
                detectionTimeoutMillis,
                isReloaded);
    }

    /** Compat: with ocsp the lists are what is left if nobody answers, whether crl is set or not. */
    private QuorumTls.Revocation revocation() {
        boolean byList = settings.isTrue(PREFIX + "crl", false);
        boolean byAnswer = settings.isTrue(PREFIX + "ocsp", false);
        if (byAnswer) {
            return QuorumTls.Revocation.OCSP;
        }
        return byList ? QuorumTls.Revocation.CRL : QuorumTls.Revocation.UNCHECKED;
    }

    private String text(String key, String otherwise) {
        return settings.textOr(PREFIX + key, otherwise).strip();
    }

    private List<String> words(String key) {
        String text = text(key, "");
        return text.isEmpty() ? List.of() : Arrays.asList(text.split("\\s*,\\s*"));
    }

    /** Compat: a protocol that is named alone is also the only one enabled. */
    private List<String> protocols() {
        List<String> enabled = words("enabledProtocols");
        if (!enabled.isEmpty()) {
            return enabled;
        }
        String protocol = text("protocol", "");
        return protocol.isEmpty() ? List.of("TLSv1.3", "TLSv1.2") : List.of(protocol);
    }

    private QuorumTls.ClientAuth clientAuth() {
        String text = text("clientAuth", "need");
        try {
            return QuorumTls.ClientAuth.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            settings.add(PREFIX + "clientAuth", "must be need, want or none");
            return QuorumTls.ClientAuth.NEED;
        }
    }

    private @Nullable KeyStoreFile store(String which) {
        String location = text(which + ".location", "");
        if (location.isEmpty()) {
            settings.add(
                    PREFIX + which + ".location",
                    "is missing; TLS between servers needs "
                            + (which.equals("keyStore")
                                    ? "this server's key and certificate"
                                    : "the certificates to be trusted"));
            return null;
        }
        Path path;
        try {
            path = Path.of(location);
        } catch (InvalidPathException e) {
            settings.add(PREFIX + which + ".location", "must be a path of this system: " + e.getReason());
            return null;
        }
        if (!Files.isReadable(path)) {
            settings.add(PREFIX + which + ".location", "cannot be read: " + path);
            return null;
        }
        KeyStoreFile.Type type = type(which, location);
        String password = password(which);
        return type == null || password == null ? null : new KeyStoreFile(path, password, type);
    }

    private KeyStoreFile.@Nullable Type type(String which, String location) {
        String text = text(which + ".type", "");
        if (text.isEmpty()) {
            KeyStoreFile.Type type = KeyStoreFile.Type.ofFile(location);
            if (type == null) {
                settings.add(
                        PREFIX + which + ".type",
                        "is missing, and the name " + location + " does not end in .jks, .p12 or .pem");
            }
            return type;
        }
        try {
            return KeyStoreFile.Type.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            settings.add(PREFIX + which + ".type", "must be JKS, PKCS12 or PEM; others are not supported");
            return null;
        }
    }

    /** Compat: the file with the password wins over the password itself. */
    private @Nullable String password(String which) {
        String path = text(which + ".passwordPath", "");
        if (path.isEmpty()) {
            return settings.textOr(PREFIX + which + ".password", "");
        }
        try {
            String text = Files.readString(Path.of(path), StandardCharsets.UTF_8);
            return text.endsWith("\n") ? text.substring(0, text.length() - 1).replaceAll("\r$", "") : text;
        } catch (IOException | InvalidPathException e) {
            settings.add(PREFIX + which + ".passwordPath", "cannot be read: " + e);
            return null;
        }
    }
}
