package io.matriarch.cli.contact;

import java.net.InetSocketAddress;

/**
 * Where a server listens; the name is looked up at each use.
 *
 * @param host name, or an address literal without brackets
 * @param port 1 to 65535
 */
public record Address(String host, int port) {
    private static final int MAX_PORT = 65535;

    /**
     * Reads {@code host:port}, an IPv6 literal in brackets.
     *
     * @throws IllegalArgumentException with a text that says what is allowed
     */
    public static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("'" + text + "' must read host:port");
        }
        return new Address(unbracketed(text.substring(0, colon)), port(text.substring(colon + 1)));
    }

    /**
     * Reads a port.
     *
     * @throws IllegalArgumentException with a text that says what is allowed
     */
    public static int port(String text) {
        try {
            int port = Integer.parseInt(text.strip());
            if (port > 0 && port <= MAX_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Falls through to the same complaint.
        }
        throw new IllegalArgumentException("port '" + text + "' must be a number from 1 to " + MAX_PORT);
    }

    /** The host of an address as it stands in configurations. */
    public static String unbracketed(String host) {
        String stripped = host.strip();
        return stripped.startsWith("[") && stripped.endsWith("]")
                ? stripped.substring(1, stripped.length() - 1)
                : stripped;
    }

    /** For a socket; unresolved if the name is not known. */
    public InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
