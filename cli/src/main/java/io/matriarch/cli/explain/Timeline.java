package io.matriarch.cli.explain;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.journal.JournalEntry;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An election as a picture: a lane per server, the phases above, votes as arrows from who cast them to who heard them. */
final class Timeline {
    private static final int WIDTH = 1100;
    private static final double LEFT = 110;
    private static final double RIGHT = 30;
    private static final double EDGE = 45;
    private static final double FIRST_LANE = 148;
    private static final double LANE = 78;
    private static final double BAR = 20;
    private static final double MARK = 9;
    /** Characters that surely fit into the width in the small font. */
    private static final int NOTE_CHARS = 150;

    private final Election election;
    private final List<Phase> phases;
    private final Svg svg = new Svg(WIDTH);
    private final TimeScale scale;
    private final long zeroMicros;
    private final long fromMicros;
    private final long toMicros;
    private final Map<Long, Double> lanes = new TreeMap<>();

    private Timeline(Election election) {
        this.election = election;
        this.phases = shown(election);
        this.scale = new TimeScale(phases, LEFT + EDGE, WIDTH - LEFT - RIGHT - 2 * EDGE);
        this.zeroMicros = phases.get(0).fromMicros();
        this.fromMicros = scale.microsAt(LEFT);
        this.toMicros = scale.microsAt(WIDTH - RIGHT);
        double y = FIRST_LANE;
        for (long sid : election.servers()) {
            lanes.put(sid, y);
            y += LANE;
        }
    }

    /** The picture as an SVG document. */
    static String of(Election election) {
        return new Timeline(election).draw();
    }

    /** Without a first write that came long after: it says more about the clients than about the election. */
    private static List<Phase> shown(Election election) {
        List<Phase> all = new ArrayList<>(Phase.of(election));
        if (all.isEmpty()) {
            return List.of(new Phase(Phase.VOTING, election.firstLookMicros(), election.endMicros()));
        }
        Phase last = all.get(all.size() - 1);
        long before = last.fromMicros() - all.get(0).fromMicros();
        if (last.name().equals(Phase.FIRST_WRITE) && last.micros() > 2 * before) {
            all.remove(last);
        }
        return all;
    }

    private String draw() {
        svg.text(LEFT - 90, 32, ElectionText.title(election), "font-size=\"19\" font-weight=\"bold\"");
        svg.text(LEFT - 90, 54, subtitle(), "fill=\"#555\"");
        phaseBands();
        lanes.forEach(this::lane);
        arrows();
        lanes.forEach(this::marks);
        double y = FIRST_LANE + LANE * lanes.size() + 6;
        axis(y);
        y = legend(y + 44);
        y = notes(y + 10);
        return svg.document(y, ElectionText.title(election));
    }

    private String subtitle() {
        long total = election.endMicros() - zeroMicros;
        String length = election.establishedMicros() == null
                ? "no leader for " + Instants.span(total) + " so far"
                : Instants.span(total) + " from "
                        + (phases.get(0).name().equals(Phase.STARTING)
                                ? "the first start"
                                : "the last sign of the leader before")
                        + " to the new leader";
        return length + "; times in milliseconds from then on"
                + (scale.isEven() ? "" : "; short phases are drawn wider than they were");
    }

    // --- the grid ----------------------------------------------------------------------------------------------------

    private void phaseBands() {
        double bottom = FIRST_LANE + LANE * lanes.size();
        boolean isShaded = true;
        for (Phase phase : phases) {
            double x = scale.at(phase.fromMicros());
            double w = scale.at(phase.toMicros()) - x;
            svg.rect(x, 72, w, bottom - 72, "fill=\"" + (isShaded ? "#f6f6f6" : "#ffffff") + "\"");
            svg.text(x + w / 2, 88, phase.name(), "text-anchor=\"middle\" font-size=\"12\"");
            svg.text(
                    x + w / 2,
                    104,
                    Instants.span(phase.micros()),
                    "text-anchor=\"middle\" font-size=\"12\" fill=\"#555\"");
            isShaded = !isShaded;
        }
    }

    private void axis(double y) {
        svg.line(LEFT, y, WIDTH - RIGHT, y, "stroke=\"#888\"");
        double free = 0;
        for (int i = 0; i <= phases.size(); i++) {
            long micros = i == 0 ? zeroMicros : phases.get(i - 1).toMicros();
            double x = scale.at(micros);
            svg.line(x, 72, x, y + 5, "stroke=\"#bbb\" stroke-dasharray=\"2 3\"");
            if (x > free) {
                svg.text(
                        x,
                        y + 19,
                        Instants.offset(micros - zeroMicros),
                        "text-anchor=\"middle\" font-size=\"12\" fill=\"#555\"");
                free = x + 52;
            }
        }
    }

