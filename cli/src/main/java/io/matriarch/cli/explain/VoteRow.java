package io.matriarch.cli.explain;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of the table of votes.
 *
 * @param micros when
 * @param sid at which server
 * @param what casts, hears, changes to
 * @param vote the vote
 * @param why the rule that changed it, or who said it; "" if nothing is to be said
 */
record VoteRow(long micros, long sid, String what, TraceEvent.Vote vote, String why) {

    /** Every vote that was cast, heard or changed in an election, in order. */
    static List<VoteRow> of(Election election) {
        List<VoteRow> rows = new ArrayList<>();
        for (Moment moment : election.moments()) {
            Record event = moment.event();
            if (event instanceof TraceEvent.ElectionStarted e) {
                rows.add(new VoteRow(moment.micros(), moment.sid(), "casts", e.ownVote(), e.trigger()));
            } else if (event instanceof TraceEvent.VoteReceived e) {
                String settled = e.state() == PeerState.LOOKING ? "" : e.state().toString();
                rows.add(new VoteRow(moment.micros(), moment.sid(), "hears " + e.from(), e.vote(), settled));
            } else if (event instanceof TraceEvent.VoteChanged e) {
                rows.add(new VoteRow(
                        moment.micros(),
                        moment.sid(),
                        "changes to",
                        e.to(),
                        e.rule().words()));
            }
        }
        return rows;
    }
}
