package io.matriarch.server.config;

/** What concerns files: where they are, how they grow, when they are forced. */
final class StorageReader {
    private final Settings settings;
    private final ConfigValues values;

    StorageReader(Settings settings, ConfigValues values) {
        this.settings = settings;
        this.values = values;
    }

    void read() {
        values.dataDir = settings.path("dataDir");
        values.dataLogDir = settings.path("dataLogDir");
        values.snapCount = settings.number("snapCount", values.snapCount);
        values.preAllocBytes = 1024L * settings.number("preAllocSize", (int) (values.preAllocBytes / 1024));
        values.forcesLog = !"no".equalsIgnoreCase(settings.textOr("forceSync", "yes"));
    }
}
