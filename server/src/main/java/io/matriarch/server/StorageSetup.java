package io.matriarch.server;

import io.matriarch.server.config.ServerConfig;
import io.matriarch.server.config.StorageConfig;
import io.matriarch.storage.StorageOptions;

/** Translates the configuration of a server for its storage. */
final class StorageSetup {
    private StorageSetup() {}

    static StorageOptions options(ServerConfig config) {
        StorageConfig storage = config.storage();
        return StorageOptions.in(config.dataDir().toString())
                .withLogDir(config.dataLogDir().toString())
                .withPreAllocBytes(config.preAllocBytes())
                // Compat: Apache with digest.enabled=false takes a snapshot with a digest for broken (disk.md 5.6).
                .withTrailers(config.replication().isDigesting())
                .withMaxLogFileBytes(storage.maxLogFileBytes())
                .withCompression(storage.compression())
                .withCreatesDatabase(storage.createsDatabase())
                .withTrustInLogWithoutSnapshot(storage.trustsLogWithoutSnapshot());
    }
}
