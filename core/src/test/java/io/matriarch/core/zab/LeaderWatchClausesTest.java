package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedLeader;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import org.junit.jupiter.api.Test;

/** A follower's side of short heartbeats ({@link LeaderWatch}). */
class LeaderWatchClausesTest {
    private static final int PATIENCE = 100;

    private final PeerFixture follower = new PeerFixture(1, 3).with(new HeartbeatConfig(100, 200));

    /** We follow server 3, whose last heartbeat, the first, came now. */
    private ScriptedLeader led() {
        ScriptedLeader leader = follower.turnsTo(3).accepts();
        leader.leaderInfoOfOurs(1)
                .diff(follower.status().lastLogged())
                .newLeader(1)
                .upToDate();
        follower.forget();
        return leader.beats(1, PATIENCE);
    }

    private boolean isFollowing() {
        return follower.status().role() == PeerState.FOLLOWING;
    }

    private void writes(ScriptedLeader leader) {
        leader.proposes(entry(1, 1));
    }

    @Test
    void weAskForThemIfWeKnowThem() {
        assertThat(capabilitiesAsked(follower)).isEqualTo(31);
        assertThat(capabilitiesAsked(new PeerFixture(1, 3))).isEqualTo(23);
    }

    private static int capabilitiesAsked(PeerFixture server) {
        server.turnsTo(3).accepts();
        return server.effects(Effect.SendPacket.class).stream()
                .filter(send -> send.packet().type() == PacketType.FOLLOWERINFO)
                .mapToInt(send -> LearnerInfo.decode(send.packet().data()).capabilities())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aHeartbeatIsAnsweredWhenWhatCameBeforeItIsOnDisk() {
        ScriptedLeader leader = led();
        assertThat(leader.got()).containsExactly("PING -1");
        follower.forget().holdStorage();
        writes(leader);
        leader.beats(2, PATIENCE).beats(3, PATIENCE);
        assertThat(leader.got()).isEmpty();
        follower.stored();
        assertThat(leader.got())
                .as("the newest answers for all")
                .containsOnlyOnce("PING -3")
                .doesNotContain("PING -2");
    }

    @Test
    void aLeaderWithoutHeartbeatsForItsWholeBoundIsLost() {
        led();
        follower.afterMillis(PATIENCE - 1);
        assertThat(isFollowing()).isTrue();
        follower.afterMillis(1);
        assertThat(isFollowing()).isFalse();
        assertThat(follower.effects(Effect.Trace.class))
                .extracting(Effect.Trace::event)
                .anyMatch(event -> event instanceof TraceEvent.RoleChanged changed
                        && changed.reason().contains("no heartbeat from the leader for 100 ms"));
    }

    /** A leader with a hanging disk goes on proposing, and pings as ever. */
    @Test
    void nothingElseThatALeaderSaysStandsForAHeartbeat() {
        ScriptedLeader leader = led();
        follower.afterMillis(PATIENCE - 1);
        writes(leader);
        leader.pings(7);
        follower.afterMillis(1);
        assertThat(isFollowing()).isFalse();
    }

    @Test
    void eachHeartbeatBringsItsOwnBound() {
        ScriptedLeader leader = led();
        follower.afterMillis(PATIENCE - 1);
        leader.beats(2, 3 * PATIENCE);
        follower.afterMillis(3 * PATIENCE - 1);
        assertThat(isFollowing()).isTrue();
        follower.afterMillis(1);
        assertThat(isFollowing()).isFalse();
    }

    @Test
    void withoutHeartbeatsSyncLimitCountsAsEver() {
        ScriptedLeader leader = follower.turnsTo(3).accepts();
        leader.leaderInfoOfOurs(1)
                .diff(follower.status().lastLogged())
                .newLeader(1)
                .upToDate();
        follower.afterMillis(PeerFixture.TICK * PeerFixture.SYNC_LIMIT - 1);
        assertThat(isFollowing()).isTrue();
        follower.afterMillis(1);
        assertThat(isFollowing()).isFalse();
    }

    // --- stalls of our own -------------------------------------------------------------------------------------------

    /** What came meanwhile has not been read yet. */
    @Test
    void whoWasAwayItselfLooksFirstWhetherAHeartbeatCame() {
        ScriptedLeader leader = led();
        follower.isAwayFor(2 * PATIENCE);
        assertThat(isFollowing()).isTrue();
        leader.beats(2, PATIENCE);
        follower.afterMillis(PATIENCE - 1);
        assertThat(isFollowing()).isTrue();
        follower.isAwayFor(PATIENCE).afterMillis(PATIENCE / 4 - 1);
        assertThat(isFollowing()).isTrue();
        follower.afterMillis(1);
        assertThat(isFollowing()).as("but not for long").isFalse();
    }

    /** It could not do better than the leader, and one disk may serve both. */
    @Test
    void whoseOwnDiskHangsWaitsForIt() {
        ScriptedLeader leader = led();
        follower.holdStorage();
        writes(leader);
        follower.afterMillis(3 * PATIENCE);
        assertThat(isFollowing()).isTrue();
        follower.stored();
        assertThat(isFollowing()).isFalse();
    }

    @Test
    void whoseOwnDiskAnswersAfterAnotherHeartbeatStays() {
        ScriptedLeader leader = led();
        follower.holdStorage();
        writes(leader);
        follower.afterMillis(2 * PATIENCE);
        leader.beats(2, PATIENCE);
        follower.stored();
        assertThat(isFollowing()).isTrue();
    }
}
