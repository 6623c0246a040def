package io.matriarch.cli.demo;

import io.matriarch.cli.terminal.Ink;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tells the demo in lines of at most 100 columns: time, who, what.
 *
 * <pre>
 *   0.412 s  server 1     now votes (0, 0x0, 2), from 2: same epoch and zxid, higher server id
 * </pre>
 */
final class TextNarrator implements Narrator {
    private static final int WIDTH = 100;
    private static final int ACTOR_WIDTH = 12;
    private static final int TEXT_COLUMN = 9 + 2 + ACTOR_WIDTH + 1;

    private final PrintWriter out;
    private final boolean hasColour;

    TextNarrator(PrintWriter out, boolean hasColour) {
        this.out = out;
        this.hasColour = hasColour;
    }

    @Override
    public void tell(long nanos, DemoEvent event) {
        if (event instanceof DemoEvent.Opened e) {
            opened(e);
        } else if (event instanceof DemoEvent.StepBegun e) {
            out.println();
            out.println(ink(Ink.BOLD, e.number() + "  " + e.title()));
        } else if (event instanceof DemoEvent.Noted e) {
            line(nanos, Ink.FAINT, "demo", Ink.FAINT, e.text());
        } else if (event instanceof DemoEvent.ServerTold e) {
            String words = ServerWords.of(e.sid(), e.event());
            if (words != null) {
                Ink weight = ServerWords.isTurningPoint(e.event()) ? Ink.BOLD : Ink.NONE;
                line(nanos, Ink.ofServer(e.sid()), "server " + e.sid(), weight, words);
            }
        } else if (event instanceof DemoEvent.CandidateTold e) {
            Ink weight = CandidateWords.isTurningPoint(e.event()) ? Ink.BOLD : Ink.NONE;
            line(nanos, Ink.CANDIDATE, "candidate " + e.name(), weight, CandidateWords.of(e.event()));
        } else if (event instanceof DemoEvent.CameTrue e) {
            line(nanos, Ink.GOOD, "true", Ink.GOOD, e.what());
        } else if (event instanceof DemoEvent.StepFailed e) {
            line(nanos, Ink.BAD, "NOT TRUE", Ink.BAD, e.what());
            out.println();
            out.println(ink(Ink.BAD, "Step " + e.number() + " did not come true: " + e.title()));
        } else if (event instanceof DemoEvent.Finished e) {
            finished(e.summary());
        }
        out.flush();
    }

    private void opened(DemoEvent.Opened e) {
        out.println(ink(Ink.BOLD, e.version()));
        out.println(e.servers() + " servers elect a leader, and " + e.candidates() + " candidates elect one on them.");
        out.println("One process, real TCP on 127.0.0.1, real files in " + e.directory() + ".");
        out.println("A vote is (epoch, zxid, server id) of the server voted for: the newest history wins.");
    }

    private void line(long nanos, Ink actorInk, String actor, Ink textInk, String text) {
        String time = String.format(Locale.ROOT, "%7.3f s", nanos / 1e9);
        String padded = actor + " ".repeat(Math.max(0, ACTOR_WIDTH - actor.length()));
        String prefix = ink(Ink.FAINT, time) + "  " + ink(actorInk, padded) + " ";
        for (String part : wrapped(text, WIDTH - TEXT_COLUMN)) {
            out.println(prefix + ink(textInk, part));
            prefix = " ".repeat(TEXT_COLUMN);
        }
    }

    private void finished(Summary s) {
        out.println();
        out.println(ink(Ink.BOLD, "Summary"));
        row(
                "servers, first election",
                s.first().millis(),
                "server " + s.first().leader() + " leads epoch " + s.first().epoch());
        row(
                "servers, after the leader stopped",
                s.failover().millis(),
                "server " + s.failover().leader() + " leads epoch "
                        + s.failover().epoch());
        row("  until the first write was done", s.firstWriteMillis(), "acknowledged by a quorum's disks");
        row(
                "candidates, after the leader left",
                s.handoverMillis(),
                s.newLeadingCandidate() + " leads after " + s.oldLeadingCandidate());
        out.println("  " + s.sessionsKept() + " of " + s.sessionsKept() + " sessions lived on; all " + s.znodes()
                + " znodes are on the server that came back.");
        out.println(ink(
                Ink.GOOD, String.format(Locale.ROOT, "  Every step came true, in %.1f s.", s.totalMillis() / 1000)));
    }

    private void row(String what, double millis, String result) {
        out.println(String.format(Locale.ROOT, "  %-34s %9.1f ms   %s", what, millis, result));
    }

    /** {@code text} in lines of at most {@code width} columns, broken at spaces; a longer word stays whole. */
    static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            if (space <= 0) {
                space = rest.indexOf(' ');
            }
            if (space <= 0) {
                break;
            }
            lines.add(rest.substring(0, space));
            rest = rest.substring(space + 1);
        }
        lines.add(rest);
        return lines;
    }

    private String ink(Ink ink, String text) {
        return hasColour ? ink.on(text) : text;
    }
}
