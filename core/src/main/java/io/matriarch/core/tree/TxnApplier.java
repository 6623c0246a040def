package io.matriarch.core.tree;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.txn.CheckTxn;
import io.matriarch.wire.txn.CloseSessionTxn;
import io.matriarch.wire.txn.CreateContainerTxn;
import io.matriarch.wire.txn.CreateSessionTxn;
import io.matriarch.wire.txn.CreateTtlTxn;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.DeleteTxn;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.MultiTxn;
import io.matriarch.wire.txn.SetAclTxn;
import io.matriarch.wire.txn.SetDataTxn;
import io.matriarch.wire.txn.SubTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnBody;
import io.matriarch.wire.txn.TxnHeader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each transaction does to a {@link DataTree}: the table of disk.md 7, line by line. */
final class TxnApplier {
    private final DataTree tree;

    TxnApplier(DataTree tree) {
        this.tree = tree;
    }

    TxnResult apply(Txn txn, TreeListener listener) {
        if (txn.body() instanceof MultiTxn multi) {
            return multi.isFailed() ? failedMulti(multi) : multi(txn.header(), multi, listener);
        }
        return apply(txn.header(), txn.body(), listener);
    }

    private TxnResult apply(TxnHeader header, TxnBody body, TreeListener listener) {
        if (body instanceof CreateTxn t) {
            long owner = t.ephemeral() ? header.clientId() : 0;
            return create(header, new Creation(t.path(), t.data(), t.acl(), owner, t.parentCVersion()), listener);
        } else if (body instanceof SetDataTxn t) {
            return setData(header, t, listener);
        } else if (body instanceof DeleteTxn t) {
            return delete(header.zxid().value(), t.path(), listener);
        } else if (body instanceof CreateContainerTxn t) {
            long owner = NodeOwner.CONTAINER;
            return create(header, new Creation(t.path(), t.data(), t.acl(), owner, t.parentCVersion()), listener);
        } else if (body instanceof CreateTtlTxn t) {
            long owner = NodeOwner.ofTtl(t.ttl());
            return create(header, new Creation(t.path(), t.data(), t.acl(), owner, t.parentCVersion()), listener);
        } else if (body instanceof SetAclTxn t) {
            return setAcl(t);
        } else if (body instanceof CreateSessionTxn t) {
            tree.sessions.put(header.clientId(), t.timeoutMillis());
            return TxnResult.OK;
        } else if (body instanceof CloseSessionTxn t) {
            return closeSession(header, t, listener);
        } else if (body instanceof ErrorTxn t) {
            return TxnResult.failed(t.err());
        } else if (body instanceof CheckTxn) {
            return TxnResult.OK;
        }
        throw new IllegalStateException("a multi inside a multi in transaction " + header.zxid());
    }

    private TxnResult multi(TxnHeader header, MultiTxn multi, TreeListener listener) {
        List<TxnResult> parts = new ArrayList<>(multi.parts().size());
        for (SubTxn part : multi.parts()) {
            parts.add(apply(header, part.body(), listener));
        }
        return new TxnResult(ErrorCode.OK, null, parts);
    }

    /** The parts before the one that failed report 0, the one its code, the rest what they carry (client.md 12.3). */
    private static TxnResult failedMulti(MultiTxn multi) {
        List<TxnResult> parts = new ArrayList<>(multi.parts().size());
        for (SubTxn part : multi.parts()) {
            parts.add(part.body() instanceof ErrorTxn error ? TxnResult.failed(error.err()) : TxnResult.OK);
        }
        return new TxnResult(ErrorCode.OK, null, parts);
    }

    // --- znodes --------------------------------------------------------------------------------------------------

    private record Creation(String path, @Nullable Bytes data, List<Acl> acl, long owner, int parentCVersion) {}

    private TxnResult create(TxnHeader header, Creation creation, TreeListener listener) {
        String path = creation.path();
        int parentEnd = path.lastIndexOf('/');
        Znode parent = parentEnd < 0 ? null : tree.find(path, parentEnd);
        if (parent == null) {
            return TxnResult.failed(ErrorCode.NO_NODE);
        }
        long zxid = header.zxid().value();
        Znode existing = tree.find(path);
        if (existing != null) {
            // Replay onto a snapshot that was written while this ran: its table of lists may lack this one.
            tree.beforeChange(existing, path);
            tree.putAcl(existing, creation.acl());
            tree.afterChange(existing, path);
            raise(parent, path.substring(0, parentEnd), creation.parentCVersion(), zxid);
            return TxnResult.failed(ErrorCode.NODE_EXISTS);
        }
        // The parent first, while the open views can still save it with the children it had.
        raise(parent, path.substring(0, parentEnd), creation.parentCVersion(), zxid);
        Znode node = tree.newNode(parent, path, tree.acls.use(creation.acl()));
        Bytes data = creation.data();
        node.data = data == null ? null : data.compact().array();
        node.czxid = zxid;
        node.mzxid = zxid;
        node.pzxid = zxid;
        node.ctime = header.timeMillis();
        node.mtime = header.timeMillis();
        node.owner = creation.owner();
        tree.attach(node, path);
        TxnResult result = TxnResult.of(node.stat());
        tree.quotas().created(path, node.dataLength());
        listener.created(path, node.acl(), parent.acl(), zxid);
        return result;
    }

