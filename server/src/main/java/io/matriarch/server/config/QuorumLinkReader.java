package io.matriarch.server.config;

/** What concerns the links between servers: election, time, listening and dialling. */
final class QuorumLinkReader {
    private final Settings settings;
    private final ConfigValues values;

    QuorumLinkReader(Settings settings, ConfigValues values) {
        this.settings = settings;
        this.values = values;
    }

    void read() {
        values.tickMillis = settings.number("tickTime", values.tickMillis);
        values.electionPortBindRetry = settings.number("electionPortBindRetry", values.electionPortBindRetry);
        values.connectTimeoutMillis = settings.number("cnxTimeout", values.connectTimeoutMillis);
        values.openingTimeoutMillis = settings.number("quorumCnxnTimeoutMs", -1);
        values.listensOnAllAddresses = settings.isTrue("quorumListenOnAllIPs", false);
        values.quorumTls = new QuorumTlsReader(settings).read();
        values.quorumSasl = new QuorumSaslReader(settings).read();
        Setting algorithm = settings.line("electionAlg");
        if (algorithm != null && !algorithm.value().equals("3")) {
            settings.problems().add(algorithm.problem("only 3, fast leader election, is supported"));
        }
    }
}
