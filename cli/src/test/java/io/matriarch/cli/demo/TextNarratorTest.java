package io.matriarch.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.candidate.CandidacyEvent;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.port.TraceEvent.DecisionRule;
import io.matriarch.core.port.TraceEvent.Vote;
import io.matriarch.core.port.TraceEvent.VoteRule;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A scripted story, and how it reads. */
class TextNarratorTest {
    private static final Zxid EMPTY = new Zxid(0);
    private static final Vote FOR_1 = new Vote(0, EMPTY, new ServerId(1), 1);
    private static final Vote FOR_2 = new Vote(0, EMPTY, new ServerId(2), 1);
    private static final String NODE = "/candidates/_c_6e0c7e2e-3f0c-4a53-a1d1-8c2f6b1f1c11-candidate-";

    private static final List<DemoEvent> STORY = List.of(
            new DemoEvent.Opened("Matriarch 1.2", 3, 4, "/tmp/matriarch-demo-1"),
            new DemoEvent.StepBegun(1, "Servers elect a leader", 20_000),
            new DemoEvent.Noted("starts server 2"),
            server(2, new TraceEvent.ElectionStarted(1, FOR_2, "it starts")),
            server(2, new TraceEvent.VoteReceived(new ServerId(1), PeerState.LOOKING, FOR_1)),
            server(1, new TraceEvent.VoteChanged(FOR_1, FOR_2, VoteRule.HIGHER_SERVER_ID, new ServerId(2))),
            server(1, new TraceEvent.VoteChanged(FOR_1, FOR_2, VoteRule.ESTABLISHED_LEADER, new ServerId(2))),
            server(1, new TraceEvent.QuorumAgreed(FOR_2, 2, 3)),
            server(2, new TraceEvent.LeaderDecided(FOR_2, PeerState.LEADING, DecisionRule.REST_DOWN, 31)),
            server(1, new TraceEvent.LeaderDecided(FOR_2, PeerState.FOLLOWING, DecisionRule.ALL_HEARD, 4012)),
            server(2, new TraceEvent.PhaseEntered("discovery", 0)),
            server(2, new TraceEvent.LeaderEstablished(1, EMPTY, 12)),
            server(2, new TraceEvent.LearnerSynced(new ServerId(1), "diff", new Zxid(0x100000000L))),
            new DemoEvent.CameTrue("server 2 leads epoch 1"),
            new DemoEvent.StepBegun(2, "Candidates elect a leader", 20_000),
            candidate("A", new CandidacyEvent.Entered(NODE + "0000000000", 0, 0x1000001)),
            candidate(
                    "A",
                    new CandidacyEvent.Leading(new GrantedLeadership(NODE + "0000000000", 0x1000001, 0, 0x100000002L))),
            candidate("B", new CandidacyEvent.Waiting(NODE + "0000000001", NODE + "0000000000")),
            new DemoEvent.Finished(new Summary(
                    new Summary.ServerElection(2, 1, 43.21),
                    new Summary.ServerElection(3, 2, 28.9),
                    35.04,
                    "A",
                    "B",
                    4.4,
                    3,
                    49,
                    6512)));

    private static DemoEvent server(long sid, TraceEvent event) {
        return new DemoEvent.ServerTold(sid, event);
    }

    private static DemoEvent candidate(String name, CandidacyEvent event) {
        return new DemoEvent.CandidateTold(name, event);
    }

    private static String told(boolean hasColour) {
        StringWriter text = new StringWriter();
        TextNarrator narrator = new TextNarrator(new PrintWriter(text), hasColour);
        long nanos = 0;
        for (DemoEvent event : STORY) {
            narrator.tell(nanos, event);
            nanos += 1_500_000;
        }
        return text.toString();
    }

    @Test
    void story_readsAsLinesOfTimeActorAndSentence() {
        assertThat(told(false)).isEqualTo("""
                Matriarch 1.2
                3 servers elect a leader, and 4 candidates elect one on them.
                One process, real TCP on 127.0.0.1, real files in /tmp/matriarch-demo-1.
                A vote is (epoch, zxid, server id) of the server voted for: the newest history wins.

                1  Servers elect a leader
                  0.003 s  demo         starts server 2
                  0.005 s  server 2     votes for itself, (0, 0x0, 2), in round 1: it starts
                  0.008 s  server 1     now votes (0, 0x0, 2), from 2: same epoch and zxid, higher server id
                  0.009 s  server 1     now votes (0, 0x0, 2): it is the established leader
                  0.011 s  server 1     sees a quorum agree on (0, 0x0, 2): 2 of 3 votes
                  0.012 s  server 2     decides to lead after 31 ms: the voters not heard are known to be down (F2)
                  0.014 s  server 1     decides to follow 2 after 4012 ms: every voter was heard, none can do better
                                        (F1)
                  0.015 s  server 2     enters discovery
                  0.017 s  server 2     is the leader of epoch 1 from history 0x0
                  0.018 s  server 2     brings server 1 up to 0x100000000 (DIFF)
                  0.020 s  true         server 2 leads epoch 1

                2  Candidates elect a leader
                  0.023 s  candidate A  created /candidates/..-0000000000
                  0.024 s  candidate A  LEADS; fencing token 0x100000002
                  0.026 s  candidate B  watches only /candidates/..-0000000000

                Summary
                  servers, first election                 43.2 ms   server 2 leads epoch 1
                  servers, after the leader stopped       28.9 ms   server 3 leads epoch 2
                    until the first write was done        35.0 ms   acknowledged by a quorum's disks
                  candidates, after the leader left        4.4 ms   B leads after A
                  3 of 3 sessions lived on; all 49 znodes are on the server that came back.
                  Every step came true, in 6.5 s.
                """);
    }

    @Test
    void noLine_isWiderThan100Columns() {
        assertThat(told(false).lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void colour_changesNothingButTheColour() {
        assertThat(told(true).replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(told(false));
        assertThat(told(true)).isNotEqualTo(told(false));
    }

    @Test
    void wrapping_breaksAtSpacesAndKeepsLongWordsWhole() {
        assertThat(TextNarrator.wrapped("aa bb cc", 5)).containsExactly("aa bb", "cc");
        assertThat(TextNarrator.wrapped("aaaaaaa bb", 5)).containsExactly("aaaaaaa", "bb");
        assertThat(TextNarrator.wrapped("", 5)).containsExactly("");
    }
}
