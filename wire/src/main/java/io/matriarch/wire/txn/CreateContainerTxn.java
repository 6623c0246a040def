package io.matriarch.wire.txn;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.client.OpCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of createContainer.
 *
 * @param path the final path, with its sequence number
 * @param data the data, perhaps null
 * @param acl the access list, already expanded by the leader
 * @param parentCVersion the parent's internal child version after this creation
 */
public record CreateContainerTxn(String path, @Nullable Bytes data, List<Acl> acl, int parentCVersion)
        implements TxnBody {
    @Override
    public void encode(JuteWriter out) {
        out.writeString(path);
        out.writeBuffer(data);
        Acl.encodeList(out, acl);
        out.writeInt(parentCVersion);
    }

    @Override
    public boolean isBodyOf(int type) {
        return type == OpCode.CREATE_CONTAINER;
    }

    @Override
    public long sizeBytes() {
        return JuteWriter.sizeOf(path) + JuteWriter.sizeOf(data) + Acl.sizeOf(acl) + 4;
    }
}
