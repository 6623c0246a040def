package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.entry;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.Entries;
import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedLeader;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LogEntry;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.Member;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.txn.SetDataTxn;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** zab.md 14 and election.md 2.4, 3.11, N13, as a follower, an observer, a joiner: what others agree on. */
class ReconfigLearnerClausesTest {
    private static final Configuration FIRST = PeerFixture.configuration(3, 3).withVersion(z(1, 0).value());

    /** Participants and observers, as this version. */
    private static Configuration configuration(Zxid version, List<Long> participants, Long... observers) {
        List<Member> members = new ArrayList<>();
        participants.forEach(sid -> members.add(PeerFixture.member(sid, true)));
        for (Long sid : observers) {
            members.add(PeerFixture.member(sid, false));
        }
        return Configuration.of(version.value(), members, null);
    }

    private static LogEntry reconfig(Configuration next) {
        SetDataTxn txn = new SetDataTxn("/zookeeper/config", Bytes.utf8(next.text()), -1);
        return Entries.entry(0, 0, new Zxid(next.version()), OpCode.RECONFIG, txn);
    }

    private static Bytes designated(long sid) {
        JuteWriter out = new JuteWriter(8);
        out.writeLong(sid);
        return out.toBytes();
    }

    private static MemoryDisk knowing(Configuration agreed) {
        return new MemoryDisk().epochs(1, 1).configurations(agreed, agreed);
    }

    /** Server 1, which follows server 3 in epoch 2 under {@link #FIRST}. */
    private static ScriptedLeader leaderOf(PeerFixture follower) {
        ScriptedLeader leader = follower.turnsTo(3).accepts();
        leader.leaderInfo(2).diff(Zxid.ZERO).newLeader(2, FIRST).upToDate();
        follower.forget();
        return leader;
    }

    private static PeerFixture follower() {
        return PeerFixture.reconfigurable(1, 3, knowing(FIRST));
    }

    @Test
    void aProposedConfigurationIsDurableBeforeItsAckLeaves() {
        PeerFixture follower = follower();
        ScriptedLeader leader = leaderOf(follower);
        follower.holdStorage();
        Configuration next = configuration(z(2, 1), List.of(1L, 2L));
        leader.proposes(reconfig(next));
        assertThat(follower.unstored().get(0)).isEqualTo(storeOf(follower, FIRST, next));
        assertThat(leader.got()).isEmpty();
        follower.stored(1);
        assertThat(leader.got()).isEmpty();
        assertThat(follower.disk().lastSeen()).isEqualTo(next);
        follower.stored(1);
        assertThat(leader.got()).containsExactly("ACK (2,1)");
    }

    private static Effect storeOf(PeerFixture server, Configuration committed, Configuration lastSeen) {
        Effect.StorageEffect first = (Effect.StorageEffect) server.unstored().get(0);
        return new Effect.StoreConfiguration(first.ticket(), committed, lastSeen);
    }

    /** A crash in between leaves what is known of the members, and never a tree that knows more (seed 5639). */
    @Test
    void theConfigurationInASnapshotIsStoredBeforeIt() {
        PeerFixture follower = follower();
        Configuration next = configuration(z(1, 5), List.of(1L, 2L));
        ScriptedLeader leader = follower.turnsTo(3).accepts();
        leader.leaderInfo(2).snap(z(1, 9), MemoryDisk.tree(List.of(reconfig(next))));
        follower.forget().holdStorage();
        leader.newLeader(2, next);
        assertThat(follower.unstored())
                .extracting(effect -> effect.getClass().getSimpleName())
                .containsExactly("StoreConfiguration", "InstallSnapshot", "StoreCurrentEpoch");
        assertThat(follower.unstored().get(0)).isEqualTo(storeOf(follower, FIRST, next));
    }

