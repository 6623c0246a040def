package io.matriarch.core.peer;

import static io.matriarch.core.peer.Entries.entries;
import static io.matriarch.core.peer.Entries.entry;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Effect;
import io.matriarch.core.zab.ObserverConfig;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** zab.md 11, 15: to whom an observer connects, when, and when it goes elsewhere. */
class LearnerMasterClausesTest {
    private static final ObserverConfig SERVED = ObserverConfig.DEFAULT.withServed(true);

    private static PeerFixture observer(ObserverConfig config) {
        return new PeerFixture(6, 5, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2)), config);
    }

    private static ScriptedLeader observesFollower(PeerFixture observer) {
        ScriptedLeader master = observer.hearsOf(5, 2).dialedMaster().accepts();
        master.leaderInfo(2).diff(z(1, 2)).newLeader(2).upToDate();
        return master;
    }

    @Test
    void itConnectsToAFollowerAndKnowsWhoLeads() {
        PeerFixture observer = observer(SERVED);
        observesFollower(observer);
        assertThat(observer.effects(Effect.ConnectToLeader.class)).isEmpty();
        assertThat(observer.status().role()).isEqualTo(PeerState.OBSERVING);
        assertThat(observer.status().isServing()).isTrue();
        assertThat(observer.status().leader()).isEqualTo(new ServerId(5));
        assertThat(observer.status().learnerMaster().value())
                .isEqualTo(observer.dialedMasters().get(0));
    }

    @Test
    void withoutThePortItConnectsToTheLeader() {
        PeerFixture observer = observer(ObserverConfig.DEFAULT);
        observer.observes(5, 2);
        assertThat(observer.status().learnerMaster()).isEqualTo(new ServerId(5));
    }

    @Test
    void itGoesFromFollowerToFollowerAndAfterAPauseAgain() {
        PeerFixture observer = observer(SERVED).hearsOf(5, 2);
        for (int i = 0; i < 4; i++) {
            observer.dialedMaster().disconnects();
        }
        assertThat(observer.dialedMasters()).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
        observer.afterMillis(20);
        assertThat(observer.dialedMasters()).hasSize(5);
        assertThat(observer.effects(Effect.ConnectToLeader.class)).isEmpty();
    }

    @Test
    void itTurnsToTheLeaderWhenNoFollowerHasTakenItForAWhile() {
        PeerFixture observer = observer(SERVED).hearsOf(5, 2).afterMillis(1000);
        for (int i = 0; i < 4; i++) {
            observer.dialedMaster().disconnects();
        }
        observer.afterMillis(20);
        for (int i = 0; i < 4; i++) {
            observer.dialedMaster().disconnects();
        }
        assertThat(observer.effects(Effect.ConnectToLeader.class)).hasSize(1);
    }

    @Test
    void aFollowerThatIsNoMasterYetIsLeftForTheNext() {
        PeerFixture observer = observer(SERVED).hearsOf(5, 2);
        ScriptedLeader first = observer.dialedMaster().accepts();
        first.sends(io.matriarch.wire.quorum.PacketType.PING, z(0, 0), null);
        assertThat(first.got()).endsWith("CLOSED");
        assertThat(observer.dialedMasters()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void whenItsMasterIsLostItLooksAndTakesTheNextOne() {
        PeerFixture observer = observer(SERVED);
        observesFollower(observer).disconnects();
        assertThat(observer.status().role()).isEqualTo(PeerState.LOOKING);
        observer.hearsOf(5, 2);
        assertThat(observer.dialedMasters()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void observersSpreadOverTheFollowers() {
        List<Long> firsts = new ArrayList<>();
        for (long sid = 6; sid < 30; sid++) {
            PeerFixture observer = new PeerFixture(sid, 5, new MemoryDisk(), SERVED, sid);
            firsts.add(observer.hearsOf(5, 2).dialedMasters().get(0));
        }
        assertThat(firsts).contains(1L, 2L, 3L, 4L).doesNotContain(5L);
    }

    @Test
    void aMasterThatIsBehindWhatIsCommittedIsLeft() {
        PeerFixture observer = observer(SERVED);
        ScriptedLeader first = observesFollower(observer);
        first.informs(entry(2, 1)).informs(entry(2, 2)).disconnects();
        ScriptedLeader second = observer.hearsOf(5, 2).dialedMaster().accepts();
        second.leaderInfo(2).trunc(z(2, 1));
        assertThat(second.got()).endsWith("CLOSED");
        assertThat(observer.status().role()).isEqualTo(PeerState.LOOKING);
        assertThat(observer.hasApplied(z(2, 2))).isTrue();
    }

    @Test
    void reconnectDelayIsWaitedBeforeConnectingAndElectionDelayBeforeLooking() {
        ObserverConfig slow = new ObserverConfig(true, 1 << 20, 10, 100, 300, 400, true);
        PeerFixture observer = observer(slow).hearsOf(5, 2);
        assertThat(observer.dialedMasters()).isEmpty();
        observer.afterMillis(301);
        assertThat(observer.dialedMasters()).hasSize(1);
        ScriptedLeader master = observer.dialedMaster().accepts();
        master.leaderInfo(2).diff(z(1, 2)).newLeader(2).upToDate();
        observer.forget();
        master.disconnects();
        assertThat(observer.toldTo(1)).as("it asks nobody yet").isEmpty();
        observer.afterMillis(401);
        assertThat(observer.toldTo(1)).isNotEmpty();
    }

    @Test
    void aParticipantGoesToTheLeaderWithoutDelay() {
        ObserverConfig slow = new ObserverConfig(true, 1 << 20, 10, 100, 300, 400, true);
        PeerFixture follower = new PeerFixture(2, 3, new MemoryDisk(), slow);
        follower.turnsTo(3);
        assertThat(follower.effects(Effect.ConnectToLeader.class)).hasSize(1);
        assertThat(follower.dialedMasters()).isEmpty();
    }
}
