package io.matriarch.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.port.TraceEvent.DecisionRule;
import io.matriarch.core.port.TraceEvent.VoteRule;
import io.matriarch.server.journal.JournalEntry;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lines to the byte: other programs read them, and so do later releases of this one. */
class JsonLineTest {
    private static final ServerId TWO = new ServerId(2);
    private static final TraceEvent.Vote OWN = new TraceEvent.Vote(4, new Zxid(0x4_0000_0007L), new ServerId(1), 6);
    private static final TraceEvent.Vote BETTER = new TraceEvent.Vote(4, new Zxid(0x4_0000_0007L), TWO, 6);

    private static String line(Record entry) {
        return JsonLine.of(1_763_839_864_123_456L, entry);
    }

    @Test
    void beginsWithTheTimeAndTheKind() {
        assertThat(line(new JournalEntry.LeftOut(7)))
                .isEqualTo("{\"atMicros\":1763839864123456,\"kind\":\"leftOut\",\"count\":7}");
    }

    @Test
    void votesAreObjectsWithTheZxidInHexadecimal() {
        assertThat(line(new TraceEvent.VoteChanged(OWN, BETTER, VoteRule.HIGHER_SERVER_ID, TWO)))
                .endsWith("\"kind\":\"voteChanged\","
                        + "\"from\":{\"peerEpoch\":4,\"zxid\":\"0x400000007\",\"leader\":1,\"round\":6},"
                        + "\"to\":{\"peerEpoch\":4,\"zxid\":\"0x400000007\",\"leader\":2,\"round\":6},"
                        + "\"rule\":\"HIGHER_SERVER_ID\",\"because\":2}");
    }

    @Test
    void everyKindThatAReaderMustUnderstandKeepsItsFields() {
        assertThat(line(new JournalEntry.Roster(TWO, "0.1.0", List.of(new ServerId(1), TWO), List.of())))
                .endsWith("\"roster\",\"sid\":2,\"version\":\"0.1.0\",\"voters\":[1,2],\"observers\":[]}");
        assertThat(line(new JournalEntry.Started(TWO, new Zxid(-1), 3, 4)))
                .endsWith("\"started\",\"sid\":2,\"lastLogged\":\"0xffffffffffffffff\",\"currentEpoch\":3,"
                        + "\"acceptedEpoch\":4}");
        assertThat(line(new JournalEntry.Stopped("asked to stop")))
                .endsWith("\"stopped\",\"reason\":\"asked to stop\"}");
        assertThat(line(new JournalEntry.Told(TWO, PeerState.LOOKING, OWN)))
                .endsWith("\"told\",\"to\":2,\"state\":\"LOOKING\",\"vote\":{\"peerEpoch\":4,\"zxid\":\"0x400000007\","
                        + "\"leader\":1,\"round\":6}}");
        assertThat(line(new JournalEntry.ClockSet(-300))).endsWith("\"clockSet\",\"byMillis\":-300}");
        assertThat(line(new TraceEvent.RoleChanged(PeerState.FOLLOWING, PeerState.LOOKING, "lost leader 3")))
                .endsWith("\"roleChanged\",\"from\":\"FOLLOWING\",\"to\":\"LOOKING\",\"reason\":\"lost leader 3\"}");
        assertThat(line(new TraceEvent.ElectionStarted(6, OWN, "start")))
                .contains("\"electionStarted\",\"round\":6,\"ownVote\":{")
                .endsWith("},\"trigger\":\"start\"}");
        assertThat(line(new TraceEvent.VoteReceived(TWO, PeerState.LEADING, BETTER)))
                .contains("\"voteReceived\",\"from\":2,\"state\":\"LEADING\",\"vote\":{");
        assertThat(line(new TraceEvent.QuorumAgreed(BETTER, 2, 3))).endsWith("},\"votes\":2,\"voters\":3}");
        assertThat(line(new TraceEvent.LeaderDecided(BETTER, PeerState.FOLLOWING, DecisionRule.WAIT_OVER, 31)))
                .endsWith("},\"as\":\"FOLLOWING\",\"rule\":\"WAIT_OVER\",\"millisSinceStart\":31}");
        assertThat(line(new TraceEvent.DecisionDropped(BETTER, "gone"))).endsWith("},\"reason\":\"gone\"}");
        assertThat(line(new TraceEvent.PeerKnownDown(TWO))).endsWith("\"peerKnownDown\",\"peer\":2}");
        assertThat(line(new TraceEvent.PhaseEntered("discovery", 5)))
                .endsWith("\"phaseEntered\",\"phase\":\"discovery\",\"epoch\":5}");
        assertThat(line(new TraceEvent.LeaderEstablished(5, new Zxid(9), 12)))
                .endsWith("\"leaderEstablished\",\"epoch\":5,\"history\":\"0x9\",\"millisSinceElection\":12}");
        assertThat(line(new TraceEvent.LeaderLost(TWO, 40, "silent")))
                .endsWith("\"leaderLost\",\"leader\":2,\"millisSinceHeard\":40,\"reason\":\"silent\"}");
        assertThat(line(new TraceEvent.FirstCommit(5, new Zxid(9))))
                .endsWith("\"firstCommit\",\"epoch\":5,\"zxid\":\"0x9\"}");
        assertThat(line(new TraceEvent.LearnerSynced(TWO, "DIFF", new Zxid(9))))
                .endsWith("\"learnerSynced\",\"learner\":2,\"how\":\"DIFF\",\"upTo\":\"0x9\"}");
        assertThat(line(new TraceEvent.EpochRolledOver(6, new Zxid(9), 3)))
                .endsWith("\"epochRolledOver\",\"epoch\":6,\"history\":\"0x9\",\"millis\":3}");
    }

    @Test
    void textOfOthersCannotBreakOutOfItsLine() {
        assertThat(line(new JournalEntry.Stopped("a \"b\" \\ c\nd\u2028é")))
                .endsWith("\"reason\":\"a \\\"b\\\" \\\\ c\\u000ad\\u2028\\u00e9\"}");
    }
}
