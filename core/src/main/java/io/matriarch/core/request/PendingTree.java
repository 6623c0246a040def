package io.matriarch.core.request;

import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.Znode;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Zxid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tree as it will be once everything that is prepared has been applied: what the leader checks the next write
 * against. A layer of changed znodes over the applied tree. Changes made since {@link #begin} are kept by {@link #keep}
 * or undone by {@link #undo}.
 */
final class PendingTree {
    /** What the checks need to know of a znode after some transaction. Not changed once it is put. */
    static final class Node {
        final String path;
        final long zxid;
        boolean exists = true;
        List<Acl> acl;
        int version;
        int aversion;
        int createdChildren;
        int childCount;
        long ephemeralOwner;
        boolean isContainer;

        /** What it replaces in the layer, while it may still be undone. */
        private @Nullable Node before;

        Node(String path, long zxid, List<Acl> acl) {
            this.path = path;
            this.zxid = zxid;
            this.acl = acl;
        }

        private Node(String path, Znode node) {
            this(path, node.mzxid(), node.acl());
            version = node.version();
            aversion = node.aversion();
            createdChildren = node.createdChildren();
            childCount = node.childCount();
            ephemeralOwner = node.ephemeralOwner();
            isContainer = node.isContainer();
        }

        /** A copy to be changed by the transaction {@code byZxid}. */
        Node changed(long byZxid) {
            Node copy = new Node(path, byZxid, acl);
            copy.version = version;
            copy.aversion = aversion;
            copy.createdChildren = createdChildren;
            copy.childCount = childCount;
            copy.ephemeralOwner = ephemeralOwner;
            copy.isContainer = isContainer;
            return copy;
        }

        /** What remains when the transaction {@code byZxid} deletes it. */
        Node deleted(long byZxid) {
            Node gone = new Node(path, byZxid, acl);
            gone.exists = false;
            gone.ephemeralOwner = ephemeralOwner;
            return gone;
        }
    }

    private final DataTree tree;
    private final Map<String, Node> changed = new HashMap<>();
    private final ArrayDeque<Node> kept = new ArrayDeque<>();
    private final List<Node> current = new ArrayList<>();

    PendingTree(DataTree tree) {
        this.tree = tree;
    }

    /** The znode, null if it will not exist. "" and "/" are the root. */
    @Nullable
    Node find(String path) {
        String key = path.isEmpty() ? "/" : path;
        Node node = changed.get(key);
        if (node != null) {
            return node.exists ? node : null;
        }
        Znode applied = tree.find(key);
        return applied == null ? null : new Node(key, applied);
    }

    void put(Node node) {
        node.before = changed.put(node.path, node);
        current.add(node);
    }

    void begin() {
        current.clear();
    }

    void keep() {
        for (Node node : current) {
            node.before = null;
            kept.add(node);
        }
        current.clear();
    }

    void undo() {
        for (int i = current.size() - 1; i >= 0; i--) {
            Node node = current.get(i);
            if (node.before == null) {
                changed.remove(node.path);
            } else {
                changed.put(node.path, node.before);
            }
        }
        current.clear();
    }

    /** The tree has applied everything up to {@code zxid}. */
    void applied(Zxid zxid) {
        while (!kept.isEmpty() && kept.peek().zxid <= zxid.value()) {
            Node node = kept.poll();
            changed.remove(node.path, node);
        }
    }

    /** The session's ephemeral znodes: those applied, and creations to come, without deletions to come. */
    List<String> ephemerals(long sessionId) {
        Set<String> paths = new LinkedHashSet<>(tree.ephemerals(sessionId));
        for (Node node : kept) {
            if (!node.exists) {
                paths.remove(node.path);
            } else if (node.ephemeralOwner == sessionId) {
                paths.add(node.path);
            }
        }
        return new ArrayList<>(paths);
    }

    /** Changes that are prepared and not yet applied. */
    int size() {
        return kept.size();
    }
}
