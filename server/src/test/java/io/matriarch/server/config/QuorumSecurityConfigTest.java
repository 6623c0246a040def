package io.matriarch.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What zoo.cfg says about TLS and SASL between servers (operations.md 8.4 and 9): nothing of it is ever ignored. */
class QuorumSecurityConfigTest {
    private static final String STANDALONE = "dataDir=%s\nclientPort=2181\n";
    private static final String DIGEST = "org.apache.zookeeper.server.auth.DigestLoginModule";

    private static final String KERBEROS = "com.sun.security.auth.module.Krb5LoginModule";

    @TempDir
    Path dir;

    private final Map<String, AppConfigurationEntry> sections = new HashMap<>();

    @BeforeEach
    void installJaas() {
        Configuration.setConfiguration(new Configuration() {
            @Override
            public AppConfigurationEntry @Nullable [] getAppConfigurationEntry(String name) {
                AppConfigurationEntry entry = sections.get(name);
                return entry == null ? null : new AppConfigurationEntry[] {entry};
            }
        });
        section("QuorumServer", DIGEST, Map.of("user_zoe", "secret", "user_ann", "other"));
        section("QuorumLearner", DIGEST, Map.of("username", "zoe", "password", "secret"));
    }

    @AfterEach
    void removeJaas() {
        Configuration.setConfiguration(null);
    }

