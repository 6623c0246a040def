package io.matriarch.cli.shell;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.client.ConnectStringParser;

/** The servers of a connect string, looked at one by one to say why no session could be opened. */
final class Addresses {
    private static final int DIAL_MILLIS = 1_000;

    private final String servers;
    private final List<InetSocketAddress> all;

    private Addresses(String servers, List<InetSocketAddress> all) {
        this.servers = servers;
        this.all = all;
    }

    /** Of {@code host[:port][,…][/chroot]}. */
    static Addresses of(String servers) throws ShellException {
        try {
            return new Addresses(servers, new ConnectStringParser(servers).getServerAddresses());
        } catch (IllegalArgumentException e) {
            throw ShellException.usage("'" + servers + "' is no list of servers (" + e.getMessage()
                    + "); write host:port[,host:port…][/chroot]");
        }
    }

    boolean isAnybodyThere() {
        return all.stream().anyMatch(address -> look(address).equals(LISTENS));
    }

    /** One line for each server. */
    String whyNot() {
        List<String> lines = new ArrayList<>();
        lines.add("No session could be opened with " + servers + ":");
        for (InetSocketAddress address : all) {
            lines.add("  " + address.getHostString() + ":" + address.getPort() + " " + look(address));
        }
        lines.add("Name the servers with --servers host:port[,…]; is one of them running, and its quorum?");
        return String.join("\n", lines);
    }

    private static final String LISTENS =
            "listens, but opened no session: it has no quorum, starts, or wants TLS on this port";

    private static String look(InetSocketAddress address) {
        InetSocketAddress found = new InetSocketAddress(address.getHostString(), address.getPort());
        if (found.isUnresolved()) {
            return "is unknown: there is no such host";
        }
        try (Socket socket = new Socket()) {
            socket.connect(found, DIAL_MILLIS);
            return LISTENS;
        } catch (ConnectException e) {
            return "refuses: nobody listens there";
        } catch (IOException e) {
            return "does not answer: " + e.getMessage();
        }
    }
}
