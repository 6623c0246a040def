package io.matriarch.core.zab;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedLeader;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.LeadTransfer;
import io.matriarch.wire.quorum.PacketType;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * In a hand-over the next epoch is on disk before the named leader asks for it ({@link Epochs#keepFor}), and is promised as ever:
 * durably (R1), once, and to one leader (zab.md 7.1, 7.2; 18.13, 18.14).
 */
class KeptEpochClausesTest {
    private static ScriptedLeader follows(PeerFixture follower, long leader) {
        ScriptedLeader script = follower.turnsTo(leader).accepts().ofOursThatTransfers();
        script.leaderInfo(1).diff(follower.status().lastLogged()).newLeader(1).upToDate();
        follower.forget();
        return script;
    }

    private static void names(ScriptedLeader leader, long next) {
        leader.sends(
                PacketType.TRANSFER,
                Zxid.ZERO,
                LeadTransfer.go(new ServerId(next)).encode());
    }

    private static List<ScriptedLearner> followersOf(PeerFixture leader) {
        List<ScriptedLearner> followers = List.of(
                leader.learner(1).ofOursThatTransfers().synchronizes(0, 0, Zxid.ZERO),
                leader.learner(2).ofOursThatTransfers().synchronizes(0, 0, Zxid.ZERO));
        leader.forget();
        return followers;
    }

    private static List<Long> acceptedEpochs(PeerFixture server) {
        return server.effects(Effect.StoreAcceptedEpoch.class).stream()
                .map(Effect.StoreAcceptedEpoch::epoch)
                .toList();
    }

    @Test
    void aFollowerStoresTheNextEpochBeforeItIsConnectedAndThenPromisesItWithoutStoringAgain() {
        PeerFixture follower = new PeerFixture(1, 3);
        names(follows(follower, 3), 2);
        assertThat(acceptedEpochs(follower)).containsExactly(2L);
        ScriptedLeader next = follower.dialed().accepts().ofOursThatTransfers();
        assertThat(next.got()).as("nobody was promised it").containsExactly("FOLLOWERINFO (1,0)");
        next.leaderInfo(2);
        assertThat(next.got()).endsWith("ACKEPOCH (0,0) of 1");
        assertThat(acceptedEpochs(follower)).containsExactly(2L);
    }

    @Test
    void aFollowerPromisesTheEpochThatItKeepsOnlyWhenThatIsOnDisk() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader old = follows(follower, 3);
        follower.holdStorage();
        names(old, 2);
        ScriptedLeader next = follower.dialed().accepts().ofOursThatTransfers();
        next.leaderInfo(2);
        assertThat(next.got()).containsExactly("FOLLOWERINFO (1,0)");
        follower.stored();
        assertThat(next.got()).endsWith("ACKEPOCH (0,0) of 1");
    }

    @Test
    void theEpochKeptForTheNamedServerIsNoOtherLeaders() {
        PeerFixture follower = new PeerFixture(1, 3);
        names(follows(follower, 3), 2);
        follower.afterMillis(3_000);
        assertThat(follower.status().role()).isEqualTo(PeerState.LOOKING);
        follower.forget();
        ScriptedLeader other = follower.turnsTo(3).accepts().ofOursThatTransfers();
        other.leaderInfo(2);
        assertThat(other.got()).containsExactly("FOLLOWERINFO (2,0)", "ACKEPOCH (0,0) of -1");
    }

    @Test
    void theEpochKeptForTheNamedServerIsPromisedOnce() {
        PeerFixture follower = new PeerFixture(1, 3);
        names(follows(follower, 3), 2);
        follower.dialed().accepts().ofOursThatTransfers().leaderInfo(2).disconnects();
        follower.forget();
        ScriptedLeader again = follower.turnsTo(2).accepts().ofOursThatTransfers();
        again.leaderInfo(2);
        assertThat(again.got()).containsExactly("FOLLOWERINFO (2,0)", "ACKEPOCH (0,0) of -1");
    }

    @Test
    void afterARestartTheEpochThatWasKeptCountsAsPromised() {
        PeerFixture follower = new PeerFixture(1, 3);
        names(follows(follower, 3), 2);
        ScriptedLeader next = follower.crashAndRestart().turnsTo(2).accepts();
        assertThat(next.got()).containsExactly("FOLLOWERINFO (2,0)");
    }

    @Test
    void theNamedServerStoresItsEpochBeforeAnybodyComesAndOffersItWhenThatIsOnDisk() {
        PeerFixture named = new PeerFixture(1, 3);
        ScriptedLeader old = follows(named, 3);
        named.holdStorage();
        names(old, 1);
        assertThat(acceptedEpochs(named)).containsExactly(2L);
        ScriptedLearner follower = named.learner(2).ofOursThatTransfers().followerInfo(1);
        assertThat(follower.got()).isEmpty();
        named.stored();
        assertThat(follower.got()).containsExactly("LEADERINFO (2,0)");
        assertThat(acceptedEpochs(named)).containsExactly(2L);
    }

    @Test
    void whereAFollowerHasPromisedThatEpochTheNamedServerTakesAHigherOne() {
        PeerFixture named = new PeerFixture(1, 3);
        names(follows(named, 3), 1);
        ScriptedLearner follower = named.learner(2).ofOursThatTransfers().followerInfo(2);
        assertThat(follower.got()).containsExactly("LEADERINFO (3,0)");
        assertThat(acceptedEpochs(named)).containsExactly(2L, 3L);
    }

    @Test
    void aLeaderThatTurnsToTheNamedServerKeepsTheEpochForItToo() {
        PeerFixture leader = new PeerFixture(3, 3).elected();
        List<ScriptedLearner> followers = followersOf(leader);
        leader.step(new Event.TransferRequested(1, new ServerId(1)));
        followers.forEach(ScriptedLearner::disconnects);
        assertThat(acceptedEpochs(leader)).containsExactly(2L);
        assertThat(leader.dialed().accepts().got()).containsExactly("FOLLOWERINFO (1,0)");
    }

    @Test
    void aLeaderThatStopsKeepsNothing() {
        PeerFixture leader = new PeerFixture(3, 3).elected();
        List<ScriptedLearner> followers = followersOf(leader);
        leader.step(new Event.StopRequested());
        followers.forEach(ScriptedLearner::disconnects);
        assertThat(leader.effects(Effect.Halt.class)).hasSize(1);
        assertThat(acceptedEpochs(leader)).isEmpty();
    }
}
