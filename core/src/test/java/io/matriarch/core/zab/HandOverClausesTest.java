package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedClient;
import io.matriarch.core.peer.ScriptedLeader;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.quorum.LeadTransfer;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A leader lets another server lead ({@link HandOver}); nothing is lost, and no client loses its connection. */
class HandOverClausesTest {
    private static final long TICKET = 77;
    private static final int LEAVE_MILLIS = PeerFixture.TICK * PeerFixture.SYNC_LIMIT / 2;

    private static ScriptedLearner joins(ScriptedLearner learner) {
        return learner.synchronizes(0, 0, Zxid.ZERO);
    }

    /** Server 3 of three leads epoch 1, followed by 1 and 2. */
    private static List<ScriptedLearner> led(PeerFixture leader) {
        leader.elected();
        List<ScriptedLearner> followers = List.of(
                joins(leader.learner(1).ofOursThatTransfers()),
                joins(leader.learner(2).ofOursThatTransfers()));
        leader.forget();
        return followers;
    }

    private static void asks(PeerFixture server, long target) {
        server.step(new Event.TransferRequested(TICKET, new ServerId(target)));
    }

    /** What was told of a wish: "done: …" or "refused: …". */
    private static List<String> told(PeerFixture server) {
        return server.effects(Effect.TransferAnswered.class).stream()
                .map(answer -> (answer.isDone() ? "done: " : "refused: ") + answer.text())
                .toList();
    }

    private static String go(long target) {
        return "TRANSFER GO " + target;
    }

    // --- the leader --------------------------------------------------------------------------------------------------

