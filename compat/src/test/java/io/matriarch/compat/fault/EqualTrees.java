package io.matriarch.compat.fault;

import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.Clients;
import io.matriarch.compat.TreeDump;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.zookeeper.ZooKeeper;

/** All servers have the same znodes, with the same data, Stat and ACL. */
final class EqualTrees {
    private EqualTrees() {}

    /** Ephemeral znodes of sessions that are about to end may be gone at one server first. */
    static void awaitAmong(EnsembleProcess ensemble) {
        await("equal trees").atMost(Addresses.START_BOUND).until(() -> {
            List<List<String>> trees = new ArrayList<>();
            for (ServerProcess server : ensemble.servers()) {
                trees.add(dump(server));
            }
            return new HashSet<>(trees).size() == 1;
        });
    }

    private static List<String> dump(ServerProcess server) throws Exception {
        ZooKeeper zk = Clients.connect("127.0.0.1:" + server.clientAddress().getPort());
        try {
            return TreeDump.of(zk);
        } finally {
            Clients.close(zk);
        }
    }
}
