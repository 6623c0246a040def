package io.matriarch.server.config;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A file with keys or trusted certificates.
 *
 * @param password opens it; "" for none
 */
public record KeyStoreFile(Path location, String password, Type type) {

    /** How keys and certificates are stored. */
    public enum Type {
        /** Java's own format. */
        JKS,
        /** The standard binary format. */
        PKCS12,
        /** Text: a private key in PKCS 8, encrypted or not, and its certificates, in one file; or certificates alone. */
        PEM;

        /** By the file's extension; null if that says nothing. */
        static @Nullable Type ofFile(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.endsWith(".jks")) {
                return JKS;
            }
            if (lower.endsWith(".p12") || lower.endsWith(".pfx")) {
                return PKCS12;
            }
            return lower.endsWith(".pem") ? PEM : null;
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return type + " file " + location;
    }
}
