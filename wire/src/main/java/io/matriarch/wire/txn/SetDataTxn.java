package io.matriarch.wire.txn;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.client.OpCode;
import org.jspecify.annotations.Nullable;

/**
 * Body of setData and reconfig.
 *
 * @param path the znode; {@code /zookeeper/config} in a reconfig
 * @param data the new data, perhaps null
 * @param version the version after this; -1 in a reconfig
 */
public record SetDataTxn(String path, @Nullable Bytes data, int version) implements TxnBody {
    @Override
    public void encode(JuteWriter out) {
        out.writeString(path);
        out.writeBuffer(data);
        out.writeInt(version);
    }

    @Override
    public boolean isBodyOf(int type) {
        return type == OpCode.SET_DATA || type == OpCode.RECONFIG;
    }

    @Override
    public long sizeBytes() {
        return JuteWriter.sizeOf(path) + JuteWriter.sizeOf(data) + 4;
    }
}
