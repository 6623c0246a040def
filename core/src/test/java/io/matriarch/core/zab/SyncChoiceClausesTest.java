package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.both;
import static io.matriarch.core.peer.Entries.entries;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedLeader;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.Zxid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** zab.md 19, scenarios 10 to 18: which of DIFF, TRUNC and SNAP a learner gets for the history it reports. */
class SyncChoiceClausesTest {
    private static final String SYNCED = "NEWLEADER (2,0)";

    private static MemoryDisk epochOne() {
        return new MemoryDisk().epochs(1, 1).log(entries(1, 1, 14));
    }

    /** What a learner of Apache's that reports {@code p} gets up to NEWLEADER from an established leader on this disk. */
    private static List<String> offered(MemoryDisk disk, Zxid p) {
        PeerFixture leader = new PeerFixture(3, 3, disk);
        leader.leadsWith(2);
        return offered(leader, leader.learner(1), p);
    }

    private static List<String> offeredToOurs(MemoryDisk disk, Zxid p) {
        PeerFixture leader = new PeerFixture(3, 3, disk);
        leader.leadsWith(2);
        return offered(leader, leader.learner(1).ofOurs(), p);
    }

    private static List<String> offered(PeerFixture leader, ScriptedLearner learner, Zxid p) {
        long epoch = leader.status().currentEpoch();
        learner.followerInfo(epoch - 1).ackEpoch(epoch - 1, p).takesSnapshot();
        List<String> got = learner.got();
        return got.subList(1, got.size());
    }

    private static List<String> committed(List<LogEntry> entries) {
        List<String> words = new ArrayList<>();
        for (LogEntry entry : entries) {
            String zxid = "(" + entry.zxid().epoch() + "," + entry.zxid().counter() + ")";
            words.add("PROPOSAL " + zxid);
            words.add("COMMIT " + zxid);
        }
        return words;
    }

    private static List<String> sequence(String first, List<String> middle, String last) {
        List<String> all = new ArrayList<>();
        all.add(first);
        all.addAll(middle);
        all.add(last);
        return all;
    }

    private static void assertSnapshot(List<String> offered, String snap) {
        assertThat(offered).startsWith(snap, "piece").doesNotContain("PROPOSAL (1,14)");
        assertThat(offered.get(offered.size() - 1)).startsWith("NEWLEADER");
    }

    @Test
    void scenario10_theSameHistoryGetsAnEmptyDiff() {
        assertThat(offered(epochOne(), z(1, 14))).containsExactly("DIFF (1,14)", SYNCED);
    }

    @Test
    void scenario11_aShorterHistoryInTheWindowGetsWhatItMisses() {
        assertThat(offered(epochOne(), z(1, 9)))
                .isEqualTo(sequence("DIFF (1,14)", committed(entries(1, 10, 14)), SYNCED));
    }

    @Test
    void scenario12_aLongerHistoryOfApacheGetsASnapshot() {
        assertSnapshot(offered(epochOne(), z(1, 32)), "SNAP (2,0)");
    }

    @Test
    void scenario12_aLongerHistoryOfOursIsCut() {
        assertThat(offeredToOurs(epochOne(), z(1, 32))).containsExactly("TRUNC (1,14)", SYNCED);
    }

    @Test
    void scenario13_aHistoryOfAnEpochThatWeNeverSawGetsASnapshot() {
        MemoryDisk disk = new MemoryDisk().epochs(4, 1).log(entries(1, 1, 14));
        assertSnapshot(offeredToOurs(disk, z(2, 0)), "SNAP (5,0)");
    }

    @Test
    void scenario13_aHistoryThatEndsBeforeOurOldestEntryGetsASnapshot() {
        MemoryDisk disk = new MemoryDisk()
                .epochs(1, 1)
                .snapshot(z(1, 5), entries(1, 1, 5))
                .log(entries(1, 6, 14));
        assertSnapshot(offeredToOurs(disk, z(0, 3)), "SNAP (2,0)");
    }

    @Test
    void scenario14_anEmptyHistoryGetsADiffIfOursStartsThere() {
        assertThat(offered(epochOne(), z(1, 0)))
                .isEqualTo(sequence("DIFF (1,14)", committed(entries(1, 1, 14)), SYNCED));
        assertThat(offered(epochOne(), Zxid.ZERO)).startsWith("DIFF (1,14)", "PROPOSAL (1,1)");
    }