    // --- lanes -------------------------------------------------------------------------------------------------------

    private void lane(long sid, double y) {
        svg.text(20, y + 34, "server " + sid, "font-weight=\"bold\"");
        String role = Long.valueOf(sid).equals(election.leader()) ? "leads" : election.isVoter(sid) ? "" : "observer";
        svg.text(20, y + 50, role, "font-size=\"11\" fill=\"#555\"");
        for (Lane.Interval interval : Lane.of(election, sid, fromMicros, toMicros)) {
            double x = scale.at(interval.fromMicros());
            String fill = interval.doing() == Lane.Doing.DOWN ? "url(#none)" : interval.doing().colour;
            svg.rect(
                    x,
                    y + 28,
                    scale.at(interval.toMicros()) - x,
                    BAR,
                    "fill=\"" + fill + "\" stroke=\"#777\" stroke-width=\"0.5\"");
        }
    }

    private void marks(long sid, double y) {
        Term term = election.participant(sid);
        if (term == null) {
            return;
        }
        double free = LEFT - 20;
        for (Moment moment : term.search()) {
            if (!isMarked(moment.event())) {
                continue;
            }
            double at = scale.at(moment.micros());
            double x = Math.max(at, free);
            svg.line(at, y + 28, x, y + 14, "stroke=\"#555\" stroke-width=\"0.8\"");
            mark(x, y + 12, moment.event());
            free = x + 2 * MARK + 2;
        }
    }

    private static boolean isMarked(Record event) {
        return event instanceof TraceEvent.ElectionStarted
                || event instanceof TraceEvent.VoteChanged
                || event instanceof TraceEvent.QuorumAgreed
                || event instanceof TraceEvent.LeaderDecided;
    }

    private void mark(double x, double y, Record event) {
        if (event instanceof TraceEvent.ElectionStarted started) {
            svg.circle(x, y, MARK, "fill=\"#fff\" stroke=\"#b37400\" stroke-width=\"1.5\"");
            inMark(x, y, nameOf(started.ownVote()), "#222");
        } else if (event instanceof TraceEvent.VoteChanged changed) {
            svg.circle(x, y, MARK, "fill=\"#f2b134\" stroke=\"#b37400\" stroke-width=\"1.5\"");
            inMark(x, y, nameOf(changed.to()), "#222");
        } else if (event instanceof TraceEvent.QuorumAgreed) {
            svg.diamond(x, y, MARK + 1, "fill=\"#7a4fb5\"");
            inMark(x, y, "Q", "#fff");
        } else {
            svg.rect(x - MARK, y - MARK, 2 * MARK, 2 * MARK, "fill=\"#333\"");
            inMark(x, y, ((TraceEvent.LeaderDecided) event).as() == PeerState.LEADING ? "L" : "F", "#fff");
        }
    }

    private void inMark(double x, double y, String letter, String colour) {
        svg.text(x, y + 4, letter, "text-anchor=\"middle\" font-size=\"11\" fill=\"" + colour + "\"");
    }

    private static String nameOf(TraceEvent.Vote vote) {
        return vote.leader().value() < 0 ? "?" : vote.leader().toString();
    }

    // --- votes on their way ------------------------------------------------------------------------------------------

    private void arrows() {
        for (Term term : election.participants()) {
            List<Moment> moments = term.search();
            for (int i = 0; i < moments.size(); i++) {
                if (moments.get(i).event() instanceof TraceEvent.VoteReceived word
                        && lanes.containsKey(word.from().value())) {
                    arrow(moments.get(i), word, changesVote(moments, i, word));
                }
            }
        }
    }

    /** Whether the vote is changed by this very word. */
    private static boolean changesVote(List<Moment> moments, int heard, TraceEvent.VoteReceived word) {
        return heard + 1 < moments.size()
                && moments.get(heard + 1).event() instanceof TraceEvent.VoteChanged changed
                && changed.because().equals(word.from());
    }

