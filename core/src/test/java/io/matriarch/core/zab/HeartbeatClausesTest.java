package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedClient;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.quorum.Heartbeat;
import io.matriarch.wire.quorum.LeaderInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A leader's short heartbeats, and until when it answers ({@link Pulse}, {@link LinkPulse}). */
class HeartbeatClausesTest {
    private static final HeartbeatConfig HEARTBEAT = new HeartbeatConfig(100, 200);
    private static final int INTERVAL = 25;
    /** A leader counts on three quarters of the patience. */
    private static final int LEASE = 150;

    private final PeerFixture leader = new PeerFixture(3, 3).with(HEARTBEAT);

    private ScriptedLearner joins(ScriptedLearner learner) {
        return learner.synchronizes(0, 0, Zxid.ZERO);
    }

    /** Server 3 of three leads, followed by 1 and 2, which answered the first heartbeat. */
    private List<ScriptedLearner> led() {
        leader.elected();
        List<ScriptedLearner> followers = List.of(
                joins(leader.learner(1).ofOursWithHeartbeats()),
                joins(leader.learner(2).ofOursWithHeartbeats()));
        leader.afterMillis(INTERVAL);
        followers.forEach(ScriptedLearner::echoesLast);
        leader.forget();
        return followers;
    }

    /** A client with a session at the leader. */
    private ScriptedClient client(List<ScriptedLearner> followers) {
        ScriptedClient client = leader.client().connects(4000);
        followers.forEach(follower -> follower.ack(z(1, 1)));
        assertThat(client.sessionId()).isNotZero();
        leader.forget();
        return client;
    }

    private List<QuorumPacket> beatsTo(ScriptedLearner learner) {
        return leader.effects(Effect.SendPacket.class).stream()
                .filter(send -> send.link().equals(learner.link()))
                .map(Effect.SendPacket::packet)
                .filter(packet -> packet.type() == PacketType.PING && packet.data() != null)
                .toList();
    }

    private int patienceOf(ScriptedLearner learner) {
        List<QuorumPacket> beats = beatsTo(learner);
        return Heartbeat.decode(beats.get(beats.size() - 1).data()).patienceMillis();
    }

    private int capabilitiesToldTo(ScriptedLearner learner) {
        return leader.effects(Effect.SendPacket.class).stream()
                .filter(send ->
                        send.link().equals(learner.link()) && send.packet().type() == PacketType.LEADERINFO)
                .mapToInt(send -> LeaderInfo.decode(send.packet().data()).capabilities())
                .findFirst()
                .orElseThrow();
    }

    // --- who gets them -----------------------------------------------------------------------------------------------

    @Test
    void onlyWhoAskedGetsShortHeartbeats() {
        leader.elected();
        ScriptedLearner knows = joins(leader.learner(1).ofOursWithHeartbeats());
        ScriptedLearner apache = joins(leader.learner(2));
        assertThat(capabilitiesToldTo(knows)).isEqualTo(Zab.HEARTBEATS | ScriptedLearner.OURS);
        assertThat(capabilitiesToldTo(apache)).isZero();
        leader.forget().afterMillis(PeerFixture.TICK / 2);
        assertThat(beatsTo(knows)).hasSizeBetween(2, 4);
        assertThat(beatsTo(apache)).isEmpty();
        assertThat(apache.got()).as("nothing but pings as ever").allMatch(word -> word.startsWith("PING "));
    }

    @Test
    void aServerThatHasThemSwitchedOffSendsNoneAndOffersNone() {
        leader.with(HeartbeatConfig.OFF).elected();
        ScriptedLearner knows = joins(leader.learner(1).ofOursWithHeartbeats());
        leader.afterMillis(PeerFixture.TICK);
        assertThat(beatsTo(knows)).isEmpty();
        assertThat(capabilitiesToldTo(knows)).isEqualTo(ScriptedLearner.OURS);
    }

    /** Leaving would only cost its clients their service. */
    @Test
    void whoCouldElectNobodyIsToldToWaitForSyncLimit() {
        leader.elected();
        ScriptedLearner alone = joins(leader.learner(1).ofOursWithHeartbeats());
        joins(leader.learner(2));
        leader.forget().afterMillis(2 * INTERVAL);
        assertThat(patienceOf(alone)).isEqualTo(PeerFixture.TICK * PeerFixture.SYNC_LIMIT);
    }

    // --- the work path -----------------------------------------------------------------------------------------------

