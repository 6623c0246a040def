package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.entries;
import static io.matriarch.core.peer.Entries.entry;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.Entries;
import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedClient;
import io.matriarch.core.peer.ScriptedLeader;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.Effect;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.quorum.RevalidationAnswer;
import io.matriarch.wire.quorum.SessionTouch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** zab.md 15, 2.1: a follower that serves observers, as its observers and its leader see it. */
class ObserverMasterClausesTest {
    private static final ObserverConfig SERVED = ObserverConfig.DEFAULT.withServed(true);
    private static final long SESSION = 0x500000000000001L;
    private static final int TIMEOUT = 1000;

    private final PeerFixture master =
            new PeerFixture(2, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2)), SERVED);
    private final ScriptedLeader leader = master.follows(3, 2);

    /** An observer that is up to date and has nothing to hear. */
    private ScriptedLearner observer(long sid) {
        ScriptedLearner observer = master.learner(sid).ofObservers().ofOurs();
        observer.synchronizes(1, 1, master.status().lastCommitted()).ack(z(2, 0));
        master.forget();
        return observer;
    }

    private void commits(Zxid zxid) {
        leader.proposes(entry(zxid.epoch(), zxid.counter())).commits(zxid);
    }

    private void opensSessionThrough(ScriptedLearner observer) {
        observer.forwards(SESSION, 0, new Request.CreateSession(TIMEOUT));
        leader.proposes(Entries.opens(SESSION, TIMEOUT, z(2, 1))).commits(z(2, 1));
        master.forget();
    }

    // --- the port ------------------------------------------------------------------------------------------------

    @Test
    void thePortIsOpenFromUpToDateUntilTheLeaderIsLost() {
        PeerFixture follower = new PeerFixture(2, 3, new MemoryDisk(), SERVED);
        ScriptedLeader script = follower.turnsTo(3).accepts();
        script.leaderInfo(1).diff(Zxid.ZERO).newLeader(1);
        assertThat(follower.effects(Effect.ListenForObservers.class)).isEmpty();
        script.upToDate();
        assertThat(follower.effects(Effect.ListenForObservers.class)).hasSize(1);
        script.disconnects();
        assertThat(follower.effects(Effect.StopListeningForObservers.class)).hasSize(1);
    }

    @Test
    void withoutThePortAFollowerServesNobody() {
        PeerFixture follower = new PeerFixture(2, 3);
        follower.follows(3, 1);
        assertThat(follower.effects(Effect.ListenForObservers.class)).isEmpty();
        assertThat(follower.learner(5).got()).containsExactly("CLOSED");
    }

    @Test
    void scenario7_aFollowerOnThisPortIsTurnedAway() {
        assertThat(master.learner(1).followerInfo(1).got()).containsExactly("CLOSED");
    }

    @Test
    void allObserversAreDroppedWhenTheLeaderIsLost() {
        ScriptedLearner synced = observer(5);
        ScriptedLearner coming = master.learner(6).ofObservers().followerInfo(1);
        master.forget();
        leader.disconnects();
        assertThat(synced.got()).containsExactly("CLOSED");
        assertThat(coming.got()).containsExactly("CLOSED");
    }

    // --- synchronization -----------------------------------------------------------------------------------------

    @Test
    void leaderInfoCarriesOurOwnEpochAndWaitsForNobody() {
        assertThat(master.learner(5).ofObservers().followerInfo(7).got()).containsExactly("LEADERINFO (2,0)");
    }

    @Test
    void whatIsCommittedComesAsDiffAndWhatIsOnlyProposedDoesNot() {
        commits(z(2, 1));
        leader.proposes(entry(2, 2));
        ScriptedLearner observer =
                master.learner(5).ofObservers().synchronizes(1, 1, z(1, 1)).ack(z(2, 0));
        assertThat(observer.got())
                .containsExactly(
                        "LEADERINFO (2,0)",
                        "DIFF (2,1)",
                        "PROPOSAL (1,2)",
                        "COMMIT (1,2)",
                        "PROPOSAL (2,1)",
                        "COMMIT (2,1)",
                        "NEWLEADER (2,0)",
                        "UPTODATE");
        leader.commits(z(2, 2));
        assertThat(observer.got()).endsWith("UPTODATE", "INFORM (2,2)");
        assertThat(master.status().syncedObservers()).isEqualTo(1);
    }

    @Test
    void anObserverThatHasNothingGetsASnapshot() {
        ScriptedLearner observer =
                master.learner(5).ofObservers().followerInfo(0).ackEpoch(0, Zxid.NONE);
        observer.takesSnapshot();
        assertThat(observer.got()).contains("SNAP (2,0)", "piece").endsWith("NEWLEADER (2,0)");
    }

    @Test
    void whatIsCommittedMeanwhileFollowsUpToDateAsInform() {
        ScriptedLearner observer =
                master.learner(5).ofObservers().followerInfo(1).ackEpoch(1, z(1, 2));
        commits(z(2, 1));
        assertThat(observer.got())
                .as("R6: nothing between NEWLEADER and UPTODATE")
                .endsWith("NEWLEADER (2,0)");
        observer.ackNewLeader();
        assertThat(observer.got()).endsWith("UPTODATE", "INFORM (2,1)");
    }

    @Test
    void anObserverThatIsAheadWaitsUntilWeHaveHeardOfItToo() {
        leader.proposes(entry(2, 1));
        ScriptedLearner observer =
                master.learner(5).ofObservers().followerInfo(2).ackEpoch(2, z(2, 2));
        leader.commits(z(2, 1));
        assertThat(observer.got()).containsExactly("LEADERINFO (2,0)");
        commits(z(2, 2));
        assertThat(observer.got()).containsExactly("LEADERINFO (2,0)", "DIFF (2,2)", "NEWLEADER (2,0)");
    }

    @Test
    void anObserverOlderThanWhatIsHeldBackIsDropped() {
        ObserverConfig little = new ObserverConfig(true, 100, 10, 100, 0, 0, true);
        PeerFixture follower = new PeerFixture(2, 3, new MemoryDisk().epochs(1, 1), little);
        ScriptedLeader script = follower.follows(3, 2);
        ScriptedLearner observer =
                follower.learner(5).ofObservers().followerInfo(1).ackEpoch(1, Zxid.ZERO);
        script.proposes(entry(2, 1)).commits(z(2, 1));
        assertThat(observer.got()).doesNotContain("CLOSED");
        script.proposes(entry(2, 2)).commits(z(2, 2));
        assertThat(observer.got()).endsWith("CLOSED");
    }

    @Test
    void aNewConnectionOfAnObserverReplacesItsOlderOne() {
        ScriptedLearner first = observer(5);
        ScriptedLearner second = observer(5);
        commits(z(2, 1));
        assertThat(first.got()).isEmpty();
        assertThat(second.got()).containsExactly("INFORM (2,1)");
    }

    // --- what observers say --------------------------------------------------------------------------------------

    @Test
    void anAckOfAProposalIsAnErrorAndAnAckOfTheEpochIsNot() {
        ScriptedLearner observer = observer(5);
        commits(z(2, 1));
        master.forget();
        observer.ack(z(2, 0));
        assertThat(observer.got()).isEmpty();
        observer.ack(z(2, 1));
        assertThat(observer.got()).containsExactly("CLOSED");
    }

    @Test
    void requestsAreRelayedAsTheyCome() {
        ScriptedLearner observer = observer(5);
        opensSessionThrough(observer);
        observer.forwards(SESSION, 7, ScriptedClient.create("/a", 0));
        assertThat(leader.got()).containsExactly("REQUEST " + OpCode.CREATE);
        assertThat(leader.lastForwarded().sessionId()).isEqualTo(SESSION);
        assertThat(leader.lastForwarded().cxid()).isEqualTo(7);
    }

    @Test
    void syncsAreAnsweredInTheOrderInWhichTheyWereAskedWhoeverAsked() {
        ScriptedLearner first = observer(5);
        ScriptedLearner second = observer(6);
        ScriptedClient client = master.client();
        long ours = leader.opensSession(client, TIMEOUT, z(2, 1));
        assertThat(ours).isNotZero();
        master.forget();
        second.forwards(SESSION, 1, new Request.Sync("/"));
        client.asks(2, new Request.Sync("/"));
        first.forwards(SESSION + 1, 3, new Request.Sync("/"));
        leader.sends(PacketType.SYNC, Zxid.ZERO, null);
        assertThat(second.got()).containsExactly("SYNC");
        assertThat(client.answers()).isEmpty();
        leader.sends(PacketType.SYNC, Zxid.ZERO, null);
        assertThat(client.answers()).containsExactly("2 0");
        assertThat(first.got()).isEmpty();
        leader.sends(PacketType.SYNC, Zxid.ZERO, null);
        assertThat(first.got()).containsExactly("SYNC");
    }

    @Test
    void theAnswerToASyncOfAnObserverThatIsGoneGoesToNobodyElse() {
        ScriptedLearner gone = observer(5);
        ScriptedLearner other = observer(6);
        gone.forwards(SESSION, 1, new Request.Sync("/"));
        gone.disconnects();
        other.forwards(SESSION + 1, 1, new Request.Sync("/"));
        leader.sends(PacketType.SYNC, Zxid.ZERO, null);
        assertThat(other.got()).isEmpty();
        leader.sends(PacketType.SYNC, Zxid.ZERO, null);
        assertThat(other.got()).containsExactly("SYNC");
    }

    @Test
    void informComesBeforeTheAnswerToTheSyncThatMustReflectIt() {
        ScriptedLearner observer = observer(5);
        observer.forwards(SESSION, 1, new Request.Sync("/"));
        commits(z(2, 1));
        leader.sends(PacketType.SYNC, Zxid.ZERO, null);
        assertThat(observer.got()).containsExactly("INFORM (2,1)", "SYNC");
    }

    /** zab.md 13: our leader says what its SYNC follows, and may have told us of more by then. */
    @Test
    void toAnObserverOfApachesSyncComesRightBehindWhatItFollows() {
        ScriptedLearner observer = master.learner(5).ofObservers();
        observer.synchronizes(1, 1, master.status().lastCommitted()).ack(z(2, 0));
        master.forget();
        observer.forwards(SESSION, 1, new Request.Sync("/"));
        commits(z(2, 1));
        commits(z(2, 2));
        assertThat(observer.got()).isEmpty();
        leader.sends(PacketType.SYNC, z(2, 1), null);
        assertThat(observer.got()).containsExactly("INFORM (2,1)", "SYNC", "INFORM (2,2)");
    }

    /** A leader of Apache's sends SYNC where it belongs, and says nothing of it. */
    @Test
    void aSyncOfApachesLeaderStaysWhereItCame() {
        ScriptedLearner observer = master.learner(5).ofObservers();
        observer.synchronizes(1, 1, master.status().lastCommitted()).ack(z(2, 0));
        master.forget();
        observer.forwards(SESSION, 1, new Request.Sync("/"));
        commits(z(2, 1));
        leader.sends(PacketType.SYNC, Zxid.ZERO, null);
        commits(z(2, 2));
        assertThat(observer.got()).containsExactly("INFORM (2,1)", "SYNC", "INFORM (2,2)");
    }

    @Test
    void anAnswerToARevalidationFindsWhoAsked() {
        ScriptedLearner first = observer(5);
        ScriptedLearner second = observer(6);
        first.revalidates(SESSION, TIMEOUT);
        second.revalidates(SESSION + 1, TIMEOUT);
        assertThat(leader.got()).containsExactly("REVALIDATE", "REVALIDATE");
        leader.sends(PacketType.REVALIDATE, Zxid.NONE, new RevalidationAnswer(SESSION, true).encode());
        leader.sends(PacketType.REVALIDATE, Zxid.NONE, new RevalidationAnswer(SESSION + 1, false).encode());
        assertThat(first.got()).containsExactly("REVALIDATE true");
        assertThat(second.got()).containsExactly("REVALIDATE false");
    }

    @Test
    void whatObserversHeardOfGoesToTheLeaderWithOurOwnAnswer() {
        ScriptedLearner observer = observer(5);
        opensSessionThrough(observer);
        Bytes touches = SessionTouch.encodeAll(List.of(new SessionTouch(SESSION, TIMEOUT), new SessionTouch(77, 1)));
        observer.sends(PacketType.PING, Zxid.ZERO, touches);
        leader.pings(9);
        assertThat(touchesSent()).as("77 is no session").containsExactly(new SessionTouch(SESSION, TIMEOUT));
        master.forget();
        leader.pings(10);
        assertThat(touchesSent()).as("once").isEmpty();
    }

    private List<SessionTouch> touchesSent() {
        return master.effects(Effect.SendPacket.class).stream()
                .filter(send -> send.link().equals(leader.link()))
                .map(Effect.SendPacket::packet)
                .filter(packet -> packet.type() == PacketType.PING)
                .map(QuorumPacket::data)
                .flatMap(data -> SessionTouch.decodeAll(data).stream())
                .toList();
    }

    // --- sessions that move --------------------------------------------------------------------------------------

    @Test
    void aWriteThroughTheObserverThatTheClientLeftGoesNoFurther() {
        ScriptedLearner left = observer(5);
        ScriptedLearner taken = observer(6);
        opensSessionThrough(left);
        taken.revalidates(SESSION, TIMEOUT);
        master.forget();
        left.forwards(SESSION, 1, ScriptedClient.create("/late", 0));
        assertThat(leader.got()).isEmpty();
        assertThat(left.got()).containsExactly("CLOSED");
        taken.forwards(SESSION, 2, ScriptedClient.create("/a", 0));
        assertThat(leader.got()).containsExactly("REQUEST " + OpCode.CREATE);
    }

    @Test
    void aWriteThroughTheObserverThatTheClientLeftForUsGoesNoFurther() {
        ScriptedLearner left = observer(5);
        opensSessionThrough(left);
        master.client().resumes(SESSION, TIMEOUT);
        master.forget();
        left.forwards(SESSION, 1, ScriptedClient.create("/late", 0));
        assertThat(leader.got()).isEmpty();
    }

    @Test
    void aClientThatLeftUsForAnObserverIsDisconnectedHere() {
        ScriptedLearner observer = observer(5);
        ScriptedClient client = master.client();
        long ours = leader.opensSession(client, TIMEOUT, z(2, 1));
        observer.revalidates(ours, TIMEOUT);
        assertThat(client.answers()).containsExactly("CLOSED");
    }

    // --- time and bounds -----------------------------------------------------------------------------------------

    @Test
    void observersArePingedTwiceATickAndASilentOneIsDropped() {
        ScriptedLearner silent = observer(5);
        ScriptedLearner alive = observer(6);
        for (int half = 0; half < 2 * PeerFixture.SYNC_LIMIT + 2; half++) {
            master.afterMillis(PeerFixture.TICK / 2);
            leader.pings(half);
            alive.echoesLast();
        }
        assertThat(silent.got()).contains("CLOSED").startsWith("PING 4294967298", "PING 4294967298");
        assertThat(alive.got()).doesNotContain("CLOSED");
    }

    @Test
    void moreQuestionsThanALeaderLeavesOpenEndTheLink() {
        ScriptedLearner observer = observer(5);
        for (int i = 0; i < Forwarding.MAX_QUESTIONS; i++) {
            observer.forwards(SESSION, i, new Request.Sync("/"));
        }
        assertThat(observer.got()).isEmpty();
        observer.forwards(SESSION, -1, new Request.Sync("/"));
        assertThat(observer.got()).containsExactly("CLOSED");
    }

    @Test
    void pathsOfSessionsThatNeverWereAreForgotten() {
        DurabilityGate gate = new DurabilityGate(effect -> {});
        History history = new History(gate, null, null, new MemoryDisk().recovered(), ReplicationConfig.DEFAULT);
        SessionPaths paths = new SessionPaths(history);
        for (long id = 0; id < 3L * SessionPaths.MAX_UNKNOWN; id++) {
            paths.lead(id, null);
        }
        assertThat(paths.count()).isLessThanOrEqualTo(SessionPaths.MAX_UNKNOWN + 1);
    }
}
