package io.matriarch.server.config;

import io.matriarch.core.zab.ReplicationConfig;

/** What concerns the history: how it is checked, kept and passed on. */
final class ReplicationReader {
    private static final String LAST_COUNTER = "testingonly.lastCounter";
    private static final int LEAST_LAST_COUNTER = 100;

    private final Settings settings;
    private final ConfigValues values;

    ReplicationReader(Settings settings, ConfigValues values) {
        this.settings = settings;
        this.values = values;
    }

    void read() {
        ReplicationConfig usual = ReplicationConfig.DEFAULT;
        ReplicationConfig read = new ReplicationConfig(
                settings.isTrue("digest.enabled", true),
                Math.max(1, settings.number("commitLogCount", usual.windowEntries())),
                settings.fraction("snapshotSizeFactor", usual.snapshotSizeFactor()),
                usual.maxTxnBytes(),
                usual.pieceBytes(),
                usual.rollOverAt(),
                usual.lastCounter());
        values.replication = endOfEpochs(read);
    }

    /** Only for tests of what happens there, like Apache's {@code testingonly.initialZxid}. */
    private ReplicationConfig endOfEpochs(ReplicationConfig read) {
        if (!settings.has(LAST_COUNTER)) {
            return read;
        }
        int counter = settings.number(LAST_COUNTER, LEAST_LAST_COUNTER);
        if (counter < LEAST_LAST_COUNTER) {
            settings.add(LAST_COUNTER, "must be at least " + LEAST_LAST_COUNTER);
            return read;
        }
        return read.withLastCounter(counter);
    }
}