    @Test
    void scenario15_theBeginningOfAnEpochThatWeHaveEntriesOfIsAPositionOfOurs() {
        MemoryDisk disk = new MemoryDisk().epochs(2, 2).log(both(entries(1, 1, 14), entries(2, 1, 5)));
        assertThat(offered(disk, z(2, 0)))
                .isEqualTo(sequence("DIFF (2,5)", committed(entries(2, 1, 5)), "NEWLEADER (3,0)"));
    }

    @Test
    void scenario16_anEpochWithoutTransactionsAddsNothingToTheDiff() {
        PeerFixture leader = new PeerFixture(3, 3, epochOne());
        leader.leadsWith(2);
        assertThat(leader.status().lastApplied()).isEqualTo(z(2, 0));
        assertThat(offered(leader, leader.learner(1), z(1, 14))).containsExactly("DIFF (1,14)", SYNCED);
    }

    @Test
    void scenario16_aLearnerThatHasOurWholeInitialHistoryGetsAnEmptyDiff() {
        assertThat(offered(epochOne(), z(2, 0))).containsExactly("DIFF (1,14)", SYNCED);
    }

    @Test
    void scenario17_aBranchThatWeDoNotKnowGetsASnapshotNotATrunc() {
        MemoryDisk disk = new MemoryDisk().epochs(2, 2).log(both(entries(1, 1, 7), entries(2, 1, 5)));
        assertSnapshot(offered(disk, z(1, 9)), "SNAP (3,0)");
    }

    @Test
    void scenario17_aBranchOfOursIsCutWhereTheHistoriesPart() {
        MemoryDisk disk = new MemoryDisk().epochs(2, 2).log(both(entries(1, 1, 7), entries(2, 1, 5)));
        assertThat(offeredToOurs(disk, z(1, 9)))
                .isEqualTo(sequence("TRUNC (1,7)", committed(entries(2, 1, 5)), "NEWLEADER (3,0)"));
    }

    @Test
    void whatALearnerHasAboveTheLastCommitIsCutEvenIfThisLeaderProposedIt() {
        PeerFixture leader = new PeerFixture(3, 3, epochOne());
        ScriptedLearner two = leader.leadsWith(2).get(0);
        leader.client().connects(1000);
        two.ack(z(2, 1));
        leader.client().connects(1000);
        assertThat(leader.status().lastCommitted()).isEqualTo(z(2, 1));
        ScriptedLearner one = leader.learner(1).ofOurs().followerInfo(2).ackEpoch(-1, z(2, 2));
        assertThat(one.got()).containsExactly("LEADERINFO (2,0)", "TRUNC (2,1)", SYNCED);
        one.ack(z(2, 0));
        assertThat(one.got()).endsWith("UPTODATE", "PROPOSAL (2,2)");
    }

    @Test
    void aTruncNeverCrossesAnEpoch() {
        MemoryDisk disk = new MemoryDisk().epochs(3, 3).log(both(entries(1, 1, 7), entries(3, 1, 5)));
        assertSnapshot(offeredToOurs(disk, z(2, 4)), "SNAP (4,0)");
    }