    @Test
    void linksAreInClearTextUnlessSaidOtherwise() throws IOException {
        ServerConfig config = read("sslQuorum=false\nportUnification=false\nquorum.auth.enableSasl=false\n");
        assertThat(config.quorumTls()).isEmpty();
        assertThat(config.quorumSasl()).isEmpty();
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void tlsHasTheDefaultsOfApache() throws IOException {
        QuorumTls tls = read("sslQuorum=true\n" + stores()).quorumTls().orElseThrow();
        assertThat(tls)
                .isEqualTo(new QuorumTls(
                        true,
                        false,
                        new KeyStoreFile(dir.resolve("key.jks"), "a", KeyStoreFile.Type.JKS),
                        new KeyStoreFile(dir.resolve("trust.p12"), "b", KeyStoreFile.Type.PKCS12),
                        List.of("TLSv1.3", "TLSv1.2"),
                        List.of(),
                        QuorumTls.ClientAuth.NEED,
                        true,
                        true,
                        true,
                        QuorumTls.Revocation.UNCHECKED,
                        5000,
                        false));
        assertThat(tls.toString()).doesNotContain("password=a");
    }

    @Test
    void everyTlsSettingIsRead() throws IOException {
        Files.writeString(dir.resolve("pass"), "from-file\n");
        QuorumTls tls = read("portUnification=true\nsslQuorumReloadCertFiles=true\n" + stores()
                        + "ssl.quorum.keyStore.passwordPath=" + dir.resolve("pass") + "\nssl.quorum.keyStore.type=pem\n"
                        + "ssl.quorum.protocol=TLSv1.2\nssl.quorum.ciphersuites=A, B\nssl.quorum.clientAuth=want\n"
                        + "ssl.quorum.clientHostnameVerification=false\nssl.quorum.allowReverseDnsLookup=false\n"
                        + "ssl.quorum.handshakeDetectionTimeoutMillis=70\n")
                .quorumTls()
                .orElseThrow();
        assertThat(tls.isSpoken()).isFalse();
        assertThat(tls.isUnified()).isTrue();
        assertThat(tls.isReloaded()).isTrue();
        assertThat(tls.keyStore())
                .isEqualTo(new KeyStoreFile(dir.resolve("key.jks"), "from-file", KeyStoreFile.Type.PEM));
        assertThat(tls.protocols()).containsExactly("TLSv1.2");
        assertThat(tls.cipherSuites()).containsExactly("A", "B");
        assertThat(tls.clientAuth()).isEqualTo(QuorumTls.ClientAuth.WANT);
        assertThat(tls.verifiesServers()).isTrue();
        assertThat(tls.verifiesClients()).isFalse();
        assertThat(tls.allowsReverseLookup()).isFalse();
        assertThat(tls.detectionTimeoutMillis()).isEqualTo(70);
        String unverified = "sslQuorum=true\nssl.quorum.hostnameVerification=false\n" + stores();
        assertThat(read(unverified).quorumTls().orElseThrow().verifiesClients()).isFalse();
    }

    /** As createTrustManager of Apache's 3.9.5 sets the options of the JDK's checker. */
    @Test
    void revocationIsCheckedAsAskedFor() throws IOException {
        String on = "sslQuorum=true\n" + stores();
        assertThat(revocation(on)).isEqualTo(QuorumTls.Revocation.UNCHECKED);
        assertThat(revocation(on + "ssl.quorum.crl=true\n")).isEqualTo(QuorumTls.Revocation.CRL);
        assertThat(revocation(on + "ssl.quorum.ocsp=true\n")).isEqualTo(QuorumTls.Revocation.OCSP);
        assertThat(revocation(on + "ssl.quorum.crl=true\nssl.quorum.ocsp=true\n"))
                .isEqualTo(QuorumTls.Revocation.OCSP);
        assertRefused(on + "ssl.quorum.crl=yes\n", "ssl.quorum.crl=yes: must be true or false");
    }

    private QuorumTls.Revocation revocation(String text) throws IOException {
        return read(text).quorumTls().orElseThrow().revocation();
    }

    @Test
    void whatWeDoNotHaveIsRefused() throws IOException {
        String on = "sslQuorum=true\n" + stores();
        assertRefused(on + "ssl.quorum.context.supplier.class=x.Y\n", "is not supported; must be absent");
        assertRefused(on + "ssl.quorum.keyStore.type=BCFKS\n", "must be JKS, PKCS12 or PEM; others are not supported");
        assertRefused(on + "ssl.quorum.clientAuth=maybe\n", "must be need, want or none");
        assertRefused(on + "ssl.quorum.keyStore.passwordPath=/no/such\n", "passwordPath=/no/such: cannot be read");
        assertRefused("sslQuorum=true\n", "ssl.quorum.keyStore.location: is missing; TLS between servers needs");
        assertRefused("sslQuorum=true\n", "ssl.quorum.trustStore.location: is missing; TLS between servers needs");
        assertRefused(on + "ssl.quorum.trustStore.location=/no/such.p12\n", "cannot be read: /no/such.p12");
        Files.writeString(dir.resolve("key.bin"), "");
        assertRefused(
                on + "ssl.quorum.keyStore.location=" + dir.resolve("key.bin") + "\n",
                "ssl.quorum.keyStore.type: is missing, and the name");
        assertRefused("sslQuorum=yes\n", "sslQuorum=yes: must be true or false");
    }

    @Test
    void passwordsAreNotShownInComplaints() throws IOException {
        ServerConfig config = read("sslQuorum=true\n" + stores() + "ssl.quorum.keyStore.password=geheim\n");
        assertThat(config.warnings())
                .singleElement()
                .asString()
                .contains("overrides line")
                .doesNotContain("geheim");
    }

    @Test
    void saslTakesApachesSectionsOfTheJaasFile() throws IOException {
        QuorumSasl sasl = read("quorum.auth.enableSasl=true\nquorum.auth.learnerRequireSasl=true\n"
                        + "quorum.auth.serverRequireSasl=true\n")
                .quorumSasl()
                .orElseThrow();
        assertThat(sasl)
                .isEqualTo(QuorumSasl.digest(true, true, "zoe", "secret", Map.of("zoe", "secret", "ann", "other")));
        assertThat(sasl.toString()).doesNotContain("secret");

        section("Mine", DIGEST, Map.of("username", "ann", "password", "other"));
        String named = "quorum.auth.enableSasl=true\nquorum.auth.learner.saslLoginContext=Mine\n";
        assertThat(read(named).quorumSasl().orElseThrow().initiator())
                .isEqualTo(new QuorumSasl.Password("ann", "other"));
    }

    @Test
    void saslThatCannotWorkIsRefused() throws IOException {
        String on = "quorum.auth.enableSasl=true\n";
        assertRefused(on + "fips-mode=true\n", "DIGEST-MD5 is not allowed with fips-mode=true");
        assertRefused("quorum.auth.serverRequireSasl=true\n", "serverRequireSasl=true: needs quorum.auth.enableSasl");
        assertRefused("quorum.auth.learnerRequireSasl=true\n", "learnerRequireSasl=true: needs quorum.auth.enableSasl");
        assertRefused(on + "quorum.auth.serverRequireSasl=true\n", "or the servers refuse each other");
        assertRefused(on + "quorum.auth.server.saslLoginContext=No\n", "section No is missing in the JAAS file");
        section("QuorumLearner", DIGEST, Map.of("username", "zoe"));
        assertRefused(on, "the learner's section of the JAAS file needs username and password");
        section("QuorumServer", DIGEST, Map.of("zoe", "secret"));
        assertRefused(on, "names no user_NAME=\"password\"");
    }

    @Test
    void kerberosIsAskedForByTheLoginModuleOfASection() throws IOException {
        Files.writeString(dir.resolve("keys"), "");
        Map<String, String> options =
                Map.of("useKeyTab", "true", "keyTab", dir.resolve("keys").toString(), "storeKey", "true");
        section("QuorumServer", KERBEROS, options);
        String on = "quorum.auth.enableSasl=true\nquorum.auth.learnerRequireSasl=true\n";
        QuorumSasl mixed = read(on).quorumSasl().orElseThrow();
        assertThat(mixed.acceptor()).isEqualTo(new QuorumSasl.Keys("QuorumServer"));
        assertThat(mixed.initiator()).isEqualTo(new QuorumSasl.Password("zoe", "secret"));
        section("QuorumLearner", KERBEROS, options);
        // fips-mode is about DIGEST-MD5 only.
        QuorumSasl usual = read(on + "fips-mode=true\n").quorumSasl().orElseThrow();
        assertThat(usual.initiator()).isEqualTo(new QuorumSasl.Ticket("QuorumLearner", "zkquorum", "localhost"));
        String named = on + "quorum.auth.kerberos.servicePrincipal=zk/_HOST@EXAMPLE.COM\n";
        assertThat(read(named).quorumSasl().orElseThrow().initiator())
                .isEqualTo(new QuorumSasl.Ticket("QuorumLearner", "zk", "_HOST"));
        assertThat(read(named).warnings()).isEmpty();
    }

    @Test
    void kerberosThatCannotWorkIsRefused() {
        String on = "quorum.auth.enableSasl=true\n";
        section("QuorumServer", KERBEROS, Map.of("useKeyTab", "true", "keyTab", "/no/such", "storeKey", "true"));
        assertRefused(on, "keyTab /no/such of section QuorumServer of the JAAS file cannot be read");
        section("QuorumServer", KERBEROS, Map.of());
        assertRefused(on, "section QuorumServer of the JAAS file needs storeKey=true, to answer who dials");
        section("QuorumLearner", KERBEROS, Map.of());
        for (String bad : List.of("zkquorum", "/host", "zk/", "a/b/c")) {
            assertRefused(on + "quorum.auth.kerberos.servicePrincipal=" + bad + "\n", "must be name/host, such as");
        }
    }

    private void section(String name, String module, Map<String, String> options) {
        sections.put(
                name,
                new AppConfigurationEntry(module, AppConfigurationEntry.LoginModuleControlFlag.REQUIRED, options));
    }

    private String stores() throws IOException {
        Files.writeString(dir.resolve("key.jks"), "");
        Files.writeString(dir.resolve("trust.p12"), "");
        return "ssl.quorum.keyStore.location=" + dir.resolve("key.jks") + "\nssl.quorum.keyStore.password=a\n"
                + "ssl.quorum.trustStore.location=" + dir.resolve("trust.p12") + "\nssl.quorum.trustStore.password=b\n";
    }

    private void assertRefused(String text, String why) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ConfigException.class).hasMessageContaining(why);
    }

    private ServerConfig read(String text) throws IOException {
        Path file = dir.resolve("zoo.cfg");
        Files.writeString(file, STANDALONE.formatted(dir) + text);
        return new ConfigReader(file, key -> null).read();
    }
}
