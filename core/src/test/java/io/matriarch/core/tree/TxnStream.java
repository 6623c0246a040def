package io.matriarch.core.tree;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.txn.CheckTxn;
import io.matriarch.wire.txn.CloseSessionTxn;
import io.matriarch.wire.txn.CreateContainerTxn;
import io.matriarch.wire.txn.CreateSessionTxn;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.DeleteTxn;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.SetAclTxn;
import io.matriarch.wire.txn.SetDataTxn;
import io.matriarch.wire.txn.SubTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random transactions over few paths, so that they collide: also ones that no leader would propose but that replay onto
 * a newer snapshot brings about.
 */
final class TxnStream {
    private final Random random;
    private long zxid;

    TxnStream(long seed) {
        random = new Random(seed);
    }

    Random random() {
        return random;
    }

    Txn next() {
        zxid++;
        int kind = random.nextInt(100);
        if (kind < 4) {
            return Txns.txn(session(), zxid, OpCode.CREATE_SESSION, new CreateSessionTxn(1000 + random.nextInt(9)));
        } else if (kind < 8) {
            return Txns.txn(session(), zxid, OpCode.CLOSE_SESSION, new CloseSessionTxn(closing()));
        } else if (kind < 16) {
            List<SubTxn> parts = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                parts.add(part());
            }
            return Txns.multi(zxid, parts.toArray(new SubTxn[0]));
        } else if (kind < 18) {
            return Txns.txn(zxid, OpCode.ERROR, new ErrorTxn(ErrorCode.NO_NODE));
        } else if (kind < 24) {
            return Txns.txn(zxid, OpCode.SET_ACL, new SetAclTxn(path(), acl(), random.nextInt(9)));
        }
        SubTxn part = part();
        while (part.type() == OpCode.CHECK || part.type() == OpCode.ERROR) {
            part = part();
        }
        return Txns.txn(session(), zxid, part.type(), part.body());
    }

    private SubTxn part() {
        int kind = random.nextInt(100);
        if (kind < 45) {
            boolean isEphemeral = random.nextInt(4) == 0;
            TxnBody body = new CreateTxn(path(), data(), acl(), isEphemeral, random.nextInt(30) - 1);
            return new SubTxn(random.nextBoolean() ? OpCode.CREATE : OpCode.CREATE2, body);
        } else if (kind < 52) {
            return new SubTxn(OpCode.CREATE_CONTAINER, new CreateContainerTxn(path(), data(), acl(), 5));
        } else if (kind < 75) {
            return new SubTxn(OpCode.DELETE, new DeleteTxn(path()));
        } else if (kind < 97) {
            return new SubTxn(OpCode.SET_DATA, new SetDataTxn(path(), data(), random.nextInt(9)));
        } else if (kind < 99) {
            return new SubTxn(OpCode.CHECK, new CheckTxn(path(), 0));
        }
        return new SubTxn(OpCode.ERROR, new ErrorTxn(ErrorCode.NO_NODE));
    }

    private List<String> closing() {
        return random.nextInt(3) == 0 ? null : List.of(path(), path());
    }

    private long session() {
        return Txns.SESSION + random.nextInt(4);
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        for (int depth = 1 + random.nextInt(4); depth > 0; depth--) {
            path.append('/').append((char) ('a' + random.nextInt(4)));
        }
        return path.toString();
    }

    private Bytes data() {
        int length = random.nextInt(6) - 1;
        return length < 0 ? null : Bytes.utf8("x".repeat(length) + (length > 0 ? random.nextInt(9) : ""));
    }

    private List<Acl> acl() {
        int kind = random.nextInt(5);
        return kind < 2 ? Acl.OPEN : List.of(new Acl(kind, new Id("digest", "u" + random.nextInt(3) + ":h")));
    }
}