    @Test
    void scenario18_aHistoryThatEndsBeforeTheHoleLeftByASnapshotGetsASnapshot() {
        PeerFixture server = new PeerFixture(2, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 3)));
        ScriptedLeader leader = server.turnsTo(3).accepts().leaderInfo(2);
        leader.snap(z(2, 0), MemoryDisk.tree(entries(1, 1, 14))).newLeader(2).upToDate();
        leader.sendsCommitted(entries(2, 1, 2)).disconnects();
        server.leadsWith(3);
        assertSnapshot(offeredToOurs(server, z(1, 2)), "SNAP (3,0)");
    }

    private static List<String> offeredToOurs(PeerFixture leader, Zxid p) {
        return offered(leader, leader.learner(1).ofOurs(), p);
    }

    @Test
    void scenario18_theSameHoldsAfterARestart() {
        MemoryDisk disk = new MemoryDisk()
                .epochs(1, 1)
                .snapshot(z(1, 10), entries(1, 1, 10))
                .log(entries(1, 11, 14));
        assertSnapshot(offeredToOurs(disk, z(1, 9)), "SNAP (2,0)");
    }

    @Test
    void theEndOfTheSnapshotThatWeStartedFromIsAPositionOfOurs() {
        MemoryDisk disk = new MemoryDisk()
                .epochs(1, 1)
                .snapshot(z(1, 10), entries(1, 1, 10))
                .log(entries(1, 11, 14));
        assertThat(offered(disk, z(1, 10))).isEqualTo(sequence("DIFF (1,14)", committed(entries(1, 11, 14)), SYNCED));
    }

    @Test
    void r13_aSnapshotIsLabelledWithTheLastCommittedTransactionOfTheEpoch() {
        PeerFixture leader = new PeerFixture(3, 3, epochOne());
        ScriptedLearner two = leader.leadsWith(2).get(0);
        leader.client().connects(1000);
        two.ack(z(2, 1));
        assertSnapshot(offered(leader, leader.learner(1), Zxid.NONE), "SNAP (2,1)");
    }

    @Test
    void r8_theTreeThatIsStreamedHoldsTheLabelAndNothingAboveIt() {
        PeerFixture leader = new PeerFixture(3, 3, epochOne());
        ScriptedLearner two = leader.leadsWith(2).get(0);
        ScriptedLearner one = leader.learner(1).followerInfo(1).ackEpoch(-1, Zxid.NONE);
        leader.client().connects(1000);
        two.ack(z(2, 1));
        assertThat(one.takesSnapshot().got())
                .startsWith("LEADERINFO (2,0)", "SNAP (2,0)", "piece")
                .endsWith("PROPOSAL (2,1)", "COMMIT (2,1)", SYNCED);
    }

    /** Server 1 has what came before (1,15) on disk, took (1,15) and (1,16) from a leader that never said UPTODATE, and is elected without a restart. */
    private static PeerFixture withEntriesBeyondItsTree() {
        MemoryDisk disk = new MemoryDisk()
                .epochs(1, 1)
                .snapshot(z(1, 10), entries(1, 1, 10))
                .log(entries(1, 11, 14));
        PeerFixture leader = new PeerFixture(1, 3, disk);
        ScriptedLeader before = leader.turnsTo(3).accepts();
        before.leaderInfo(2).diff(z(1, 16)).sendsCommitted(entries(1, 15, 16)).newLeader(2);
        before.disconnects();
        return leader.forget().votesForUs(2).votesForUs(3);
    }

    /** Seed 19149: with a label below its tail an Apache server replays that tail when it starts again. */
    @Test
    void r13_aSnapshotThatEntriesFollowHasTheLabelThatOutranksAnApacheLearnersTail() {
        ScriptedLearner ahead = withEntriesBeyondItsTree()
                .learner(2)
                .followerInfo(1)
                .ackEpoch(1, z(1, 20))
                .takesSnapshot();
        assertThat(ahead.got())
                .startsWith("LEADERINFO (3,0)", "SNAP (3,0)", "piece")
                .endsWith("PROPOSAL (1,15)", "COMMIT (1,15)", "PROPOSAL (1,16)", "COMMIT (1,16)", "NEWLEADER (3,0)");
    }

    @Test
    void r18_aLearnerOfOursWhichPassesOverWhatLiesBelowALabelIsToldWhatTheTreeHolds() {
        ScriptedLearner elsewhere = withEntriesBeyondItsTree()
                .learner(2)
                .ofOurs()
                .followerInfo(1)
                .ackEpoch(0, z(0, 3))
                .takesSnapshot();
        assertThat(elsewhere.got())
                .startsWith("LEADERINFO (3,0)", "SNAP (1,14)", "piece")
                .endsWith("PROPOSAL (1,15)", "COMMIT (1,15)", "PROPOSAL (1,16)", "COMMIT (1,16)", "NEWLEADER (3,0)");
    }

    @Test
    void anUnestablishedLeaderPassesOnItsUncommittedTailAsCommitted() {
        PeerFixture leader = new PeerFixture(3, 3, epochOne()).elected();
        ScriptedLearner one = leader.learner(1).followerInfo(1).ackEpoch(1, z(1, 12));
        assertThat(one.got())
                .containsExactly(
                        "LEADERINFO (2,0)",
                        "DIFF (1,14)",
                        "PROPOSAL (1,13)",
                        "COMMIT (1,13)",
                        "PROPOSAL (1,14)",
                        "COMMIT (1,14)",
                        SYNCED);
    }
}
