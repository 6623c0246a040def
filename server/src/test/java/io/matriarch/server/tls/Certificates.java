package io.matriarch.server.tls;

import io.matriarch.server.config.KeyStoreFile;
import io.matriarch.server.config.QuorumTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Keys and certificates made by the JDK's keytool for one test. */
public final class Certificates {
    /** Of every store. */
    public static final String PASSWORD = "changeit-1";

    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final Path dir;

    /** Stores are made in {@code dir}. */
    public Certificates(Path dir) {
        this.dir = dir;
    }

    /**
     * A key with a certificate signed by itself.
     *
     * @param alternatives subject alternative names as keytool writes them, such as dns:zk1,ip:127.0.0.1
     */
    public KeyStoreFile key(String name, String alternatives) {
        KeyStoreFile store = new KeyStoreFile(dir.resolve(name + ".p12"), PASSWORD, KeyStoreFile.Type.PKCS12);
        List<String> arguments = new ArrayList<>(
                List.of("-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30"));
        arguments.addAll(
                List.of("-dname", "CN=" + name, "-keystore", store.location().toString()));
        arguments.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        if (!alternatives.isEmpty()) {
            arguments.addAll(List.of("-ext", "san=" + alternatives));
        }
        keytool(arguments);
        return store;
    }

    /** A store that trusts the certificates of these keys. */
    public KeyStoreFile trusting(String name, KeyStoreFile... keys) throws GeneralSecurityException, IOException {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        for (KeyStoreFile key : keys) {
            KeyStore store = open(key);
            for (String alias : Collections.list(store.aliases())) {
                trust.setCertificateEntry(alias, store.getCertificate(alias));
            }
        }
        Path file = dir.resolve(name + ".p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            trust.store(out, PASSWORD.toCharArray());
        }
        return new KeyStoreFile(file, PASSWORD, KeyStoreFile.Type.PKCS12);
    }

    /** The same key and certificate as text. */
    public KeyStoreFile asPem(KeyStoreFile key) throws GeneralSecurityException, IOException {
        KeyStore store = open(key);
        String alias = store.aliases().nextElement();
        StringBuilder text = new StringBuilder("made for a test\n");
        append(text, "PRIVATE KEY", store.getKey(alias, PASSWORD.toCharArray()).getEncoded());
        append(text, "CERTIFICATE", store.getCertificate(alias).getEncoded());
        Path file = dir.resolve(alias + ".pem");
        Files.writeString(file, text);
        return new KeyStoreFile(file, "", KeyStoreFile.Type.PEM);
    }

    /** The certificate alone as text. */
    public KeyStoreFile asTrustedPem(KeyStoreFile key) throws GeneralSecurityException, IOException {
        KeyStore store = open(key);
        String alias = store.aliases().nextElement();
        Certificate certificate = store.getCertificate(alias);
        StringBuilder text = new StringBuilder();
        append(text, "CERTIFICATE", certificate.getEncoded());
        Path file = dir.resolve(alias + "-trusted.pem");
        Files.writeString(file, text);
        return new KeyStoreFile(file, "", KeyStoreFile.Type.PEM);
    }

    private static void append(StringBuilder text, String what, byte[] der) {
        text.append("-----BEGIN ").append(what).append("-----\n");
        text.append(PEM.encodeToString(der)).append('\n');
        text.append("-----END ").append(what).append("-----\n");
    }

    /** Spoken, and nothing else accepted, unless {@code isUnified}. */
    public static QuorumTls tls(KeyStoreFile key, KeyStoreFile trust, boolean isSpoken, boolean isUnified) {
        return tls(key, trust, isSpoken, isUnified, QuorumTls.Revocation.UNCHECKED);
    }

    static QuorumTls tls(
            KeyStoreFile key,
            KeyStoreFile trust,
            boolean isSpoken,
            boolean isUnified,
            QuorumTls.Revocation revocation) {
        return new QuorumTls(
                isSpoken,
                isUnified,
                key,
                trust,
                List.of("TLSv1.3", "TLSv1.2"),
                List.of(),
                QuorumTls.ClientAuth.NEED,
                true,
                true,
                false,
                revocation,
                300,
                false);
    }

    /** For the sockets of a test that plays the other side. */
    public static SSLContext context(KeyStoreFile key, KeyStoreFile trust)
            throws GeneralSecurityException, IOException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(open(key), PASSWORD.toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
        trusted.init(open(trust));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private static KeyStore open(KeyStoreFile file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file.location())) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    static void keytool(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
        } catch (IOException e) {
            throw new IllegalStateException("keytool cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
