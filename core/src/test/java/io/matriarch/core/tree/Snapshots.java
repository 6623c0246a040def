package io.matriarch.core.tree;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.disk.SnapshotPiece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads views whole, for comparisons. */
final class Snapshots {
    private Snapshots() {}

    /** A snapshot independent of the order of siblings and of the numbering of access lists. */
    record Content(
            Map<Long, Integer> sessions,
            Map<String, NodeRecord> nodes,
            Map<String, List<Acl>> acls,
            Zxid zxid,
            long digest) {}

    static Content of(DataTree tree) {
        try (FrozenTree view = tree.freeze()) {
            return content(pieces(view, 1 << 20));
        }
    }

    static List<SnapshotPiece> pieces(FrozenTree view, int maxBytes) {
        List<SnapshotPiece> pieces = new ArrayList<>();
        for (SnapshotPiece piece = view.next(maxBytes); piece != null; piece = view.next(maxBytes)) {
            pieces.add(piece);
        }
        return pieces;
    }

    static Content content(List<SnapshotPiece> pieces) {
        SnapshotPiece.Tables tables = (SnapshotPiece.Tables) pieces.get(0);
        SnapshotPiece.End end = (SnapshotPiece.End) pieces.get(pieces.size() - 1);
        Map<String, NodeRecord> nodes = new TreeMap<>();
        Map<String, List<Acl>> acls = new TreeMap<>();
        for (SnapshotPiece piece : pieces.subList(1, pieces.size() - 1)) {
            for (NodeRecord node : ((SnapshotPiece.Nodes) piece).nodes()) {
                String path = node.path();
                if (!path.isEmpty() && !nodes.containsKey(path.substring(0, path.lastIndexOf('/')))) {
                    throw new AssertionError(path + " comes before its parent");
                }
                List<Acl> acl = node.aclId() == NodeRecord.OPEN_ACL_ID
                        ? Acl.OPEN
                        : tables.acls().get(node.aclId());
                if (acl == null || nodes.put(path, withoutAclId(node)) != null) {
                    throw new AssertionError(path + " is there twice or without an access list");
                }
                acls.put(path, acl);
            }
        }
        return new Content(new HashMap<>(tables.sessions()), nodes, acls, end.zxid(), end.digest());
    }

    static DataTree load(List<SnapshotPiece> pieces, Zxid label) {
        DataTree.Loader loader = new DataTree.Loader();
        pieces.forEach(loader::accept);
        return loader.finish(label);
    }

    private static NodeRecord withoutAclId(NodeRecord n) {
        return new NodeRecord(
                n.path(),
                n.data(),
                0,
                n.czxid(),
                n.mzxid(),
                n.ctime(),
                n.mtime(),
                n.version(),
                n.cversion(),
                n.aversion(),
                n.ephemeralOwner(),
                n.pzxid());
    }
}