    /** Nothing newer is pending in the snapshot, but it is in the log until that counts no more. */
    @Test
    void aConfigurationThatASnapshotGivesUpIsForgottenBehindIt() {
        Configuration given = configuration(z(1, 5), List.of(1L, 2L));
        PeerFixture follower = PeerFixture.reconfigurable(
                1, 3, new MemoryDisk().epochs(1, 1).configurations(FIRST, given).log(List.of(reconfig(given))));
        ScriptedLeader leader = follower.turnsTo(3).accepts();
        leader.leaderInfo(2).snap(z(1, 9), MemoryDisk.tree(List.of()));
        follower.forget().holdStorage();
        leader.newLeader(2, FIRST);
        assertThat(follower.unstored())
                .extracting(effect -> effect.getClass().getSimpleName())
                .containsExactly("InstallSnapshot", "StoreConfiguration", "StoreCurrentEpoch");
    }

    @Test
    void whoStaysWithItsLeaderGoesOnWhenAConfigurationIsAgreed() {
        PeerFixture follower = follower();
        ScriptedLeader leader = leaderOf(follower);
        Configuration next = configuration(z(2, 1), List.of(1L, 2L, 3L, 4L));
        leader.proposes(reconfig(next)).sends(PacketType.COMMITANDACTIVATE, z(2, 1), designated(3));
        assertThat(follower.status().role()).isEqualTo(PeerState.FOLLOWING);
        assertThat(follower.disk().committed()).isEqualTo(next);
        assertThat(follower.peer().tree().find("/zookeeper/config").data().asUtf8())
                .isEqualTo(next.text());
    }

    @Test
    void scenario47_whoIsToldOfAnotherLeaderGoesThereWithoutAnElection() {
        PeerFixture follower = follower();
        ScriptedLeader leader = leaderOf(follower);
        leader.proposes(reconfig(configuration(z(2, 1), List.of(1L, 2L))))
                .sends(PacketType.COMMITANDACTIVATE, z(2, 1), designated(2));
        assertThat(leader.got()).endsWith("CLOSED");
        assertThat(follower.effects(Effect.SendNotification.class)).isEmpty();
        ScriptedLeader successor = follower.dialed().accepts().leaderInfo(3);
        assertThat(follower.status().leader()).isEqualTo(new ServerId(2));
        assertThat(successor.got()).containsExactly("FOLLOWERINFO (2,0)", "ACKEPOCH (2,1) of 2");
    }

    @Test
    void scenario47_whoIsNamedLeadsWithoutAnElection() {
        PeerFixture follower = follower();
        ScriptedLeader leader = leaderOf(follower);
        leader.proposes(reconfig(configuration(z(2, 1), List.of(1L, 2L))))
                .sends(PacketType.COMMITANDACTIVATE, z(2, 1), designated(1));
        assertThat(follower.status().role()).isEqualTo(PeerState.LEADING);
        assertThat(follower.effects(Effect.ListenForLearners.class)).hasSize(1);
        follower.learner(2)
                .ofOurs()
                .followerInfo(2, z(2, 1).value())
                .ackEpoch(2, z(2, 1))
                .ackNewLeader();
        assertThat(follower.status().isServing()).isTrue();
        assertThat(follower.status().acceptedEpoch()).isEqualTo(3);
        follower.forget().looks(2, 2, z(2, 1), 2);
        assertThat(follower.toldTo(2)).as("N15: the epoch is the new one").containsExactly("LEADING (1, (2,1), 3)");
    }

    @Test
    void aParticipantThatBecomesAnObserverComesBackAsOne() {
        PeerFixture follower = follower();
        ScriptedLeader leader = leaderOf(follower);
        leader.proposes(reconfig(configuration(z(2, 1), List.of(2L, 3L), 1L)))
                .sends(PacketType.COMMITANDACTIVATE, z(2, 1), designated(3));
        assertThat(leader.got()).endsWith("CLOSED");
        ScriptedLeader again = follower.dialed().accepts().leaderInfo(2);
        assertThat(again.got()).startsWith("OBSERVERINFO (2,0)");
        assertThat(follower.status().role()).isEqualTo(PeerState.OBSERVING);
    }

