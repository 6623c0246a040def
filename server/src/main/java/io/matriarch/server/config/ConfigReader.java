package io.matriarch.server.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.function.UnaryOperator;

/**
 * Reads a configuration as a whole: first the files, then each family of keys by its reader, last what must hold between
 * the values. Nothing stops at the first problem; all of them are told at once.
 */
final class ConfigReader {
    private final Settings settings;
    private final LocalHosts hosts;

    /** @param systemProperties answers null for what is not set */
    ConfigReader(Path zooCfg, UnaryOperator<String> systemProperties) {
        this(zooCfg, systemProperties, LocalHosts.ANY);
    }

    /** @param hosts says which addresses this server cannot listen on */
    ConfigReader(Path zooCfg, UnaryOperator<String> systemProperties, LocalHosts hosts) {
        this.settings = new Settings(zooCfg, systemProperties);
        this.hosts = hosts;
    }

    /** Names options of the JVM that mean something to Apache's server and nothing to this one. */
    ConfigReader warnOf(Collection<String> propertyNames) {
        propertyNames.stream().sorted().forEach(settings::warnIfUnsupported);
        return this;
    }

    ServerConfig read() {
        ConfigValues values = new ConfigValues();
        if (new FilesReader(settings).read(values)) {
            new StorageReader(settings, values).read();
            new ReplicationReader(settings, values).read();
            new ClientReader(settings, values).read();
            new QuorumLinkReader(settings, values).read();
            new EnsembleReader(settings, values, hosts).read();
            new ZnodeReader(settings, values).read();
            new ReconfigReader(settings, values).read();
            values.observers = ObserverSettings.read(settings);
            values.leadership = LeadershipSettings.read(settings);
            ConfigRules.check(values, settings);
        }
        if (!settings.problems().isEmpty()) {
            throw new ConfigException(
                    settings.file().toString(), settings.orderedProblems(), settings.isOnlyDirectories());
        }
        values.warnings.addAll(settings.warnings());
        return new ServerConfig(values);
    }
}
