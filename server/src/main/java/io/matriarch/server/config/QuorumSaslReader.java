package io.matriarch.server.config;

import java.security.Provider;
import java.security.Security;
import java.util.Map;
import java.util.TreeMap;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * SASL between servers: quorum.auth.* and the sections of the JAAS file (operations.md 8.4, election.md 1.10). The login
 * modules are only read, never run, so that Apache's need not be there.
 */
final class QuorumSaslReader {
    private static final String PREFIX = "quorum.auth.";
    private static final String ENABLE = PREFIX + "enableSasl";
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
        if (settings.isTrue("fips-mode", false)) {
            settings.add(ENABLE, "DIGEST-MD5 is not allowed with fips-mode=true; use TLS between servers instead");
        }
        Provider[] able = Security.getProviders("SaslServerFactory.DIGEST-MD5");
        if (able == null) {
            settings.add(ENABLE, "this Java has no SASL mechanism DIGEST-MD5 (module java.security.sasl)");
        }
        int problems = settings.problems().size();
        Map<String, ?> server = section("server", "QuorumServer");
        Map<String, ?> learner = section("learner", "QuorumLearner");
        if (server == null || learner == null || settings.problems().size() > problems) {
            return null;
        }
        return credentials(authenticates, requires, server, learner);
    }

    private @Nullable QuorumSasl credentials(
            boolean authenticates, boolean requires, Map<String, ?> server, Map<String, ?> learner) {
        Map<String, String> passwords = new TreeMap<>();
        server.forEach((key, value) -> {
            if (key.startsWith(USER_PREFIX)) {
                passwords.put(key.substring(USER_PREFIX.length()), String.valueOf(value));
            }
        });
        if (passwords.isEmpty()) {
            settings.add(ENABLE, "the server's section of the JAAS file names no user_NAME=\"password\"");
        }
        Object user = learner.get("username");
        Object password = learner.get("password");
        if (user == null || password == null) {
            settings.add(ENABLE, "the learner's section of the JAAS file needs username and password");
            return null;
        }
        return new QuorumSasl(authenticates, requires, user.toString(), password.toString(), passwords);
    }

    private void complainIfRequired(String key, boolean isRequired) {
        if (isRequired) {
            settings.add(PREFIX + key, "needs " + ENABLE + "=true");
        }
    }

    /** Options of the one login module in the section of the JAAS file that serves as {@code side}. */
    private @Nullable Map<String, ?> section(String side, String otherwise) {
        String name = settings.textOr(PREFIX + side + ".saslLoginContext", otherwise);
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
        if (entries[0].getLoginModuleName().contains("Krb5")) {
            settings.add(
                    ENABLE,
                    "section " + name + " of the JAAS file asks for Kerberos, which is not supported between servers;"
                            + " use DIGEST-MD5 or TLS");
            return null;
        }
        return entries[0].getOptions();
    }
}
