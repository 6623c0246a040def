package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.entries;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.Zxid;
import java.util.List;
import org.junit.jupiter.api.Test;

/** zab.md 8.1 case 5 and R11: a learner that missed more than memory holds is given it from the log on disk. */
class LogDiffClausesTest {
    /** More entries than the window keeps: those up to (1, TRIMMED) are on disk only. */
    private static final int TRIMMED = 5;

    private static final int ENTRIES = ReplicationConfig.DEFAULT.windowEntries() + TRIMMED;

    private final PeerFixture leader =
            new PeerFixture(3, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, ENTRIES)));

    private ScriptedLearner behind(long sid, Zxid p) {
        return leader.learner(sid).ofOurs().followerInfo(1).ackEpoch(-1, p);
    }

    private long reads() {
        return leader.effects(Effect.ReadLog.class).size();
    }

    @Test
    void whatMemoryHoldsNoMoreIsReadPieceByPieceAsTheLearnerTakesIt() {
        leader.leadsWith(2);
        ScriptedLearner one = behind(1, z(1, 1));
        assertThat(one.got())
                .containsExactly(
                        "LEADERINFO (2,0)",
                        "DIFF (1," + ENTRIES + ")",
                        "PROPOSAL (1,2)",
                        "COMMIT (1,2)",
                        "PROPOSAL (1,3)",
                        "COMMIT (1,3)");
        assertThat(leader.effects(Effect.AwaitWritable.class)).hasSize(1);
        assertThat(reads())
                .as("nothing is read ahead of a learner that takes nothing")
                .isEqualTo(1);
        leader.step(new Event.LinkWritable(one.link()));
        assertThat(one.got()).endsWith("PROPOSAL (1," + ENTRIES + ")", "COMMIT (1," + ENTRIES + ")", "NEWLEADER (2,0)");
        assertThat(one.got()).hasSize(2 + 2 * (ENTRIES - 1) + 1).doesNotHaveDuplicates();
        assertThat(leader.effects(Effect.Trace.class))
                .extracting(Effect.Trace::event)
                .anyMatch(e -> e instanceof TraceEvent.LearnerSynced synced
                        && synced.how().equals("DIFF from the log"));
        one.ack(z(2, 0));
        assertThat(one.got()).endsWith("UPTODATE");
    }

    @Test
    void severalLearnersAreGivenTheirsFromSeveralPointsAtOnceAndTheLeaderWorksOn() {
        PeerFixture five = new PeerFixture(5, 5, new MemoryDisk().epochs(1, 1).log(entries(1, 1, ENTRIES)));
        List<ScriptedLearner> quorum = five.leadsWith(3, 4);
        ScriptedLearner one = five.learner(1).ofOurs().followerInfo(1).ackEpoch(-1, z(1, 1));
        ScriptedLearner two = five.learner(2).followerInfo(1).ackEpoch(-1, z(1, 2));
        five.client().connects(1000);
        quorum.forEach(learner -> learner.ack(z(2, 1)));
        assertThat(five.status().lastCommitted()).isEqualTo(z(2, 1));
        five.step(new Event.LinkWritable(two.link())).step(new Event.LinkWritable(one.link()));
        assertThat(one.got()).contains("PROPOSAL (1,2)").endsWith("PROPOSAL (2,1)", "COMMIT (2,1)", "NEWLEADER (2,0)");
        assertThat(two.got())
                .doesNotContain("PROPOSAL (1,2)")
                .contains("PROPOSAL (1,3)")
                .endsWith("NEWLEADER (2,0)");
    }

    @Test
    void r11_aPositionThatTheLogDoesNotHoldGetsASnapshot() {
        leader.leadsWith(2);
        assertThat(behind(1, z(0, 3)).got()).startsWith("LEADERINFO (2,0)", "SNAP (2,0)");
    }

    @Test
    void aLogThatEndsInTheMiddleEndsTheLinkAndTheNextTimeASnapshotFollows() {
        leader.leadsWith(2);
        ScriptedLearner one = behind(1, z(1, 1));
        leader.disk().loseLogFrom(z(1, TRIMMED - 1));
        leader.step(new Event.LinkWritable(one.link()));
        assertThat(one.got()).endsWith("CLOSED");
        assertThat(behind(1, z(1, 1)).got())
                .as("not that DIFF again, which would end in the same place")
                .startsWith("LEADERINFO (2,0)", "SNAP (2,0)");
    }

    @Test
    void aLinkThatEndsEndsItsReading() {
        leader.leadsWith(2);
        behind(1, z(1, 1)).disconnects();
        assertThat(leader.effects(Effect.EndLogRead.class)).hasSize(1);
        assertThat(leader.disk().openReads()).isZero();
    }

    @Test
    void aPieceThatComesTooLateIsIgnored() {
        leader.leadsWith(2);
        ScriptedLearner one = behind(1, z(1, 1));
        one.disconnects();
        leader.forget();
        leader.step(new Event.LogRead(one.link().value(), entries(1, 2, 3), Event.LogRead.Progress.DONE));
        assertThat(leader.effects()).isEmpty();
    }

    @Test
    void aPieceAfterTheLastIsIgnored() {
        leader.leadsWith(2);
        ScriptedLearner one = behind(1, z(1, 1));
        leader.step(new Event.LinkWritable(one.link()));
        assertThat(one.got()).endsWith("NEWLEADER (2,0)");
        leader.forget();
        leader.step(new Event.LogRead(one.link().value(), entries(1, 2, 3), Event.LogRead.Progress.DONE));
        assertThat(leader.effects()).isEmpty();
    }
}
