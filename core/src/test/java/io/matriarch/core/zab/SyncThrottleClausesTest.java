package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.entries;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.wire.Zxid;
import org.junit.jupiter.api.Test;

/** zab.md 15: how many learners are synchronized at a time, by snapshot and by DIFF, and who is turned away. */
class SyncThrottleClausesTest {
    /** One snapshot and two DIFFs at a time. */
    private static final ObserverConfig FEW = new ObserverConfig(true, 32 << 20, 1, 2, 0, 0, true);

    private final PeerFixture leader =
            new PeerFixture(3, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 3)), FEW);
    private final Zxid last = leader.status().lastLogged();

    private ScriptedLearner coming(long sid, Zxid history) {
        return leader.learner(sid).followerInfo(1).ackEpoch(1, history);
    }

    private ScriptedLearner observing(long sid, Zxid history) {
        return leader.learner(sid).ofObservers().followerInfo(1).ackEpoch(1, history);
    }

    @Test
    void anObserverAboveTheLimitOfSnapshotsIsTurnedAwayUntilOneIsAcknowledged() {
        leader.leadsWith(2);
        ScriptedLearner first = observing(5, Zxid.NONE).takesSnapshot();
        assertThat(first.got()).contains("SNAP (2,0)");
        assertThat(observing(6, Zxid.NONE).got()).containsExactly("LEADERINFO (2,0)", "CLOSED");
        first.ackNewLeader();
        assertThat(observing(7, Zxid.NONE).got()).contains("SNAP (2,0)");
    }

    @Test
    void aDroppedSynchronizationIsNotCounted() {
        leader.leadsWith(2);
        observing(5, Zxid.NONE).disconnects();
        assertThat(observing(6, Zxid.NONE).got()).contains("SNAP (2,0)");
    }

    @Test
    void snapshotsAndDiffsAreCountedApart() {
        leader.leadsWith(2);
        observing(5, Zxid.NONE);
        assertThat(observing(6, last).got()).endsWith("NEWLEADER (2,0)");
        assertThat(observing(7, last).got()).endsWith("NEWLEADER (2,0)");
        assertThat(observing(8, last).got()).endsWith("CLOSED");
    }

    @Test
    void participantsAreCountedButNeverTurnedAway() {
        leader.leadsWith(2);
        observing(5, Zxid.NONE);
        ScriptedLearner one = coming(1, Zxid.NONE);
        assertThat(one.got()).contains("SNAP (2,0)");
        leader.forget();
        assertThat(observing(6, Zxid.NONE).got()).endsWith("CLOSED");
    }

    @Test
    void aFollowerThatServesObserversHasTheSameLimits() {
        PeerFixture master = new PeerFixture(2, 3, new MemoryDisk().epochs(1, 1), FEW);
        master.follows(3, 2);
        master.learner(5).ofObservers().followerInfo(1).ackEpoch(1, Zxid.NONE);
        ScriptedLearner second = master.learner(6).ofObservers().followerInfo(1).ackEpoch(1, Zxid.NONE);
        assertThat(second.got()).containsExactly("LEADERINFO (2,0)", "CLOSED");
    }
}
