package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.entries;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedClient;
import io.matriarch.core.peer.ScriptedLeader;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.Effect;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.AckEpoch;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import org.junit.jupiter.api.Test;

/** zab.md 7 and scenarios 1 to 9 of 19: how a leader and its learners agree on an epoch that nobody used. */
class DiscoveryClausesTest {
    private static MemoryDisk epochOne() {
        return new MemoryDisk().epochs(1, 1).log(entries(1, 1, 14));
    }

    @Test
    void scenario1_theNewEpochIsAboveEveryPromiseAndDurableAtTheLeaderBeforeAnyoneSeesIt() {
        PeerFixture leader = new PeerFixture(3, 3, new MemoryDisk().epochs(4, 4).log(entries(4, 1, 2)));
        leader.holdStorage().elected();
        ScriptedLearner follower = leader.learner(2).followerInfo(7);
        assertThat(follower.got()).as("R1").isEmpty();
        assertThat(leader.unstored()).containsExactly(new Effect.StoreAcceptedEpoch(1, 8));
        leader.stored();
        assertThat(follower.got()).containsExactly("LEADERINFO (8,0)");
    }

    @Test
    void scenario1_aFollowerAnswersOnlyWhenItsPromiseIsDurable() {
        PeerFixture follower =
                new PeerFixture(1, 3, new MemoryDisk().epochs(7, 4).log(entries(4, 1, 2)));
        ScriptedLeader leader = follower.holdStorage().turnsTo(3).accepts();
        assertThat(leader.got()).containsExactly("FOLLOWERINFO (7,0)");
        leader.leaderInfo(8);
        assertThat(leader.got()).as("R1").hasSize(1);
        follower.stored();
        assertThat(follower.disk().acceptedEpoch()).isEqualTo(8);
        assertThat(leader.got()).containsExactly("FOLLOWERINFO (7,0)", "ACKEPOCH (4,2) of 4");
    }

    @Test
    void theLeadersOwnPromiseCountsForTheEpoch() {
        PeerFixture leader = new PeerFixture(3, 3, new MemoryDisk().epochs(9, 4).log(entries(4, 1, 2)));
        ScriptedLearner follower = leader.elected().learner(2).followerInfo(7);
        assertThat(follower.got()).containsExactly("LEADERINFO (10,0)");
    }

    @Test
    void noEpochIsSettledWithoutAQuorumOfPromises() {
        PeerFixture leader = new PeerFixture(5, 5).elected();
        ScriptedLearner one = leader.learner(1).followerInfo(0);
        ScriptedLearner stranger = leader.learner(9).followerInfo(3);
        assertThat(one.got()).isEmpty();
        leader.learner(2).followerInfo(0);
        assertThat(one.got()).containsExactly("LEADERINFO (4,0)");
        assertThat(stranger.got())
                .as("raises the epoch, but is no part of the quorum")
                .hasSize(1);
    }

    @Test
    void zab4_theNewerConnectionOfAServerCountsWhicheverSpeaksFirst() {
        PeerFixture leader = new PeerFixture(3, 3).elected();
        ScriptedLearner givenUp = leader.learner(1);
        ScriptedLearner newer = leader.learner(1).followerInfo(0);
        assertThat(newer.got()).containsExactly("LEADERINFO (1,0)");
        givenUp.followerInfo(0);
        assertThat(givenUp.got()).containsExactly("CLOSED");
        assertThat(newer.got()).containsExactly("LEADERINFO (1,0)");
        ScriptedLearner newest = leader.learner(1).followerInfo(0);
        assertThat(newer.got()).endsWith("CLOSED");
        assertThat(newest.got()).containsExactly("LEADERINFO (1,0)");
    }

    @Test
    void scenario2_aFollowerThatPromisedTheEpochBeforeAsksNotToBeCounted() {
        PeerFixture follower =
                new PeerFixture(1, 3, new MemoryDisk().epochs(5, 4).log(entries(4, 1, 2)));
        ScriptedLeader leader = follower.turnsTo(3).accepts().leaderInfo(5);
        assertThat(leader.got()).containsExactly("FOLLOWERINFO (5,0)", "ACKEPOCH (4,2) of -1");
    }