    @Test
    void anObserverThatBecomesAParticipantComesBackAsOne() {
        Configuration before = configuration(z(1, 0), List.of(1L, 2L, 3L), 4L);
        PeerFixture observer = PeerFixture.reconfigurable(4, 3, knowing(before));
        ScriptedLeader leader = observer.turnsToObserve(3, 2).accepts();
        leader.leaderInfo(2).diff(Zxid.ZERO).newLeader(2, before).upToDate();
        Configuration next = configuration(z(2, 1), List.of(1L, 2L, 3L, 4L));
        JuteWriter data = new JuteWriter(100);
        data.writeLong(3);
        data.writeRaw(reconfig(next).payload());
        leader.sends(PacketType.INFORMANDACTIVATE, z(2, 1), data.toBytes());
        assertThat(observer.disk().committed()).isEqualTo(next);
        ScriptedLeader again = observer.dialed().accepts().leaderInfo(2);
        assertThat(again.got()).startsWith("FOLLOWERINFO (2,0)");
        assertThat(observer.status().role()).isEqualTo(PeerState.FOLLOWING);
    }

    /** What a leader held back until UPTODATE comes as COMMIT and INFORM, without a name for who leads. */
    @Test
    void aConfigurationThatNamesNoLeaderChangesRolesToo() {
        PeerFixture follower = follower();
        ScriptedLeader leader = leaderOf(follower);
        leader.proposes(reconfig(configuration(z(2, 1), List.of(2L, 3L), 1L))).commits(z(2, 1));
        assertThat(leader.got()).endsWith("CLOSED");
        assertThat(follower.dialed().accepts().leaderInfo(2).got()).startsWith("OBSERVERINFO (2,0)");

        Configuration before = configuration(z(1, 0), List.of(1L, 2L, 3L), 4L);
        PeerFixture observer = PeerFixture.reconfigurable(4, 3, knowing(before));
        ScriptedLeader its = observer.turnsToObserve(3, 2).accepts();
        its.leaderInfo(2).diff(Zxid.ZERO).newLeader(2, before).upToDate();
        LogEntry next = reconfig(configuration(z(2, 1), List.of(1L, 2L, 3L, 4L)));
        its.sends(PacketType.INFORM, z(2, 1), next.payload());
        assertThat(observer.dialed().accepts().leaderInfo(2).got()).startsWith("FOLLOWERINFO (2,0)");
        assertThat(observer.status().role()).isEqualTo(PeerState.FOLLOWING);
    }

    @Test
    void aFollowerTellsItsObserversWhoLeadsInTheNewConfiguration() {
        ObserverConfig served = ObserverConfig.DEFAULT.withServed(true);
        PeerFixture follower = PeerFixture.reconfigurable(1, 3, knowing(FIRST), served);
        ScriptedLeader leader = leaderOf(follower);
        ScriptedLearner observer = follower.learner(9).ofObservers().ofOurs();
        observer.followerInfo(2, FIRST.version()).ackEpoch(2, Zxid.ZERO).ackNewLeader();
        follower.forget();
        LogEntry next = reconfig(configuration(z(2, 1), List.of(1L, 2L, 3L, 4L)));
        leader.proposes(next).sends(PacketType.COMMITANDACTIVATE, z(2, 1), designated(3));
        leader.proposes(entry(2, 2)).commits(z(2, 2));
        assertThat(observer.got()).containsExactly("INFORMANDACTIVATE (2,1)", "INFORM (2,2)");
        QuorumPacket told = follower.effects(Effect.SendPacket.class).stream()
                .map(Effect.SendPacket::packet)
                .filter(packet -> packet.type() == PacketType.INFORMANDACTIVATE)
                .findFirst()
                .orElseThrow();
        assertThat(Activation.designatedIn(told)).isEqualTo(new ServerId(3));
        assertThat(Activation.withoutDesignated(told).data()).isEqualTo(next.payload());
    }

