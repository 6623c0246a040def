package io.matriarch.storage;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.Permission;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.disk.SnapshotPiece;
import java.util.List;
import java.util.Map;

/**
 * The database before its first transaction: the four znodes of disk.md 8, as {@code snapshot.0}. Compat: byte for byte
 * what Apache 3.9.5 writes, without a digest as it has none before the first transaction.
 */
final class EmptyDatabase {
    private static final long CONFIG_ACL_ID = 1;

    private EmptyDatabase() {}

    static List<SnapshotPiece> pieces() {
        List<Acl> readOnly = List.of(new Acl(Permission.READ, new Id("world", "anyone")));
        return List.of(
                new SnapshotPiece.Tables(Map.of(), Map.of(CONFIG_ACL_ID, readOnly)),
                new SnapshotPiece.Nodes(List.of(
                        node("", NodeRecord.OPEN_ACL_ID, 0),
                        node("/zookeeper", NodeRecord.OPEN_ACL_ID, 0),
                        node("/zookeeper/config", CONFIG_ACL_ID, -1),
                        node("/zookeeper/quota", NodeRecord.OPEN_ACL_ID, 0))),
                SnapshotPiece.End.BARE);
    }

    private static NodeRecord node(String path, long aclId, int aversion) {
        return new NodeRecord(path, Bytes.EMPTY, aclId, 0, 0, 0, 0, 0, 0, aversion, 0, 0);
    }
}