    @Test
    void scenario2_theLeaderDoesNotCountAnEarlierPromiseButSynchronizesItsServer() {
        PeerFixture leader = new PeerFixture(5, 5, epochOne()).elected();
        ScriptedLearner one = leader.learner(1).followerInfo(1);
        ScriptedLearner two = leader.learner(2).followerInfo(1);
        one.ackEpoch(1, z(1, 14));
        two.ackEpoch(AckEpoch.DO_NOT_COUNT, z(1, 14));
        assertThat(one.got()).as("two of five").containsExactly("LEADERINFO (2,0)");
        leader.learner(3).followerInfo(1).ackEpoch(1, z(1, 14));
        assertThat(two.got()).containsExactly("LEADERINFO (2,0)", "DIFF (1,14)", "NEWLEADER (2,0)");
    }

    @Test
    void scenario3_aFollowerLeavesALeaderOfALowerEpochAndWritesNothing() {
        PeerFixture follower =
                new PeerFixture(1, 3, new MemoryDisk().epochs(7, 4).log(entries(4, 1, 2)));
        ScriptedLeader leader = follower.turnsTo(3).accepts().leaderInfo(6);
        assertThat(leader.got()).containsExactly("FOLLOWERINFO (7,0)", "CLOSED");
        assertThat(follower.effects(Effect.StorageEffect.class)).isEmpty();
        assertThat(follower.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void scenario4_bytesBehindTheKnownFieldsOfFollowerInfoAreIgnored() {
        PeerFixture leader = new PeerFixture(3, 3).elected();
        ScriptedLearner follower = leader.learner(2);
        JuteWriter data = new JuteWriter(25);
        data.writeRaw(new LearnerInfo(new ServerId(2), LearnerInfo.PROTOCOL_VERSION, 0, 0).encode());
        data.writeRaw(Bytes.utf8("extra"));
        follower.sends(PacketType.FOLLOWERINFO, z(4, 0), data.toBytes());
        assertThat(follower.got()).containsExactly("LEADERINFO (5,0)");
    }

    @Test
    void scenario4_bytesBehindTheVersionInLeaderInfoAreIgnored() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follower.turnsTo(3).accepts();
        JuteWriter data = new JuteWriter(8);
        data.writeInt(LearnerInfo.PROTOCOL_VERSION);
        data.writeInt(77);
        leader.sends(PacketType.LEADERINFO, z(1, 0), data.toBytes());
        assertThat(leader.got()).containsExactly("FOLLOWERINFO (0,0)", "ACKEPOCH (0,0) of 0");
    }

    @Test
    void scenario5_aLearnerWithANewerConfigurationIsClosedBeforeLeaderInfo() {
        PeerFixture leader = new PeerFixture(3, 3).elected();
        assertThat(leader.learner(2).followerInfo(0, 9).got()).containsExactly("CLOSED");
    }

    @Test
    void scenario6_aServerOutsideTheConfigurationIsSynchronizedButCommitsDoNotDependOnIt() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner two = leader.leadsWith(2).get(0);
        ScriptedLearner stranger = leader.learner(9).synchronizes(0, 0, Zxid.ZERO);
        assertThat(stranger.got()).endsWith("UPTODATE");
        ScriptedClient client = leader.forget().client().connects(1000);
        stranger.ack(z(1, 1));
        assertThat(stranger.got()).containsExactly("PROPOSAL (1,1)");
        two.ack(z(1, 1));
        assertThat(stranger.got()).containsExactly("PROPOSAL (1,1)", "COMMIT (1,1)");
        assertThat(client.sessionId()).isNotZero();
    }

    @Test
    void scenario7_aFirstPacketThatIsNeitherFollowerInfoNorObserverInfoEndsTheLink() {
        PeerFixture leader = new PeerFixture(3, 3).elected();
        assertThat(leader.learner(2).ack(z(1, 1)).got()).containsExactly("CLOSED");
    }

    @Test
    void scenario8_anAckEpochWithoutAHistoryIsNotCountedAndASnapshotFollows() {
        PeerFixture leader = new PeerFixture(5, 5, epochOne()).elected();
        ScriptedLearner one = leader.learner(1).followerInfo(1);
        ScriptedLearner two = leader.learner(2).followerInfo(1);
        one.ackEpoch(1, Zxid.NONE);
        two.ackEpoch(1, z(1, 14));
        assertThat(two.got()).as("two of five").containsExactly("LEADERINFO (2,0)");
        leader.learner(3).followerInfo(1).ackEpoch(1, z(1, 14));
        one.takesSnapshot();
        assertThat(one.got())
                .startsWith("LEADERINFO (2,0)", "SNAP (2,0)", "piece")
                .endsWith("NEWLEADER (2,0)");
    }