    @Test
    void anObserverThatWasSynchronizedMeanwhileIsToldByItsFollowerToo() {
        ObserverConfig served = ObserverConfig.DEFAULT.withServed(true);
        PeerFixture follower = PeerFixture.reconfigurable(1, 3, knowing(FIRST), served);
        ScriptedLeader leader = leaderOf(follower);
        ScriptedLearner observer = follower.learner(9).ofObservers();
        observer.followerInfo(2, FIRST.version()).ackEpoch(2, Zxid.ZERO);
        leader.proposes(reconfig(configuration(z(2, 1), List.of(1L, 2L, 3L, 4L))))
                .sends(PacketType.COMMITANDACTIVATE, z(2, 1), designated(3));
        leader.proposes(entry(2, 2)).commits(z(2, 2));
        follower.forget();
        assertThat(observer.ackNewLeader().got())
                .containsExactly("UPTODATE", "INFORMANDACTIVATE (2,1)", "INFORM (2,2)");
        assertThat(follower.effects(Effect.SendPacket.class).stream()
                        .map(Effect.SendPacket::packet)
                        .filter(packet -> packet.type() == PacketType.INFORMANDACTIVATE)
                        .map(Activation::designatedIn))
                .containsExactly(new ServerId(3));
    }

    @Test
    void anObserverAtAFollowerStaysThereWhileTheLeaderStays() {
        Configuration before = configuration(z(1, 0), List.of(1L, 2L, 3L), 4L);
        ObserverConfig served = ObserverConfig.DEFAULT.withServed(true);
        PeerFixture observer = PeerFixture.reconfigurable(4, 3, knowing(before), served);
        ScriptedLeader master = observer.hearsOf(3, 2).dialedMaster().accepts();
        master.leaderInfo(2).diff(Zxid.ZERO).newLeader(2, before).upToDate();
        JuteWriter data = new JuteWriter(100);
        data.writeLong(3);
        data.writeRaw(
                reconfig(configuration(z(2, 1), List.of(1L, 2L, 3L, 5L), 4L)).payload());
        observer.forget();
        master.sends(PacketType.INFORMANDACTIVATE, z(2, 1), data.toBytes());
        assertThat(master.got()).isEmpty();
        assertThat(observer.status().role()).isEqualTo(PeerState.OBSERVING);
        assertThat(observer.disk().committed().version()).isEqualTo(z(2, 1).value());
    }

    @Test
    void whoIsTakenOutFollowsOnWithoutAVote() {
        PeerFixture follower = follower();
        ScriptedLeader leader = leaderOf(follower);
        leader.proposes(reconfig(configuration(z(2, 1), List.of(2L, 3L))))
                .sends(PacketType.COMMITANDACTIVATE, z(2, 1), designated(3));
        leader.proposes(entry(2, 2)).commits(z(2, 2));
        assertThat(follower.status().role()).isEqualTo(PeerState.FOLLOWING);
        assertThat(follower.hasApplied(z(2, 2))).isTrue();
        follower.forget();
        leader.disconnects();
        assertThat(follower.toldTo(2)).containsExactly("LOOKING (-9223372036854775808, (2,2), 2)");
    }

    @Test
    void theConfigurationOfNewLeaderIsAgreedWithUpToDate() {
        PeerFixture follower = follower();
        ScriptedLeader leader = follower.turnsTo(3).accepts();
        Configuration next = configuration(z(1, 9), List.of(1L, 2L, 3L, 4L));
        leader.leaderInfo(2).diff(Zxid.ZERO).newLeader(2, next);
        assertThat(follower.disk().committed()).isEqualTo(FIRST);
        assertThat(follower.disk().lastSeen()).as("durable before the ACK").isEqualTo(next);
        leader.upToDate();
        assertThat(follower.disk().committed()).isEqualTo(next);
        assertThat(follower.status().isServing()).isTrue();
    }

