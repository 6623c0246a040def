package io.matriarch.wire.txn;

import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.client.OpCode;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Body of multi (zab.md 6.3): a vector of {@link SubTxn}. One part of type -1 means that nothing is applied.
 *
 * @param parts in order; must not change afterwards
 */
public record MultiTxn(List<SubTxn> parts) implements TxnBody {
    /** Whether the multi failed: one of its parts is an error. */
    public boolean isFailed() {
        for (SubTxn part : parts) {
            if (part.type() == OpCode.ERROR) {
                return true;
            }
        }
        return false;
    }

    static MultiTxn decode(JuteReader in) {
        int count = in.readVectorCount(SubTxn.MIN_BYTES);
        if (count < 0) {
            throw new MalformedException("null multi", in.position() - 4);
        }
        SubTxn[] parts = new SubTxn[count];
        for (int i = 0; i < count; i++) {
            parts[i] = SubTxn.decode(in);
        }
        return new MultiTxn(Collections.unmodifiableList(Arrays.asList(parts)));
    }

    @Override
    public void encode(JuteWriter out) {
        out.writeInt(parts.size());
        for (SubTxn part : parts) {
            part.encode(out);
        }
    }

    @Override
    public boolean isBodyOf(int type) {
        return type == OpCode.MULTI;
    }

    @Override
    public long sizeBytes() {
        long size = 4;
        for (SubTxn part : parts) {
            size += part.sizeBytes();
        }
        return size;
    }
}
