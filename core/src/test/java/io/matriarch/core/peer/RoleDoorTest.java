package io.matriarch.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.election.PeerState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The one door from role to role: a server looks before it leads or follows, and after. */
class RoleDoorTest {
    private static final Role LOOKING = new Looking(null, null, null, "test", 0);
    private static final Role FOLLOWING = new Following(null, null, null, null, null, PeerState.FOLLOWING);
    private static final Role OBSERVING = new Following(null, null, null, null, null, PeerState.OBSERVING);

    private static void assertRefused(PeerFixture server, Role next) {
        PeerState before = server.status().role();
        assertThatThrownBy(() -> server.peer().become(next, "test"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot go from " + before + " to " + next.state());
        assertThat(server.status().role()).isEqualTo(before);
    }

    @Test
    void aLeaderCannotFollowWithoutLooking() {
        assertRefused(new PeerFixture(3, 3).elected(), FOLLOWING);
    }

    @Test
    void aFollowerCannotFollowAnotherWithoutLooking() {
        PeerFixture server = new PeerFixture(1, 3);
        server.follows(3, 1);
        assertRefused(server, FOLLOWING);
    }

    @Test
    void aParticipantCannotObserveAndAnObserverCannotFollow() {
        assertRefused(new PeerFixture(3, 3), OBSERVING);
        assertRefused(new PeerFixture(4, 3), FOLLOWING);
    }

    @Test
    void anObserverLooksObservesAndLooksAgain() {
        PeerFixture server = new PeerFixture(4, 3);
        server.turnsToObserve(3, 1).accepts().leaderInfo(1).disconnects();
        assertThat(server.effects(Effect.Trace.class))
                .extracting(Effect.Trace::event)
                .filteredOn(TraceEvent.RoleChanged.class::isInstance)
                .containsExactly(
                        new TraceEvent.RoleChanged(PeerState.LOOKING, PeerState.OBSERVING, "joined server 3"),
                        new TraceEvent.RoleChanged(PeerState.OBSERVING, PeerState.LOOKING, "lost leader 3: reset"));
    }

    @Test
    void aServerThatLooksCannotBeginToLookInside() {
        assertRefused(new PeerFixture(1, 3), LOOKING);
    }

    @Test
    void everyChangeOfRoleIsTracedWithItsReason() {
        PeerFixture server = new PeerFixture(1, 3);
        server.turnsTo(3).accepts().leaderInfo(1).disconnects();
        assertThat(server.effects(Effect.Trace.class))
                .extracting(Effect.Trace::event)
                .filteredOn(TraceEvent.RoleChanged.class::isInstance)
                .containsExactly(
                        new TraceEvent.RoleChanged(PeerState.LOOKING, PeerState.FOLLOWING, "joined server 3"),
                        new TraceEvent.RoleChanged(PeerState.FOLLOWING, PeerState.LOOKING, "lost leader 3: reset"));
    }

    @Test
    void aStandaloneServerLeadsAndServesByItself() {
        PeerFixture server = new PeerFixture(1, 1);
        assertThat(server.status().isServing()).isTrue();
        assertThat(server.status().role()).isEqualTo(PeerState.LEADING);
        assertThat(server.disk().currentEpoch()).isEqualTo(1);
    }

    @Test
    void aServerThatIsAskedToStopEndsItsLinksAndThenDoesNothingMore() {
        PeerFixture server = new PeerFixture(3, 3);
        ScriptedLearner two = server.leadsWith(2).get(0);
        server.step(new Event.StopRequested());
        assertThat(two.got()).containsExactly("CLOSED");
        assertThat(server.effects().get(server.effects().size() - 1)).isEqualTo(new Effect.Halt("asked to stop", true));
        server.forget().afterMillis(2 * PeerFixture.TICK);
        assertThat(server.effects()).isEmpty();
    }

    @Test
    void aFailedDiskHaltsTheServerWithItsReason() {
        PeerFixture server = new PeerFixture(3, 3).forget();
        server.step(new Event.StorageFailed("log.5: no space left"));
        assertThat(server.effects()).isEqualTo(List.of(new Effect.Halt("log.5: no space left", false)));
    }
}
