package io.matriarch.testkit;

import io.matriarch.core.port.TraceEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** What the servers of a test told, and what was done to them, newest last. May be used by any thread. */
final class Transcript {
    /** Lines that are kept; an election of five servers takes about a hundred. */
    static final int MAX_LINES = 2_000;

    private final long beganNanos = System.nanoTime();
    private final Deque<Line> lines = new ArrayDeque<>();
    private long forgotten;

    private record Line(long nanos, String who, Object what) {}

    /** A server told something. */
    void traced(long sid, TraceEvent event) {
        // One line per message of an election is more than anybody reads.
        if (event.level() != TraceEvent.Level.TRACE) {
            add("s" + sid, event);
        }
    }

    /** The test did something. */
    void note(String what) {
        add("**", what);
    }

    private synchronized void add(String who, Object what) {
        if (lines.size() == MAX_LINES) {
            lines.removeFirst();
            forgotten++;
        }
        lines.addLast(new Line(System.nanoTime(), who, what));
    }

    /** One line each: seconds since the ensemble was made, the server, the event. */
    synchronized String text() {
        StringBuilder text = new StringBuilder();
        if (forgotten > 0) {
            text.append("  ... ").append(forgotten).append(" lines before\n");
        }
        for (Line line : lines) {
            String what = line.what instanceof TraceEvent.Warning warning ? warning.text() : line.what.toString();
            text.append(String.format(Locale.ROOT, "%10.3f %-3s ", (line.nanos - beganNanos) / 1e9, line.who))
                    .append(what)
                    .append('\n');
        }
        return text.toString();
    }
}
