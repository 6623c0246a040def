package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;

/**
 * One data directory that goes from server to server, each opening what the one before wrote: every znode keeps every field. One client
 * stays through it all: its session and ephemeral znode are in the files too (disk.md 2, 5; zab.md 12).
 */
final class SharedDirectory {
    private SharedDirectory() {}

    /** How a server gives its directory up. */
    enum Handover {
        /** By the signal that asks. */
        STOPPED,
        /** By the signal that does not. */
        KILLED
    }

    /** What else is done in each turn. */
    interface Beside {
        /** Turn {@code turn} has written; its server ends next. */
        void written(int turn) throws Exception;

        /** The server of turn {@code turn} serves what the one before it left. */
        void takenOver(int turn) throws Exception;
    }

    private static final Beside NOTHING = new Beside() {
        @Override
        public void written(int turn) {}

        @Override
        public void takenOver(int turn) {}
    };

    /**
     * Lets servers take turns on the directory of a standalone server that does not run yet, and writes in each turn.
     *
     * @param turns whose server runs, first to last
     * @param handovers how each but the last ends
     * @return how many znodes were compared, summed over the hand-overs
     */
    static int takeTurns(EnsembleProcess ensemble, List<Flavour> turns, List<Handover> handovers) throws Exception {
        return takeTurns(ensemble, turns, handovers, NOTHING);
    }

    /** The same with something beside it. */
    static int takeTurns(EnsembleProcess ensemble, List<Flavour> turns, List<Handover> handovers, Beside beside)
            throws Exception {
        ServerProcess server = ensemble.server(1);
        server.startAs(turns.get(0));
        server.awaitServing(Clients.SERVING_BOUND);
        ZooKeeper client = Clients.connect(ensemble.connectString());
        long sessionId = client.getSessionId();
        int compared = 0;
        try {
            client.create("/here", bytes("me"), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            writeMuch(client, 0);
            beside.written(0);
            List<String> before = TreeDump.of(client);
            for (int turn = 1; turn < turns.size(); turn++) {
                if (handovers.get(turn - 1) == Handover.STOPPED) {
                    server.stop();
                } else {
                    server.kill();
                }
                server.startAs(turns.get(turn));
                server.awaitServing(Clients.SERVING_BOUND);
                Clients.awaitConnected(client);
                assertThat(TreeDump.of(client)).as("%s", server).isEqualTo(before);
                assertThat(client.getSessionId()).isEqualTo(sessionId);
                compared += before.size();
                beside.takenOver(turn);
                writeMuch(client, turn);
                beside.written(turn);
                before = TreeDump.of(client);
            }
            assertThat(client.exists("/here", false).getEphemeralOwner()).isEqualTo(sessionId);
        } finally {
            Clients.close(client);
            server.close();
        }
        return compared;
    }

    /**
     * Every kind of transaction.
     *
     * @param turn 0 to 255, another one each time
     */
    static void writeMuch(ZooKeeper client, int turn) throws KeeperException, InterruptedException {
        List<ACL> open = ZooDefs.Ids.OPEN_ACL_UNSAFE;
        List<ACL> some = Arrays.asList(
                new ACL(ZooDefs.Perms.ALL, ZooDefs.Ids.ANYONE_ID_UNSAFE),
                new ACL(ZooDefs.Perms.READ, new Id("ip", "10.0.0." + turn)));
        String root = "/turn-" + turn;
        client.create(root, null, open, CreateMode.PERSISTENT);
        for (int i = 0; i < 10; i++) {
            client.create(root + "/s-", bytes("" + i), open, CreateMode.PERSISTENT_SEQUENTIAL);
        }
        client.create(root + "/acl", bytes("ä"), some, CreateMode.PERSISTENT);
        client.create(root + "/box", bytes(""), open, CreateMode.CONTAINER);
        client.create(root + "/box/in", new byte[10_000], open, CreateMode.PERSISTENT);
        client.setData(root, bytes("v1"), 0);
        client.setData(root, null, 1);
        client.setACL(root + "/s-0000000001", some, 0);
        client.delete(root + "/s-0000000002", -1);
        List<Op> operations = new ArrayList<>(List.of(
                Op.create(root + "/m", bytes("m"), open, CreateMode.PERSISTENT),
                Op.setData(root + "/m", bytes("mm"), 0),
                Op.check(root, 2),
                Op.delete(root + "/s-0000000003", -1)));
        client.multi(operations);
        try {
            client.create(root + "/missing/child", null, open, CreateMode.PERSISTENT);
        } catch (KeeperException.NoNodeException expected) {
            // An error is a transaction too (client.md 4).
        }
        for (String older : client.getChildren("/", false)) {
            if (older.startsWith("turn-") && !root.equals("/" + older)) {
                client.create("/" + older + "/s-", null, open, CreateMode.PERSISTENT_SEQUENTIAL);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
