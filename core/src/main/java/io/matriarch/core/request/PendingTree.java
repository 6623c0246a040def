package io.matriarch.core.request;

import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.NodeDigest;
import io.matriarch.core.tree.Znode;
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
    private final DataTree tree;
    private final Map<String, PendingNode> changed = new HashMap<>();
    private final ArrayDeque<PendingNode> kept = new ArrayDeque<>();
    private final List<PendingNode> current = new ArrayList<>();

    private final @Nullable NodeDigest digests;
    private long digest;
    private long digestBefore;

    /** {@code isDigesting}: whether {@link #digest} is wanted. */
    PendingTree(DataTree tree, boolean isDigesting) {
        this.tree = tree;
        this.digests = isDigesting ? new NodeDigest() : null;
        this.digest = tree.digest();
    }

    /** The digest that the tree will have (disk.md 9). */
    long digest() {
        return digest;
    }

    /** The znode, null if it will not exist. "" and "/" are the root. */
    @Nullable
    PendingNode find(String path) {
        String key = path.isEmpty() ? "/" : path;
        PendingNode node = changed.get(key);
        if (node != null) {
            return node.exists ? node : null;
        }
        Znode applied = tree.find(key);
        return applied == null ? null : PendingNode.of(key, applied);
    }

    void put(PendingNode node) {
        PendingNode before = changed.put(node.path, node);
        node.before = before;
        current.add(node);
        if (digests != null) {
            digest -= before != null ? before.digest : appliedDigest(digests, node.path);
            node.digest = node.exists ? digests.of(node.record()) : 0;
            digest += node.digest;
        }
    }

    private long appliedDigest(NodeDigest of, String path) {
        Znode applied = tree.find(path);
        return applied == null ? 0 : of.of(applied, path);
    }

    void begin() {
        current.clear();
        digestBefore = digest;
    }

    void keep() {
        for (PendingNode node : current) {
            node.before = null;
            kept.add(node);
        }
        current.clear();
    }

    void undo() {
        for (int i = current.size() - 1; i >= 0; i--) {
            PendingNode node = current.get(i);
            if (node.before == null) {
                changed.remove(node.path);
            } else {
                changed.put(node.path, node.before);
            }
        }
        current.clear();
        digest = digestBefore;
    }

    /** The tree has applied everything up to {@code zxid}. */
    void applied(Zxid zxid) {
        while (!kept.isEmpty() && kept.peek().zxid <= zxid.value()) {
            PendingNode node = kept.poll();
            changed.remove(node.path, node);
        }
    }

    /** The session's ephemeral znodes: those applied, and creations to come, without deletions to come. */
    List<String> ephemerals(long sessionId) {
        Set<String> paths = new LinkedHashSet<>(tree.ephemerals(sessionId));
        for (PendingNode node : kept) {
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
