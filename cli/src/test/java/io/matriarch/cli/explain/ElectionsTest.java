package io.matriarch.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.port.TraceEvent.DecisionRule;
import io.matriarch.core.port.TraceEvent.VoteRule;
import io.matriarch.server.journal.JournalEntry;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How journals become elections: who belongs together, on which clock, and what was the reason. */
class ElectionsTest {
    private static final List<ServerId> VOTERS = List.of(new ServerId(1), new ServerId(2), new ServerId(3));

    /** Writes a journal, in milliseconds. */
    private static final class Diary {
        private final long sid;
        private final long aheadMillis;
        private final List<Moment> moments = new ArrayList<>();

        Diary(long sid, long aheadMillis) {
            this.sid = sid;
            this.aheadMillis = aheadMillis;
        }

        Diary at(long millis, Record event) {
            moments.add(new Moment(sid, (millis + aheadMillis) * 1000, event));
            return this;
        }

        Diary looks(long millis, long epoch, long zxid) {
            return at(millis, new TraceEvent.ElectionStarted(5, vote(epoch, zxid, sid), "start"));
        }

        Diary serves(long millis, long epoch) {
            return at(millis, new TraceEvent.PhaseEntered("broadcast", epoch));
        }

        Diary follows(long millis, long leader, DecisionRule rule) {
            return at(millis, new TraceEvent.LeaderDecided(vote(1, 7, leader), PeerState.FOLLOWING, rule, 1));
        }

        Diary leads(long millis, long epoch) {
            at(millis - 1, new TraceEvent.LeaderDecided(vote(1, 7, sid), PeerState.LEADING, DecisionRule.ALL_HEARD, 1));
            return at(millis, new TraceEvent.LeaderEstablished(epoch, new Zxid(7), 1));
        }

        Diary loses(long millis, long leader, long heardMillis) {
            at(millis, new TraceEvent.LeaderLost(new ServerId(leader), heardMillis, "reset"));
            return at(millis, new TraceEvent.RoleChanged(PeerState.FOLLOWING, PeerState.LOOKING, "reset"));
        }

        Diary starts(long millis) {
            return at(millis, new JournalEntry.Started(new ServerId(sid), new Zxid(7), 1, 1));
        }

        Journal journal() {
            JournalEntry.Roster roster = new JournalEntry.Roster(new ServerId(sid), "test", VOTERS, List.of());
            return new Journal(sid, "server" + sid, roster, moments, List.of());
        }
    }

    private static TraceEvent.Vote vote(long epoch, long zxid, long leader) {
        return new TraceEvent.Vote(epoch, new Zxid(zxid), new ServerId(leader), 5);
    }

    private static List<Election> in(Diary... diaries) {
        return Elections.in(List.of(diaries).stream().map(Diary::journal).toList());
    }

    private static Diary one() {
        return new Diary(1, 0);
    }

    private static Diary two() {
        return new Diary(2, 0);
    }

    @Test
    void serversOfOneEpochBelongTogetherWhateverTheirClocksSay() {
        List<Election> elections = in(
                one().starts(0)
                        .looks(1, 1, 7)
                        .follows(3, 2, DecisionRule.ALL_HEARD)
                        .serves(5, 2),
                new Diary(2, 3_600_000).starts(0).looks(1, 1, 7).leads(4, 2));

        assertThat(elections).hasSize(1);
        assertThat(elections.get(0).leader()).isEqualTo(2);
        assertThat(elections.get(0).epoch()).isEqualTo(2);
    }

    @Test
    void clocksThatCannotAgreeAreLaidOnOneAnotherByTheVotesTold() {
        List<Election> elections = in(
                one().starts(0)
                        .looks(1, 1, 7)
                        .at(1, new JournalEntry.Told(new ServerId(2), PeerState.LOOKING, vote(1, 7, 1)))
                        .at(4, new TraceEvent.VoteReceived(new ServerId(2), PeerState.LOOKING, vote(1, 7, 2)))
                        .follows(5, 2, DecisionRule.ALL_HEARD)
                        .serves(9, 2),
                new Diary(2, -5000)
                        .starts(0)
                        .looks(2, 1, 7)
                        .at(2, new JournalEntry.Told(new ServerId(1), PeerState.LOOKING, vote(1, 7, 2)))
                        .at(3, new TraceEvent.VoteReceived(new ServerId(1), PeerState.LOOKING, vote(1, 7, 1)))
                        .leads(8, 2));

        Clocks.Offset second = elections.get(0).offsets().get(2L);
        assertThat(second.aheadMicros()).isEqualTo(-5_000_000);
        assertThat(second.errorMicros()).isEqualTo(3000);
        assertThat(elections.get(0).endMicros()).isEqualTo(8000);
    }

