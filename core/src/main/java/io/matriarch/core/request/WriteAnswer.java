package io.matriarch.core.request;

import io.matriarch.core.tree.TxnResult;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.OpResult;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Response;
import io.matriarch.wire.txn.CreateContainerTxn;
import io.matriarch.wire.txn.CreateTtlTxn;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.MultiTxn;
import io.matriarch.wire.txn.SetDataTxn;
import io.matriarch.wire.txn.SubTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnBody;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The reply to a write, from its transaction and what became of it (client.md 6.1, 12). */
final class WriteAnswer {
    private WriteAnswer() {}

    static Reply of(QueuedRequest request, Txn txn, TxnResult result) {
        long zxid = txn.header().zxid().value();
        if (result.err() != ErrorCode.OK) {
            return Reply.failed(request.xid, zxid, err(request, result));
        }
        TxnBody body = txn.body();
        Response response = body instanceof MultiTxn multi
                ? multi(request, multi, result)
                : body(txn.header().type(), body, result);
        return new Reply(request.xid, zxid, ErrorCode.OK, response);
    }

    /** Deviation: in a multi, Apache says SESSION_EXPIRED if it came through a follower. */
    private static int err(QueuedRequest request, TxnResult result) {
        boolean isOfLocalSession = request.isRefusedLocally && result.err() == ErrorCode.SESSION_EXPIRED;
        return isOfLocalSession ? ErrorCode.EPHEMERAL_ON_LOCAL_SESSION : result.err();
    }

    private static @Nullable Response body(int type, TxnBody body, TxnResult result) {
        return switch (type) {
            case OpCode.CREATE -> new Response.Created(path(body));
            case OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL ->
                new Response.CreatedWithStat(path(body), result.stat());
            case OpCode.SET_DATA, OpCode.SET_ACL -> new Response.StatOnly(result.stat());
            case OpCode.RECONFIG -> new Response.Data(((SetDataTxn) body).data(), result.stat());
            default -> null;
        };
    }

    private static Response multi(QueuedRequest request, MultiTxn multi, TxnResult result) {
        boolean isFailed = multi.isFailed();
        List<OpResult> results = new ArrayList<>(multi.parts().size());
        for (int i = 0; i < multi.parts().size(); i++) {
            SubTxn part = multi.parts().get(i);
            TxnResult partResult = result.parts().get(i);
            results.add(
                    isFailed || partResult.err() != ErrorCode.OK
                            ? OpResult.failed(err(request, partResult))
                            : new OpResult(resultType(part.type()), 0, body(part.type(), part.body(), partResult)));
        }
        return new Response.MultiResults(results);
    }

    /** Compat: every creation that is answered with a stat reports itself as create2. */
    private static int resultType(int type) {
        return type == OpCode.CREATE_CONTAINER || type == OpCode.CREATE_TTL ? OpCode.CREATE2 : type;
    }

    private static String path(TxnBody body) {
        if (body instanceof CreateTxn create) {
            return create.path();
        } else if (body instanceof CreateContainerTxn create) {
            return create.path();
        }
        return ((CreateTtlTxn) body).path();
    }
}
