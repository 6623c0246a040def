package io.matriarch.cli.shell;

import java.nio.file.Path;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ConfigException;
import org.jspecify.annotations.Nullable;

/** Settings of Apache's client, from its own kind of file and system properties. */
final class ClientSettings {
    private ClientSettings() {}

    static ZKClientConfig of(@Nullable Path file) throws ShellException {
        if (file == null) {
            return new ZKClientConfig();
        }
        try {
            return new ZKClientConfig(file);
        } catch (ConfigException e) {
            throw ShellException.usage("--client-configuration " + file + ": " + e.getMessage());
        }
    }
}