    @Test
    void clocksThatMayAgreeAreLeftAsTheyAre() {
        List<Election> elections = in(
                one().starts(0)
                        .looks(1, 1, 7)
                        .at(1, new JournalEntry.Told(new ServerId(2), PeerState.LOOKING, vote(1, 7, 1)))
                        .at(40, new TraceEvent.VoteReceived(new ServerId(2), PeerState.LOOKING, vote(1, 7, 2)))
                        .serves(50, 2),
                two().starts(0)
                        .looks(2, 1, 7)
                        .at(2, new JournalEntry.Told(new ServerId(1), PeerState.LOOKING, vote(1, 7, 2)))
                        .at(3, new TraceEvent.VoteReceived(new ServerId(1), PeerState.LOOKING, vote(1, 7, 1)))
                        .leads(48, 2));

        assertThat(elections.get(0).offsets().get(2L)).isEqualTo(new Clocks.Offset(0, 39_000));
    }

    @Test
    void whoComesAfterwardsTookNoPart() {
        Election election = in(
                        one().starts(0)
                                .looks(1, 1, 7)
                                .follows(3, 2, DecisionRule.ALL_HEARD)
                                .serves(5, 2),
                        two().starts(0).looks(1, 1, 7).leads(4, 2),
                        new Diary(3, 0)
                                .starts(900)
                                .looks(901, 1, 7)
                                .follows(902, 2, DecisionRule.LEADER_WORD)
                                .serves(905, 2))
                .get(0);

        assertThat(election.participants()).extracting(Term::sid).containsExactly(1L, 2L);
        assertThat(election.later()).extracting(Term::sid).containsExactly(3L);
        assertThat(ElectionText.of(election))
                .contains("  Later      server 3 joined at +905.00 ms, after looking for 5.00 ms.");
    }

    @Test
    void whoLooksWhileTheOthersServeIsNoElection() {
        List<Election> elections = in(
                one().starts(0)
                        .looks(1, 1, 7)
                        .follows(3, 2, DecisionRule.ALL_HEARD)
                        .serves(5, 2),
                two().starts(0).looks(1, 1, 7).leads(4, 2),
                new Diary(3, 0).starts(900).looks(901, 1, 7));

        assertThat(elections).hasSize(1);
        assertThat(ElectionText.of(elections.get(0)))
                .contains("  Later      server 3 looks since +900.00 ms, and has not joined.");
    }

    @Test
    void whoLooksAndFindsNobodyIsAnElectionWithoutAnEnd() {
        List<Election> elections = in(one().starts(0)
                .looks(1, 1, 7)
                .follows(3, 2, DecisionRule.ALL_HEARD)
                .serves(5, 2)
                .loses(100, 2, 20)
                .looks(100, 1, 7));

        assertThat(elections).hasSize(2);
        assertThat(elections.get(1).epoch()).isNull();
        assertThat(ElectionText.of(elections.get(1)))
                .contains(
                        "  Quorum     No server of these saw a quorum agree.", "  Waited     No decision was reached.");
    }

    @Test
    void aServerThatStopsLooksForNobody() {
        List<Election> elections = in(one().starts(0)
                .looks(1, 1, 7)
                .follows(3, 2, DecisionRule.ALL_HEARD)
                .serves(5, 2)
                .loses(100, 2, 20)
                .at(100, new JournalEntry.Stopped("asked to stop")));

        assertThat(elections).hasSize(1);
    }

    @Test
    void theTimeWithoutALeaderBeginsWithItsLastSign() {
        Election election = in(
                        one().loses(100, 3, 30)
                                .looks(100, 1, 7)
                                .follows(103, 2, DecisionRule.ALL_HEARD)
                                .serves(109, 2),
                        two().loses(101, 3, 11).looks(101, 1, 7).leads(108, 2))
                .get(0);

        assertThat(Phase.lastSignMicros(election)).isEqualTo(90_000);
        assertThat(Phase.of(election).get(0)).isEqualTo(new Phase(Phase.NOTICING, 90_000, 100_000));
        assertThat(ElectionText.of(election).get(1))
                .isEqualTo("  without a leader for 8.00 ms from when that was noticed, and for 18.0 ms at most");
    }

    @Test
    void aServerThatHasBeenStartingForLongShowsNoOutage() {
        Election election = in(
                        one().starts(0)
                                .looks(1, 1, 7)
                                .follows(103, 2, DecisionRule.ALL_HEARD)
                                .serves(109, 2),
                        two().loses(101, 3, 11).looks(101, 1, 7).leads(108, 2))
                .get(0);

        assertThat(Phase.lastSignMicros(election)).isEqualTo(90_000);
        assertThat(Phase.of(election).get(0)).isEqualTo(new Phase(Phase.NOTICING, 90_000, 101_000));
    }

    @Test
    void whyNotTheOthersNamesTheFirstDifference() {
        Election election = in(
                        one().starts(0)
                                .looks(1, 1, 5)
                                .follows(103, 2, DecisionRule.ALL_HEARD)
                                .serves(109, 2),
                        two().starts(0)
                                .looks(1, 1, 7)
                                .at(2, new TraceEvent.VoteReceived(new ServerId(3), PeerState.LOOKING, vote(0, 9, 3)))
                                .leads(108, 2))
                .get(0);

        assertThat(new Reasons(election).others())
                .containsExactly(
                        new Reasons.Other(1, "its vote (1, 0x5, 1) lacks 2 transactions that the leader has"),
                        new Reasons.Other(3, "its vote (0, 0x9, 3) is of an older epoch"));
    }

