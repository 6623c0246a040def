package io.matriarch.core.tree;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.txn.CloseSessionTxn;
import io.matriarch.wire.txn.CreateContainerTxn;
import io.matriarch.wire.txn.CreateSessionTxn;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.DeleteTxn;
import io.matriarch.wire.txn.MultiTxn;
import io.matriarch.wire.txn.SetAclTxn;
import io.matriarch.wire.txn.SetDataTxn;
import io.matriarch.wire.txn.SubTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnBody;
import io.matriarch.wire.txn.TxnHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** disk.md 7 as one map by path, with every question answered by a scan. */
final class TreeOracle {
    final Map<Long, Integer> sessions = new HashMap<>();
    final Map<String, NodeRecord> nodes = new TreeMap<>();
    final Map<String, List<Acl>> acls = new TreeMap<>();

    TreeOracle() {
        put("", Bytes.EMPTY, Acl.OPEN, 0);
        put("/zookeeper", Bytes.EMPTY, Acl.OPEN, 0);
        put("/zookeeper/config", Bytes.EMPTY, Acl.READ, -1);
        put("/zookeeper/quota", Bytes.EMPTY, Acl.OPEN, 0);
    }

    private void put(String path, Bytes data, List<Acl> acl, int aversion) {
        nodes.put(path, new NodeRecord(path, data, 0, 0, 0, 0, 0, 0, 0, aversion, 0, 0));
        acls.put(path, acl);
    }

    void apply(Txn txn) {
        if (txn.body() instanceof MultiTxn multi) {
            if (!multi.isFailed()) {
                for (SubTxn part : multi.parts()) {
                    apply(txn.header(), part.body());
                }
            }
        } else {
            apply(txn.header(), txn.body());
        }
    }

    private void apply(TxnHeader h, TxnBody body) {
        if (body instanceof CreateTxn t) {
            create(h, t.path(), t.data(), t.acl(), t.ephemeral() ? h.clientId() : 0, t.parentCVersion());
        } else if (body instanceof CreateContainerTxn t) {
            create(h, t.path(), t.data(), t.acl(), Long.MIN_VALUE, t.parentCVersion());
        } else if (body instanceof DeleteTxn t) {
            delete(h.zxid().value(), t.path());
        } else if (body instanceof SetDataTxn t && nodes.containsKey(t.path())) {
            NodeRecord n = nodes.get(t.path());
            nodes.put(
                    t.path(),
                    new NodeRecord(
                            n.path(),
                            t.data(),
                            0,
                            n.czxid(),
                            h.zxid().value(),
                            n.ctime(),
                            h.timeMillis(),
                            t.version(),
                            n.cversion(),
                            n.aversion(),
                            n.ephemeralOwner(),
                            n.pzxid()));
        } else if (body instanceof SetAclTxn t && nodes.containsKey(t.path())) {
            NodeRecord n = nodes.get(t.path());
            acls.put(t.path(), t.acl());
            nodes.put(
                    t.path(),
                    new NodeRecord(
                            n.path(),
                            n.data(),
                            0,
                            n.czxid(),
                            n.mzxid(),
                            n.ctime(),
                            n.mtime(),
                            n.version(),
                            n.cversion(),
                            t.version(),
                            n.ephemeralOwner(),
                            n.pzxid()));
        } else if (body instanceof CreateSessionTxn t) {
            sessions.put(h.clientId(), t.timeoutMillis());
        } else if (body instanceof CloseSessionTxn t) {
            sessions.remove(h.clientId());
            List<String> paths = new ArrayList<>(t.paths() == null ? List.of() : t.paths());
            for (NodeRecord n : nodes.values()) {
                if (n.ephemeralOwner() == h.clientId()) {
                    paths.add(n.path());
                }
            }
            paths.forEach(path -> delete(h.zxid().value(), path));
        }
    }

    private void create(TxnHeader h, String path, Bytes data, List<Acl> acl, long owner, int parentCVersion) {
        String parentPath = path.substring(0, path.lastIndexOf('/'));
        NodeRecord parent = nodes.get(parentPath);
        if (parent == null) {
            return;
        }
        long zxid = h.zxid().value();
        long time = h.timeMillis();
        acls.put(path, acl);
        nodes.putIfAbsent(path, new NodeRecord(path, data, 0, zxid, zxid, time, time, 0, 0, 0, owner, zxid));
        int cversion = parentCVersion == -1 ? parent.cversion() + 1 : parentCVersion;
        if (cversion > parent.cversion()) {
            putParent(parent, cversion, zxid);
        }
    }

    private void delete(long zxid, String path) {
        NodeRecord parent = nodes.get(path.substring(0, path.lastIndexOf('/')));
        if (parent == null) {
            return;
        }
        if (zxid > parent.pzxid()) {
            putParent(parent, parent.cversion(), zxid);
        }
        nodes.keySet().removeIf(other -> other.equals(path) || other.startsWith(path + "/"));
        acls.keySet().retainAll(nodes.keySet());
    }

    private void putParent(NodeRecord p, int cversion, long pzxid) {
        nodes.put(
                p.path(),
                new NodeRecord(
                        p.path(),
                        p.data(),
                        0,
                        p.czxid(),
                        p.mzxid(),
                        p.ctime(),
                        p.mtime(),
                        p.version(),
                        cversion,
                        p.aversion(),
                        p.ephemeralOwner(),
                        pzxid));
    }

    int childCount(String path) {
        int count = 0;
        for (String other : nodes.keySet()) {
            if (other.startsWith(path + "/") && other.indexOf('/', path.length() + 1) < 0) {
                count++;
            }
        }
        return count;
    }

    /** disk.md 9, from scratch. */
    long digest() {
        long digest = 0;
        for (NodeRecord n : nodes.values()) {
            if (!n.path().startsWith("/zookeeper/")) {
                digest += digest(n);
            }
        }
        return digest;
    }

    private static long digest(NodeRecord n) {
        CRC32 crc = new CRC32();
        crc.update(n.path().getBytes(StandardCharsets.UTF_8));
        if (n.data() != null) {
            crc.update(n.data().toByteArray());
        }
        ByteBuffer rest = ByteBuffer.allocate(60);
        rest.putLong(n.czxid())
                .putLong(n.mzxid())
                .putLong(n.pzxid())
                .putLong(n.ctime())
                .putLong(n.mtime());
        rest.putInt(n.version()).putInt(n.cversion()).putInt(n.aversion()).putLong(n.ephemeralOwner());
        crc.update(rest.array());
        return crc.getValue();
    }
}
