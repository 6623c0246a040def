package io.matriarch.core.tree;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.OpCode;
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
import java.util.List;

/** Transactions by hand, for tests of the tree. */
final class Txns {
    static final long SESSION = 0x100000000000001L;
    static final long TIME = 1_700_000_000_000L;

    private Txns() {}

    static Txn txn(long zxid, int type, TxnBody body) {
        return txn(SESSION, zxid, type, body);
    }

    static Txn txn(long session, long zxid, int type, TxnBody body) {
        return new Txn(new TxnHeader(session, 1, new Zxid(zxid), TIME + zxid, type), body, null);
    }

    static Txn create(long zxid, String path, int parentCVersion) {
        return txn(zxid, OpCode.CREATE, new CreateTxn(path, Bytes.utf8("d"), Acl.OPEN, false, parentCVersion));
    }

    static Txn create(long zxid, String path, int parentCVersion, List<Acl> acl) {
        return txn(zxid, OpCode.CREATE, new CreateTxn(path, Bytes.utf8("d"), acl, false, parentCVersion));
    }

    static Txn ephemeral(long session, long zxid, String path, int parentCVersion) {
        return txn(session, zxid, OpCode.CREATE, new CreateTxn(path, null, Acl.OPEN, true, parentCVersion));
    }

    static Txn container(long zxid, String path, int parentCVersion) {
        return txn(zxid, OpCode.CREATE_CONTAINER, new CreateContainerTxn(path, null, Acl.OPEN, parentCVersion));
    }

    static Txn delete(long zxid, String path) {
        return txn(zxid, OpCode.DELETE, new DeleteTxn(path));
    }

    static Txn setData(long zxid, String path, String data, int version) {
        return txn(zxid, OpCode.SET_DATA, new SetDataTxn(path, Bytes.utf8(data), version));
    }

    static Txn setAcl(long zxid, String path, List<Acl> acl, int version) {
        return txn(zxid, OpCode.SET_ACL, new SetAclTxn(path, acl, version));
    }

    static Txn open(long session, long zxid) {
        return txn(session, zxid, OpCode.CREATE_SESSION, new CreateSessionTxn(30_000));
    }

    static Txn close(long session, long zxid, List<String> paths) {
        return txn(session, zxid, OpCode.CLOSE_SESSION, new CloseSessionTxn(paths));
    }

    static Txn multi(long zxid, SubTxn... parts) {
        return txn(zxid, OpCode.MULTI, new MultiTxn(List.of(parts)));
    }

    static void applyAll(DataTree tree, Txn... txns) {
        for (Txn txn : txns) {
            tree.apply(txn, TreeListener.NONE);
        }
    }
}
