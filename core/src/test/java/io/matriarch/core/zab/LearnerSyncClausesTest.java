package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.entries;
import static io.matriarch.core.peer.Entries.entry;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedLeader;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LogEntry;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.PacketType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** zab.md 8.6 and scenarios 19 to 28 of 19: how a follower takes over its leader's history, and what a crash leaves. */
class LearnerSyncClausesTest {
    private static final LogEntry A = entry(1, 3);
    private static final LogEntry B = entry(1, 4);
    private static final LogEntry C = entry(1, 5);

    /** A follower with (1,1) and (1,2) logged, whose leader has opened epoch 2. */
    private static PeerFixture follower() {
        return new PeerFixture(1, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2)));
    }

    private static ScriptedLeader leaderOf(PeerFixture follower) {
        ScriptedLeader leader = follower.turnsTo(3).accepts().leaderInfo(2);
        follower.forget();
        return leader;
    }

    private static ScriptedLeader diff(PeerFixture follower) {
        return leaderOf(follower).diff(z(1, 4)).sendsCommitted(List.of(A, B)).proposes(C);
    }

    // --- DIFF ----------------------------------------------------------------------------------------------------

    @Test
    void scenario19_newLeaderIsAcknowledgedWhenTheCommittedPartIsDurable() {
        PeerFixture follower = follower();
        ScriptedLeader leader = diff(follower);
        follower.holdStorage();
        leader.newLeader(2);
        assertThat(follower.unstored())
                .as("R14: the history, then the epoch")
                .containsExactly(new Effect.Append(2, A), new Effect.Append(3, B), new Effect.StoreCurrentEpoch(4, 2));
        follower.stored(2);
        assertThat(leader.got()).as("the epoch is not durable").isEmpty();
        follower.stored();
        assertThat(leader.got()).containsExactly("ACK (2,0)");
    }

    @Test
    void scenario19_whatIsOnlyProposedIsNeitherLoggedNorAcknowledgedBeforeUpToDate() {
        PeerFixture follower = follower();
        ScriptedLeader leader = diff(follower).newLeader(2);
        assertThat(follower.logged()).hasSize(2);
        assertThat(leader.got()).containsExactly("ACK (2,0)");
        leader.upToDate();
        assertThat(leader.got()).containsExactly("ACK (2,0)", "ACK (2,0)", "ACK (1,5)");
        assertThat(follower.hasApplied(B.zxid())).isTrue();
        assertThat(follower.hasApplied(C.zxid())).isFalse();
    }

    @Test
    void whatWasCommittedBetweenNewLeaderAndUpToDateIsAppliedAtUpToDate() {
        PeerFixture follower = follower();
        diff(follower).newLeader(2).commits(C.zxid()).upToDate();
        assertThat(follower.hasApplied(C.zxid())).isTrue();
    }

    @Test
    void nothingIsAppliedOrServedBeforeUpToDate() {
        PeerFixture follower = follower();
        ScriptedLeader leader = diff(follower).newLeader(2);
        assertThat(follower.hasApplied(A.zxid())).isFalse();
        assertThat(follower.status().isServing()).isFalse();
        leader.upToDate();
        assertThat(follower.status().isServing()).isTrue();
    }

    @Test
    void scenario20_afterACrashBetweenLogAndEpochTheServerVotesWithTheOldEpochAndTheNewZxid() {
        PeerFixture follower = follower();
        ScriptedLeader leader = diff(follower);
        follower.holdStorage();
        leader.newLeader(2);
        follower.stored(2).crashAndRestart();
        assertThat(follower.toldTo(2)).containsExactly("LOOKING (1, (1,4), 1)");
    }

    @Test
    void scenario21_afterACrashBetweenEpochAndAckTheServerVotesWithBothNew() {
        PeerFixture follower = follower();
        diff(follower).newLeader(2);
        follower.crashAndRestart();
        assertThat(follower.toldTo(2)).containsExactly("LOOKING (1, (1,4), 2)");
        assertThat(follower.hasApplied(B.zxid())).isTrue();
    }

    @Test
    void r14_anAckIsNotSentForALinkThatWasLostBeforeTheHistoryWasDurable() {
        PeerFixture follower = follower();
        ScriptedLeader leader = diff(follower);
        follower.holdStorage();
        leader.newLeader(2).disconnects();
        follower.stored();
        assertThat(leader.got()).containsExactly("CLOSED");
    }

    @Test
    void r15_aDiffThatBreaksOffBeforeNewLeaderLeavesNothing() {
        PeerFixture follower = follower();
        diff(follower).disconnects();
        assertThat(follower.effects(Effect.StorageEffect.class)).isEmpty();
        assertThat(follower.toldTo(2)).containsExactly("LOOKING (1, (1,2), 1)");
    }

    @Test
    void r19_afterUpToDateEachProposalIsAcknowledgedOnceInOrderAndOnlyWhenDurable() {
        PeerFixture follower = follower();
        ScriptedLeader leader = leaderOf(follower).diff(z(1, 2)).newLeader(2).upToDate();
        follower.forget().holdStorage();
        entries(2, 1, 3).forEach(leader::proposes);
        assertThat(leader.got()).isEmpty();
        follower.stored(1);
        assertThat(leader.got()).containsExactly("ACK (2,1)");
        follower.stored();
        assertThat(leader.got()).containsExactly("ACK (2,1)", "ACK (2,2)", "ACK (2,3)");
    }

    @Test
    void r10_aGapInTheStreamEndsTheLink() {
        PeerFixture follower = follower();
        ScriptedLeader leader = leaderOf(follower).diff(z(1, 4)).proposes(B);
        assertThat(leader.got()).containsExactly("CLOSED");
        assertThat(follower.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void aProposalBeforeDiffTruncOrSnapEndsTheLink() {
        PeerFixture follower = follower();
        assertThat(leaderOf(follower).proposes(A).got()).containsExactly("CLOSED");
    }

    @Test
    void newLeaderBeforeTheHistoryEndsTheLink() {
        PeerFixture follower = follower();
        assertThat(leaderOf(follower).newLeader(2).got()).containsExactly("CLOSED");
        assertThat(follower.disk().currentEpoch()).isEqualTo(1);
    }

    // --- SNAP ----------------------------------------------------------------------------------------------------

    @Test
    void r16_theOldStateStandsUntilTheSnapshotIsInstalledAndTheAckWaitsForThat() {
        PeerFixture follower = follower();
        ScriptedLeader leader = leaderOf(follower).snap(z(2, 0), MemoryDisk.tree(entries(1, 1, 9)));
        assertThat(follower.effects(Effect.StorageEffect.class)).isEmpty();
        assertThat(follower.hasApplied(z(1, 9))).isFalse();
        follower.holdStorage();
        leader.newLeader(2);
        assertThat(follower.unstored())
                .containsExactly(new Effect.InstallSnapshot(2, 1, z(2, 0)), new Effect.StoreCurrentEpoch(3, 2));
        assertThat(leader.got()).isEmpty();
        follower.stored();
        assertThat(leader.got()).containsExactly("ACK (2,0)");
        assertThat(follower.hasApplied(z(1, 9))).isTrue();
    }

    @Test
    void aSnapshotIsWrittenWithItsDigestThoughTheStreamCarriesNone() {
        PeerFixture follower = follower();
        DataTree tree = MemoryDisk.tree(entries(1, 1, 9));
        follower.turnsTo(3).accepts().leaderInfoOfOurs(2).snap(z(2, 0), tree);
        List<Effect.WriteSnapshot> writes = follower.effects(Effect.WriteSnapshot.class);
        assertThat(writes.get(writes.size() - 1).piece()).isEqualTo(new SnapshotPiece.End(z(2, 0), tree.digest()));
    }

    @Test
    void aSnapshotOfApachesIsWrittenWithoutADigestSinceItMayHoldMoreThanItsLabelSays() {
        PeerFixture follower = follower();
        leaderOf(follower).snap(z(2, 0), MemoryDisk.tree(entries(1, 1, 9)));
        List<Effect.WriteSnapshot> writes = follower.effects(Effect.WriteSnapshot.class);
        assertThat(writes.get(writes.size() - 1).piece()).isEqualTo(SnapshotPiece.End.BARE);
    }

    @Test
    void scenario22_aSnapshotThatBreaksOffIsForgottenAndTheOldDatabaseVotes() {
        PeerFixture follower = follower();
        ScriptedLeader leader = leaderOf(follower).sends(PacketType.SNAP, z(2, 0), null);
        leader.piece(MemoryDisk.pieces(MemoryDisk.tree(entries(1, 1, 9))).get(0));
        leader.disconnects();
        assertThat(follower.disk().unfinishedSnapshots()).isZero();
        assertThat(follower.toldTo(2)).containsExactly("LOOKING (1, (1,2), 1)");
        assertThat(follower.hasApplied(z(1, 2))).isTrue();
    }

    @Test
    void scenario23_aSnapshotWithoutNewLeaderIsNoBaseForTheNextDiff() {
        PeerFixture follower = follower();
        leaderOf(follower).snap(z(2, 0), MemoryDisk.tree(entries(1, 1, 9))).disconnects();
        assertThat(follower.disk().unfinishedSnapshots()).isZero();
        ScriptedLeader next = follower.forget().turnsTo(2).accepts().leaderInfo(3);
        assertThat(next.got()).containsExactly("FOLLOWERINFO (2,0)", "ACKEPOCH (1,2) of 1");
        next.diff(z(1, 3)).sendsCommitted(List.of(A)).newLeader(3).upToDate();
        assertThat(follower.hasApplied(A.zxid())).isTrue();
        assertThat(follower.hasApplied(z(1, 9))).isFalse();
    }

    @Test
    void scenario26_proposalsThatTheSnapshotHoldsAlreadyAreToleratedAndNotAcknowledged() {
        PeerFixture follower = follower();
        DataTree tree = MemoryDisk.tree(entries(1, 1, 9));
        ScriptedLeader leader = leaderOf(follower).snap(z(1, 9), tree);
        leader.sendsCommitted(List.of(entry(1, 9))).newLeader(2).upToDate();
        assertThat(leader.got()).containsExactly("ACK (2,0)", "ACK (2,0)");
        assertThat(follower.peer().tree().digest()).isEqualTo(tree.digest());
    }

    @Test
    void scenario49_aSnapshotAndNewLeaderDoNotChangeWhichConfigurationIsShown() {
        PeerFixture follower = follower();
        DataTree tree = MemoryDisk.tree(entries(1, 1, 9));
        tree.setConfig("server.9=elsewhere:1:2\nversion=0", 0, 0);
        leaderOf(follower).snap(z(2, 0), tree).newLeader(2).upToDate();
        assertThat(follower.peer().tree().find(DataTree.CONFIG).data())
                .isEqualTo(Bytes.utf8(PeerFixture.configuration(3, 3).text()));
    }

    // --- TRUNC ---------------------------------------------------------------------------------------------------

    @Test
    void scenario24_theFirstRecordAboveTheSnapshotIsCutFromLogAndTree() {
        PeerFixture follower = new PeerFixture(
                1,
                3,
                new MemoryDisk()
                        .epochs(1, 1)
                        .snapshot(z(1, 2), entries(1, 1, 2))
                        .log(List.of(A)));
        ScriptedLeader leader = leaderOf(follower).trunc(z(1, 2)).newLeader(2);
        assertThat(follower.disk().last()).isEqualTo(z(1, 2));
        assertThat(follower.hasApplied(A.zxid())).isFalse();
        assertThat(follower.hasApplied(z(1, 2))).isTrue();
        assertThat(leader.got()).containsExactly("ACK (2,0)");
    }

    @Test
    void scenario25_aTruncBelowOurSnapshotMakesUsAskForASnapshot() {
        PeerFixture follower = new PeerFixture(
                1,
                3,
                new MemoryDisk()
                        .epochs(1, 1)
                        .snapshot(z(1, 5), entries(1, 1, 5))
                        .log(entries(1, 6, 7)));
        ScriptedLeader leader = leaderOf(follower).trunc(z(1, 3)).newLeader(2);
        assertThat(leader.got()).as("R17").containsExactly("CLOSED");
        assertThat(follower.toldTo(2)).containsExactly("LOOKING (1, -1, -1)");
        follower.forget().says(3, PeerState.LEADING, 3, z(1, 7), 2);
        assertThat(follower.dialed().accepts().leaderInfo(2).got()).endsWith("ACKEPOCH -1 of -1");
    }

    @Test
    void r17_afterATruncTheAckWaitsUntilTheLogIsCutAndTheTreeRebuilt() {
        PeerFixture follower =
                new PeerFixture(1, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 5)));
        ScriptedLeader leader = leaderOf(follower);
        follower.holdStorage();
        leader.trunc(z(1, 2)).proposes(entry(2, 1)).commits(z(2, 1)).newLeader(2);
        assertThat(follower.unstored()).hasExactlyElementsOfTypes(Effect.Truncate.class, Effect.ReloadDatabase.class);
        leader.pings(1);
        follower.stored(2);
        assertThat(leader.got()).isEmpty();
        follower.stored();
        assertThat(leader.got()).containsExactly("ACK (2,0)");
        assertThat(follower.hasApplied(z(1, 3))).isFalse();
        assertThat(follower.disk().last()).isEqualTo(z(2, 1));
    }

    @Test
    void r15_aTruncThatBreaksOffBeforeNewLeaderCutsNothing() {
        PeerFixture follower = follower();
        leaderOf(follower).trunc(z(1, 1)).disconnects();
        assertThat(follower.disk().last()).isEqualTo(z(1, 2));
        assertThat(follower.toldTo(2)).containsExactly("LOOKING (1, (1,2), 1)");
    }

    @Test
    void anElectionWaitsForATreeThatIsBeingRebuilt() {
        PeerFixture follower =
                new PeerFixture(1, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 5)));
        ScriptedLeader leader = leaderOf(follower);
        follower.holdStorage();
        leader.trunc(z(1, 2)).newLeader(2).disconnects();
        follower.looks(2, 2, z(1, 2), 1).afterMillis(50);
        assertThat(follower.toldTo(2)).isEmpty();
        follower.stored();
        assertThat(follower.toldTo(2)).containsExactly("LOOKING (1, (1,2), 1)");
    }

    @Test
    void aTruncAboveOurHistoryEndsTheLink() {
        PeerFixture follower = follower();
        ScriptedLeader leader =
                leaderOf(follower).trunc(z(1, 7)).proposes(entry(1, 8)).newLeader(2);
        assertThat(leader.got()).containsExactly("CLOSED");
        assertThat(follower.disk().last()).isEqualTo(z(1, 2));
    }

    @Test
    void aTruncBelowWhatThisServerSawCommittedStopsTheServer() {
        PeerFixture follower = follower();
        ScriptedLeader first = leaderOf(follower).diff(z(1, 2)).newLeader(2).upToDate();
        first.sendsCommitted(List.of(entry(2, 1))).disconnects();
        ScriptedLeader next =
                follower.forget().turnsTo(2).accepts().leaderInfo(3).trunc(z(1, 2));
        assertThatThrownBy(() -> next.newLeader(3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("told to cut the log to 0x100000002, but");
        assertThat(follower.disk().last()).isEqualTo(z(2, 1));
    }

    // --- time ----------------------------------------------------------------------------------------------------

    @Test
    void scenario27_pingsBeforeUpToDateAreNotAnsweredButKeepTheLink() {
        PeerFixture follower = follower();
        ScriptedLeader leader = diff(follower).newLeader(2);
        for (int i = 1; i <= 3; i++) {
            follower.afterMillis(PeerFixture.SYNC_LIMIT * PeerFixture.TICK - 1);
            leader.pings(i);
        }
        assertThat(leader.got()).containsExactly("ACK (2,0)");
        assertThat(follower.status().role()).isEqualTo(PeerState.FOLLOWING);
    }

    @Test
    void scenario28_aLeaderThatIsSilentForSyncLimitAfterNewLeaderIsLeft() {
        PeerFixture follower = follower();
        ScriptedLeader leader = diff(follower).newLeader(2);
        follower.afterMillis(PeerFixture.SYNC_LIMIT * PeerFixture.TICK - 1);
        assertThat(leader.got()).containsExactly("ACK (2,0)");
        follower.afterMillis(1);
        assertThat(leader.got()).containsExactly("ACK (2,0)", "CLOSED");
    }

    @Test
    void aLeaderThatIsSilentBeforeNewLeaderIsLeftAfterInitLimit() {
        PeerFixture follower = follower();
        ScriptedLeader leader = diff(follower);
        follower.afterMillis(PeerFixture.INIT_LIMIT * PeerFixture.TICK - 1);
        assertThat(leader.got()).isEmpty();
        follower.afterMillis(1);
        assertThat(leader.got()).containsExactly("CLOSED");
    }

    @Test
    void aLatePacketOfALeaderThatWasLeftIsIgnored() {
        PeerFixture follower = follower();
        ScriptedLeader leader = diff(follower);
        follower.holdStorage();
        leader.newLeader(2).disconnects();
        leader.upToDate();
        follower.stored();
        assertThat(follower.toldTo(2)).containsExactly("LOOKING (1, (1,4), 2)");
    }
}
