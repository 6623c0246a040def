package io.matriarch.core.tree;

import io.matriarch.wire.Stat;
import io.matriarch.wire.client.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a transaction.
 *
 * @param err 0, the code of an error transaction, or why the tree did not take it (which happens in replay only)
 * @param stat of the znode right afterwards: create family, setData, setACL; otherwise null
 * @param parts of a multi, in order, each without parts; empty otherwise. A failed multi has err 0 and parts as client.md
 *     12.3 says
 */
public record TxnResult(int err, @Nullable Stat stat, List<TxnResult> parts) {
    /** Done, and nothing to tell. */
    public static final TxnResult OK = new TxnResult(ErrorCode.OK, null, List.of());

    static TxnResult of(Stat stat) {
        return new TxnResult(ErrorCode.OK, stat, List.of());
    }

    static TxnResult failed(int err) {
        return new TxnResult(err, null, List.of());
    }
}