    @Test
    void aLeaderThatGaveUpSaysWhyItself() {
        Election election = in(
                        one().starts(0)
                                .looks(0, 1, 7)
                                .leads(5, 2)
                                .at(
                                        50,
                                        new TraceEvent.RoleChanged(
                                                PeerState.LEADING, PeerState.LOOKING, "lost its quorum"))
                                .looks(50, 2, 7)
                                .at(
                                        60,
                                        new TraceEvent.VoteChanged(
                                                vote(2, 7, 1),
                                                vote(2, 7, 2),
                                                VoteRule.HIGHER_SERVER_ID,
                                                new ServerId(2)))
                                .serves(70, 3),
                        two().starts(0)
                                .looks(0, 1, 7)
                                .serves(6, 2)
                                .loses(52, 1, 2)
                                .looks(52, 1, 7)
                                .leads(69, 3))
                .get(1);

        assertThat(new Reasons(election).trigger())
                .containsExactly(
                        "Server 1 led before. It gave up by itself: lost its quorum.",
                        "Server 2 noticed first, at +2.00 ms: reset (last heard of 2 ms before).");
        assertThat(Phase.lastSignMicros(election)).isEqualTo(50_000);
    }

    @Test
    void aLeaderThatIsNamedNeedsNoVotes() {
        Election election = in(
                        one().starts(0)
                                .looks(0, 1, 7)
                                .leads(5, 2)
                                .at(50, new TraceEvent.LeadHandedOver(new ServerId(2), new Zxid(9)))
                                .at(
                                        52,
                                        new TraceEvent.RoleChanged(
                                                PeerState.LEADING, PeerState.LOOKING, "handed over to server 2"))
                                .serves(60, 3),
                        two().starts(0)
                                .looks(0, 1, 7)
                                .serves(6, 2)
                                .loses(51, 1, 1)
                                .at(58, new TraceEvent.LeaderEstablished(3, new Zxid(9), 6)))
                .get(1);

        assertThat(ElectionText.of(election))
                .contains(
                        "  Quorum     Nobody voted: the leader before named server 2.",
                        "  Not        server 1: it was not named.")
                .anyMatch(
                        line -> line.startsWith("  Trigger    Server 1 led before. It gave up by itself: handed over"))
                .anyMatch(line -> line.endsWith("1       hands over to server 2, with all up to 0x9 committed"));
        assertThat(Phase.of(election)).extracting(Phase::name).containsExactly(Phase.SYNCHRONIZATION);
    }

    // --- journals that are not whole ---------------------------------------------------------------------------------

    private static final String ROSTER =
            "{\"atMicros\":1,\"kind\":\"roster\",\"sid\":1,\"version\":\"t\",\"voters\":[1],\"observers\":[]}\n";

    @Test
    void tornLinesAndThoseOfOtherReleasesAreLeftOutAndSaid() throws IOException {
        Journal journal = Journal.read(
                ROSTER + "{\"atMicros\":2,\"kin\nnothing\n{\"atMicros\":3,\"kind\":\"ofTheFuture\"}\n"
                        + "{\"atMicros\":4,\"kind\":\"stopped\",\"reason\":\"x\",\"more\":7}\n{\"kind\":\"end\"}\n",
                "zk1:2181");

        assertThat(journal.moments()).containsExactly(new Moment(1, 4, new JournalEntry.Stopped("x")));
        assertThat(journal.notes())
                .containsExactly("3 entries were torn, or written by another release, and are left out");
    }

    @Test
    void anAnswerThatWasCutOffSaysSo() throws IOException {
        assertThat(Journal.read(ROSTER, "zk1:2181").notes()).containsExactly("its answer was cut off");
    }

    @Test
    void whatIsNoJournalIsRefusedWithWhatItSaid() {
        assertThatThrownBy(() -> Journal.read("A standalone server has no elections.\n", "zk1:2181"))
                .isInstanceOf(IOException.class)
                .hasMessage("zk1:2181 gave no election journal, but: A standalone server has no elections.");
    }

    @Test
    void aClockThatWasSetDoesNotMoveWhatFollows() throws IOException {
        Journal journal = Journal.read(
                ROSTER + "{\"atMicros\":1000000,\"kind\":\"stopped\",\"reason\":\"a\"}\n"
                        + "{\"atMicros\":6000000,\"kind\":\"clockSet\",\"byMillis\":5000}\n"
                        + "{\"atMicros\":6000100,\"kind\":\"stopped\",\"reason\":\"b\"}\n{\"kind\":\"end\"}",
                "zk1:2181");

        assertThat(journal.moments().get(2).micros()).isEqualTo(1_000_100);
        assertThat(journal.notes()).containsExactly("its clock was set by 5000 ms at 1970-01-01 00:00:06.000");
    }
}
