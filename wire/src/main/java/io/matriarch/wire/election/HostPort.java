package io.matriarch.wire.election;

import io.matriarch.wire.MalformedException;

/**
 * A host as configured, never resolved here, and a port.
 *
 * @param host name or address; IPv6 without brackets
 * @param port 0 to 65535
 */
public record HostPort(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /**
     * Reads {@code host:port} or {@code [ipv6]:port} (election.md 1.2).
     *
     * @throws MalformedException if it is neither
     */
    public static HostPort parse(String text) {
        String host;
        String port;
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            if (close < 0 || close + 1 >= text.length() || text.charAt(close + 1) != ':') {
                throw new MalformedException("not an address: " + shown(text));
            }
            host = text.substring(1, close);
            port = text.substring(close + 2);
        } else {
            int colon = text.indexOf(':');
            if (colon < 0 || colon != text.lastIndexOf(':')) {
                throw new MalformedException("not an address: " + shown(text));
            }
            host = text.substring(0, colon);
            port = text.substring(colon + 1);
        }
        if (host.isEmpty()) {
            throw new MalformedException("address without a host: " + shown(text));
        }
        return new HostPort(host, parsePort(port));
    }

    /** Whether the host is a wildcard, at which nobody can be called (election.md 1.2). */
    public boolean isWildcard() {
        return host.equals("0.0.0.0") || host.equals("::") || host.equals("0:0:0:0:0:0:0:0");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostPort that && that.port == port && that.host.equals(host);
    }

    @Override
    public int hashCode() {
        return 31 * host.hashCode() + port;
    }

    /** {@code host:port}, an IPv6 address in brackets. */
    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }

    private static int parsePort(String text) {
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || port > MAX_PORT) {
                throw new MalformedException("not a port: " + shown(text));
            }
            port = port * 10 + (c - '0');
        }
        if (text.isEmpty() || port > MAX_PORT) {
            throw new MalformedException("not a port: " + shown(text));
        }
        return port;
    }

    private static String shown(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