    @Test
    void scenario9_aFollowerWithANewerHistoryIsDroppedAndNothingElse() {
        PeerFixture leader = new PeerFixture(5, 5, epochOne()).elected();
        ScriptedLearner one = leader.learner(1).followerInfo(1);
        ScriptedLearner two = leader.learner(2).followerInfo(1);
        one.ackEpoch(1, z(1, 15));
        assertThat(one.got()).containsExactly("LEADERINFO (2,0)", "CLOSED");
        assertThat(two.got()).containsExactly("LEADERINFO (2,0)");
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
    }

    @Test
    void scenario9_theCurrentEpochIsComparedBeforeTheZxid() {
        PeerFixture leader = new PeerFixture(5, 5, epochOne()).elected();
        ScriptedLearner one = leader.learner(1).followerInfo(2);
        leader.learner(2).followerInfo(1);
        one.ackEpoch(2, z(1, 3));
        assertThat(one.got()).containsExactly("LEADERINFO (3,0)", "CLOSED");
    }

    @Test
    void aPromiseOfTheLastEpochIsRefusedSinceNoneWouldBeLeft() {
        PeerFixture leader = new PeerFixture(3, 3).elected();
        assertThat(leader.learner(9).followerInfo(Integer.MAX_VALUE).got()).containsExactly("CLOSED");
        assertThat(leader.learner(2).followerInfo(0).got()).containsExactly("LEADERINFO (1,0)");
    }

    @Test
    void theSecondConnectionOfAnIdReplacesTheFirst() {
        PeerFixture leader = new PeerFixture(3, 3).elected();
        ScriptedLearner first = leader.learner(2).followerInfo(0);
        ScriptedLearner second = leader.learner(2).followerInfo(0);
        assertThat(first.got()).endsWith("CLOSED");
        assertThat(second.got()).containsExactly("LEADERINFO (1,0)");
    }

    @Test
    void r2_newLeaderLeavesOnlyWhenTheLeadersCurrentEpochIsDurable() {
        PeerFixture leader = new PeerFixture(3, 3, epochOne()).elected();
        ScriptedLearner follower = leader.learner(2).followerInfo(1);
        leader.holdStorage();
        follower.ackEpoch(1, z(1, 14));
        assertThat(leader.unstored()).hasExactlyElementsOfTypes(Effect.StoreCurrentEpoch.class);
        assertThat(follower.got()).doesNotContain("NEWLEADER (2,0)");
        leader.stored();
        assertThat(leader.disk().currentEpoch()).isEqualTo(2);
        assertThat(follower.got()).endsWith("NEWLEADER (2,0)");
    }

    @Test
    void r3_aServerThatDistrustsItsHistoryVotesLowestAndReportsNothingToBeCounted() {
        PeerFixture follower = new PeerFixture(1, 3, epochOne().distrusted());
        assertThat(follower.toldTo(2)).containsExactly("LOOKING (1, -1, -1)");
        follower.says(3, PeerState.LEADING, 3, z(1, 14), 2);
        ScriptedLeader leader = follower.dialed().accepts().leaderInfo(2);
        assertThat(leader.got()).containsExactly("FOLLOWERINFO (1,0)", "ACKEPOCH -1 of -1");
    }

    @Test
    void r3_aServerThatDistrustsItsHistoryNeverLeads() {
        PeerFixture server = new PeerFixture(3, 3, epochOne().distrusted());
        server.looks(1, 3, Zxid.NONE, -1).looks(2, 3, Zxid.NONE, -1).afterMillis(1000);
        assertThat(server.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void r4_aLeaderThatAVoterCanNeverJoinStepsDown() {
        PeerFixture leader = new PeerFixture(3, 3);
        leader.leadsWith(2);
        leader.learner(1).followerInfo(5);
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void aLeaderWithoutAQuorumGivesUpAfterInitLimit() {
        PeerFixture leader = new PeerFixture(3, 3).elected();
        leader.afterMillis(PeerFixture.INIT_LIMIT * PeerFixture.TICK - 1);
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
        leader.afterMillis(1);
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
    }
}
