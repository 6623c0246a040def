package io.matriarch.server.config;

import io.matriarch.core.zab.ReplicationConfig;

/** What concerns the history: how it is checked, kept and passed on. */
final class ReplicationReader {
    private final Settings settings;
    private final ConfigValues values;

    ReplicationReader(Settings settings, ConfigValues values) {
        this.settings = settings;
        this.values = values;
    }

    void read() {
        values.replication = new ReplicationConfig(
                settings.isTrue("digest.enabled", true),
                Math.max(1, settings.number("commitLogCount", ReplicationConfig.DEFAULT.windowEntries())),
                settings.fraction("snapshotSizeFactor", ReplicationConfig.DEFAULT.snapshotSizeFactor()),
                ReplicationConfig.DEFAULT.rollOverAt());
    }
}
