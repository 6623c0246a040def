package io.matriarch.wire.txn;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.client.OpCode;

/**
 * One part of a {@link MultiTxn} (zab.md 6.1): type int, data buffer holding the body.
 *
 * @param type an operation code; -1 if the multi failed here, or before
 * @param body its body; an {@link ErrorTxn} for type -1
 */
public record SubTxn(int type, TxnBody body) {
    /** Bytes of the shortest part. */
    static final int MIN_BYTES = 8;

    /** Refuses a body of another type. */
    public SubTxn {
        if (!isLegal(type) || !body.isBodyOf(type)) {
            throw new IllegalArgumentException(OpCode.name(type) + " inside a multi with " + body);
        }
    }

    static SubTxn decode(JuteReader in) {
        int at = in.position();
        int type = in.readInt();
        if (!isLegal(type)) {
            throw new MalformedException("unknown type " + type + " inside a multi", at);
        }
        Bytes data = in.readBuffer();
        if (data == null) {
            throw new MalformedException("null body inside a multi", at);
        }
        // Compat: in a failed multi Apache turns types to -1 but leaves the old bodies, so only the first int of one
        // is read and the rest ignored (zab.md 6.3).
        return new SubTxn(type, TxnBody.decode(type, new JuteReader(data)));
    }

    /** Bytes that it takes within its multi. */
    public long sizeBytes() {
        return MIN_BYTES + body.sizeBytes();
    }

    void encode(JuteWriter out) {
        out.writeInt(type);
        int at = out.length();
        out.writeInt(0);
        body.encode(out);
        out.setInt(at, out.length() - at - 4);
    }

    private static boolean isLegal(int type) {
        return switch (type) {
            case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL -> true;
            case OpCode.DELETE, OpCode.DELETE_CONTAINER, OpCode.SET_DATA, OpCode.CHECK, OpCode.ERROR -> true;
            default -> false;
        };
    }
}
