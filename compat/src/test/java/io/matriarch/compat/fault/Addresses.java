package io.matriarch.compat.fault;

import io.matriarch.bench.ensemble.ServerProcess;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Where clients find servers, and how long they wait for them. */
final class Addresses {
    /** Long enough for three servers to start on a machine that has much else to do. */
    static final Duration START_BOUND = Duration.ofMinutes(2);

    private Addresses() {}

    static List<InetSocketAddress> of(List<ServerProcess> servers) {
        return servers.stream().map(ServerProcess::clientAddress).toList();
    }
}
