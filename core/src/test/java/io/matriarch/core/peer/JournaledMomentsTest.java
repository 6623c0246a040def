package io.matriarch.core.peer;

import static io.matriarch.core.peer.Entries.entry;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.client.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The moments that an election journal needs to tell how long an outage was, each told once. */
class JournaledMomentsTest {
    private static final long SESSION = 0x100000000000001L;

    private static List<TraceEvent> told(PeerFixture server, Class<? extends TraceEvent> kind) {
        return server.effects(Effect.Trace.class).stream()
                .map(Effect.Trace::event)
                .filter(kind::isInstance)
                .toList();
    }

    @Test
    void aFollowerThatServedSaysHowLongItHadNotHeardOfItsLeader() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follower.follows(3, 1);
        follower.afterMillis(40);
        leader.disconnects();

        assertThat(told(follower, TraceEvent.LeaderLost.class))
                .containsExactly(new TraceEvent.LeaderLost(new ServerId(3), 40, "lost leader 3: reset"));
    }

    @Test
    void aServerThatNeverServedLostNoLeader() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follower.turnsTo(3).accepts().leaderInfo(1);
        leader.disconnects();

        assertThat(told(follower, TraceEvent.LeaderLost.class)).isEmpty();
    }

    @Test
    void theFirstCommitOfAnEpochIsToldOnceByALeader() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner two = leader.leadsWith(2).get(0);
        two.forwards(SESSION, 0, new Request.CreateSession(1000)).ack(z(1, 1));
        two.forwards(SESSION, 0, new Request.CreateSession(1000)).ack(z(1, 2));

        assertThat(told(leader, TraceEvent.FirstCommit.class)).containsExactly(new TraceEvent.FirstCommit(1, z(1, 1)));
    }

    @Test
    void andOnceByAFollower() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follower.follows(3, 1);
        leader.proposes(entry(1, 1)).commits(z(1, 1)).proposes(entry(1, 2)).commits(z(1, 2));

        assertThat(told(follower, TraceEvent.FirstCommit.class))
                .containsExactly(new TraceEvent.FirstCommit(1, z(1, 1)));
    }

    @Test
    void f2_aRefusedDialIsToldOnceUntilThePeerIsHeardOfAgain() {
        PeerFixture server = new PeerFixture(1, 3);
        server.step(new Event.PeerRefused(new ServerId(3)));
        server.step(new Event.PeerRefused(new ServerId(3)));

        assertThat(told(server, TraceEvent.PeerKnownDown.class))
                .containsExactly(new TraceEvent.PeerKnownDown(new ServerId(3)));
    }
}
