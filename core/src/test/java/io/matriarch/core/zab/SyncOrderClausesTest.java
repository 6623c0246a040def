package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedClient;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.wire.client.Request;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * zab.md 13: SYNC comes right behind the commit of what was proposed last when it was asked for. Servers of Apache's match
 * commits and SYNCs with their clients' requests in the order in which these were passed on.
 */
class SyncOrderClausesTest {
    private static final long SESSION = 0x100000000000001L;

    private final PeerFixture leader = new PeerFixture(3, 3);
    private ScriptedLearner two;
    private ScriptedLearner one;

    @BeforeEach
    void serverThreeLeadsOneOfOursAndTwoOfApachesWithASession() {
        one = leader.leadsWith(1).get(0);
        two = leader.learner(2).synchronizes(0, 0, z(0, 0));
        two.forwards(SESSION, 0, new Request.CreateSession(1000)).ack(z(1, 1));
        leader.afterMillis(PeerFixture.TICK / 2);
        two.echoesLast();
        leader.forget();
    }

    private static Request create(String path) {
        return ScriptedClient.create(path, 0);
    }

    private static List<String> withoutPingsAndProposals(ScriptedLearner learner) {
        return learner.got().stream()
                .filter(word -> !word.startsWith("PING") && !word.startsWith("PROPOSAL"))
                .toList();
    }

    @Test
    void whatIsCommittedBehindASyncWaitsForItsProof() {
        two.forwards(SESSION, 1, create("/a"))
                .forwards(SESSION, 2, new Request.Sync("/"))
                .forwards(SESSION, 3, create("/b"));
        two.ack(z(1, 3));
        assertThat(withoutPingsAndProposals(two)).containsExactly("COMMIT (1,2)");
        two.echoesLast();
        assertThat(withoutPingsAndProposals(two)).containsExactly("COMMIT (1,2)", "SYNC", "COMMIT (1,3)");
    }

    @Test
    void aSyncThatIsProvedEarlyWaitsForWhatItFollows() {
        two.forwards(SESSION, 1, create("/a"))
                .forwards(SESSION, 2, new Request.Sync("/"))
                .forwards(SESSION, 3, create("/b"));
        two.echoesLast();
        assertThat(withoutPingsAndProposals(two)).isEmpty();
        two.ack(z(1, 3));
        assertThat(withoutPingsAndProposals(two)).containsExactly("COMMIT (1,2)", "SYNC", "COMMIT (1,3)");
    }

    @Test
    void eachOfSeveralSyncsKeepsItsPlace() {
        two.forwards(SESSION, 1, new Request.Sync("/"))
                .forwards(SESSION, 2, create("/a"))
                .forwards(SESSION, 3, new Request.Sync("/"))
                .forwards(SESSION, 4, new Request.Sync("/"))
                .forwards(SESSION, 5, create("/b"));
        two.ack(z(1, 3));
        assertThat(withoutPingsAndProposals(two)).isEmpty();
        two.echoesLast();
        two.echoesLast();
        assertThat(withoutPingsAndProposals(two))
                .containsExactly("SYNC", "COMMIT (1,2)", "SYNC", "SYNC", "COMMIT (1,3)");
    }

    @Test
    void nobodyElseWaitsForTheSyncOfALearner() {
        two.forwards(SESSION, 1, new Request.Sync("/")).forwards(SESSION, 2, create("/a"));
        two.ack(z(1, 2));
        assertThat(withoutPingsAndProposals(two)).isEmpty();
        assertThat(withoutPingsAndProposals(one)).containsExactly("COMMIT (1,2)");
    }

    @Test
    void informsOfAnObserverWaitToo() {
        ScriptedLearner observer = leader.learner(9).ofObservers().synchronizes(0, 0, z(1, 1));
        leader.forget();
        observer.forwards(SESSION, 1, new Request.Sync("/"));
        two.forwards(SESSION, 2, create("/a")).ack(z(1, 2));
        assertThat(withoutPingsAndProposals(observer)).isEmpty();
        two.echoesLast();
        assertThat(withoutPingsAndProposals(observer)).containsExactly("SYNC", "INFORM (1,2)");
    }

    /** Ours match each request by itself; their commits are for more than one transaction. */
    @Test
    void learnersOfOursAreToldOfCommitsAtOnce() {
        one.forwards(SESSION, 1, new Request.Sync("/"));
        two.forwards(SESSION, 2, create("/a")).ack(z(1, 2));
        assertThat(withoutPingsAndProposals(one)).containsExactly("COMMIT (1,2)");
    }
}
