package io.matriarch.server.tls;

import io.matriarch.server.config.KeyStoreFile;
import io.matriarch.server.config.QuorumTls;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Our key and whom we trust, made from the files; read again when these change. Safe for use by several threads. */
public final class TlsContext {
    private final QuorumTls config;
    private volatile Contexts contexts;

    /** What one reading of the files gave. */
    private record Contexts(
            SslContext server, SslContext client, @Nullable RevocationCheck revocation, List<Object> stamps) {}

    /**
     * Reads keys and certificates.
     *
     * @throws TlsException if the files give no usable key or no certificates to trust; says which and why
     */
    public TlsContext(QuorumTls config) {
        this.config = config;
        this.contexts = read();
    }

    QuorumTls config() {
        return config;
    }

    SslContext server() {
        return contexts.server;
    }

    SslContext client() {
        return contexts.client;
    }

    /** Null if it does not matter whether a certificate was revoked. */
    @Nullable
    RevocationCheck revocation() {
        return contexts.revocation;
    }

    /**
     * Reads the files again if they were touched since.
     *
     * @return whether they were
     * @throws TlsException if they make no sense now; what was read before stays in use
     */
    boolean reloadIfChanged() {
        if (stamps().equals(contexts.stamps)) {
            return false;
        }
        contexts = read();
        return true;
    }

    private Contexts read() {
        List<Object> stamps = stamps();
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            KeyStore keyStore = stored(config.keyStore());
            if (!holdsKey(keyStore)) {
                throw new TlsException("key store " + config.keyStore().location() + " holds no private key", null);
            }
            keys.init(keyStore, config.keyStore().password().toCharArray());
            TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
            KeyStore trustStore = stored(config.trustStore());
            trusted.init(trustStore);
            SslContext server = common(SslContextBuilder.forServer(keys), trusted)
                    .clientAuth(
                            switch (config.clientAuth()) {
                                case NEED -> ClientAuth.REQUIRE;
                                case WANT -> ClientAuth.OPTIONAL;
                                case NONE -> ClientAuth.NONE;
                            })
                    .build();
            SslContext client = common(SslContextBuilder.forClient().keyManager(keys), trusted)
                    // Names are checked after the handshake, with an explanation.
                    .endpointIdentificationAlgorithm(null)
                    .build();
            RevocationCheck revocation = config.revocation() == QuorumTls.Revocation.UNCHECKED
                    ? null
                    : new RevocationCheck(trustStore, config.revocation());
            return new Contexts(server, client, revocation, stamps);
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new TlsException("TLS between servers cannot be set up: " + e.getMessage(), e);
        }
    }

    private SslContextBuilder common(SslContextBuilder builder, TrustManagerFactory trusted) {
        SslContextBuilder common =
                builder.sslProvider(SslProvider.JDK).trustManager(trusted).protocols(config.protocols());
        return config.cipherSuites().isEmpty() ? common : common.ciphers(config.cipherSuites());
    }

    private static KeyStore stored(KeyStoreFile file) {
        try {
            return StoredKeys.read(file);
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new TlsException(file + " cannot be used: " + e.getMessage() + "; check file, type and password", e);
        }
    }

    private static boolean holdsKey(KeyStore store) throws GeneralSecurityException {
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                return true;
            }
        }
        return false;
    }

    private List<Object> stamps() {
        List<Object> stamps = new ArrayList<>();
        for (KeyStoreFile file : List.of(config.keyStore(), config.trustStore())) {
            try {
                FileTime touched = Files.getLastModifiedTime(file.location());
                stamps.add(touched);
                stamps.add(Files.size(file.location()));
            } catch (IOException e) {
                stamps.add("gone");
            }
        }
        return stamps;
    }
}
