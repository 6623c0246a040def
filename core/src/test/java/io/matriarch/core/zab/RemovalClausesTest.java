package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedClient;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.request.ZnodeConfig;
import io.matriarch.wire.Acl;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.txn.DeleteTxn;
import io.matriarch.wire.txn.Txn;
import java.util.List;
import org.junit.jupiter.api.Test;

/** client.md 9.5, zab.md 6.5 (the last two lines): when a leader removes znodes that nobody needs any more. */
class RemovalClausesTest {
    /** Looks each second, and removes one each 10 ms. */
    private static final ZnodeConfig SOON =
            ZnodeConfig.DEFAULT.withTtl(true).withRemoval(new ZnodeConfig.Removal(1_000, 6_000, 0));

    private static Request ttl(String path, long ttlMillis) {
        return new Request.Create(OpCode.CREATE_TTL, path, null, Acl.OPEN, 5, ttlMillis);
    }

    private static List<String> deleted(PeerFixture server) {
        return server.logged().stream()
                .map(Txn::body)
                .filter(DeleteTxn.class::isInstance)
                .map(body -> ((DeleteTxn) body).path())
                .toList();
    }

    private static PeerFixture standalone(ZnodeConfig config) {
        return new PeerFixture(1, 1).with(config);
    }

    @Test
    void k5RemovedAtTheFirstCheckBehindItsTime() {
        PeerFixture server = standalone(SOON);
        ScriptedClient client = server.client().connects(100_000);
        client.asks(1, ttl("/short", 500)).asks(2, ttl("/long", 1_500));
        server.afterMillis(999);
        assertThat(deleted(server)).isEmpty();
        server.afterMillis(2);
        assertThat(deleted(server)).containsExactly("/short");
        server.afterMillis(1_000);
        assertThat(deleted(server)).containsExactly("/short", "/long");
        assertThat(server.peer().tree().find("/long")).isNull();
    }

    @Test
    void theyGoOneAfterAnotherWithAPause() {
        PeerFixture server = standalone(SOON);
        ScriptedClient client = server.client().connects(100_000);
        for (int i = 0; i < 5; i++) {
            client.asks(i, ttl("/t" + i, 1));
        }
        server.afterMillis(1_000);
        assertThat(deleted(server)).hasSize(1);
        server.afterMillis(10);
        assertThat(deleted(server)).hasSize(2);
        server.afterMillis(100);
        assertThat(deleted(server)).containsExactlyInAnyOrder("/t0", "/t1", "/t2", "/t3", "/t4");
    }

    @Test
    void k3AChainOfContainersGoesOneLevelAtEachCheck() {
        PeerFixture server = standalone(SOON);
        ScriptedClient client = server.client().connects(100_000);
        client.asks(1, new Request.Create(OpCode.CREATE_CONTAINER, "/c", null, Acl.OPEN, 4, -1))
                .asks(2, ttl("/c/t", 1));
        server.afterMillis(1_100);
        assertThat(deleted(server)).containsExactly("/c/t");
        server.afterMillis(1_000);
        assertThat(deleted(server)).containsExactly("/c/t", "/c");
    }

    @Test
    void onesThatWereMadeWhereTheyWereGrantedGoWhereTheyAreNot() {
        PeerFixture server = standalone(SOON);
        server.client().connects(100_000).asks(1, ttl("/t", 1));
        server.with(ZnodeConfig.DEFAULT.withRemoval(SOON.removal()));
        assertThat(server.peer().tree().find("/t")).isNotNull();
        server.afterMillis(1_000);
        assertThat(deleted(server)).containsExactly("/t");
    }

    @Test
    void onlyALeaderRemovesAndOnlyByATransaction() {
        PeerFixture leader = new PeerFixture(3, 3).with(SOON);
        List<ScriptedLearner> followers = leader.leadsWith(2, 1);
        long session = 0x200000000000001L;
        followers
                .get(0)
                .forwards(session, 0, new Request.CreateSession(100_000))
                .ack(z(1, 1));
        followers.get(0).forwards(session, 1, ttl("/t", 1)).ack(z(1, 2));
        assertThat(leader.peer().tree().find("/t")).isNotNull();
        for (int i = 0; i < 11; i++) {
            leader.afterMillis(100);
            followers.forEach(ScriptedLearner::echoesLast);
        }
        assertThat(deleted(leader)).containsExactly("/t");
        assertThat(leader.peer().tree().find("/t")).as("not committed").isNotNull();
        followers.get(0).ack(z(1, 3));
        assertThat(leader.peer().tree().find("/t")).isNull();
    }
}
