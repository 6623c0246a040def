package io.matriarch.wire.txn;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.client.OpCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of create and create2.
 *
 * @param path the final path, with its sequence number
 * @param data the data, perhaps null
 * @param acl the access list, already expanded by the leader
 * @param ephemeral whether the transaction's session owns it
 * @param parentCVersion the parent's internal child version after this creation; -1 in the form before 3.4,
 *     which ends without it and means "one more"
 */
public record CreateTxn(String path, @Nullable Bytes data, List<Acl> acl, boolean ephemeral, int parentCVersion)
        implements TxnBody {
    /** The parentCVersion of the form before 3.4. */
    public static final int INCREMENT = -1;

    static CreateTxn decode(JuteReader in) {
        String path = in.readString("path");
        Bytes data = in.readBuffer();
        List<Acl> acl = TxnAcl.decode(in);
        boolean ephemeral = in.readBoolean();
        int parentCVersion = in.remaining() == 0 ? INCREMENT : in.readInt();
        return new CreateTxn(path, data, acl, ephemeral, parentCVersion);
    }

    @Override
    public void encode(JuteWriter out) {
        out.writeString(path);
        out.writeBuffer(data);
        Acl.encodeList(out, acl);
        out.writeBoolean(ephemeral);
        out.writeInt(parentCVersion);
    }

    @Override
    public boolean isBodyOf(int type) {
        return type == OpCode.CREATE || type == OpCode.CREATE2;
    }

    @Override
    public long sizeBytes() {
        return JuteWriter.sizeOf(path) + JuteWriter.sizeOf(data) + Acl.sizeOf(acl) + 1 + 4;
    }
}
