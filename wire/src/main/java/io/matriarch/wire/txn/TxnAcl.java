package io.matriarch.wire.txn;

import io.matriarch.wire.Acl;
import io.matriarch.wire.JuteReader;
import java.util.List;

/** The access list inside a transaction. */
final class TxnAcl {
    private TxnAcl() {}

    /** Compat: old logs may hold a null list; it stands for the open one, as in Apache's tree. */
    static List<Acl> decode(JuteReader in) {
        List<Acl> acl = Acl.decodeList(in);
        return acl == null ? Acl.OPEN : acl;
    }
}