    /** The create counter and pzxid of a parent only ever rise, so that replay does not count a child twice. */
    private void raise(Znode parent, String path, int parentCVersion, long zxid) {
        int cversion = parentCVersion == CreateTxn.INCREMENT ? parent.cversion + 1 : parentCVersion;
        if (cversion > parent.cversion) {
            tree.beforeChange(parent, path);
            parent.cversion = cversion;
            parent.pzxid = zxid;
            tree.afterChange(parent, path);
        }
    }

    private TxnResult delete(long zxid, String path, TreeListener listener) {
        int parentEnd = path.lastIndexOf('/');
        Znode parent = parentEnd < 0 || path.length() == 1 ? null : tree.find(path, parentEnd);
        if (parent == null) {
            return TxnResult.failed(ErrorCode.NO_NODE);
        }
        if (zxid > parent.pzxid) {
            String parentPath = path.substring(0, parentEnd);
            tree.beforeChange(parent, parentPath);
            parent.pzxid = zxid;
            tree.afterChange(parent, parentPath);
        }
        Znode node = tree.find(path);
        if (node == null) {
            return TxnResult.failed(ErrorCode.NO_NODE);
        }
        List<Acl> acl = node.acl();
        if (node.childCount > 0) {
            detachChildren(node);
        }
        tree.detach(node, path);
        tree.quotas().deleted(path, node.dataLength());
        listener.deleted(path, acl, parent.acl(), zxid);
        return TxnResult.OK;
    }

    /**
     * Only when replaying onto a snapshot written while this ran: it may hold children that a later incarnation of this
     * znode gets; their own transactions follow and create them again.
     */
    private void detachChildren(Znode node) {
        Znode at = node;
        while (true) {
            Znode child = firstLiveChild(at);
            if (child != null) {
                at = child;
            } else if (at == node) {
                return;
            } else {
                Znode parent = at.parent;
                String path = at.path();
                tree.detach(at, path);
                tree.quotas().deleted(path, at.dataLength());
                at = parent;
            }
        }
    }

    private static @Nullable Znode firstLiveChild(Znode node) {
        Znode child = node.firstChild;
        while (child != null && child.isDeleted()) {
            child = child.next;
        }
        return child;
    }

    private TxnResult setData(TxnHeader header, SetDataTxn txn, TreeListener listener) {
        Znode node = tree.find(txn.path());
        if (node == null) {
            return TxnResult.failed(ErrorCode.NO_NODE);
        }
        int before = node.dataLength();
        tree.beforeChange(node, txn.path());
        tree.putData(node, txn.data());
        node.mtime = header.timeMillis();
        node.mzxid = header.zxid().value();
        node.version = txn.version();
        TxnResult result = TxnResult.of(node.stat());
        tree.afterChange(node, txn.path());
        tree.quotas().changed(txn.path(), node.dataLength() - before);
        listener.dataChanged(txn.path(), node.acl(), header.zxid().value());
        return result;
    }

    private TxnResult setAcl(SetAclTxn txn) {
        Znode node = tree.find(txn.path());
        if (node == null) {
            return TxnResult.failed(ErrorCode.NO_NODE);
        }
        tree.beforeChange(node, txn.path());
        tree.putAcl(node, txn.acl());
        node.aversion = txn.version();
        tree.afterChange(node, txn.path());
        return TxnResult.of(node.stat());
    }

    // --- sessions ------------------------------------------------------------------------------------------------

    private TxnResult closeSession(TxnHeader header, CloseSessionTxn txn, TreeListener listener) {
        long sessionId = header.clientId();
        long zxid = header.zxid().value();
        tree.sessions.remove(sessionId);
        if (txn.paths() != null) {
            for (String path : txn.paths()) {
                delete(zxid, path, listener);
            }
        }
        for (Znode node : tree.ephemeralNodes(sessionId)) {
            delete(zxid, node.path(), listener);
        }
        return TxnResult.OK;
    }
}
