package io.matriarch.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.TreeListener;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.MultiTxn;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * zab.md 6.2: the digest of a transaction is that of the tree after it, outstanding transactions included. The oracle is
 * the tree itself, which computes its digest when the transaction is applied, any number of transactions later.
 */
class DigestLawsTest {
    private static final int SEEDS = 60;
    private static final int REQUESTS = 400;
    private static final List<Id> NOBODY = List.of();

    @Test
    void theDigestOfEveryTransactionIsTheTreesWhenItIsApplied() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            DataTree tree = new DataTree();
            TxnPreparation preparation = new TxnPreparation(
                    tree,
                    true,
                    session -> false,
                    MembershipChange.never(),
                    TxnLimit.NONE,
                    RequestRules.CORRECT,
                    ZnodeConfig.DEFAULT.withTtl(true));
            ArrayDeque<Txn> outstanding = new ArrayDeque<>();
            int lag = random.nextInt(20);
            int withDigest = 0;
            for (int i = 1; i <= REQUESTS; i++) {
                Txn txn = preparation.prepare(request(random), Zxid.of(1, i), 1000 + i);
                assertThat(txn.digest() == null).isEqualTo(txn.body() instanceof ErrorTxn);
                outstanding.add(Txn.decode(txn.encode()));
                while (outstanding.size() > lag || (i == REQUESTS && !outstanding.isEmpty())) {
                    Txn next = outstanding.remove();
                    tree.apply(next, TreeListener.NONE);
                    preparation.applied(next.header().zxid());
                    if (next.digest() != null) {
                        assertThat(next.digest().value())
                                .as("seed %d, lag %d, %s", seed, lag, next)
                                .isEqualTo(tree.digest());
                        withDigest++;
                    }
                }
            }
            assertThat(tree.digestMismatch()).isNull();
            assertThat(withDigest).isGreaterThan(REQUESTS / 10);
        }
    }

    @Test
    void aFailedMultiCarriesTheUnchangedDigestAndARefusalNone() {
        DataTree tree = new DataTree();
        TxnPreparation preparation = new TxnPreparation(tree, true);
        preparation.prepare(opens(1), Zxid.of(1, 1), 0);
        Request.Multi failing =
                new Request.Multi(List.of(create(OpCode.CREATE, "/a", 0), new Request.Delete("/b", -1)));
        Txn failed = preparation.prepare(write(1, failing), Zxid.of(1, 2), 0);
        assertThat(((MultiTxn) failed.body()).isFailed()).isTrue();
        assertThat(failed.digest().value()).isEqualTo(tree.digest());
        assertThat(preparation
                        .prepare(write(1, new Request.Delete("/b", -1)), Zxid.of(1, 3), 0)
                        .digest())
                .isNull();
        assertThat(preparation
                        .refuse(write(1, failing), Zxid.of(1, 4), 0, ErrorCode.SESSION_MOVED)
                        .digest())
                .isNull();
    }

    @Test
    void withoutDigestsNoTransactionHasOne() {
        TxnPreparation preparation = new TxnPreparation(new DataTree(), false);
        assertThat(preparation.prepare(opens(1), Zxid.of(1, 1), 0).digest()).isNull();
    }

    private static WriteRequest request(Random random) {
        long session = 1L + random.nextInt(3);
        return switch (random.nextInt(14)) {
            case 0 -> opens(session);
            case 1 -> new WriteRequest(session, 0, OpCode.CLOSE_SESSION, Bytes.EMPTY, NOBODY);
            case 2 -> {
                Bytes body = new Request.DeleteContainer(path(random)).encode();
                yield new WriteRequest(0, 0, OpCode.DELETE_CONTAINER, body, NOBODY);
            }
            case 3 -> {
                List<Request> parts = new ArrayList<>();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    parts.add(single(random));
                }
                yield write(session, new Request.Multi(parts));
            }
            default -> write(session, single(random));
        };
    }

    private static Request single(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> new Request.Delete(path(random), -1);
            case 1 ->
                new Request.SetData(path(random), random.nextBoolean() ? null : Bytes.utf8("d" + random.nextInt()), -1);
            case 2 -> new Request.SetAcl(path(random), Acl.OPEN, -1);
            case 3 -> create(OpCode.CREATE_CONTAINER, path(random), 4);
            case 4 ->
                random.nextInt(4) == 0
                        ? new Request.Create(
                                OpCode.CREATE_TTL, path(random), null, Acl.OPEN, 5, 1L + random.nextInt(50))
                        : create(OpCode.CREATE2, path(random), 1);
            default -> create(OpCode.CREATE, path(random), random.nextInt(4));
        };
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder(random.nextInt(10) == 0 ? "/zookeeper" : "");
        for (int depth = random.nextInt(3); depth >= 0; depth--) {
            path.append('/').append((char) ('a' + random.nextInt(3)));
        }
        return path.toString();
    }

    private static Request.Create create(int opcode, String path, int flags) {
        return new Request.Create(opcode, path, Bytes.utf8("x"), Acl.OPEN, flags, Request.Create.NO_TTL);
    }

    private static WriteRequest opens(long session) {
        return new WriteRequest(session, 0, OpCode.CREATE_SESSION, new Request.CreateSession(1000).encode(), NOBODY);
    }

    private static WriteRequest write(long session, Request request) {
        return new WriteRequest(session, 1, request.opcode(), request.encode(), NOBODY);
    }
}
