package io.matriarch.cli.contact;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say at which addresses servers are asked, and how long each may take. */
public class ServersOption {
    private static final int DEFAULT_TIMEOUT_SECONDS = 5;
    private static final int MAX_TIMEOUT_SECONDS = 600;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--servers",
            paramLabel = "HOST:PORT",
            split = ",",
            description = "Client addresses of servers, of all of them where it can be.")
    private List<String> servers = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "For each connection and each answer; default ${DEFAULT-VALUE}.")
    private int timeoutSeconds;

    /** For the command line, which fills in the options. */
    public ServersOption() {
        this(DEFAULT_TIMEOUT_SECONDS);
    }

    /** With another default of {@code --timeout}. */
    public ServersOption(int defaultTimeoutSeconds) {
        timeoutSeconds = defaultTimeoutSeconds;
    }

    /** Whether any was given. */
    public final boolean isGiven() {
        return !servers.isEmpty();
    }

    /**
     * The addresses, in the order given.
     *
     * @throws ParameterException if one is none
     */
    public final List<Address> named() {
        try {
            return servers.stream().map(Address::parse).toList();
        } catch (IllegalArgumentException e) {
            throw wrong("--servers: " + e.getMessage());
        }
    }

    /** What is wrong with what was given, for the reader of the command line. */
    protected final ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    /**
     * How they are reached.
     *
     * @param bindAddress whence; null leaves it to the system
     * @throws ParameterException if the time is none
     */
    public final Network network(@Nullable InetAddress bindAddress) {
        if (timeoutSeconds < 1 || timeoutSeconds > MAX_TIMEOUT_SECONDS) {
            throw wrong("--timeout is 1 to " + MAX_TIMEOUT_SECONDS);
        }
        return new Network(bindAddress, timeoutSeconds * 1000);
    }
}