    @Test
    void whatNewLeaderDoesNotOfferWasGivenUp() {
        Configuration givenUp = configuration(z(1, 5), List.of(1L, 2L));
        MemoryDisk disk = new MemoryDisk().epochs(1, 1).configurations(FIRST, givenUp);
        PeerFixture follower = PeerFixture.reconfigurable(1, 3, disk);
        leaderOf(follower);
        assertThat(disk.lastSeen()).isEqualTo(FIRST);
    }

    @Test
    void aLeaderThatIsNoVoterOfWhatItOfferedIsLeft() {
        PeerFixture follower = follower();
        ScriptedLeader leader = follower.turnsTo(3).accepts();
        leader.leaderInfo(2).diff(Zxid.ZERO).newLeader(2, configuration(z(1, 9), List.of(1L, 2L)));
        leader.upToDate();
        assertThat(follower.status().role()).isEqualTo(PeerState.LOOKING);
        assertThat(follower.disk().committed().version()).isEqualTo(z(1, 9).value());
    }

    @Test
    void compat_whatAnApacheLeaderOffersWhileItIsOnlyProposedIsNotTakenForAgreed() {
        PeerFixture follower = follower();
        ScriptedLeader leader = follower.turnsTo(3).accepts();
        Configuration proposed = configuration(z(2, 1), List.of(1L, 2L));
        leader.leaderInfo(2)
                .diff(Zxid.ZERO)
                .proposes(reconfig(proposed))
                .newLeader(2, proposed)
                .upToDate();
        assertThat(follower.disk().committed()).isEqualTo(FIRST);
        assertThat(follower.disk().lastSeen()).isEqualTo(proposed);
        leader.sends(PacketType.COMMITANDACTIVATE, z(2, 1), designated(3));
        assertThat(follower.disk().committed()).isEqualTo(proposed);
    }

    /** It is not sent proposals, and so knows by the version alone that this one is above all that is committed. */
    @Test
    void compat_whatAnApacheLeaderOffersAnObserverWhileItIsOnlyProposedIsNotTakenForAgreed() {
        Configuration before = configuration(z(1, 0), List.of(1L, 2L, 3L), 4L);
        PeerFixture observer = PeerFixture.reconfigurable(4, 3, knowing(before));
        ScriptedLeader leader = observer.turnsToObserve(3, 2).accepts();
        Configuration proposed = configuration(z(2, 1), List.of(2L, 3L, 4L));
        leader.leaderInfo(2).diff(Zxid.ZERO).newLeader(2, proposed).upToDate();
        assertThat(observer.disk().committed()).isEqualTo(before);
        assertThat(observer.status().role()).isEqualTo(PeerState.OBSERVING);
        JuteWriter data = new JuteWriter(100);
        data.writeLong(3);
        data.writeRaw(reconfig(proposed).payload());
        leader.sends(PacketType.INFORMANDACTIVATE, z(2, 1), data.toBytes());
        assertThat(observer.disk().committed()).isEqualTo(proposed);
    }

    @Test
    void scenario49_withReconfigurationDisabledNothingOfItIsTakenOver() {
        PeerFixture follower = new PeerFixture(1, 3, new MemoryDisk().epochs(1, 1));
        ScriptedLeader leader = leaderOf(follower);
        leader.proposes(reconfig(configuration(z(2, 1), List.of(1L, 2L)))).commits(z(2, 1));
        assertThat(follower.effects(Effect.StoreConfiguration.class)).isEmpty();
        assertThat(follower.status().role()).isEqualTo(PeerState.FOLLOWING);
    }

    @Test
    void aConfigurationThatCannotBeReadEndsTheLink() {
        PeerFixture follower = follower();
        ScriptedLeader leader = follower.turnsTo(3).accepts();
        leader.leaderInfo(2).diff(Zxid.ZERO).sends(PacketType.NEWLEADER, z(2, 0), Bytes.utf8("server.1=nowhere"));
        assertThat(leader.got()).endsWith("CLOSED");
    }

    // --- learning it from votes --------------------------------------------------------------------------------------

