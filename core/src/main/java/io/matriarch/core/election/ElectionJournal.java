package io.matriarch.core.election;

import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What happened in this server's elections, in order, so that anyone can later ask why this server leads. Bounded. */
public final class ElectionJournal {
    /** Entries kept; the oldest go first. */
    public static final int CAPACITY = 4096;

    private final Deque<Entry> entries = new ArrayDeque<>();

    /** One event and when it happened, on both clocks. */
    public record Entry(Now at, TraceEvent event) {}

    /** Keeps {@code event} if it belongs to an election; messages are left out. */
    public void record(Now now, TraceEvent event) {
        if (event.topic() != TraceEvent.Topic.ELECTION || event.level() == TraceEvent.Level.TRACE) {
            return;
        }
        if (entries.size() == CAPACITY) {
            entries.removeFirst();
        }
        entries.addLast(new Entry(now, event));
    }

    /** A copy, oldest first. */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }
}
