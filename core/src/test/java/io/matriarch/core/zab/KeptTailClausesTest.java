package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.entries;
import static io.matriarch.core.peer.Entries.entry;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedLeader;
import io.matriarch.core.port.Effect;
import io.matriarch.wire.Zxid;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * zab.md 8.1 case 3, seen from a follower that comes back to the leader whose proposals it has logged: an Apache leader counts
 * what was acknowledged before, and so it must stay on disk ({@link KeptTail}; seed 2000602).
 */
class KeptTailClausesTest {
    /** Server 1 stopped with (2,2) and (2,3) acknowledged, of which nothing is known to be committed. */
    private static PeerFixture restarted() {
        return new PeerFixture(
                1,
                3,
                new MemoryDisk()
                        .epochs(2, 2)
                        .log(Stream.of(entries(1, 1, 2), entries(2, 1, 3))
                                .flatMap(List::stream)
                                .toList()));
    }

    private static ScriptedLeader comesBack(PeerFixture follower) {
        ScriptedLeader leader = follower.turnsTo(3).accepts();
        follower.forget();
        return leader.leaderInfo(2);
    }

    private static ScriptedLeader toldToCut(PeerFixture follower) {
        ScriptedLeader leader = comesBack(follower);
        assertThat(leader.got()).containsExactly("ACKEPOCH (2,3) of -1");
        follower.forget();
        return leader.trunc(z(2, 1)).proposes(entry(2, 2)).proposes(entry(2, 3)).newLeader(2);
    }

    @Test
    void r19_whatWasAcknowledgedInThisEpochStaysOnDiskAndIsAcknowledgedAnew() {
        PeerFixture follower = restarted();
        ScriptedLeader leader = toldToCut(follower);
        assertThat(leader.got()).containsExactly("ACK (2,0)");
        assertThat(follower.effects(Effect.StorageEffect.class)).isEmpty();
        leader.upToDate();
        assertThat(leader.got()).containsExactly("ACK (2,0)", "ACK (2,0)", "ACK (2,2)", "ACK (2,3)");
        assertThat(follower.disk().last()).isEqualTo(z(2, 3));
    }

    @Test
    void noClientIsServedBeforeAllThatIsInTheTreeIsCommitted() {
        PeerFixture follower = restarted();
        ScriptedLeader leader = toldToCut(follower).upToDate();
        leader.proposes(entry(2, 4));
        assertThat(leader.got()).endsWith("ACK (2,4)");
        leader.commits(z(2, 2));
        assertThat(follower.status().isServing()).isFalse();
        leader.commits(z(2, 3));
        assertThat(follower.status().isServing()).isTrue();
        assertThat(follower.hasApplied(z(2, 4))).isFalse();
        leader.commits(z(2, 4));
        assertThat(follower.hasApplied(z(2, 4))).isTrue();
    }

    @Test
    void whatTheLeaderCommittedMeanwhileCountsAsCommitted() {
        PeerFixture follower = restarted();
        toldToCut(follower).commits(z(2, 2)).commits(z(2, 3)).upToDate();
        assertThat(follower.status().isServing()).isTrue();
        assertThat(follower.status().lastCommitted()).isEqualTo(z(2, 3));
    }

    @Test
    void aPartOfItThatIsCommittedInTheStreamIsNotLoggedTwice() {
        PeerFixture follower = restarted();
        ScriptedLeader leader = comesBack(follower).trunc(z(2, 1)).sendsCommitted(List.of(entry(2, 2)));
        leader.proposes(entry(2, 3)).newLeader(2).upToDate().commits(z(2, 3));
        assertThat(follower.effects(Effect.Append.class)).isEmpty();
        assertThat(follower.status().isServing()).isTrue();
    }

    /** The process went on, only its connection broke: the tree holds nothing of the tail. */
    @Test
    void withoutARestartItIsServedAtOnceAndAppliedWhenCommitted() {
        PeerFixture follower =
                new PeerFixture(1, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2)));
        ScriptedLeader first = follower.turnsTo(3).accepts().leaderInfo(2);
        first.diff(z(1, 2)).newLeader(2).upToDate().sendsCommitted(List.of(entry(2, 1)));
        first.proposes(entry(2, 2)).proposes(entry(2, 3)).disconnects();
        ScriptedLeader leader = toldToCut(follower.forget()).upToDate();
        assertThat(follower.effects(Effect.StorageEffect.class)).isEmpty();
        assertThat(follower.status().isServing()).isTrue();
        assertThat(follower.hasApplied(z(2, 2))).isFalse();
        leader.commits(z(2, 2));
        assertThat(follower.hasApplied(z(2, 2))).isTrue();
        assertThat(follower.hasApplied(z(2, 3))).isFalse();
    }

    @Test
    void aTailOfAnEarlierEpochIsCut() {
        PeerFixture follower = restarted();
        ScriptedLeader leader = follower.turnsTo(3).accepts().leaderInfo(3);
        leader.trunc(z(2, 1)).newLeader(3);
        assertThat(follower.disk().last()).isEqualTo(z(2, 1));
    }

    @Test
    void aLeaderOfOursThatSaysTruncMeansIt() {
        PeerFixture follower = restarted();
        ScriptedLeader leader = follower.turnsTo(3).accepts().leaderInfoOfOurs(2);
        leader.trunc(z(2, 1)).newLeader(2);
        assertThat(follower.disk().last()).isEqualTo(z(2, 1));
    }

    /** Then it is not what we take it for. */
    @Test
    void whatTheLeaderDoesNotProposeAgainIsCut() {
        PeerFixture follower = restarted();
        comesBack(follower).trunc(z(2, 1)).proposes(entry(2, 2)).newLeader(2);
        assertThat(follower.disk().last()).isEqualTo(z(2, 1));
    }

    @Test
    void whenTheLeaderIsLostTooTheTailVotesAsAnyLogDoes() {
        PeerFixture follower = restarted();
        ScriptedLeader leader = toldToCut(follower).upToDate();
        follower.forget();
        leader.disconnects();
        assertThat(follower.toldTo(2)).containsExactly("LOOKING (1, (2,3), 2)");
        Zxid cut = z(2, 1);
        ScriptedLeader next = follower.forget().turnsTo(2).accepts().leaderInfo(3);
        next.trunc(cut)
                .sendsCommitted(new ArrayList<>(entries(3, 1, 1)))
                .newLeader(3)
                .upToDate();
        assertThat(follower.hasApplied(z(2, 3))).isFalse();
        assertThat(follower.disk().last()).isEqualTo(z(3, 1));
    }
}
