package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.entries;
import static io.matriarch.core.peer.Entries.entry;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.matriarch.core.peer.Entries;
import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedClient;
import io.matriarch.core.peer.ScriptedLeader;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnHeader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** zab.md 10, R20 to R27, and scenarios 29 to 39 of 19: proposing, committing, and proving that one still leads. */
class BroadcastClausesTest {
    private static final long SESSION = 0x100000000000001L;

    /** Server 3 of three leads epoch 1, followed by 1 and 2, with session {@link #SESSION} opened through 2 at (1,1). */
    private static List<ScriptedLearner> withSession(PeerFixture leader) {
        List<ScriptedLearner> followers = leader.leadsWith(2, 1);
        followers.get(0).forwards(SESSION, 0, new Request.CreateSession(1000));
        followers.forEach(follower -> follower.ack(z(1, 1)));
        leader.forget();
        return followers;
    }

    private static Request create(String path) {
        return ScriptedClient.create(path, 0);
    }

    @Test
    void zab10_3_aFollowerThatAnswersPingsButLogsNothingIsDropped() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = withSession(leader);
        ScriptedLearner stalled = followers.get(1);
        followers.get(0).forwards(SESSION, 1, create("/a")).ack(z(1, 2));
        for (int halfTick = 0; halfTick < 20 && !stalled.got().contains("CLOSED"); halfTick++) {
            leader.afterMillis(PeerFixture.TICK / 2);
            followers.forEach(ScriptedLearner::echoesLast);
        }
        assertThat(stalled.got()).contains("CLOSED");
        assertThat(followers.get(0).got()).as("it owes nothing").doesNotContain("CLOSED");
    }

    /** Apache's learners forward createSession with null in the place of the identities. */
    @Test
    void zab13_aRequestWithoutIdentitiesIsTaken() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner two = leader.leadsWith(2).get(0);
        Request create = new Request.CreateSession(1000);
        Bytes data = new ForwardedRequest(SESSION, 0, create.opcode(), create.encode()).encode();
        two.sends(new QuorumPacket(PacketType.REQUEST, -1, data, null));
        assertThat(two.got()).containsExactly("PROPOSAL (1,1)");
    }

    // --- R5, R6, R7: between NEWLEADER and UPTODATE --------------------------------------------------------------

    @Test
    void scenario29_anAckOfAProposalBeforeThatOfNewLeaderDoesNoHarm() {
        PeerFixture leader = new PeerFixture(3, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 3)));
        ScriptedLearner two = leader.elected().learner(2).followerInfo(1).ackEpoch(1, z(1, 2));
        two.ack(z(1, 3));
        assertThat(leader.status().phase()).isEqualTo("synchronization");
        two.ack(z(2, 0));
        assertThat(leader.status().phase()).isEqualTo("broadcast");
        assertThat(two.got()).endsWith("NEWLEADER (2,0)", "UPTODATE");
    }

    /** Otherwise it would take its whole log for committed when UPTODATE comes. */
    @Test
    void aReturningFollowerIsCutBackToWhatIsCommittedEvenIfWeProposedTheRestOurselves() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = withSession(leader);
        followers.get(0).forwards(SESSION, 1, create("/a"));
        followers.get(1).disconnects();
        leader.forget();
        ScriptedLearner back = leader.learner(1).ofOurs().followerInfo(1).ackEpoch(-1, z(1, 2));
        assertThat(back.got()).contains("TRUNC (1,1)").doesNotContain("DIFF (1,1)");
    }

    @Test
    void r5_anythingButAnAckAfterNewLeaderEndsTheLink() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner two = leader.elected().learner(2).followerInfo(0).ackEpoch(0, Zxid.ZERO);
        two.sends(PacketType.REVALIDATE, Zxid.NONE, Bytes.EMPTY);
        assertThat(two.got()).endsWith("NEWLEADER (1,0)", "CLOSED");
    }

    @Test
    void scenario30_betweenNewLeaderAndUpToDateALearnerGetsOnlyPingsAndTheBacklogAfterwards() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner two = leader.leadsWith(2).get(0);
        ScriptedLearner one = leader.learner(1).followerInfo(0).ackEpoch(0, Zxid.ZERO);
        leader.forget();
        two.forwards(SESSION, 0, new Request.CreateSession(1000)).ack(z(1, 1));
        two.forwards(SESSION, 1, create("/a"));
        leader.afterMillis(PeerFixture.TICK / 2);
        assertThat(one.got()).as("R6").isNotEmpty().allMatch(word -> word.startsWith("PING"));
        leader.forget();
        one.ack(z(1, 0));
        assertThat(one.got()).containsExactly("UPTODATE", "PROPOSAL (1,1)", "COMMIT (1,1)", "PROPOSAL (1,2)");
    }

    @Test
    void r7_learnersArePingedEveryHalfTickWhileOthersAreStillSynchronized() {
        PeerFixture leader = new PeerFixture(5, 5).elected();
        ScriptedLearner one = leader.learner(1).followerInfo(0);
        ScriptedLearner two = leader.learner(2).followerInfo(0);
        one.ackEpoch(0, Zxid.ZERO);
        two.ackEpoch(0, Zxid.ZERO);
        one.ack(z(1, 0));
        leader.forget().afterMillis(2 * PeerFixture.TICK);
        assertThat(one.got()).containsExactly("PING 0", "PING 0", "PING 0", "PING 0");
    }

    // --- commits -------------------------------------------------------------------------------------------------

    @Test
    void scenario31_twoFollowersCommitWhileTheLeadersDiskIsStalled() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = withSession(leader);
        leader.holdStorage();
        followers.get(0).forwards(SESSION, 1, create("/a")).ack(z(1, 2));
        assertThat(followers.get(0).got())
                .as("one of three: the leader's own vote is absent")
                .containsExactly("PROPOSAL (1,2)");
        followers.get(1).ack(z(1, 2));
        assertThat(followers.get(0).got()).containsExactly("PROPOSAL (1,2)", "COMMIT (1,2)");
    }

    @Test
    void invariant23_theLeadersOwnVoteCountsOnceItsLogIsDurable() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = withSession(leader);
        leader.holdStorage();
        followers.get(0).forwards(SESSION, 1, create("/a")).ack(z(1, 2));
        leader.stored();
        assertThat(followers.get(0).got()).containsExactly("PROPOSAL (1,2)", "COMMIT (1,2)");
    }

    @Test
    void scenario32_onlyWhatAQuorumHasIsCommittedAndAnAckCoversWhatWasSentBefore() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = withSession(leader);
        leader.holdStorage();
        ScriptedLearner two = followers.get(0);
        for (int xid = 1; xid <= 3; xid++) {
            two.forwards(SESSION, xid, create("/a" + xid));
        }
        leader.forget();
        two.ack(z(1, 4));
        followers.get(1).ack(z(1, 2));
        assertThat(followers.get(1).got()).as("R20: (1,4) covers (1,2)").containsExactly("COMMIT (1,2)");
        assertThat(leader.status().lastCommitted()).isEqualTo(z(1, 2));
    }

    @Test
    void acksOfNothingThatWasProposedAreIgnored() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = withSession(leader);
        leader.holdStorage();
        followers.forEach(follower -> follower.ack(z(1, 9)));
        followers.get(0).forwards(SESSION, 1, create("/a"));
        leader.stored();
        assertThat(leader.status().lastCommitted()).isEqualTo(z(1, 1));
    }

    @Test
    void r20_oneCommitStandsForAGroupOnlyWithServersThatAnnounceIt() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner ours = leader.leadsWith(2).get(0);
        ScriptedLearner apache = leader.learner(1).synchronizes(0, 0, Zxid.ZERO);
        ours.forwards(SESSION, 0, new Request.CreateSession(1000)).forwards(SESSION, 1, create("/a"));
        leader.forget();
        ours.ack(z(1, 2));
        assertThat(ours.got()).containsExactly("COMMIT (1,2)");
        assertThat(apache.got()).containsExactly("COMMIT (1,1)", "COMMIT (1,2)");
    }

    @Test
    void scenario33_aGroupOfTenIsAcknowledgedOneByOneToALeaderOfApache() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follower.follows(3, 1);
        follower.holdStorage();
        entries(1, 1, 10).forEach(leader::proposes);
        assertThat(leader.got()).isEmpty();
        follower.stored();
        assertThat(leader.got())
                .hasSize(10)
                .startsWith("ACK (1,1)", "ACK (1,2)")
                .endsWith("ACK (1,9)", "ACK (1,10)");
    }

    @Test
    void r20_aGroupIsAcknowledgedAtOnceToALeaderThatAnnouncesIt() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follower.turnsTo(3).ofOurs().accepts().leaderInfo(1);
        leader.diff(Zxid.ZERO).newLeader(1).upToDate();
        follower.forget().holdStorage();
        entries(1, 1, 10).forEach(leader::proposes);
        follower.stored();
        assertThat(leader.got()).containsExactly("ACK (1,10)");
        leader.commits(z(1, 7));
        assertThat(follower.hasApplied(z(1, 7))).isTrue();
        assertThat(follower.hasApplied(z(1, 8))).isFalse();
    }

    @Test
    void scenario34_aCommitThatIsNotForTheHeadMakesTheFollowerLookAgain() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follower.follows(3, 1);
        entries(1, 1, 2).forEach(leader::proposes);
        follower.forget();
        leader.commits(z(1, 2));
        assertThat(leader.got()).containsExactly("CLOSED");
        assertThat(follower.hasApplied(z(1, 1))).isFalse();
        assertThat(follower.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void r21_aGapInTheProposalsEndsTheLink() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follower.follows(3, 1).proposes(entry(1, 1));
        follower.forget();
        leader.proposes(entry(1, 3));
        assertThat(leader.got()).containsExactly("CLOSED");
        assertThat(follower.disk().last()).isEqualTo(z(1, 1));
    }

    @Test
    void r18_aZxidThatComesTwiceIsLoggedAndAcknowledgedOnce() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follower.follows(3, 1).proposes(entry(1, 1)).proposes(entry(1, 1));
        assertThat(leader.got()).containsExactly("ACK (1,1)");
    }

    // --- requests become transactions ----------------------------------------------------------------------------

    @Test
    void scenario35_aWriteThatFailsBecomesAnErrorTransactionOfItsSessionAndXid() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = withSession(leader);
        followers.get(0).forwards(SESSION, 7, new Request.Delete("/missing", -1));
        Txn txn = leader.logged().get(0);
        assertThat(txn.header())
                .extracting(TxnHeader::clientId, TxnHeader::cxid, TxnHeader::zxid, TxnHeader::type)
                .containsExactly(SESSION, 7, z(1, 2), OpCode.ERROR);
        assertThat(txn.body()).isEqualTo(new ErrorTxn(ErrorCode.NO_NODE));
        followers.get(0).ack(z(1, 2));
        assertThat(followers.get(0).got()).containsExactly("PROPOSAL (1,2)", "COMMIT (1,2)");
    }

    @Test
    void scenario35_theFollowerAnswersItsClientWithTheErrorOfTheTransaction() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follower.follows(3, 1);
        ScriptedClient client = follower.client();
        long session = leader.opensSession(client, 1000, z(1, 1));
        follower.forget();
        client.asks(7, new Request.Delete("/missing", -1));
        assertThat(leader.got()).containsExactly("REQUEST " + OpCode.DELETE);
        leader.proposes(Entries.entry(session, 7, z(1, 2), OpCode.ERROR, new ErrorTxn(ErrorCode.NO_NODE)));
        assertThat(client.answers()).as("not committed").isEmpty();
        leader.commits(z(1, 2));
        assertThat(client.answers()).containsExactly("7 " + ErrorCode.NO_NODE);
    }

    @Test
    void scenario36_aFailedMultiWithGarbageOfApacheIsTakenAndNothingOfItApplied() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follower.turnsTo(3).accepts().leaderInfo(2);
        leader.diff(z(1, 1))
                .sendsCommitted(List.of(failedMulti("/a")))
                .newLeader(2)
                .upToDate();
        assertThat(follower.status().isServing()).isTrue();
        assertThat(follower.status().lastApplied()).isEqualTo(z(2, 0));
        assertThat(follower.peer().tree().find("/a")).isNull();
    }

    /** A multi at (1,1) that failed at its second part; its first part is as Apache leaves it (zab.md 6.3). */
    private static LogEntry failedMulti(String path) {
        JuteWriter garbage = new JuteWriter();
        new CreateTxn(path, Bytes.EMPTY, Acl.OPEN, false, 1).encode(garbage);
        JuteWriter multi = new JuteWriter();
        new TxnHeader(SESSION, 1, z(1, 1), 0, OpCode.MULTI).encode(multi);
        multi.writeInt(2);
        multi.writeInt(OpCode.ERROR);
        multi.writeBuffer(garbage.toBytes());
        multi.writeInt(OpCode.ERROR);
        multi.writeInt(4);
        multi.writeInt(ErrorCode.NO_NODE);
        return new LogEntry(z(1, 1), multi.toBytes());
    }

    @Test
    void scenario38_aBodyThatCannotBeReadBecomesOneErrorTransactionAndLaterWritesCommit() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner two = withSession(leader).get(0);
        Bytes good = forwarded(SESSION, 1, OpCode.CREATE, Bytes.utf8("x"));
        two.sends(new QuorumPacket(PacketType.REQUEST, -1, good, List.of()));
        two.forwards(SESSION, 2, create("/a")).ack(z(1, 3));
        assertThat(leader.logged())
                .extracting(txn -> txn.header().zxid(), txn -> txn.header().type())
                .containsExactly(tuple(z(1, 2), OpCode.ERROR), tuple(z(1, 3), OpCode.CREATE));
        assertThat(leader.status().lastCommitted()).isEqualTo(z(1, 3));
    }

    @Test
    void aRequestThatIsNoWriteBecomesAnErrorTransaction() {
        PeerFixture leader = new PeerFixture(3, 3);
        withSession(leader).get(0).forwards(SESSION, 1, new Request.Exists("/", false));
        assertThat(leader.logged()).extracting(Txn::body).containsExactly(new ErrorTxn(ErrorCode.UNIMPLEMENTED));
    }

    private static Bytes forwarded(long session, int cxid, int opcode, Bytes body) {
        return new ForwardedRequest(session, cxid, opcode, body).encode();
    }

    @Test
    void r25_deleteContainerIsRefusedFromLearners() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner two = withSession(leader).get(0);
        two.forwards(SESSION, 1, create("/a"));
        two.forwards(SESSION, 2, new Request.DeleteContainer("/a"));
        two.forwards(0, 0, new Request.DeleteContainer("/a")).ack(z(1, 4));
        assertThat(leader.logged())
                .extracting(Txn::body)
                .containsSubsequence(new ErrorTxn(ErrorCode.UNIMPLEMENTED), new ErrorTxn(ErrorCode.UNIMPLEMENTED));
        assertThat(leader.peer().tree().find("/a")).isNotNull();
    }

    @Test
    void r25_deleteContainerIsRefusedFromClients() {
        PeerFixture leader = new PeerFixture(1, 1);
        ScriptedClient client = leader.client().connects(1000);
        leader.forget();
        client.asks(1, new Request.DeleteContainer("/a"));
        assertThat(client.answers()).containsExactly("1 " + ErrorCode.UNIMPLEMENTED, "CLOSED");
        assertThat(leader.logged()).isEmpty();
    }

    // --- proof of leadership -------------------------------------------------------------------------------------

    @Test
    void r27_syncWaitsForAHeartbeatRoundThatBeganAfterIt() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner two = withSession(leader).get(0);
        leader.afterMillis(PeerFixture.TICK / 2);
        two.forwards(SESSION, 1, new Request.Sync("/"));
        assertThat(two.got()).doesNotContain("SYNC");
        two.echoesLast();
        assertThat(two.got())
                .as("that round was under way when the sync came; its end begins the next")
                .doesNotContain("SYNC")
                .filteredOn(word -> word.startsWith("PING"))
                .hasSizeGreaterThan(1);
        two.echoesLast();
        assertThat(two.got()).endsWith("SYNC");
    }

    @Test
    void r27_anIdleLeaderBeginsARoundForASyncAtOnce() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner two = withSession(leader).get(0);
        leader.afterMillis(PeerFixture.TICK / 2);
        two.echoesLast();
        leader.forget();
        two.forwards(SESSION, 1, new Request.Sync("/"));
        assertThat(two.got()).hasSize(1).first().asString().startsWith("PING");
        two.echoesLast();
        assertThat(two.got()).endsWith("SYNC");
    }

    @Test
    void syncWaitsForWhatWasProposedBeforeItAndFollowsItsCommit() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner two = withSession(leader).get(0);
        leader.afterMillis(PeerFixture.TICK / 2);
        two.echoesLast();
        leader.forget();
        two.forwards(SESSION, 1, create("/a")).forwards(SESSION, 2, new Request.Sync("/"));
        two.echoesLast();
        assertThat(two.got()).doesNotContain("SYNC");
        assertThat(leader.status().pendingSyncs()).isEqualTo(1);
        two.ack(z(1, 2));
        assertThat(two.got()).endsWith("COMMIT (1,2)", "SYNC");
        assertThat(leader.status().pendingSyncs()).isZero();
    }

    @Test
    void onlySyncsCountAsPendingSyncs() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner two = withSession(leader).get(0);
        two.revalidates(SESSION, 1000);
        assertThat(leader.status().pendingSyncs()).isZero();
        two.forwards(SESSION, 1, new Request.Sync("/")).forwards(SESSION, 2, new Request.Sync("/"));
        assertThat(leader.status().pendingSyncs()).isEqualTo(2);
    }

    @Test
    void r22_echoesOfStrangersProveNothing() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner two = withSession(leader).get(0);
        ScriptedLearner stranger = leader.learner(9).synchronizes(0, 0, z(1, 1));
        leader.afterMillis(PeerFixture.TICK / 2);
        two.echoesLast();
        two.forwards(SESSION, 1, new Request.Sync("/"));
        leader.forget().afterMillis(PeerFixture.TICK / 2);
        stranger.echoesLast();
        assertThat(two.got()).doesNotContain("SYNC");
    }

    @Test
    void scenario39_aLeaderWithAMinorityStopsWithinSyncLimitAndATickAndAnswersNoSync() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = leader.leadsWith(2, 1);
        ScriptedClient client = leader.client().connects(2000);
        followers.forEach(follower -> follower.ack(z(1, 1)));
        leader.forget();
        client.asks(5, new Request.Sync("/"));
        leader.afterMillis(PeerFixture.SYNC_LIMIT * PeerFixture.TICK);
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
        leader.afterMillis(PeerFixture.TICK);
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
        assertThat(client.answers()).isEmpty();
        assertThat(leader.effects(Effect.StopListening.class)).hasSize(1);
    }

    @Test
    void aLeaderWhoseFollowersDisconnectStopsWithinATick() {
        PeerFixture leader = new PeerFixture(3, 3);
        leader.leadsWith(2, 1).forEach(ScriptedLearner::disconnects);
        leader.afterMillis(PeerFixture.TICK);
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
    }
}
