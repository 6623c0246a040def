package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.entries;
import static io.matriarch.core.peer.Entries.entry;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedClient;
import io.matriarch.core.peer.ScriptedLeader;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.session.SessionRules;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.election.PeerState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** zab.md 5, D19: the next epoch before the ids of this one run out, over the links that are there. */
class RollOverClausesTest {
    private static final int LAST_ID = 2;

    private static PeerFixture leader() {
        return leader(SessionRules.DEFAULT);
    }

    private static PeerFixture leaderOf(long ids) {
        return leader(SessionRules.DEFAULT).with(ReplicationConfig.DEFAULT.withLastCounter(ids));
    }

    private static PeerFixture leader(SessionRules sessions) {
        ReplicationConfig early = ReplicationConfig.DEFAULT.withLastCounter(2 * LAST_ID);
        return new PeerFixture(3, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2)), sessions).with(early);
    }

    /** Established in epoch 2, with server 2 and perhaps server 1 active. */
    private static ScriptedLearner joins(ScriptedLearner learner) {
        learner.followerInfo(1).ackEpoch(1, z(1, 2)).ack(z(2, 0));
        return learner;
    }

    /** Two sessions opened: the second has the last id. */
    private static void reachesTheLastId(PeerFixture leader, ScriptedLearner two) {
        leader.client().connects(1000);
        two.ack(z(2, 1));
        leader.client().connects(1000);
        leader.forget();
    }

    @Test
    void theLeaderGoesIntoTheNextEpochWithAQuorumOverTheLinksItHas() {
        PeerFixture leader = leader().elected();
        ScriptedLearner two = joins(leader.learner(2).ofOursThatRollsOver());
        reachesTheLastId(leader, two);
        ScriptedClient late = leader.client().connects(1000);
        assertThat(leader.effects(Effect.Append.class)).as("held").isEmpty();
        assertThat(two.got()).as("not before all is committed").isEmpty();
        two.ack(z(2, 2));
        assertThat(two.got()).containsExactly("COMMIT (2,2)", "LEADERINFO (3,0)");
        assertThat(leader.disk().acceptedEpoch()).as("R1").isEqualTo(3);
        two.ackEpoch(2, z(2, 2));
        assertThat(two.got()).endsWith("NEWLEADER (3,0)");
        assertThat(leader.disk().currentEpoch()).as("R2").isEqualTo(3);
        two.ack(z(3, 0));
        assertThat(two.got()).endsWith("UPTODATE", "PROPOSAL (3,1)");
        two.ack(z(3, 1));
        assertThat(leader.status().lastCommitted()).isEqualTo(z(3, 1));
        assertThat(leader.effects(Effect.CloseLink.class)).isEmpty();
        assertThat(leader.effects(Effect.SendConnectResponse.class))
                .extracting(Effect.SendConnectResponse::link)
                .contains(late.link());
        assertThat(leader.effects(Effect.Trace.class))
                .extracting(Effect.Trace::event)
                .noneMatch(TraceEvent.RoleChanged.class::isInstance)
                .anyMatch(e -> e instanceof TraceEvent.EpochRolledOver rolled && rolled.epoch() == 3);
    }

    /** What waits for the next epoch came while the session was local, even if that has changed or ended since. */
    @Test
    void whatALocalSessionWroteBeforeItsUpgradeIsNotRefusedForHavingWaited() {
        PeerFixture leader = leader(new SessionRules(true, true, false)).elected();
        ScriptedLearner two = joins(leader.learner(2).ofOursThatRollsOver());
        ScriptedClient client = leader.client().connects(1000);
        client.asks(1, ScriptedClient.create("/a", 0));
        two.ack(z(2, 1));
        client.asks(2, ScriptedClient.create("/b", 0));
        client.asks(3, ScriptedClient.create("/held", 0)).asks(4, ScriptedClient.create("/e", 1));
        leader.forget();
        two.ack(z(2, 2)).ackEpoch(2, z(2, 2)).ack(z(3, 0));
        assertThat(leader.logged())
                .extracting(txn -> txn.header().type())
                .containsExactly(OpCode.CREATE, OpCode.CREATE_SESSION, OpCode.CREATE);
    }

    /** Its session's move waits behind it (seed 619514). */
    @Test
    void whatIsHeldIsJudgedByWhomItsSessionBelongedToWhenItCame() {
        long session = 0x200000000000001L;
        PeerFixture leader = leader().elected();
        ScriptedLearner two = joins(leader.learner(2).ofOursThatRollsOver());
        ScriptedLearner one = joins(leader.learner(1).ofOursThatRollsOver());
        two.forwards(session, 0, new Request.CreateSession(1000)).ack(z(2, 1));
        two.forwards(session, 1, ScriptedClient.create("/last", 0));
        leader.forget();
        two.forwards(session, 2, ScriptedClient.create("/held", 0));
        one.revalidates(session, 1000).echoesLast();
        two.forwards(session, 3, ScriptedClient.create("/late", 0));
        one.forwards(session, 4, ScriptedClient.create("/next", 0));
        assertThat(leader.logged()).as("held").isEmpty();
        two.ack(z(2, 2));
        one.ack(z(2, 2)).ackEpoch(2, z(2, 2)).ack(z(3, 0));
        two.ackEpoch(2, z(2, 2)).ack(z(3, 0));
        assertThat(leader.logged())
                .extracting(txn -> txn.header().cxid(), txn -> txn.header().type())
                .containsExactly(tuple(2, OpCode.CREATE), tuple(3, OpCode.ERROR), tuple(4, OpCode.CREATE));
        assertThat(one.got()).noneMatch(said -> said.startsWith("REVALIDATE"));
        two.ack(z(3, 1));
        assertThat(one.got()).contains("REVALIDATE true");
    }

    @Test
    void r1AndR2_nothingOfItLeavesBeforeItIsOnDisk() {
        PeerFixture leader = leader().elected();
        ScriptedLearner two = joins(leader.learner(2).ofOursThatRollsOver());
        reachesTheLastId(leader, two);
        leader.holdStorage();
        two.ack(z(2, 2));
        assertThat(two.got()).containsExactly("COMMIT (2,2)");
        leader.stored();
        two.ackEpoch(2, z(2, 2));
        assertThat(two.got()).endsWith("LEADERINFO (3,0)");
        leader.stored();
        assertThat(two.got()).endsWith("NEWLEADER (3,0)");
    }

    @Test
    void apachesLearnerLosesItsLinkAndComesBackInTheNextEpoch() {
        PeerFixture leader = leader().elected();
        ScriptedLearner two = joins(leader.learner(2).ofOursThatRollsOver());
        ScriptedLearner apache = joins(leader.learner(1));
        reachesTheLastId(leader, two);
        two.ack(z(2, 2)).ackEpoch(2, z(2, 2));
        assertThat(apache.got()).containsExactly("COMMIT (2,2)");
        two.ack(z(3, 0));
        assertThat(apache.got()).endsWith("CLOSED");
        ScriptedLearner again = leader.learner(1).followerInfo(2).ackEpoch(2, z(2, 2));
        assertThat(again.got()).containsExactly("LEADERINFO (3,0)", "DIFF (2,2)", "NEWLEADER (3,0)");
    }

    @Test
    void whoJoinsMeanwhileIsToldTheNextEpoch() {
        PeerFixture leader = leader().elected();
        ScriptedLearner two = joins(leader.learner(2).ofOursThatRollsOver());
        reachesTheLastId(leader, two);
        ScriptedLearner one = leader.learner(1).followerInfo(1);
        assertThat(one.got()).isEmpty();
        two.ack(z(2, 2)).ackEpoch(2, z(2, 2)).ack(z(3, 0));
        assertThat(one.got()).containsExactly("LEADERINFO (3,0)");
    }

    /** Its LEADERINFO was waiting for the disk when the epoch came to its end (seed 2015570). */
    @Test
    void r2_whoJoinedJustBeforeAndWasNotAnsweredIsToldTheNextEpochToo() {
        PeerFixture leader = leader().elected();
        ScriptedLearner two = joins(leader.learner(2).ofOursThatRollsOver());
        leader.holdStorage();
        leader.client().connects(1000);
        ScriptedLearner one = leader.learner(1).followerInfo(1);
        leader.client().connects(1000);
        leader.stored();
        assertThat(one.got()).as("of the epoch that ends").isEmpty();
        two.ack(z(2, 2));
        leader.stored();
        two.ackEpoch(2, z(2, 2));
        leader.stored();
        two.ack(z(3, 0));
        assertThat(one.got()).containsExactly("LEADERINFO (3,0)");
    }

    /** Two of eight ids of epoch 2 are used; four are the reserve of the next epoch. */
    private static ScriptedLearner synchronizesNearTheEnd(PeerFixture leader, ScriptedLearner two) {
        leader.client().connects(1000);
        leader.client().connects(1000);
        two.ack(z(2, 2));
        ScriptedLearner one = leader.learner(1).followerInfo(1).ackEpoch(1, z(1, 2));
        assertThat(one.got()).endsWith("NEWLEADER (2,0)");
        leader.client().connects(1000);
        leader.client().connects(1000);
        leader.forget();
        two.ack(z(2, 4));
        return one;
    }

    /** Seeds 4001202 and 201259: epochs so short that no snapshot could be sent in one. */
    @Test
    void whoIsBeingSynchronizedIsWaitedForAsLongAsThereAreIds() {
        PeerFixture leader = leaderOf(8).elected();
        ScriptedLearner two = joins(leader.learner(2).ofOursThatRollsOver());
        ScriptedLearner one = synchronizesNearTheEnd(leader, two);
        assertThat(one.got()).isEmpty();
        assertThat(two.got()).doesNotContain("LEADERINFO (3,0)");
        one.ack(z(2, 0));
        assertThat(two.got()).endsWith("LEADERINFO (3,0)");
        assertThat(one.got()).contains("UPTODATE").doesNotContain("CLOSED");
    }

    @Test
    void whoIsBeingSynchronizedIsNotWaitedForToTheLastId() {
        PeerFixture leader = leaderOf(8).elected();
        ScriptedLearner two = joins(leader.learner(2).ofOursThatRollsOver());
        ScriptedLearner one = synchronizesNearTheEnd(leader, two);
        leader.client().connects(1000);
        leader.client().connects(1000);
        two.ack(z(2, 6));
        assertThat(one.got()).endsWith("CLOSED");
        assertThat(two.got()).endsWith("LEADERINFO (3,0)");
    }

    @Test
    void withoutAQuorumThatCanFollowTheEpochGoesOn() {
        PeerFixture leader = leader().elected();
        ScriptedLearner apache = joins(leader.learner(1));
        reachesTheLastId(leader, apache);
        apache.ack(z(2, 2));
        leader.client().connects(1000);
        assertThat(apache.got()).containsExactly("COMMIT (2,2)", "PROPOSAL (2,3)");
    }

    @Test
    void aLeaderWhomNobodyFollowsInTimeResigns() {
        PeerFixture leader = leader().elected();
        ScriptedLearner two = joins(leader.learner(2).ofOursThatRollsOver());
        reachesTheLastId(leader, two);
        two.ack(z(2, 2));
        for (int i = 0; i < PeerFixture.INIT_LIMIT && leader.status().role() == PeerState.LEADING; i++) {
            leader.afterMillis(PeerFixture.TICK);
            two.echoes(0);
        }
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
    }

    /** zab.md 19, 37, with an end that is nearer. */
    @Test
    void whereNoQuorumCouldFollowTheLeaderStepsDownAtTheLastId() {
        PeerFixture leader = new PeerFixture(3, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2)))
                .with(ReplicationConfig.DEFAULT.withLastCounter(2))
                .elected();
        ScriptedLearner two = joins(leader.learner(2));
        reachesTheLastId(leader, two);
        two.ack(z(2, 2));
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
        leader.client().connects(1000);
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
        assertThat(leader.status().lastCommitted()).isEqualTo(z(2, 2));
    }

    @Test
    void aStandaloneServerGoesOnByItself() {
        ReplicationConfig early = ReplicationConfig.DEFAULT.withLastCounter(2 * LAST_ID);
        PeerFixture alone = new PeerFixture(1, 1, new MemoryDisk()).with(early);
        for (int i = 0; i < 3; i++) {
            alone.client().connects(1000);
        }
        assertThat(alone.logged()).extracting(txn -> txn.header().zxid()).containsExactly(z(2, 1), z(2, 2), z(3, 1));
    }

    @Test
    void aLearnerFollowsIntoTheNextEpochWhileItServes() {
        PeerFixture follower =
                new PeerFixture(1, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2)));
        ScriptedLeader leader =
                follower.turnsTo(3).accepts().ofOursThatRollsOver().leaderInfo(2);
        leader.diff(z(1, 2)).newLeader(2).upToDate().sendsCommitted(List.of(entry(2, 1)));
        follower.forget().holdStorage();
        leader.leaderInfo(3);
        assertThat(leader.got()).as("R1").isEmpty();
        follower.stored();
        assertThat(leader.got()).containsExactly("ACKEPOCH (2,1) of 2");
        leader.newLeader(3);
        assertThat(leader.got()).as("R14").hasSize(1);
        follower.stored();
        assertThat(leader.got()).endsWith("ACK (3,0)");
        assertThat(follower.status().isServing()).isTrue();
        leader.upToDate().sendsCommitted(List.of(entry(3, 1)));
        assertThat(follower.hasApplied(z(3, 1))).isTrue();
        follower.stored();
        assertThat(leader.got()).endsWith("ACK (3,1)");
    }

    @Test
    void aLearnerThatPromisedALaterEpochLeaves() {
        PeerFixture follower =
                new PeerFixture(1, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2)));
        ScriptedLeader leader =
                follower.turnsTo(3).accepts().ofOursThatRollsOver().leaderInfo(2);
        leader.diff(z(1, 2)).newLeader(2).upToDate().leaderInfo(3).leaderInfo(3);
        assertThat(leader.got()).endsWith("CLOSED");
    }
}
