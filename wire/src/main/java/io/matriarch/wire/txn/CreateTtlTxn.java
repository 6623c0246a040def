package io.matriarch.wire.txn;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.client.OpCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of createTTL.
 *
 * @param path the final path, with its sequence number
 * @param data the data, perhaps null
 * @param acl the access list, already expanded by the leader
 * @param parentCVersion the parent's internal child version after this creation
 * @param ttl milliseconds, 1 to 2^40-1
 */
public record CreateTtlTxn(String path, @Nullable Bytes data, List<Acl> acl, int parentCVersion, long ttl)
        implements TxnBody {
    @Override
    public void encode(JuteWriter out) {
        out.writeString(path);
        out.writeBuffer(data);
        Acl.encodeList(out, acl);
        out.writeInt(parentCVersion);
        out.writeLong(ttl);
    }

    @Override
    public boolean isBodyOf(int type) {
        return type == OpCode.CREATE_TTL;
    }

    @Override
    public long sizeBytes() {
        return JuteWriter.sizeOf(path) + JuteWriter.sizeOf(data) + Acl.sizeOf(acl) + 4 + 8;
    }
}
