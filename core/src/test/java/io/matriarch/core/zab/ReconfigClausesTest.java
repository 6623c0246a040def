package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedClient;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.Effect;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.SetDataTxn;
import io.matriarch.wire.txn.Txn;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** zab.md 14, invariants 37 to 40 and scenarios 46 to 50 of 19, as the leader: changing the members. */
class ReconfigClausesTest {
    private static final long SESSION = 0x100000000000001L;
    private static final long FIRST_VERSION = z(1, 0).value();
    private static final List<Id> SUPER = List.of(new Id("super", ""));

    private final PeerFixture leader = PeerFixture.reconfigurable(3, 3, new MemoryDisk());
    private final List<ScriptedLearner> followers = leader.leadsWith(2, 1);
    private final ScriptedLearner two = followers.get(0);
    private final ScriptedLearner one = followers.get(1);
    private int cxid;

    ReconfigClausesTest() {
        two.forwards(SESSION, 0, new Request.CreateSession(1000));
        followers.forEach(follower -> follower.ack(z(1, 1)));
        leader.forget();
    }

    /** A server that is no member, in sync. */
    private ScriptedLearner joiner(long sid) {
        ScriptedLearner joiner = leader.learner(sid).ofOurs();
        joiner.followerInfo(0).ackEpoch(0, Zxid.ZERO).ackNewLeader();
        leader.forget();
        return joiner;
    }

    private static String line(long sid) {
        return "server." + sid + "=h:" + (2 * sid - 1) + ":" + 2 * sid + ":participant;0.0.0.0:" + (2000 + sid);
    }

    private void asks(@Nullable String joining, @Nullable String leaving, @Nullable String members, long version) {
        asks(new Request.Reconfig(joining, leaving, members, version), SUPER);
    }

    private void asks(Request request, List<Id> identities) {
        Bytes data = new ForwardedRequest(SESSION, ++cxid, request.opcode(), request.encode()).encode();
        two.sends(new QuorumPacket(PacketType.REQUEST, -1, data, identities));
    }

    private Txn lastLogged() {
        List<Txn> logged = leader.logged();
        return logged.get(logged.size() - 1);
    }

    private int error() {
        return lastLogged().body() instanceof ErrorTxn error ? error.err() : ErrorCode.OK;
    }

    private Configuration committed() {
        return leader.disk().committed();
    }

    // --- the first configuration -------------------------------------------------------------------------------------

    @Test
    void election4_4_theFirstConfigurationGetsItsVersionFromTheLeaderThatEstablishesIt() {
        assertThat(committed()).isEqualTo(PeerFixture.configuration(3, 3).withVersion(FIRST_VERSION));
        assertThat(leader.peer().tree().find("/zookeeper/config").data().asUtf8())
                .endsWith("version=100000000");
    }

    @Test
    void aNewLeaderOffersItsConfigurationOnlyWhenThatIsDurable() {
        PeerFixture held = PeerFixture.reconfigurable(3, 3, new MemoryDisk()).elected();
        ScriptedLearner follower = held.learner(2).ofOurs().followerInfo(0);
        held.holdStorage();
        follower.ackEpoch(0, Zxid.ZERO);
        assertThat(follower.got()).as("R2").noneMatch(word -> word.startsWith("NEWLEADER"));
        assertThat(held.unstored()).hasAtLeastOneElementOfType(Effect.StoreConfiguration.class);
        held.stored();
        assertThat(follower.got()).endsWith("NEWLEADER (1,0)");
    }

    @Test
    void scenario49_withReconfigurationDisabledTheVersionStaysZeroAndNothingIsStored() {
        PeerFixture fixed = new PeerFixture(3, 3);
        fixed.leadsWith(2, 1);
        assertThat(fixed.disk().committed()).isNull();
        assertThat(fixed.peer().tree().find("/zookeeper/config").data().asUtf8())
                .endsWith("version=0");
    }

