package io.matriarch.server.config;

import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * Reads a configuration as a whole: first the files, then each family of keys by its reader, last what must hold between
 * the values. Nothing stops at the first problem; all of them are told at once.
 */
final class ConfigReader {
    private final Settings settings;

    /** @param systemProperties answers null for what is not set */
    ConfigReader(Path zooCfg, UnaryOperator<String> systemProperties) {
        this.settings = new Settings(zooCfg, systemProperties);
    }

    ServerConfig read() {
        ConfigValues values = new ConfigValues();
        if (new FilesReader(settings).read(values)) {
            new StorageReader(settings, values).read();
            new ClientReader(settings, values).read();
            new QuorumLinkReader(settings, values).read();
            new EnsembleReader(settings, values).read();
            ConfigRules.check(values, settings::complain);
        }
        if (!settings.problems().isEmpty()) {
            throw new ConfigException(settings.file().toString(), settings.problems());
        }
        values.warnings.addAll(settings.warnings());
        return new ServerConfig(values);
    }
}