    @Test
    void aHeartbeatIsSentWhenWhatWasLoggedBeforeItIsOnDisk() {
        List<ScriptedLearner> followers = led();
        ScriptedLearner one = followers.get(0);
        leader.holdStorage();
        one.forwards(0x100, 0, new Request.CreateSession(1000));
        leader.afterMillis(3 * INTERVAL);
        assertThat(beatsTo(one)).isEmpty();
        leader.stored();
        assertThat(beatsTo(one)).hasSize(1);
    }

    // --- the first heartbeat -----------------------------------------------------------------------------------------

    /** Heartbeats go through the log, so that from a disk that hangs none comes that a follower could miss. */
    @Test
    void theFirstHeartbeatFollowsUpToDateAndWhatWasHeldBackWithoutWaitingForTheDisk() {
        leader.elected();
        ScriptedLearner one = joins(leader.learner(1).ofOursWithHeartbeats());
        ScriptedLearner two = leader.learner(2).ofOursWithHeartbeats();
        two.followerInfo(0).ackEpoch(0, Zxid.ZERO);
        leader.holdStorage();
        one.forwards(0x100, 0, new Request.CreateSession(1000));
        one.ack(z(1, 1));
        leader.afterMillis(INTERVAL).forget();
        two.ackNewLeader();
        assertThat(two.got()).startsWith("UPTODATE", "PROPOSAL (1,1)").hasSize(3);
        assertThat(patienceOf(two)).isEqualTo(HEARTBEAT.maxMillis());
        leader.afterMillis(3 * INTERVAL);
        assertThat(beatsTo(two)).as("the second goes through the log").hasSize(1);
    }

    // --- a disk that hangs -------------------------------------------------------------------------------------------

    /** What is written is on both followers' disks, and not on ours. */
    private List<ScriptedLearner> hangsAlone() {
        List<ScriptedLearner> followers = led();
        leader.holdStorage();
        followers.get(0).forwards(0x100, 0, new Request.CreateSession(1000));
        followers.forEach(follower -> follower.ack(z(1, 1)));
        return followers;
    }

    @Test
    void aLeaderWhoseDiskHangsLongerThanFollowersWaitGivesWayToThoseWhoseDisksDoNot() {
        hangsAlone();
        leader.afterMillis(HEARTBEAT.maxMillis());
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
        leader.afterMillis(INTERVAL);
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
        assertThat(leader.effects(Effect.Trace.class))
                .extracting(Effect.Trace::event)
                .anyMatch(event -> event instanceof TraceEvent.RoleChanged changed
                        && changed.reason().contains("the disk has not answered for 200 ms"));
        assertThat(leader.toldTo(1)).as("its vote waits for its disk").isEmpty();
    }

