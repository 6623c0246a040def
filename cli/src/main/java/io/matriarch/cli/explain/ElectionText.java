package io.matriarch.cli.explain;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.journal.JournalEntry;
import io.matriarch.wire.ServerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** An election as text: a summary, the phases, what happened, the votes. Within {@value #WIDTH} columns. */
final class ElectionText {
    static final int WIDTH = 100;

    /** Lines of each list that are printed; JSON has all. */
    static final int MAX_LINES = 60;

    private static final int LABEL_WIDTH = 11;
    private static final int BAR_WIDTH = 40;

    private final Election election;
    private final Reasons reasons;
    private final List<Phase> phases;
    private final long zeroMicros;
    private final List<String> lines = new ArrayList<>();

    private ElectionText(Election election) {
        this.election = election;
        this.reasons = new Reasons(election);
        this.phases = Phase.of(election);
        this.zeroMicros =
                phases.isEmpty() ? election.firstLookMicros() : phases.get(0).fromMicros();
    }

    static List<String> of(Election election) {
        ElectionText text = new ElectionText(election);
        text.summary();
        if (!election.isJoinOnly() && !text.phases.isEmpty()) {
            text.phaseTable();
        }
        text.story();
        text.votes();
        text.clocks();
        return text.lines;
    }

    /** The election in one line. */
    static String title(Election election) {
        Long established = election.establishedMicros();
        String leader = election.leader() == null ? "an unknown server" : "server " + election.leader();
        if (established == null) {
            return "No leader: servers look for one since " + Instants.full(election.firstLookMicros()) + " UTC";
        } else if (election.isJoinOnly()) {
            return "Epoch " + election.epoch() + ": " + leader + " led already when "
                    + election.participants().stream()
                            .map(term -> "server " + term.sid())
                            .collect(Collectors.joining(", "))
                    + " joined, " + Instants.full(established) + " UTC";
        }
        return "Epoch " + election.epoch() + ": " + leader + " leads since " + Instants.full(established) + " UTC";
    }

    private void summary() {
        lines.add(title(election));
        if (!phases.isEmpty() && election.establishedMicros() != null && !election.isJoinOnly()) {
            wrapped(duration(), WIDTH - 2).forEach(line -> lines.add("  " + line));
        }
        lines.add("");
        labelled("Trigger", String.join(" ", reasons.trigger()));
        labelled("Quorum", reasons.quorumSentence());
        labelled("Waited", reasons.waitSentence());
        String label = "Not";
        for (Reasons.Other other : reasons.others()) {
            labelled(label, "server " + other.sid() + ": " + other.reason() + ".");
            label = "";
        }
        for (Term term : election.later()) {
            labelled("Later", later(term));
        }
    }

    private String later(Term term) {
        String server = "server " + term.sid();
        return term.epoch() == null
                ? server + " looks since " + Instants.offset(term.fromMicros() - zeroMicros)
                        + " ms, and has not joined."
                : server + " joined at " + Instants.offset(term.servingMicros() - zeroMicros)
                        + " ms, after looking for " + Instants.span(term.servingMicros() - term.fromMicros()) + ".";
    }

    private String duration() {
        long established = election.endMicros();
        String total = Instants.span(established - zeroMicros);
        String outage = "without a leader for " + total;
        if (phases.get(0).name().equals(Phase.STARTING)) {
            outage = "a leader " + total + " after the first server started";
        } else if (!reasons.isEndKnown()) {
            outage = "without a leader for " + Instants.span(established - election.firstLookMicros())
                    + " from when that was noticed, and for " + total + " at most";
        }
        Phase last = phases.get(phases.size() - 1);
        return last.name().equals(Phase.FIRST_WRITE)
                ? outage + "; first write after " + Instants.span(last.toMicros() - zeroMicros)
                : outage;
    }

    private void labelled(String label, String text) {
        String indent = " ".repeat(2 + LABEL_WIDTH);
        String head = String.format(Locale.ROOT, "  %-" + LABEL_WIDTH + "s", label);
        for (String line : wrapped(text, WIDTH - indent.length())) {
            lines.add(head + line);
            head = indent;
        }
    }

    /** {@code text} in lines of {@code width} characters at most, unless a word is longer. */
    static List<String> wrapped(String text, int width) {
        List<String> wrapped = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                wrapped.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        wrapped.add(line.toString());
        return wrapped;
    }

    private void phaseTable() {
        lines.add("");
        lines.add(String.format(Locale.ROOT, "  %-16s %10s %10s %10s", "phase", "from ms", "to ms", "took"));
        long total =
                phases.isEmpty() ? 1 : Math.max(1, phases.get(phases.size() - 1).toMicros() - zeroMicros);
        for (Phase phase : phases) {
            int from = (int) ((phase.fromMicros() - zeroMicros) * BAR_WIDTH / total);
            int to = (int) ((phase.toMicros() - zeroMicros) * BAR_WIDTH / total);
            String bar = " ".repeat(from) + "#".repeat(Math.max(1, to - from));
            lines.add(String.format(
                            Locale.ROOT,
                            "  %-16s %10s %10s %10s  %s",
                            phase.name(),
                            Instants.offset(phase.fromMicros() - zeroMicros),
                            Instants.offset(phase.toMicros() - zeroMicros),
                            Instants.span(phase.micros()),
                            bar)
                    .stripTrailing());
        }
    }

    // --- what happened -----------------------------------------------------------------------------------------------

    private void story() {
        lines.add("");
        lines.add(String.format(Locale.ROOT, "  %9s  server", "ms"));
        List<Moment> moments = told(election);
        moments.stream().limit(MAX_LINES).forEach(moment -> {
            String head = String.format(
                    Locale.ROOT, "  %9s  %-6d  ", Instants.offset(moment.micros() - zeroMicros), moment.sid());
            for (String line :
                    wrapped(String.valueOf(Sentences.of(moment.sid(), moment.event())), WIDTH - head.length())) {
                lines.add(head + line);
                head = " ".repeat(head.length());
            }
        });
        more(moments.size());
    }

    /** What the story tells: the searches, how the leader before ended, and what followed up to the first write. */
    static List<Moment> told(Election election) {
        List<Moment> moments = new ArrayList<>(election.moments());
        for (Term term : election.before()) {
            term.service().stream()
                    .filter(moment -> isEnd(moment.event()) && moment.micros() <= election.endMicros())
                    .forEach(moments::add);
        }
        for (Term term : election.participants()) {
            term.service().stream()
                    .filter(moment -> moment.event() instanceof TraceEvent.LearnerSynced)
                    .filter(moment -> moment.micros() <= election.endMicros())
                    .forEach(moments::add);
        }
        election.participants().stream()
                .flatMap(term -> term.service().stream())
                .filter(moment -> moment.event() instanceof TraceEvent.FirstCommit)
                .min(Comparator.comparingLong(Moment::micros))
                .ifPresent(moments::add);
        return moments.stream()
                .filter(moment -> Sentences.of(moment.sid(), moment.event()) != null)
                .sorted(Comparator.comparingLong(Moment::micros))
                .toList();
    }

    private static boolean isEnd(Record event) {
        return event instanceof JournalEntry.Stopped || event instanceof TraceEvent.LeadHandedOver;
    }

    private void votes() {
        List<VoteRow> rows = VoteRow.of(election);
        if (rows.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(row("ms", "server", "votes", "round", "epoch", "zxid", "sid", "why"));
        rows.stream().limit(MAX_LINES).forEach(row -> {
            TraceEvent.Vote vote = row.vote();
            lines.add(shortened(row(
                    Instants.offset(row.micros() - zeroMicros),
                    Long.toString(row.sid()),
                    row.what(),
                    Long.toString(vote.round()),
                    isOfNobody(vote.leader()) ? "-" : Long.toString(vote.peerEpoch()),
                    isOfNobody(vote.leader()) ? "-" : Sentences.zxid(vote.zxid()),
                    isOfNobody(vote.leader()) ? "-" : vote.leader().toString(),
                    row.why())));
        });
        more(rows.size());
    }

    private static boolean isOfNobody(ServerId leader) {
        return leader.value() == Long.MIN_VALUE;
    }

    private static String row(
            String at, String sid, String what, String round, String epoch, String zxid, String leader, String why) {
        return String.format(
                        Locale.ROOT,
                        "  %9s  %-6s %-10s %5s %5s %12s %3s  %s",
                        at,
                        sid,
                        what,
                        round,
                        epoch,
                        zxid,
                        leader,
                        why)
                .stripTrailing();
    }

    private static String shortened(String line) {
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "~";
    }

    private void more(int count) {
        if (count > MAX_LINES) {
            lines.add("  and " + (count - MAX_LINES) + " more: see --json");
        }
    }

    // --- clocks ------------------------------------------------------------------------------------------------------

    private void clocks() {
        String apart =
                election.offsets().entrySet().stream().map(ElectionText::clock).collect(Collectors.joining(", "));
        lines.add("");
        labelled("Clocks", "laid on one another by the votes they told each other: " + apart + ".");
    }

    private static String clock(Map.Entry<Long, Clocks.Offset> entry) {
        Clocks.Offset offset = entry.getValue();
        String server = "server " + entry.getKey();
        if (offset.errorMicros() < 0) {
            return server + " as it is";
        } else if (offset.aheadMicros() == 0) {
            return offset.errorMicros() == 0
                    ? server + " is the reference"
                    : server + " agrees within " + Instants.span(offset.errorMicros());
        }
        return server + (offset.aheadMicros() < 0 ? " is behind by " : " is ahead by ")
                + Instants.span(Math.abs(offset.aheadMicros())) + ", give or take "
                + Instants.span(offset.errorMicros());
    }
}