    // --- checks, in Apache's order -----------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "server.4=h:7:8:participant;9, null, null, 7, -103",
                "server.4=h:7:8:participant, null, null, -1, -8",
                "server.4=h:7:7;9, null, null, -1, -8",
                "server.4=h:1:8;9, null, null, -1, -8",
                "4, null, null, -1, -8",
                "server.x=h:7:8;9, null, null, -1, -5",
                "null, x, null, -1, -5",
                "null, '1,2', null, -1, -8",
                "null, '1,2,3', null, -1, -8",
                "null, null, nonsense, -1, -8",
                "null, null, server.3=h:5:6;9, -1, -8",
                "'server.4=h:7:8;9,server.5=h:9:10;9,server.6=h:11:12;9', null, null, -1, -13",
                "null, null, 'server.3=h:5:6;9,server.4=h:7:8;9', -1, -13"
            })
    void clientMd15_aRequestThatCannotBeIsRefusedWithItsError(
            @Nullable String joining, @Nullable String leaving, @Nullable String members, long version, int err) {
        asks(joining, leaving, members, version);
        assertThat(error()).isEqualTo(err);
        assertThat(committed().version()).isEqualTo(FIRST_VERSION);
    }

    @Test
    void clientMd15_withoutWritePermissionOnTheZnodeItIsRefusedLast() {
        asks(new Request.Reconfig(null, "1", null, -1), List.of(new Id("ip", "10.1.0.1")));
        assertThat(error()).isEqualTo(ErrorCode.NO_AUTH);
        asks(new Request.Reconfig(null, "1,2", null, -1), List.of(new Id("ip", "10.1.0.1")));
        assertThat(error()).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @Test
    void clientMd15_whereItIsDisabledItIsRefusedFirst() {
        PeerFixture fixed = new PeerFixture(3, 3);
        ScriptedLearner follower = fixed.leadsWith(2, 1).get(0);
        follower.forwards(SESSION, 0, new Request.CreateSession(1000));
        follower.forwards(SESSION, 1, new Request.Reconfig(null, null, null, 99));
        assertThat(((ErrorTxn) fixed.logged().get(1).body()).err()).isEqualTo(ErrorCode.RECONFIG_DISABLED);
    }

    @Test
    void scenario50_aSecondOneWhileOneIsPendingIsRefused() {
        asks(null, "1", null, -1);
        asks(null, "2", null, -1);
        assertThat(error()).isEqualTo(ErrorCode.RECONFIG_IN_PROGRESS);
    }

    // --- proposing and committing ------------------------------------------------------------------------------------

    @Test
    void theTransactionCarriesTheNextConfigurationWithItsZxidAsVersion() {
        joiner(4);
        asks(line(4), null, null, FIRST_VERSION);
        SetDataTxn txn = (SetDataTxn) lastLogged().body();
        assertThat(txn.path()).isEqualTo("/zookeeper/config");
        assertThat(txn.version()).isEqualTo(-1);
        Configuration next = Configuration.parse(txn.data().asUtf8());
        assertThat(next.version()).isEqualTo(z(1, 2).value());
        assertThat(next.members())
                .containsKeys(new ServerId(1), new ServerId(4))
                .hasSize(4);
        assertThat(leader.disk().lastSeen()).isEqualTo(next);
        assertThat(committed().version()).isEqualTo(FIRST_VERSION);
    }

    @Test
    void scenario48_whatIsProposedWhileAConfigurationIsPendingWaitsForQuorumsOfBoth() {
        ScriptedLearner four = joiner(4);
        ScriptedLearner five = joiner(5);
        asks(null, null, line(3) + "," + line(4) + "," + line(5), -1);
        asks(ScriptedClient.create("/after", 0), SUPER);
        one.ack(z(1, 3));
        two.ack(z(1, 3));
        assertThat(leader.status().lastCommitted())
                .as("3, 1, 2: no quorum of {3,4,5}")
                .isEqualTo(z(1, 1));
        four.ack(z(1, 2));
        assertThat(leader.status().lastCommitted())
                .as("only up to the configuration")
                .isEqualTo(z(1, 2));
        assertThat(one.got()).contains("COMMITANDACTIVATE (1,2)").doesNotContain("COMMIT (1,3)");
        five.ack(z(1, 3));
        assertThat(leader.status().lastCommitted()).isEqualTo(z(1, 3));
        assertThat(five.got()).containsSubsequence("COMMITANDACTIVATE (1,2)", "COMMIT (1,3)");
    }

    @Test
    void whatWasProposedBeforeItWaitsForTheOldConfigurationOnly() {
        joiner(4);
        joiner(5);
        asks(ScriptedClient.create("/before", 0), SUPER);
        asks(null, null, line(3) + "," + line(4) + "," + line(5), -1);
        one.ack(z(1, 3));
        assertThat(leader.status().lastCommitted()).isEqualTo(z(1, 2));
    }

    @Test
    void invariant37_theNewOnesAloneCommitNothingEither() {
        ScriptedLearner four = joiner(4);
        ScriptedLearner five = joiner(5);
        asks(null, null, line(2) + "," + line(4) + "," + line(5), -1);
        four.ack(z(1, 2));
        five.ack(z(1, 2));
        assertThat(leader.status().lastCommitted()).as("{3} of {1,2,3}").isEqualTo(z(1, 1));
        one.ack(z(1, 2));
        assertThat(leader.status().lastCommitted()).isEqualTo(z(1, 2));
    }

    @Test
    void theLeadersOwnVoteForAConfigurationCountsOnlyWhenThatIsDurable() {
        joiner(4);
        leader.holdStorage();
        asks(line(4), null, null, -1);
        List<Effect> lane = leader.unstored();
        assertThat(lane.get(0)).isInstanceOf(Effect.StoreConfiguration.class);
        assertThat(lane.get(1)).isInstanceOf(Effect.Append.class);
        one.ack(z(1, 2));
        leader.stored(1);
        assertThat(leader.status().lastCommitted()).isEqualTo(z(1, 1));
        two.ack(z(1, 2));
        assertThat(leader.status().lastCommitted()).as("1 and 2 of 3, but of 4").isEqualTo(z(1, 1));
        leader.stored(1);
        assertThat(leader.status().lastCommitted()).isEqualTo(z(1, 2));
    }

    @Test
    void scenario46_anObserverIsToldWithTheTransactionAndTheDesignatedLeader() {
        ScriptedLearner observer = leader.learner(9).ofObservers();
        observer.followerInfo(0).ackEpoch(0, Zxid.ZERO).ackNewLeader();
        leader.forget();
        asks(null, "1", null, -1);
        followers.forEach(follower -> follower.ack(z(1, 2)));
        QuorumPacket informed = leader.effects(Effect.SendPacket.class).stream()
                .filter(send -> send.link().equals(observer.link()))
                .map(Effect.SendPacket::packet)
                .filter(packet -> packet.type() == PacketType.INFORMANDACTIVATE)
                .findFirst()
                .orElseThrow();
        assertThat(Activation.designatedIn(informed)).isEqualTo(new ServerId(3));
        Bytes proposal = Activation.withoutDesignated(informed).data();
        assertThat(Arrays.equals(proposal.compact().array(), lastLoggedPayload()))
                .isTrue();
    }

    private byte[] lastLoggedPayload() {
        List<Effect.Append> appends = leader.effects(Effect.Append.class);
        return appends.get(appends.size() - 1).entry().payload().compact().array();
    }

    @Test
    void whoIsAddedIsCountedFromThenOnWithoutConnectingAnew() {
        ScriptedLearner four = joiner(4);
        asks(line(4), "1", null, -1);
        followers.forEach(follower -> follower.ack(z(1, 2)));
        asks(ScriptedClient.create("/a", 0), SUPER);
        one.ack(z(1, 3));
        assertThat(leader.status().lastCommitted()).as("1 is out").isEqualTo(z(1, 2));
        four.ack(z(1, 3));
        assertThat(leader.status().lastCommitted()).isEqualTo(z(1, 3));
    }

    @Test
    void aLearnerThatSynchronizesWhileOneIsPendingIsOfferedWhatIsAgreed() {
        asks(null, "1", null, -1);
        ScriptedLearner late = leader.learner(2).ofOurs();
        late.followerInfo(1, FIRST_VERSION).ackEpoch(1, z(1, 1));
        QuorumPacket newLeader = leader.effects(Effect.SendPacket.class).stream()
                .filter(send -> send.link().equals(late.link()))
                .map(Effect.SendPacket::packet)
                .filter(packet -> packet.type() == PacketType.NEWLEADER)
                .findFirst()
                .orElseThrow();
        assertThat(Configuration.parse(newLeader.data().asUtf8()).version()).isEqualTo(FIRST_VERSION);
        assertThat(late.ack(z(1, 0)).got()).endsWith("UPTODATE", "PROPOSAL (1,2)");
    }

    @Test
    void whoIsNotUpToDateYetIsToldOfAnAgreedConfigurationByItsOwnKindOfCommit() {
        ScriptedLearner late = leader.learner(7).followerInfo(0).ackEpoch(0, Zxid.ZERO);
        ScriptedLearner observer = leader.learner(9).ofObservers();
        observer.followerInfo(0).ackEpoch(0, Zxid.ZERO);
        asks(null, "1", null, -1);
        asks(ScriptedClient.create("/a", 0), SUPER);
        followers.forEach(follower -> follower.ack(z(1, 3)));
        assertThat(leader.status().lastCommitted()).isEqualTo(z(1, 3));
        leader.forget();
        assertThat(late.ackNewLeader().got())
                .containsExactly(
                        "UPTODATE", "PROPOSAL (1,2)", "COMMITANDACTIVATE (1,2)", "PROPOSAL (1,3)", "COMMIT (1,3)");
        assertThat(observer.ackNewLeader().got())
                .containsExactly("UPTODATE", "INFORMANDACTIVATE (1,2)", "INFORM (1,3)");
        assertThat(leader.effects(Effect.SendPacket.class).stream()
                        .map(Effect.SendPacket::packet)
                        .filter(packet -> packet.type() == PacketType.COMMITANDACTIVATE
                                || packet.type() == PacketType.INFORMANDACTIVATE)
                        .map(Activation::designatedIn))
                .containsExactly(new ServerId(3), new ServerId(3));
    }

    @Test
    void whoIsNotUpToDateYetIsToldWhomAConfigurationGaveTheLead() {
        ScriptedLearner late = leader.learner(7).followerInfo(0).ackEpoch(0, Zxid.ZERO);
        asks(null, "3", null, -1);
        one.ack(z(1, 2));
        two.ack(z(1, 2));
        leader.forget();
        assertThat(late.ackNewLeader().got()).containsExactly("UPTODATE", "PROPOSAL (1,2)", "COMMITANDACTIVATE (1,2)");
        assertThat(leader.effects(Effect.SendPacket.class).stream()
                        .map(Effect.SendPacket::packet)
                        .filter(packet -> packet.type() == PacketType.COMMITANDACTIVATE)
                        .map(Activation::designatedIn))
                .containsExactly(new ServerId(2));
    }

    // --- handing over ------------------------------------------------------------------------------------------------

    @Test
    void scenario47_aLeaderThatIsTakenOutNamesAVoterThatHasItAndCommitsNothingMore() {
        asks(null, "3", null, -1);
        asks(ScriptedClient.create("/lost", 0), SUPER);
        one.ack(z(1, 2));
        two.ack(z(1, 3));
        QuorumPacket activation = leader.effects(Effect.SendPacket.class).stream()
                .map(Effect.SendPacket::packet)
                .filter(packet -> packet.type() == PacketType.COMMITANDACTIVATE)
                .findFirst()
                .orElseThrow();
        assertThat(Activation.designatedIn(activation)).as("it has logged most").isEqualTo(new ServerId(2));
        one.ack(z(1, 3));
        asks(ScriptedClient.create("/late", 0), SUPER);
        assertThat(leader.status().lastCommitted()).as("invariant 39").isEqualTo(z(1, 2));
        assertThat(leader.logged()).hasSize(2);
    }

    @Test
    void aLeaderThatIsTakenOutTurnsToItsSuccessorOnceTheOthersHaveGone() {
        asks(null, "3", null, -1);
        one.ack(z(1, 2));
        two.ack(z(1, 2));
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
        one.disconnects();
        two.disconnects();
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
        assertThat(leader.effects(Effect.ConnectToLeader.class))
                .extracting(Effect.ConnectToLeader::leader)
                .containsExactly(new ServerId(2));
        leader.dialed().accepts().leaderInfo(2);
        assertThat(leader.status().role()).as("without a vote").isEqualTo(PeerState.FOLLOWING);
    }

    @Test
    void aLeaderThatIsTakenOutDoesNotWaitForLongerThanATick() {
        asks(null, "3", null, -1);
        one.ack(z(1, 2));
        two.ack(z(1, 2));
        leader.afterMillis(PeerFixture.TICK);
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void aSuccessorThatCannotBeJoinedMakesTheServerLookForALeader() {
        asks(null, "3", null, -1);
        one.ack(z(1, 2));
        two.ack(z(1, 2));
        leader.afterMillis(PeerFixture.TICK).forget();
        leader.afterMillis(3_000);
        assertThat(leader.toldTo(1))
                .as("without a vote of its own")
                .contains("LOOKING (-9223372036854775808, (1,2), 1)");
    }

    @Test
    void invariant40_aLearnerWithANewerConfigurationIsRefused() {
        ScriptedLearner ahead = leader.learner(2).ofOurs().followerInfo(1, z(1, 5).value());
        assertThat(ahead.got()).containsExactly("CLOSED");
    }

    // --- crashes -----------------------------------------------------------------------------------------------------

    @Test
    void aPendingConfigurationIsRememberedAndCompletedByTheNextLeader() {
        asks(null, "1", null, -1);
        leader.crashAndRestart();
        assertThat(leader.disk().lastSeen().version()).isEqualTo(z(1, 2).value());
        leader.elected();
        ScriptedLearner follower = leader.learner(2).ofOurs();
        follower.followerInfo(1, FIRST_VERSION).ackEpoch(1, z(1, 2)).ackNewLeader();
        assertThat(committed().version()).isEqualTo(z(1, 2).value());
        assertThat(committed().members()).doesNotContainKey(new ServerId(1));
    }
}
