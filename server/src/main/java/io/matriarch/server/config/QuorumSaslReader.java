package io.matriarch.server.config;

import java.io.File;
import java.security.Security;
import java.util.Map;
import java.util.TreeMap;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * SASL between servers: quorum.auth.* and the sections of the JAAS file (operations.md 8.4, election.md 1.10). The login
 * modules of passwords are only read, never run, so that Apache's need not be there; that of Kerberos is the JDK's.
 */
final class QuorumSaslReader {
    private static final String PREFIX = "quorum.auth.";
    private static final String ENABLE = PREFIX + "enableSasl";
    private static final String PRINCIPAL = PREFIX + "kerberos.servicePrincipal";
    private static final String USER_PREFIX = "user_";

    private final Settings settings;

    QuorumSaslReader(Settings settings) {
        this.settings = settings;
    }

    /** Null if nobody authenticates, or if something is wrong. */
    @Nullable
    QuorumSasl read() {
        boolean isEnabled = settings.isTrue(ENABLE, false);
        boolean authenticates = settings.isTrue(PREFIX + "learnerRequireSasl", false);
        boolean requires = settings.isTrue(PREFIX + "serverRequireSasl", false);
        if (!isEnabled) {
            complainIfRequired("learnerRequireSasl", authenticates);
            complainIfRequired("serverRequireSasl", requires);
            return null;
        }
        if (requires && !authenticates) {
            settings.add(
                    PREFIX + "serverRequireSasl",
                    "needs " + PREFIX + "learnerRequireSasl=true too, or the servers refuse each other");
        }
        int problems = settings.problems().size();
        AppConfigurationEntry server = section(serverSection(), true);
        AppConfigurationEntry learner = section(learnerSection(), false);
        if (server == null || learner == null) {
            return null;
        }
        if (!isKerberos(server) || !isKerberos(learner)) {
            complainWithoutDigest();
        }
        QuorumSasl.Acceptor acceptor = isKerberos(server) ? new QuorumSasl.Keys(serverSection()) : passwords(server);
        QuorumSasl.Initiator initiator = isKerberos(learner) ? ticket() : password(learner);
        return settings.problems().size() > problems
                ? null
                : new QuorumSasl(authenticates, requires, initiator, acceptor);
    }

    private void complainWithoutDigest() {
        if (settings.isTrue("fips-mode", false)) {
            settings.add(
                    ENABLE,
                    "DIGEST-MD5 is not allowed with fips-mode=true; use Kerberos or TLS between servers instead");
        }
        if (Security.getProviders("SaslServerFactory.DIGEST-MD5") == null) {
            settings.add(ENABLE, "this Java has no SASL mechanism DIGEST-MD5 (module java.security.sasl)");
        }
    }

    private QuorumSasl.Passwords passwords(AppConfigurationEntry server) {
        Map<String, String> passwords = new TreeMap<>();
        server.getOptions().forEach((key, value) -> {
            if (key.startsWith(USER_PREFIX)) {
                passwords.put(key.substring(USER_PREFIX.length()), String.valueOf(value));
            }
        });
        if (passwords.isEmpty()) {
            settings.add(ENABLE, "the server's section of the JAAS file names no user_NAME=\"password\"");
        }
        return new QuorumSasl.Passwords(passwords);
    }

    private QuorumSasl.Password password(AppConfigurationEntry learner) {
        Object user = learner.getOptions().get("username");
        Object password = learner.getOptions().get("password");
        if (user == null || password == null) {
            settings.add(ENABLE, "the learner's section of the JAAS file needs username and password");
        }
        return new QuorumSasl.Password(String.valueOf(user), String.valueOf(password));
    }

    /** Compat: a realm may be named, but who has a host has its realm from krb5.conf. */
    private QuorumSasl.Ticket ticket() {
        String text = settings.textOr(PRINCIPAL, "zkquorum/localhost").strip();
        int realm = text.indexOf('@');
        String name = realm < 0 ? text : text.substring(0, realm);
        int slash = name.indexOf('/');
        if (slash < 1 || slash != name.lastIndexOf('/') || slash == name.length() - 1) {
            settings.add(PRINCIPAL, "must be name/host, such as zkquorum/_HOST");
            return new QuorumSasl.Ticket(learnerSection(), "", "");
        }
        return new QuorumSasl.Ticket(learnerSection(), name.substring(0, slash), name.substring(slash + 1));
    }

    private static boolean isKerberos(AppConfigurationEntry entry) {
        return entry.getLoginModuleName().contains("Krb5");
    }

    private String serverSection() {
        return settings.textOr(PREFIX + "server.saslLoginContext", "QuorumServer");
    }

    private String learnerSection() {
        return settings.textOr(PREFIX + "learner.saslLoginContext", "QuorumLearner");
    }

    private void complainIfRequired(String key, boolean isRequired) {
        if (isRequired) {
            settings.add(PREFIX + key, "needs " + ENABLE + "=true");
        }
    }

    /** The one login module in a section of the JAAS file; null if something is wrong. */
    private @Nullable AppConfigurationEntry section(String name, boolean needsKeys) {
        AppConfigurationEntry[] entries;
        try {
            entries = Configuration.getConfiguration().getAppConfigurationEntry(name);
        } catch (SecurityException e) {
            settings.add(
                    ENABLE, "the JAAS file of -Djava.security.auth.login.config cannot be read: " + e.getMessage());
            return null;
        }
        if (entries == null || entries.length == 0) {
            settings.add(
                    ENABLE,
                    "section " + name + " is missing in the JAAS file; start with"
                            + " -Djava.security.auth.login.config=FILE that has it");
            return null;
        }
        if (isKerberos(entries[0])) {
            checkKeys(name, entries[0].getOptions(), needsKeys);
        }
        return entries[0];
    }

    private void checkKeys(String name, Map<String, ?> options, boolean needsKeys) {
        String keyTab = String.valueOf(options.get("keyTab"));
        String path = keyTab.startsWith("file:") ? keyTab.substring("file:".length()) : keyTab;
        boolean usesKeyTab = "true".equalsIgnoreCase(String.valueOf(options.get("useKeyTab")));
        if (usesKeyTab && options.containsKey("keyTab") && !new File(path).canRead()) {
            settings.add(ENABLE, "keyTab " + path + " of section " + name + " of the JAAS file cannot be read");
        }
        if (needsKeys && !"true".equalsIgnoreCase(String.valueOf(options.get("storeKey")))) {
            settings.add(ENABLE, "section " + name + " of the JAAS file needs storeKey=true, to answer who dials");
        }
    }
}