    /** It would be their turn to give way soon. */
    @Test
    void aLeaderWaitsLongerForItsDiskWhereTheOthersWereNotFasterLately() {
        List<ScriptedLearner> followers = led();
        leader.afterMillis(INTERVAL);
        leader.afterMillis(HEARTBEAT.maxMillis() * 2 / 3);
        followers.forEach(ScriptedLearner::echoesLast);
        leader.holdStorage();
        followers.get(0).forwards(0x100, 0, new Request.CreateSession(1000));
        followers.forEach(follower -> follower.ack(z(1, 1)));
        leader.afterMillis(HEARTBEAT.maxMillis() + INTERVAL);
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
        leader.afterMillis(HEARTBEAT.maxMillis());
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void aDiskThatAnswersInTimeIsNoReasonToGiveWay() {
        List<ScriptedLearner> followers = hangsAlone();
        for (int i = 0; i < 3; i++) {
            leader.afterMillis(HEARTBEAT.maxMillis()).stored().afterMillis(INTERVAL / 2);
            followers.get(0).forwards(0x100, 1, ScriptedClient.create("/" + i, 0));
            long written = i + 2L;
            followers.forEach(follower -> follower.echoesLast().ack(z(1, written)));
        }
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
    }

    @Test
    void whileTooFewOthersCouldLeadALeaderWaitsForItsDisk() {
        List<ScriptedLearner> followers = led();
        leader.holdStorage();
        followers.get(0).forwards(0x100, 0, new Request.CreateSession(1000));
        followers.get(0).ack(z(1, 1));
        leader.afterMillis(PeerFixture.TICK * PeerFixture.SYNC_LIMIT - 2 * INTERVAL);
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
        followers.get(1).ack(z(1, 1));
        leader.afterMillis(INTERVAL);
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
    }

    /** Nobody who comes can be synchronized before our disk answers; whoever has all can lead those who wait. */
    @Test
    void whoeverWaitsForALeadersDiskToJoinItCouldFollowAnother() {
        leader.elected();
        ScriptedLearner one = joins(leader.learner(1).ofOursWithHeartbeats());
        leader.afterMillis(INTERVAL);
        one.echoesLast();
        leader.holdStorage();
        one.forwards(0x100, 0, new Request.CreateSession(1000));
        one.ack(z(1, 1));
        leader.afterMillis(INTERVAL + HEARTBEAT.maxMillis());
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
        leader.learner(2).ofOursWithHeartbeats().followerInfo(0);
        leader.afterMillis(INTERVAL);
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
    }

    /** The answer of the disk is behind the alarm that rang too late. */
    @Test
    void aLeaderThatWasAwayItselfLooksFirstWhetherItsDiskAnswered() {
        List<ScriptedLearner> followers = hangsAlone();
        leader.afterMillis(INTERVAL).isAwayFor(HEARTBEAT.maxMillis() + INTERVAL);
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
        leader.stored();
        followers.forEach(ScriptedLearner::echoesLast);
        leader.afterMillis(2 * INTERVAL);
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
    }

    // --- the bound ---------------------------------------------------------------------------------------------------

    @Test
    void theBoundFollowsWhatHeartbeatsWereSeenToTake() {
        List<ScriptedLearner> followers = led();
        ScriptedLearner one = followers.get(0);
        for (int i = 0; i < 400 * INTERVAL; i++) {
            leader.forget().afterMillis(1);
            followers.stream().filter(each -> !beatsTo(each).isEmpty()).forEach(ScriptedLearner::echoesLast);
        }
        leader.forget().afterMillis(INTERVAL);
        followers.forEach(ScriptedLearner::echoesLast);
        assertThat(patienceOf(one)).as("they are answered at once").isEqualTo(HEARTBEAT.minMillis());
        leader.isAwayFor(60);
        assertThat(patienceOf(one)).as("after a stall of our own").isBetween(160, 200);
        assertThat(patienceOf(followers.get(1))).isBetween(160, 200);
        leader.afterMillis(INTERVAL);
        one.echoesLast();
        leader.forget().afterMillis(INTERVAL);
        assertThat(patienceOf(one)).as("no more than the greatest").isLessThanOrEqualTo(HEARTBEAT.maxMillis());
    }

    // --- until when the leader answers -------------------------------------------------------------------------------

    @Test
    void aLeaderThatAQuorumMayHaveLeftAnswersNobodyUntilItTurnsOutToBeThere() {
        List<ScriptedLearner> followers = led();
        ScriptedClient client = client(followers);
        leader.afterMillis(LEASE - INTERVAL);
        client.asks(1, new Request.Exists("/", false));
        assertThat(client.answers()).containsExactly("1 0");
        leader.afterMillis(2 * INTERVAL);
        client.asks(2, new Request.Exists("/", false));
        assertThat(client.answers()).containsExactly("1 0");
        followers.get(0).echoesLast();
        assertThat(client.answers()).containsExactly("1 0", "2 0");
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
    }

    /** Seed 4001501: they may not have heard of the configuration in which the leader cannot be spared. */
    @Test
    void aLeaderThatAQuorumMayHaveLeftAnswersNobodyWhileItProposesAConfiguration() {
        PeerFixture changing = PeerFixture.reconfigurable(3, 3, new MemoryDisk())
                .with(HEARTBEAT)
                .elected();
        List<ScriptedLearner> followers = List.of(
                joins(changing.learner(1).ofOursWithHeartbeats()),
                joins(changing.learner(2).ofOursWithHeartbeats()));
        ScriptedClient client = changing.client().connects(4000);
        followers.get(1).forwards(0x100, 0, new Request.CreateSession(1000));
        followers.forEach(follower -> follower.ack(z(1, 2)));
        changing.afterMillis(INTERVAL);
        followers.forEach(ScriptedLearner::echoesLast);
        Request leaving = new Request.Reconfig(null, "1", null, -1);
        Bytes asked = new ForwardedRequest(0x100, 1, leaving.opcode(), leaving.encode()).encode();
        followers.get(1).sends(new QuorumPacket(PacketType.REQUEST, -1, asked, List.of(new Id("super", ""))));
        assertThat(changing.disk().lastSeen().members()).hasSize(2);
        client.asks(1, new Request.Exists("/", false));
        assertThat(client.answers()).containsExactly("1 0");
        changing.afterMillis(LEASE + INTERVAL);
        client.asks(2, new Request.Exists("/", false));
        assertThat(client.answers()).containsExactly("1 0");
    }

    /** Seed 12458: of two servers neither can elect alone; since the third came they can without the leader. */
    @Test
    void aLeaderWithoutWhichOthersCanElectSinceAConfigurationIsBoundByWhatItToldThem() {
        PeerFixture growing = PeerFixture.reconfigurable(2, 2, new MemoryDisk())
                .with(HEARTBEAT)
                .elected();
        List<ScriptedLearner> followers = List.of(
                joins(growing.learner(1).ofOursWithHeartbeats()),
                joins(growing.learner(3).ofOursWithHeartbeats()));
        ScriptedClient client = growing.client().connects(4000);
        followers.get(0).forwards(0x100, 0, new Request.CreateSession(1000));
        followers.forEach(follower -> follower.ack(z(1, 2)));
        growing.afterMillis(INTERVAL);
        followers.forEach(ScriptedLearner::echoesLast);
        Request coming = new Request.Reconfig("server.3=h:5:6:participant;2181", null, null, -1);
        Bytes asked = new ForwardedRequest(0x100, 1, coming.opcode(), coming.encode()).encode();
        followers.get(0).sends(new QuorumPacket(PacketType.REQUEST, -1, asked, List.of(new Id("super", ""))));
        followers.forEach(follower -> follower.ack(z(1, 3)));
        assertThat(growing.disk().committed().members()).hasSize(3);
        growing.isUnawareFor(PeerFixture.SYNC_LIMIT * PeerFixture.TICK);
        client.asks(1, new Request.Exists("/", false));
        assertThat(client.answers()).isEmpty();
    }

    /** Whatever comes first when it runs again: not a word of its past. */
    @Test
    void aLeaderThatWasAwayAnswersNobodyWhenItComesBack() {
        List<ScriptedLearner> followers = led();
        ScriptedClient client = client(followers);
        leader.isUnawareFor(LEASE + INTERVAL);
        client.asks(1, new Request.Exists("/", false));
        assertThat(client.answers()).isEmpty();
    }

    @Test
    void aLeaderWhoseFollowersAreGoneAnswersNobody() {
        List<ScriptedLearner> followers = led();
        ScriptedClient client = client(followers);
        followers.get(0).disconnects();
        client.asks(1, new Request.Exists("/", false));
        assertThat(client.answers()).as("one of three is left").containsExactly("1 0");
        followers.get(1).disconnects();
        client.asks(2, new Request.Exists("/", false));
        assertThat(client.answers()).containsExactly("1 0");
        leader.afterMillis(HEARTBEAT.minMillis() + 2 * INTERVAL);
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void aLeaderThatNobodyAnswersForLongGivesUp() {
        led();
        leader.afterMillis(LEASE + HEARTBEAT.maxMillis() - INTERVAL);
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
        leader.afterMillis(3 * INTERVAL);
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
    }

    /** A disk that serves several servers stalls them all; that is no reason to elect another leader. */
    @Test
    void whileItsOwnDiskDoesNotAnswerALeaderAnswersNobodyButDoesNotGiveUp() {
        List<ScriptedLearner> followers = led();
        ScriptedClient client = client(followers);
        leader.holdStorage();
        client.asks(1, ScriptedClient.create("/a", 0));
        leader.afterMillis(PeerFixture.TICK * PeerFixture.SYNC_LIMIT - 2 * INTERVAL);
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
        ScriptedClient other = leader.client().connects(4000);
        assertThat(other.sessionId()).isZero();
        leader.stored();
        followers.forEach(ScriptedLearner::echoesLast);
        followers.forEach(follower -> follower.ack(z(1, 3)));
        assertThat(other.sessionId()).isNotZero();
    }

    /** Apache's followers stay for syncLimit ticks after each ping that they answer. */
    @Test
    void inAMixedEnsembleOrdinaryPingsBindTheOthers() {
        leader.elected();
        List<ScriptedLearner> followers = List.of(joins(leader.learner(1)), joins(leader.learner(2)));
        leader.afterMillis(PeerFixture.TICK);
        followers.forEach(ScriptedLearner::echoesLast);
        ScriptedClient client = client(followers);
        int lease = PeerFixture.TICK * PeerFixture.SYNC_LIMIT * 3 / 4;
        leader.afterMillis(lease - PeerFixture.TICK);
        client.asks(1, new Request.Exists("/", false));
        assertThat(client.answers()).containsExactly("1 0");
        leader.afterMillis(PeerFixture.TICK);
        client.asks(2, new Request.Exists("/", false));
        assertThat(client.answers()).containsExactly("1 0");
    }
}
