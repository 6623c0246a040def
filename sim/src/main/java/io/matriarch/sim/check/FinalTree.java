package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.Znode;
import io.matriarch.wire.Bytes;
import java.util.Map;
import java.util.Set;

/** A server's tree at the end, when everything has come to rest. */
record FinalTree(int sid, DataTree tree) {
    /** Where the configuration never changed. */
    void showsConfiguration(String configuration) {
        Znode node = tree.find(DataTree.CONFIG);
        Bytes shown = node == null ? null : node.data();
        require(
                shown != null && shown.asUtf8().equals(configuration),
                Invariant.OWN_CONFIGURATION,
                () -> "server " + sid + " shows " + (shown == null ? "nothing" : shown.asUtf8()) + " instead of "
                        + configuration);
    }

    /** When all servers are at the same zxid: the whole tree against the naive one. */
    void isThatOf(SequentialTree expected) {
        require(
                tree.sessions().keySet().equals(expected.openSessions()),
                Invariant.SESSION_ONCE,
                () -> "server " + sid + " has sessions " + tree.sessions().keySet() + " instead of "
                        + expected.openSessions());
        for (long session : expected.openSessions()) {
            require(
                    Set.copyOf(tree.ephemerals(session)).equals(Set.copyOf(expected.ephemerals(session))),
                    Invariant.SESSION_EPHEMERALS,
                    () -> "server " + sid + " has " + tree.ephemerals(session) + " of session 0x"
                            + Long.toHexString(session) + " instead of " + expected.ephemerals(session));
        }
        Map<String, NodeState> present = expected.present();
        for (String path : present.keySet()) {
            require(tree.find(path) != null, Invariant.EQUAL_TREES, () -> "server " + sid + " has no " + path);
        }
        int reserved = 3;
        require(
                tree.nodeCount() == present.size() + reserved,
                Invariant.EQUAL_TREES,
                () -> "server " + sid + " has " + tree.nodeCount() + " znodes instead of "
                        + (present.size() + reserved));
    }
}