    @Test
    void anIdleLeaderTellsTheNextOneFirstAndTurnsToItWhenTheOthersHaveLeft() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = led(leader);
        asks(leader, 1);
        assertThat(followers).allSatisfy(each -> assertThat(each.got()).containsExactly(go(1)));
        assertThat(leader.effects(Effect.SendPacket.class).get(0).link())
                .isEqualTo(followers.get(0).link());
        assertThat(told(leader)).singleElement().asString().startsWith("done: ");
        followers.get(0).disconnects();
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
        followers.get(1).disconnects();
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
        assertThat(leader.effects(Effect.ConnectToLeader.class))
                .extracting(Effect.ConnectToLeader::leader)
                .containsExactly(new ServerId(1));
        assertThat(leader.effects(Effect.SendNotification.class))
                .as("no election")
                .isEmpty();
    }

    @Test
    void aFollowerThatDoesNotLeaveIsNotWaitedForForLong() {
        PeerFixture leader = new PeerFixture(3, 3);
        led(leader).get(0).disconnects();
        asks(leader, 2);
        leader.afterMillis(LEAVE_MILLIS - 1);
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
        leader.afterMillis(1);
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void whatWasProposedIsCommittedFirstAndWhatComesMeanwhileIsNotProposed() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = led(leader);
        ScriptedLearner one = followers.get(0);
        ScriptedLearner two = followers.get(1);
        one.forwards(0x100, 0, new Request.CreateSession(1000));
        asks(leader, 1);
        one.forwards(0x200, 0, new Request.CreateSession(1000));
        assertThat(one.got()).containsExactly("PROPOSAL (1,1)");
        two.ack(z(1, 1));
        assertThat(one.got()).as("it has not logged it itself").containsExactly("PROPOSAL (1,1)", "COMMIT (1,1)");
        one.ack(z(1, 1));
        assertThat(one.got()).containsExactly("PROPOSAL (1,1)", "COMMIT (1,1)", go(1));
        one.forwards(0x300, 0, new Request.CreateSession(1000));
        leader.afterMillis(LEAVE_MILLIS);
        assertThat(one.got()).doesNotContain("PROPOSAL (1,2)");
    }

    @Test
    void ifTheLastProposalsAreNotCommittedInTimeTheLeaderLeadsOn() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = led(leader);
        ScriptedLearner one = followers.get(0);
        one.forwards(0x100, 0, new Request.CreateSession(1000));
        asks(leader, 1);
        one.forwards(0x200, 0, new Request.CreateSession(1000));
        followers.get(1).ack(z(1, 1));
        leader.afterMillis(PeerFixture.TICK * PeerFixture.SYNC_LIMIT / 2 - 1);
        assertThat(told(leader)).isEmpty();
        leader.afterMillis(1);
        assertThat(told(leader)).singleElement().asString().startsWith("refused: the last proposals");
        assertThat(one.got()).contains("PROPOSAL (1,2)").doesNotContain(go(1));
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
    }

    /** A host would step it without end. */
    @Test
    void whileTheLastProposalsAreWaitedForNoDeadlineIsLeftInThePast() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = led(leader);
        followers.get(0).forwards(0x100, 0, new Request.CreateSession(1000));
        asks(leader, 1);
        for (int i = 0; i < LEAVE_MILLIS - 1; i++) {
            leader.isAwayFor(1);
            assertThat(leader.peer().deadlineNanos()).isGreaterThan(leader.millis() * 1_000_000);
        }
        assertThat(told(leader)).isEmpty();
    }

    @Test
    void fromTheWordOnNoClientIsAnswered() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = led(leader);
        ScriptedClient client = leader.client().connects(1000);
        followers.get(0).ack(z(1, 1));
        followers.get(1).ack(z(1, 1));
        asks(leader, 2);
        client.asks(1, new Request.Exists("/", false));
        assertThat(client.answers()).isEmpty();
    }

    @Test
    void whatCannotBeIsRefusedWithTheReason() {
        PeerFixture leader = new PeerFixture(3, 3);
        leader.elected();
        joins(leader.learner(1));
        asks(leader, 3);
        asks(leader, 9);
        asks(leader, 2);
        asks(leader, 1);
        assertThat(told(leader))
                .containsExactly(
                        "refused: server 3 leads already",
                        "refused: server 9 is no participant",
                        "refused: server 2 does not follow, or is not up to date",
                        "refused: server 1 cannot take the lead: it is Apache's or of an older release, has no weight,"
                                + " or does not stand");
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
    }

    /** Apache's servers would have to elect; those of ours must be a quorum without them. */
    @Test
    void whereOursAreNoQuorumTheLeaderStays() {
        PeerFixture leader = new PeerFixture(3, 5);
        leader.elected();
        List<ScriptedLearner> learners = List.of(leader.learner(1).ofOursThatTransfers(), leader.learner(2));
        learners.forEach(learner -> learner.followerInfo(0));
        learners.forEach(learner -> learner.ackEpoch(0, Zxid.ZERO));
        learners.forEach(ScriptedLearner::ackNewLeader);
        asks(leader, 1);
        assertThat(told(leader)).containsExactly("refused: the servers of ours that follow would be no quorum");
    }

    // --- a follower --------------------------------------------------------------------------------------------------

    private static ScriptedLeader follows(PeerFixture follower, long leader) {
        ScriptedLeader script = follower.turnsTo(leader).accepts().ofOursThatTransfers();
        script.leaderInfo(1).diff(follower.status().lastLogged()).newLeader(1).upToDate();
        follower.forget();
        return script;
    }

    @Test
    void aFollowerPassesTheWishOnAndTheAnswerBack() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follows(follower, 3);
        asks(follower, 2);
        assertThat(leader.got()).containsExactly("TRANSFER ASK 2");
        LeadTransfer answer = LeadTransfer.answer(new ServerId(2), false, "no");
        leader.sends(PacketType.TRANSFER, new Zxid(1), answer.encode());
        assertThat(told(follower)).containsExactly("refused: no");
    }

    @Test
    void aWishThatTheLeaderTookAlongWithItIsAnsweredToo() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follows(follower, 3);
        asks(follower, 2);
        leader.disconnects();
        assertThat(told(follower)).singleElement().asString().startsWith("refused: no answer came");
    }

    @Test
    void anApacheLeaderIsNotAsked() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follower.turnsTo(3).accepts();
        leader.leaderInfo(1).diff(follower.status().lastLogged()).newLeader(1).upToDate();
        follower.forget();
        asks(follower, 2);
        assertThat(leader.got()).isEmpty();
        assertThat(told(follower)).singleElement().asString().startsWith("refused: leader 3 cannot be asked");
    }

    @Test
    void whoeverIsNamedLeadsAtOnceAndTheOthersTurnToIt() {
        PeerFixture named = new PeerFixture(1, 3);
        follows(named, 3)
                .sends(
                        PacketType.TRANSFER,
                        Zxid.ZERO,
                        LeadTransfer.go(new ServerId(1)).encode());
        assertThat(named.status().role()).isEqualTo(PeerState.LEADING);
        assertThat(named.effects(Effect.ListenForLearners.class)).hasSize(1);
        PeerFixture other = new PeerFixture(1, 3);
        follows(other, 3)
                .sends(
                        PacketType.TRANSFER,
                        Zxid.ZERO,
                        LeadTransfer.go(new ServerId(2)).encode());
        assertThat(other.effects(Effect.ConnectToLeader.class))
                .extracting(Effect.ConnectToLeader::leader)
                .containsExactly(new ServerId(2));
        assertThat(other.effects(Effect.SendNotification.class)).isEmpty();
    }

    /** The leader told that it will never propose them. */
    @Test
    void aClientsRequestsWithoutOutcomeGoToTheNextLeaderInOrderAndItsConnectionStays() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader old = follows(follower, 3);
        ScriptedClient client = follower.client();
        old.opensSession(client, 4000, z(1, 1));
        client.asks(1, ScriptedClient.create("/a", 0)).asks(2, new Request.Exists("/a", false));
        client.asks(3, new Request.Sync("/"));
        old.sends(
                PacketType.TRANSFER, Zxid.ZERO, LeadTransfer.go(new ServerId(2)).encode());
        assertThat(client.answers()).isEmpty();
        ScriptedLeader next = follower.dialed().accepts().ofOursThatTransfers();
        next.leaderInfo(2).diff(z(1, 1)).newLeader(2).upToDate();
        assertThat(requestsOf(next)).containsExactly("1 create", "3 sync");
        assertThat(client.answers()).isEmpty();
    }

    private List<String> requestsOf(ScriptedLeader leader) {
        return leader.packets().stream()
                .filter(packet -> packet.type() == PacketType.REQUEST)
                .map(QuorumPacket::data)
                .map(ForwardedRequest::decode)
                .map(request -> request.cxid() + (request.opcode() == 9 ? " sync" : " create"))
                .toList();
    }

    // --- SIGTERM -----------------------------------------------------------------------------------------------------

    private static boolean hasStopped(PeerFixture server) {
        return server.effects(Effect.Halt.class).stream().anyMatch(Effect.Halt::isClean);
    }

    @Test
    void aLeaderThatIsAskedToStopHandsOverFirst() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = led(leader);
        leader.step(new Event.StopRequested());
        assertThat(followers).allSatisfy(each -> assertThat(each.got()).containsExactly(go(2)));
        assertThat(hasStopped(leader)).isFalse();
        followers.forEach(ScriptedLearner::disconnects);
        assertThat(hasStopped(leader)).isTrue();
        assertThat(leader.effects(Effect.ConnectToLeader.class)).isEmpty();
    }

    @Test
    void whoeverHasLoggedAllTakesOver() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = led(leader);
        followers.get(0).forwards(0x100, 0, new Request.CreateSession(1000)).ack(z(1, 1));
        leader.step(new Event.StopRequested());
        assertThat(followers.get(0).got()).endsWith(go(1));
    }

    @Test
    void whoeverCannotHandOverOrIsAskedTwiceStopsAtOnce() {
        PeerFixture alone = new PeerFixture(3, 3);
        joins(alone.elected().learner(1));
        assertThat(hasStopped(alone.step(new Event.StopRequested()))).isTrue();
        PeerFixture follower = new PeerFixture(1, 3);
        follows(follower, 3);
        assertThat(hasStopped(follower.step(new Event.StopRequested()))).isTrue();
        PeerFixture twice = new PeerFixture(3, 3);
        led(twice);
        twice.step(new Event.StopRequested());
        assertThat(hasStopped(twice.step(new Event.StopRequested()))).isTrue();
    }
}
