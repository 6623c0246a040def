package io.matriarch.wire.txn;

import io.matriarch.wire.Acl;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.client.OpCode;
import java.util.List;

/**
 * What a transaction does (zab.md 6.1). The order of components is the order on the wire. One body serves several types:
 * see {@link #isBodyOf(int)}.
 */
public sealed interface TxnBody
        permits CreateTxn,
                CreateContainerTxn,
                CreateTtlTxn,
                DeleteTxn,
                SetDataTxn,
                SetAclTxn,
                CheckTxn,
                MultiTxn,
                ErrorTxn,
                CreateSessionTxn,
                CloseSessionTxn {
    /** Writes the record. */
    void encode(JuteWriter out);

    /** Whether a transaction, or part of a multi, of {@code type} has this body. */
    boolean isBodyOf(int type);

    /** Bytes that {@link #encode} writes. */
    long sizeBytes();

    /**
     * Reads the body of {@code type} and nothing behind it.
     *
     * @throws MalformedException if it cannot be read, or no such type exists
     */
    static TxnBody decode(int type, JuteReader in) {
        return switch (type) {
            case OpCode.CREATE, OpCode.CREATE2 -> CreateTxn.decode(in);
            case OpCode.CREATE_CONTAINER -> new CreateContainerTxn(path(in), in.readBuffer(), acl(in), in.readInt());
            case OpCode.CREATE_TTL -> new CreateTtlTxn(path(in), in.readBuffer(), acl(in), in.readInt(), in.readLong());
            case OpCode.DELETE, OpCode.DELETE_CONTAINER -> new DeleteTxn(path(in));
            case OpCode.SET_DATA, OpCode.RECONFIG -> new SetDataTxn(path(in), in.readBuffer(), in.readInt());
            case OpCode.SET_ACL -> new SetAclTxn(path(in), acl(in), in.readInt());
            case OpCode.CHECK -> new CheckTxn(path(in), in.readInt());
            case OpCode.MULTI -> MultiTxn.decode(in);
            case OpCode.ERROR -> new ErrorTxn(in.readInt());
            case OpCode.CREATE_SESSION -> new CreateSessionTxn(in.readInt());
            case OpCode.CLOSE_SESSION -> CloseSessionTxn.decode(in);
            default -> throw new MalformedException("unknown transaction type " + type, in.position());
        };
    }

    private static String path(JuteReader in) {
        return in.readString("path");
    }

    private static List<Acl> acl(JuteReader in) {
        return TxnAcl.decode(in);
    }
}
