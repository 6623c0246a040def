package io.matriarch.server.config;

import io.matriarch.core.session.SessionRules;
import io.matriarch.wire.election.HostPort;
import java.util.Arrays;
import java.util.TreeSet;

/** What concerns clients and their sessions: the port, how many, how long, how large, which four-letter words. */
final class ClientReader {
    static final String ANY_HOST = "0.0.0.0";

    private final Settings settings;
    private final ConfigValues values;

    ClientReader(Settings settings, ConfigValues values) {
        this.settings = settings;
        this.values = values;
    }

    void read() {
        readAddress();
        values.clientPortListenBacklog = settings.number("clientPortListenBacklog", -1);
        values.maxClientConnections = settings.number("maxClientCnxns", values.maxClientConnections);
        values.maxConnections = settings.number("maxCnxns", 0);
        values.minSessionTimeoutMillis = settings.number("minSessionTimeout", -1);
        values.maxSessionTimeoutMillis = settings.number("maxSessionTimeout", -1);
        // Compat: the last one is an option of the JVM and cannot be set in the file.
        values.sessionRules = new SessionRules(
                settings.isTrue("localSessionsEnabled", false),
                settings.isTrue("localSessionsUpgradingEnabled", false),
                "true".equalsIgnoreCase(settings.systemProperty("readonlymode.enabled")));
        String words = settings.textOr("4lw.commands.whitelist", "srvr, jrnl, peer");
        values.fourLetterWords = new TreeSet<>(Arrays.asList(words.strip().split("\\s*,\\s*")));
        readJuteMaxBuffer();
    }

    private void readAddress() {
        Setting host = settings.line("clientPortAddress");
        if (settings.has("clientPort")) {
            values.clientAddress =
                    new HostPort(host != null ? host.value() : ANY_HOST, settings.number("clientPort", 0));
        } else if (host != null) {
            settings.problems().add(host.problem("needs clientPort beside it"));
        }
    }

    private void readJuteMaxBuffer() {
        // Compat: this one is no zookeeper. property and cannot be set in the file.
        String text = settings.systemProperty("jute.maxbuffer");
        if (text == null) {
            return;
        }
        try {
            values.juteMaxBuffer = Integer.decode(text.strip());
        } catch (NumberFormatException e) {
            settings.problems().add("-Djute.maxbuffer=" + text + ": must be a whole number of bytes");
        }
    }
}
