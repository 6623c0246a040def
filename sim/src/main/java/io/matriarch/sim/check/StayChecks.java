package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.election.PeerState;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One server while it looks for a leader: that it follows whom it may, and tells how long it looked. */
final class StayChecks {
    private static final long NONE = Long.MAX_VALUE;

    private final int sid;
    private final Electorate quorums;
    /** What servers that follow or lead said last since this one began its round. */
    private final Map<Integer, TraceEvent.VoteReceived> settled = new TreeMap<>();

    private long sinceNanos = NONE;
    private boolean hasDecided;
    /** What such a server said in this step. */
    private TraceEvent.@Nullable VoteReceived latest;

    StayChecks(int sid, Electorate quorums) {
        this.sid = sid;
        this.quorums = quorums;
    }

    void ended() {
        forgetWords();
        sinceNanos = NONE;
    }

    private void forgetWords() {
        settled.clear();
        hasDecided = false;
        latest = null;
    }

    void traced(TraceEvent event, long localNanos) {
        if (event instanceof TraceEvent.ElectionStarted) {
            forgetWords();
            sinceNanos = sinceNanos == NONE ? localNanos : sinceNanos;
        } else if (event instanceof TraceEvent.VoteReceived word) {
            counts(word);
        } else if (event instanceof TraceEvent.LeaderDecided decided) {
            hasDecided = true;
            requireTime(decided.millisSinceStart(), (localNanos - sinceNanos) / 1_000_000);
        } else if (event instanceof TraceEvent.DecisionDropped) {
            hasDecided = false;
        } else if (event instanceof TraceEvent.RoleChanged) {
            ended();
        }
    }

    private void counts(TraceEvent.VoteReceived word) {
        int from = (int) word.from().value();
        if (word.state() == PeerState.LOOKING) {
            settled.remove(from);
        } else if (word.state() != PeerState.OBSERVING) {
            settled.put(from, word);
            latest = word;
        }
    }

    private void requireTime(long told, long looked) {
        require(
                told == looked,
                Invariant.ELECTION_TIMED,
                () -> "server " + sid + " says that it looked for " + told + " ms, and it was " + looked);
    }

    /** Where members change, what is a quorum may be another than this server knew when it began to look. */
    void stepped() {
        TraceEvent.VoteReceived word = latest;
        latest = null;
        if (word == null || hasDecided || quorums.hasChanged()) {
            return;
        }
        int leader = (int) word.vote().leader().value();
        TraceEvent.VoteReceived own = settled.get(leader);
        boolean isLeading = own != null
                && own.state() == PeerState.LEADING
                && own.vote().leader().value() == leader;
        require(
                !isLeading || !quorums.isQuorumOfVotes(voter -> follows(settled.get(voter), own)),
                Invariant.LEADER_JOINED,
                () -> "server " + sid + " heard that server " + leader
                        + " leads, and a quorum that follows it, and looks on: " + settled.values());
    }

    private static boolean follows(TraceEvent.@Nullable VoteReceived word, TraceEvent.VoteReceived leaderWord) {
        return word != null
                && word.vote().leader().equals(leaderWord.vote().leader())
                && word.vote().peerEpoch() == leaderWord.vote().peerEpoch();
    }
}