    @Test
    void n13_aNewerConfigurationIsTakenOverWhileLookingAndTheElectionBeginsAnew() {
        PeerFixture looking = follower();
        long round = looking.status().round();
        Configuration next = configuration(z(1, 7), List.of(1L, 2L, 3L, 4L));
        looking.forget().tellsOf(2, PeerState.LOOKING, next);
        assertThat(looking.disk().committed()).isEqualTo(next);
        assertThat(looking.status().round()).isEqualTo(round + 1);
        assertThat(looking.toldTo(4)).as("a voter now").contains("LOOKING (1, (0,0), 1)");
    }

    /** Seed 60033443: removed, proposed again, and removed again: who is agreed did not change, but the proposal made it vote. */
    @Test
    void n13_theElectionBeginsAnewIfOnlyWhatWasPendingIsNoLonger() {
        Configuration without = configuration(z(1, 5), List.of(2L, 3L));
        MemoryDisk disk =
                new MemoryDisk().epochs(1, 1).configurations(without, configuration(z(1, 6), List.of(1L, 2L, 3L)));
        PeerFixture looking = PeerFixture.reconfigurable(1, 3, disk);
        looking.forget().looks(2, 3, Zxid.ZERO, 1);
        assertThat(looking.toldTo(2)).contains("LOOKING (3, (0,0), 1)");
        looking.forget().tellsOf(2, PeerState.LOOKING, configuration(z(1, 7), List.of(2L, 3L)));
        assertThat(looking.toldTo(3)).contains("LOOKING (-9223372036854775808, (0,0), 1)");
    }

    @Test
    void n13_anOlderOneOrAnUnreadableOneIsIgnored() {
        PeerFixture looking = follower();
        looking.forget().tellsOf(2, PeerState.LOOKING, configuration(z(0, 7), List.of(1L)));
        looking.tellsOf(2, PeerState.LOOKING, FIRST);
        assertThat(looking.effects(Effect.StoreConfiguration.class)).isEmpty();
    }

    @Test
    void n13_invariant12_whoFollowsTakesNothingOver() {
        PeerFixture follower = follower();
        leaderOf(follower);
        follower.tellsOf(2, PeerState.LOOKING, configuration(z(1, 7), List.of(1L, 2L)));
        assertThat(follower.effects(Effect.StoreConfiguration.class)).isEmpty();
    }

    @Test
    void n13_withReconfigurationDisabledNothingIsTakenOver() {
        PeerFixture looking = new PeerFixture(1, 3);
        looking.forget().tellsOf(2, PeerState.LOOKING, FIRST);
        assertThat(looking.effects(Effect.StoreConfiguration.class)).isEmpty();
    }

    @Test
    void election3_2_aJoinerHasNoVoteAndFollowsTheLeaderThatTheOthersName() {
        MemoryDisk disk = new MemoryDisk();
        PeerFixture joiner = PeerFixture.reconfigurable(4, 4, disk);
        joiner.forget().tellsOf(3, PeerState.LOOKING, FIRST);
        assertThat(joiner.toldTo(3)).contains("LOOKING (-9223372036854775808, (0,0), 0)");
        joiner.says(3, PeerState.LEADING, 3, Zxid.ZERO, 1).says(2, PeerState.FOLLOWING, 3, Zxid.ZERO, 1);
        ScriptedLeader leader = joiner.dialed().accepts();
        assertThat(leader.got()).containsExactly("FOLLOWERINFO (0,0)");
        QuorumPacket info = joiner.effects(Effect.SendPacket.class).get(0).packet();
        assertThat(LearnerInfo.decode(info.data()).configVersion()).isEqualTo(FIRST.version());
        leader.leaderInfo(1).diff(Zxid.ZERO).newLeader(1, FIRST).upToDate();
        assertThat(joiner.status().role()).isEqualTo(PeerState.FOLLOWING);
        assertThat(joiner.status().isServing()).isTrue();
    }
}
