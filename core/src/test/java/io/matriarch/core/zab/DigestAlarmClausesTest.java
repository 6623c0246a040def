package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.entries;
import static io.matriarch.core.peer.Entries.entry;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedLeader;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LogEntry;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.TreeListener;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnDigest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** zab.md 6.2 and disk.md R17: what follows when the tree is not the one that a transaction's digest tells of. */
class DigestAlarmClausesTest {
    private static final long WRONG = 42;

    private static LogEntry withDigest(LogEntry entry, long digest) {
        Txn txn = Txn.decode(entry.payload());
        TxnDigest claimed = new TxnDigest(TxnDigest.VERSION, digest);
        return new LogEntry(entry.zxid(), new Txn(txn.header(), txn.body(), claimed).encode());
    }

    private static MemoryDisk oneAndTwo() {
        return new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2));
    }

    private static PeerFixture follower() {
        return new PeerFixture(1, 3, oneAndTwo());
    }

    private static List<TraceEvent.DigestMismatch> alarms(PeerFixture server) {
        return server.effects(Effect.Trace.class).stream()
                .map(Effect.Trace::event)
                .filter(TraceEvent.DigestMismatch.class::isInstance)
                .map(TraceEvent.DigestMismatch.class::cast)
                .toList();
    }

    private static ScriptedLeader leaderSaysWrong(PeerFixture follower) {
        ScriptedLeader leader = follower.follows(3, 2);
        return leader.sendsCommitted(List.of(withDigest(entry(2, 1), WRONG)));
    }

    @Test
    void aRightDigestIsNoAlarm() {
        PeerFixture follower = follower();
        ScriptedLeader leader = follower.follows(3, 2);
        DataTree expected = MemoryDisk.tree(entries(1, 1, 2));
        expected.apply(Txn.decode(entry(2, 1).payload()), TreeListener.NONE);
        leader.sendsCommitted(List.of(withDigest(entry(2, 1), expected.digest())));
        assertThat(alarms(follower)).isEmpty();
        assertThat(follower.status().isServing()).isTrue();
    }

    @Test
    void aLearnerWhoseTreeIsNotTheLeadersStopsServingAndAsksForASnapshot() {
        PeerFixture follower = follower();
        assertThat(leaderSaysWrong(follower).got()).endsWith("CLOSED");
        assertThat(alarms(follower)).extracting(TraceEvent.DigestMismatch::zxid).containsExactly(z(2, 1));
        assertThat(follower.status().digestMismatches()).isEqualTo(1);
        assertThat(follower.status().role()).isEqualTo(PeerState.LOOKING);
        assertThat(follower.toldTo(2)).as("the log is whole, and votes").endsWith("LOOKING (1, (2,1), 2)");
        follower.forget().says(2, PeerState.FOLLOWING, 3, Zxid.ZERO, 2).says(3, PeerState.LEADING, 3, Zxid.ZERO, 2);
        ScriptedLeader again = follower.dialed().accepts().leaderInfo(2);
        assertThat(again.got()).endsWith("ACKEPOCH -1 of -1");
        again.snap(z(2, 1), MemoryDisk.tree(entries(1, 1, 3))).newLeader(2).upToDate();
        assertThat(follower.status().isServing()).isTrue();
    }

    @Test
    void whoseDigestsDifferAgainAfterTheSnapshotGoesOnServing() {
        PeerFixture follower = follower();
        leaderSaysWrong(follower);
        follower.forget().says(2, PeerState.FOLLOWING, 3, Zxid.ZERO, 2).says(3, PeerState.LEADING, 3, Zxid.ZERO, 2);
        ScriptedLeader again = follower.dialed().accepts().leaderInfo(2);
        again.snap(z(2, 1), MemoryDisk.tree(entries(1, 1, 3))).newLeader(2).upToDate();
        again.sendsCommitted(List.of(withDigest(entry(2, 2), WRONG), withDigest(entry(2, 3), WRONG)));
        assertThat(follower.status().isServing())
                .as("the leader counts otherwise")
                .isTrue();
        assertThat(follower.status().digestMismatches()).isEqualTo(3);
    }

    @Test
    void aSuspectTreeCostsNoVoteInANewEpochAndIsReplacedInTheNextLink() {
        PeerFixture follower = follower();
        leaderSaysWrong(follower);
        follower.forget();
        ScriptedLeader next = follower.turnsTo(2).accepts().leaderInfo(3);
        assertThat(next.got()).as("counted").endsWith("ACKEPOCH (2,1) of 2");
        next.diff(z(2, 1)).newLeader(3).upToDate();
        assertThat(next.got()).endsWith("CLOSED");
        assertThat(follower.status().isServing()).isFalse();
        follower.forget().says(3, PeerState.FOLLOWING, 2, Zxid.ZERO, 3).says(2, PeerState.LEADING, 2, Zxid.ZERO, 3);
        assertThat(follower.dialed().accepts().leaderInfo(3).got()).endsWith("ACKEPOCH -1 of -1");
    }

    @Test
    void whatReplayFindsMakesTheTreeSuspectAndLeavesTheLogItsVote() {
        PeerFixture follower = new PeerFixture(1, 3, oneAndTwo().log(List.of(withDigest(entry(1, 3), WRONG))));
        assertThat(follower.toldTo(2)).containsExactly("LOOKING (1, (1,3), 1)");
        ScriptedLeader leader = follower.turnsTo(3).accepts().leaderInfo(2);
        leader.diff(z(1, 3)).newLeader(2).upToDate();
        assertThat(leader.got()).endsWith("CLOSED");
    }

    @Test
    void aLeaderWhoseTreeIsNotWhatItProposedResignsOnce() {
        PeerFixture leader = new PeerFixture(3, 3, oneAndTwo());
        ScriptedLearner two = leader.leadsWith(2).get(0);
        leader.client().connects(1000);
        leader.peer().tree().apply(Txn.decode(entry(1, 9).payload()), TreeListener.NONE);
        two.ack(z(2, 1));
        assertThat(alarms(leader)).hasSize(1);
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
        leader.forget();
        ScriptedLearner again = leader.leadsWith(2).get(0);
        leader.client().connects(1000);
        again.ack(z(3, 1));
        assertThat(leader.status().role()).as("nobody else did better").isEqualTo(PeerState.LEADING);
    }

    @Test
    void r17_whatASnapshotOfApachesMayHoldAlreadyIsNotCompared() {
        PeerFixture follower = follower();
        ScriptedLeader leader = follower.turnsTo(3).accepts().leaderInfo(2);
        leader.snap(z(2, 1), MemoryDisk.tree(entries(1, 1, 3)));
        leader.sendsCommitted(List.of(withDigest(entry(2, 2), WRONG)))
                .newLeader(2)
                .upToDate();
        assertThat(alarms(follower)).isEmpty();
        leader.sendsCommitted(List.of(withDigest(entry(2, 3), WRONG)));
        assertThat(alarms(follower)).hasSize(1);
    }
}
