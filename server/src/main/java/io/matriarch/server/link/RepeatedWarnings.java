package io.matriarch.server.link;

import io.matriarch.core.port.TraceEvent;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Warnings that a peer can cause as often as it likes: each text is traced the first, second, fourth, eighth … time. For
 * the replica thread only.
 */
public final class RepeatedWarnings {
    /** Texts that are remembered; beyond it the one that was new longest ago is forgotten. */
    static final int MAX_TEXTS = 64;

    private final EventQueue events;
    private final Map<String, Integer> counts = new LinkedHashMap<>();

    /** Traces to {@code events}. */
    public RepeatedWarnings(EventQueue events) {
        this.events = events;
    }

    /** Warns of {@code text}, if it is its turn. */
    public void warn(String text) {
        warn(text, 1);
    }

    /** Warns of {@code text} from the fourth time on: it may happen now and then without anything being wrong. */
    public void warnIfRepeated(String text) {
        warn(text, 4);
    }

    private void warn(String text, int least) {
        int count = counts.merge(text, 1, Integer::sum);
        if (counts.size() > MAX_TEXTS) {
            counts.remove(counts.keySet().iterator().next());
        }
        if (count >= least && Integer.bitCount(count) == 1) {
            String times = count == 1 ? "" : " (" + count + " times)";
            events.trace(new TraceEvent.Warning(TraceEvent.Topic.ELECTION, text + times));
        }
    }
}
