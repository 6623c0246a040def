package io.matriarch.wire.txn;

import io.matriarch.wire.Acl;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.client.OpCode;
import java.util.List;

/**
 * Body of setACL.
 *
 * @param path the znode
 * @param acl the new access list, already expanded by the leader
 * @param version the aversion after this
 */
public record SetAclTxn(String path, List<Acl> acl, int version) implements TxnBody {
    @Override
    public void encode(JuteWriter out) {
        out.writeString(path);
        Acl.encodeList(out, acl);
        out.writeInt(version);
    }

    @Override
    public boolean isBodyOf(int type) {
        return type == OpCode.SET_ACL;
    }

    @Override
    public long sizeBytes() {
        return JuteWriter.sizeOf(path) + Acl.sizeOf(acl) + 4;
    }
}
