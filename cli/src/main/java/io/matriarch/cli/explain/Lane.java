package io.matriarch.cli.explain;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.journal.JournalEntry;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one server did during an election: a row of intervals, without gaps, from the first to the last instant shown. */
final class Lane {
    /** What a server does, with its colour and its words in the legend. */
    enum Doing {
        LOOKING("#f2b134", "looking for a leader"),
        DISCOVERY("#a9d6f5", "discovery"),
        SYNCHRONIZATION("#3d8fd1", "synchronization"),
        LEADING("#1b7f4b", "leading"),
        FOLLOWING("#93d3a2", "following"),
        OBSERVING("#c9b8e8", "observing"),
        DOWN("#ffffff", "not running"),
        UNKNOWN("#ececec", "keeps no journal, or was not asked");

        final String colour;
        final String words;

        Doing(String colour, String words) {
            this.colour = colour;
            this.words = words;
        }
    }

    record Interval(long fromMicros, long toMicros, Doing doing) {}

    private final Election election;
    private final long sid;
    private final long endMicros;
    private final List<Interval> intervals = new ArrayList<>();
    private Doing doing = Doing.UNKNOWN;
    private long sinceMicros;

    private Lane(Election election, long sid, long fromMicros, long endMicros) {
        this.election = election;
        this.sid = sid;
        this.sinceMicros = fromMicros;
        this.endMicros = endMicros;
    }

    static List<Interval> of(Election election, long sid, long fromMicros, long endMicros) {
        Lane lane = new Lane(election, sid, fromMicros, endMicros);
        lane.fill();
        return lane.intervals;
    }

    private void fill() {
        Term term = election.participant(sid);
        Term late = election.later().stream()
                .filter(one -> one.sid() == sid)
                .findFirst()
                .orElse(null);
        Moment stop = stop();
        boolean wasLeading = Long.valueOf(sid).equals(Phase.previousLeader(election));
        if (term != null) {
            doing = term.isStart() ? Doing.DOWN : wasLeading ? Doing.LEADING : served();
            term.moments().forEach(this::take);
        } else if (stop != null || late != null || wasLeading) {
            doing = wasLeading ? Doing.LEADING : Doing.FOLLOWING;
            Long lastSign = Phase.lastSignMicros(election);
            change(stop != null ? stop.micros() : lastSign == null ? sinceMicros : lastSign, Doing.DOWN);
        }
        if (late != null) {
            late.moments().forEach(this::take);
        }
        change(endMicros, doing);
        intervals.add(new Interval(sinceMicros, endMicros, doing));
        intervals.removeIf(interval -> interval.toMicros() <= interval.fromMicros());
    }

    private Doing served() {
        return election.isVoter(sid) ? Doing.FOLLOWING : Doing.OBSERVING;
    }

    private @Nullable Moment stop() {
        return election.before().stream()
                .filter(term -> term.sid() == sid)
                .flatMap(term -> term.service().stream())
                .filter(moment -> moment.event() instanceof JournalEntry.Stopped)
                .findFirst()
                .orElse(null);
    }

    private void take(Moment moment) {
        Record event = moment.event();
        if (event instanceof TraceEvent.ElectionStarted || event instanceof TraceEvent.LeaderLost) {
            change(moment.micros(), Doing.LOOKING);
        } else if (event instanceof JournalEntry.Stopped) {
            change(moment.micros(), Doing.DOWN);
        } else if (event instanceof TraceEvent.PhaseEntered entered) {
            change(moment.micros(), doingIn(entered.phase()));
        } else if (event instanceof TraceEvent.LeaderEstablished) {
            change(moment.micros(), Doing.LEADING);
        } else if (event instanceof TraceEvent.RoleChanged changed && changed.to() == PeerState.LOOKING) {
            change(moment.micros(), Doing.LOOKING);
        }
    }

    private Doing doingIn(String phase) {
        return switch (phase) {
            case "discovery" -> Doing.DISCOVERY;
            case "synchronization" -> Doing.SYNCHRONIZATION;
            default -> served();
        };
    }

    private void change(long atMicros, Doing next) {
        long at = Math.min(Math.max(atMicros, sinceMicros), endMicros);
        if (next != doing) {
            intervals.add(new Interval(sinceMicros, at, doing));
            sinceMicros = at;
            doing = next;
        }
    }
}
