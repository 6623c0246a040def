package io.matriarch.core.tree;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.disk.SnapshotPiece;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills an empty tree from a snapshot (disk.md 5). */
final class TreeLoader {
    private final DataTree tree;
    private final Map<Long, List<Acl>> acls = new LinkedHashMap<>();
    private boolean hasTables;
    private boolean hasRoot;
    private SnapshotPiece.@Nullable End end;

    TreeLoader(DataTree tree) {
        this.tree = tree;
    }

    void accept(SnapshotPiece piece) {
        if (end != null) {
            throw new MalformedException("snapshot goes on after its end");
        }
        if (piece instanceof SnapshotPiece.Tables tables) {
            takeTables(tables);
        } else if (piece instanceof SnapshotPiece.Nodes nodes) {
            for (NodeRecord node : nodes.nodes()) {
                takeNode(node);
            }
        } else if (piece instanceof SnapshotPiece.End last) {
            end = last;
        }
    }

    DataTree finish(Zxid label) {
        if (end == null || !hasRoot) {
            throw new MalformedException("snapshot " + label + (hasRoot ? " has no end" : " has no root"));
        }
        tree.loaded(label, end);
        return tree;
    }

    private void takeTables(SnapshotPiece.Tables tables) {
        if (hasTables || hasRoot) {
            throw new MalformedException("snapshot has a second table of sessions");
        }
        hasTables = true;
        tree.sessions.putAll(tables.sessions());
        acls.putAll(tables.acls());
    }

    private void takeNode(NodeRecord record) {
        String path = record.path();
        if (!hasTables) {
            throw new MalformedException("snapshot has znode " + path + " before its tables");
        }
        if (path.isEmpty()) {
            takeRoot(record);
            return;
        }
        int parentEnd = path.lastIndexOf('/');
        Znode parent = parentEnd < 0 || !hasRoot ? null : tree.find(path, parentEnd);
        if (parent == null) {
            throw new MalformedException("snapshot has znode " + path + " without its parent");
        }
        if (tree.find(path) != null) {
            throw new MalformedException("snapshot has znode " + path + " twice");
        }
        Znode node = tree.newNode(parent, path, aclOf(record));
        fill(node, record);
        tree.attach(node, path);
    }

    private void takeRoot(NodeRecord record) {
        if (hasRoot) {
            throw new MalformedException("snapshot has two roots");
        }
        hasRoot = true;
        Znode root = new Znode(null, "", 0, aclOf(record));
        fill(root, record);
        tree.putRoot(root);
    }

    private static void fill(Znode node, NodeRecord record) {
        Bytes data = record.data();
        node.data = data == null ? null : data.compact().array();
        node.czxid = record.czxid();
        node.mzxid = record.mzxid();
        node.ctime = record.ctime();
        node.mtime = record.mtime();
        node.version = record.version();
        node.cversion = record.cversion();
        node.aversion = record.aversion();
        node.owner = record.ephemeralOwner();
        node.pzxid = record.pzxid();
    }

    private AclTable.Entry aclOf(NodeRecord record) {
        if (record.aclId() == NodeRecord.OPEN_ACL_ID) {
            return AclTable.OPEN;
        }
        List<Acl> list = acls.get(record.aclId());
        return list == null ? tree.acls.useUnresolved(record.aclId()) : tree.acls.use(list);
    }
}
