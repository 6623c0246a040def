package io.matriarch.compat;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Keys, certificates and passwords for the links between the servers of one test, made in a directory of its own. */
final class PeerSecurity {
    private static final String PASSWORD = "changeit-1";

    private final Path directory;
    private final Path keys;
    private final Path trust;
    private final Path jaas;

    /** Makes a key for 127.0.0.1 with the JDK's keytool, a store that trusts it, and a JAAS file. */
    PeerSecurity(Path directory) throws IOException, InterruptedException {
        this.directory = Files.createDirectories(directory.toAbsolutePath());
        this.keys = this.directory.resolve("keys.jks");
        this.trust = this.directory.resolve("trust.p12");
        this.jaas = this.directory.resolve("jaas.conf");
        Path certificate = this.directory.resolve("certificate.pem");
        for (Path old : List.of(keys, trust, certificate)) {
            Files.deleteIfExists(old);
        }
        keytool("-genkeypair -alias zk -keyalg EC -groupname secp256r1 -dname CN=zk -ext san=ip:127.0.0.1,dns:localhost"
                + " -storetype JKS -keystore " + keys + " -storepass " + PASSWORD + " -keypass " + PASSWORD);
        keytool("-exportcert -rfc -alias zk -keystore " + keys + " -storepass " + PASSWORD + " -file " + certificate);
        keytool("-importcert -noprompt -alias zk -storetype PKCS12 -keystore " + trust + " -storepass " + PASSWORD
                + " -file " + certificate);
        Files.writeString(jaas, """
                QuorumServer {
                    org.apache.zookeeper.server.auth.DigestLoginModule required user_zk="between servers";
                };
                QuorumLearner {
                    org.apache.zookeeper.server.auth.DigestLoginModule required username="zk" password="between servers";
                };
                """);
    }

    private static void keytool(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments.split(" ")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool: " + said);
        }
    }

    /** Where the stores are. */
    EnsembleOptions withStores(EnsembleOptions options) {
        return options.withSetting("ssl.quorum.keyStore.location", keys.toString())
                .withSetting("ssl.quorum.keyStore.password", PASSWORD)
                .withSetting("ssl.quorum.trustStore.location", trust.toString())
                .withSetting("ssl.quorum.trustStore.password", PASSWORD);
    }

    /** Nothing but TLS. */
    EnsembleOptions withTls(EnsembleOptions options) {
        return withStores(options).withSetting("sslQuorum", "true");
    }

    /** Everybody must know the password. */
    EnsembleOptions withSasl(EnsembleOptions options) {
        return options.withJvmFlag("-Djava.security.auth.login.config=" + jaas)
                // Without it, Apache 3.9 refuses DIGEST-MD5.
                .withSetting("fips-mode", "false")
                .withSetting("quorum.auth.enableSasl", "true")
                .withSetting("quorum.auth.learnerRequireSasl", "true")
                .withSetting("quorum.auth.serverRequireSasl", "true");
    }

    /** Adds lines to a server's zoo.cfg, in place of earlier ones of the same keys; for its next start. */
    static void reconfigure(ServerProcess server, Map<String, String> settings) {
        StringBuilder lines = new StringBuilder();
        settings.forEach(
                (key, value) -> lines.append(key).append('=').append(value).append('\n'));
        try {
            Files.writeString(
                    server.log().resolveSibling("zoo.cfg"),
                    lines,
                    StandardCharsets.ISO_8859_1,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot change the configuration of " + server, e);
        }
    }

    /** Kills server after server, changes it, and waits until the ensemble is whole again. */
    static void rollOut(EnsembleProcess ensemble, Map<String, String> settings) {
        for (ServerProcess server : ensemble.servers()) {
            server.kill();
            reconfigure(server, settings);
            server.start();
            ensemble.awaitServing(SecuredMixedEnsembleMatrix.BOUND);
        }
    }
}
