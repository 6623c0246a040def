package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.entries;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.Event;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.QuorumPacket;
import org.junit.jupiter.api.Test;

/** A snapshot takes its time: what follows it is kept meanwhile, but not without bound. */
class LongSnapshotTest {
    private static final long SESSION = 0x100000000000001L;

    @Test
    void aLearnerIsDroppedIfTheLogMovesOnTooFarWhileItTakesASnapshot() {
        PeerFixture leader = new PeerFixture(3, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2)));
        ScriptedLearner two = leader.leadsWith(2).get(0);
        two.forwards(SESSION, 0, new Request.CreateSession(1000)).ack(z(2, 1));
        ScriptedLearner slow = leader.learner(1).followerInfo(1).ackEpoch(-1, Zxid.NONE);
        Bytes data = Bytes.wrap(new byte[QuorumPacket.DEFAULT_LENGTH_LIMIT - 100]);
        int writes = (int) (Window.MAX_PINNED_BYTES / data.length()) + 1;
        for (int i = 1; i <= writes; i++) {
            two.forwards(SESSION, i, new Request.SetData("/" + z(1, 1), data, -1))
                    .ack(z(2, 1 + i));
            leader.forget();
        }
        slow.takesSnapshot();
        assertThat(slow.got()).endsWith("CLOSED").doesNotContain("NEWLEADER (2,0)");
        assertThat(leader.status().learners()).isEqualTo(1);
    }

    @Test
    void aLearnerThatGoesOnTakingItsSnapshotIsNotSilent() {
        PeerFixture leader = new PeerFixture(3, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2)));
        ScriptedLearner two = leader.leadsWith(2).get(0);
        ScriptedLearner slow = leader.learner(1).followerInfo(1).ackEpoch(-1, Zxid.NONE);
        for (int piece = 2; piece <= 3; piece++) {
            for (int tick = 0; tick < PeerFixture.INIT_LIMIT; tick++) {
                leader.afterMillis(PeerFixture.TICK);
                two.echoesLast();
            }
            leader.step(new Event.LinkWritable(slow.link()));
        }
        assertThat(slow.got()).endsWith("piece", "piece", "piece", "NEWLEADER (2,0)");
    }

    private static PeerFixture leaderOfWhatIsInASnapshot() {
        return new PeerFixture(3, 3, new MemoryDisk().epochs(1, 1).snapshot(z(1, 2), entries(1, 1, 2))).elected();
    }

    /** A history that takes longer than initLimit on its way would never get there (seed 623398). */
    @Test
    void aLeaderWaitsForItsQuorumWhileAVoterGoesOnTakingItsSnapshot() {
        PeerFixture leader = leaderOfWhatIsInASnapshot();
        ScriptedLearner slow = leader.learner(1).followerInfo(1).ackEpoch(0, Zxid.ZERO);
        for (int piece = 2; piece <= 3; piece++) {
            leader.afterMillis((PeerFixture.INIT_LIMIT - 1) * PeerFixture.TICK);
            leader.step(new Event.LinkWritable(slow.link()));
        }
        assertThat(slow.got()).endsWith("NEWLEADER (2,0)");
        slow.ack(z(2, 0));
        assertThat(leader.status().isServing()).isTrue();
    }

    @Test
    void aLeaderDoesNotWaitForAVoterThatTakesNothingMore() {
        PeerFixture leader = leaderOfWhatIsInASnapshot();
        ScriptedLearner stuck = leader.learner(1).followerInfo(1).ackEpoch(0, Zxid.ZERO);
        assertThat(stuck.got()).contains("piece");
        leader.afterMillis(PeerFixture.INIT_LIMIT * PeerFixture.TICK);
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
    }
}
