package io.matriarch.cli.ensemble;

import io.matriarch.cli.contact.Address;
import io.matriarch.cli.contact.Network;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which servers an ensemble has. */
final class WhomToAsk {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--servers",
            paramLabel = "HOST:PORT",
            split = ",",
            description = "Client addresses of the servers; those that these name are asked too.")
    private List<String> servers = List.of();

    @Option(
            names = "--config",
            paramLabel = "ZOO.CFG",
            description = "A configuration file of the ensemble, with server.N lines or the name of a dynamic file.")
    private @Nullable Path configFile;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "For each connection and each answer; default 5.")
    private int timeoutSeconds;

    Network network() {
        if (timeoutSeconds < 1 || timeoutSeconds > 600) {
            throw new ParameterException(spec.commandLine(), "--timeout is 1 to 600");
        }
        return new Network(null, timeoutSeconds * 1000);
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
        try {
            servers.stream().map(Address::parse).forEach(address -> addresses.putIfAbsent(address, null));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--servers: " + e.getMessage());
        }
        if (addresses.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    configFile == null
                            ? "--servers or --config is missing"
                            : configFile + " names no port for clients: add --servers");
        }
        return addresses;
    }
}