    private void arrow(Moment heard, TraceEvent.VoteReceived word, boolean isTurning) {
        double x = scale.at(heard.micros());
        if (x > WIDTH - RIGHT) {
            return;
        }
        Moment told = told(heard, word);
        double fromX = told == null ? x : Math.min(scale.at(told.micros()), x);
        double from = lanes.get(word.from().value()) + 28 + BAR / 2;
        double to = lanes.get(heard.sid()) + 28 + BAR / 2;
        double edge = from < to ? BAR / 2 : -BAR / 2;
        String style = isTurning ? "stroke=\"#c77700\" stroke-width=\"1.8\"" : "stroke=\"#999\" stroke-width=\"0.8\"";
        String dashes = word.state() == PeerState.LOOKING ? "" : " stroke-dasharray=\"3 2\"";
        svg.line(Math.max(LEFT, fromX), from + edge, x, to - edge, style + dashes);
        svg.circle(x, to - edge, isTurning ? 3 : 2, isTurning ? "fill=\"#c77700\"" : "fill=\"#999\"");
    }

    private @Nullable Moment told(Moment heard, TraceEvent.VoteReceived word) {
        Term term = election.participant(word.from().value());
        if (term == null) {
            return null;
        }
        Moment told = null;
        for (Moment moment : term.moments()) {
            boolean isIt = moment.event() instanceof JournalEntry.Told one
                    && one.to().value() == heard.sid()
                    && one.state() == word.state()
                    && one.vote().equals(word.vote())
                    && (told == null || moment.micros() <= heard.micros());
            told = isIt ? moment : told;
        }
        return told;
    }

    // --- words -------------------------------------------------------------------------------------------------------

    private double legend(double top) {
        double x = LEFT - 90;
        double y = top;
        for (Lane.Doing doing : Lane.Doing.values()) {
            if (x + 40 + 6.6 * doing.words.length() > WIDTH) {
                x = LEFT - 90;
                y += 24;
            }
            String fill = doing == Lane.Doing.DOWN ? "url(#none)" : doing.colour;
            svg.rect(x, y - 10, 22, 12, "fill=\"" + fill + "\" stroke=\"#777\" stroke-width=\"0.5\"");
            svg.text(x + 28, y, doing.words, "font-size=\"12\"");
            x += 46 + 6.6 * doing.words.length();
        }
        y += 26;
        x = LEFT - 90;
        svg.circle(x + MARK, y - 4, MARK, "fill=\"#fff\" stroke=\"#b37400\" stroke-width=\"1.5\"");
        inMark(x + MARK, y - 4, "2", "#222");
        x = legendText(x, y, "votes at first");
        svg.circle(x + MARK, y - 4, MARK, "fill=\"#f2b134\" stroke=\"#b37400\" stroke-width=\"1.5\"");
        inMark(x + MARK, y - 4, "2", "#222");
        x = legendText(x, y, "now votes for");
        svg.diamond(x + MARK, y - 4, MARK + 1, "fill=\"#7a4fb5\"");
        inMark(x + MARK, y - 4, "Q", "#fff");
        x = legendText(x, y, "sees a quorum");
        svg.rect(x, y - 4 - MARK, 2 * MARK, 2 * MARK, "fill=\"#333\"");
        inMark(x + MARK, y - 4, "L", "#fff");
        legendText(x, y, "decides to lead (L) or follow (F)");
        x = LEFT - 90;
        y += 24;
        svg.line(x, y - 4, x + 2 * MARK, y - 4, "stroke=\"#c77700\" stroke-width=\"1.8\"");
        x = legendText(x, y, "a vote that changed another");
        svg.line(x, y - 4, x + 2 * MARK, y - 4, "stroke=\"#999\" stroke-width=\"0.8\"");
        x = legendText(x, y, "any other vote");
        svg.line(x, y - 4, x + 2 * MARK, y - 4, "stroke=\"#999\" stroke-width=\"0.8\" stroke-dasharray=\"3 2\"");
        legendText(x, y, "word of who leads or follows");
        return y + 20;
    }

    private double legendText(double x, double y, String words) {
        svg.text(x + 2 * MARK + 6, y, words, "font-size=\"12\"");
        return x + 2 * MARK + 24 + 6.8 * words.length();
    }

    private double notes(double top) {
        Reasons reasons = new Reasons(election);
        List<String> notes = new ArrayList<>(ElectionText.wrapped(String.join(" ", reasons.trigger()), NOTE_CHARS));
        notes.addAll(ElectionText.wrapped(
                reasons.quorumSentence() + " It then waited: " + reasons.waitSentence(), NOTE_CHARS));
        for (Reasons.Other other : reasons.others()) {
            notes.addAll(
                    ElectionText.wrapped("Why not server " + other.sid() + ": " + other.reason() + ".", NOTE_CHARS));
        }
        double y = top + 10;
        for (String note : notes) {
            svg.text(LEFT - 90, y, note, "font-size=\"12.5\"");
            y += 19;
        }
        return y + 6;
    }
}
