package io.matriarch.cli.ensemble;

import io.matriarch.cli.contact.Address;
import io.matriarch.cli.contact.Network;
import io.matriarch.cli.contact.ServersOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which servers an ensemble has. */
final class WhomToAsk extends ServersOption {
    @Option(
            names = "--config",
            paramLabel = "ZOO.CFG",
            description = "A configuration file of the ensemble, with server.N lines or the name of a dynamic file.")
    private @Nullable Path configFile;

    Network network() {
        return network(null);
    }

    /**
     * The addresses, with the server's id where it is known.
     *
     * @throws CannotVerifyException if the configuration cannot be read
     */
    Map<Address, @Nullable Long> addresses() throws CannotVerifyException {
        Map<Address, @Nullable Long> addresses = new LinkedHashMap<>();
        if (configFile != null) {
            Membership.readClients(configFile).forEach((sid, address) -> addresses.put(address, sid));
        }
        named().forEach(address -> addresses.putIfAbsent(address, null));
        if (addresses.isEmpty()) {
            throw wrong(
                    configFile == null
                            ? "--servers or --config is missing"
                            : configFile + " names no port for clients: add --servers");
        }
        return addresses;
    }
}
