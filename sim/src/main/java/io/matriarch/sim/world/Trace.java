package io.matriarch.sim.world;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One line per step, and a hash over all steps: equal seeds must give equal hashes. Each costs time only if asked for.
 */
final class Trace {
    private static final long PRIME = 0x100000001B3L;

    private final @Nullable Consumer<String> sink;
    private final boolean isHashing;
    private long hash = 0xCBF29CE484222325L;

    Trace(@Nullable Consumer<String> sink, boolean isHashing) {
        this.sink = sink;
        this.isHashing = isHashing;
    }

    void step(long nanos, int sid, Event event, List<Effect> effects) {
        if (isHashing) {
            hashStep(nanos, sid, event, effects);
        }
        if (sink != null && !(event instanceof Event.TimePassed && effects.isEmpty())) {
            StringBuilder line = TraceText.start(nanos, "s" + sid);
            line.append(TraceText.of(event));
            for (Effect effect : effects) {
                line.append("\n                  -> ").append(TraceText.of(effect));
            }
            sink.accept(line.toString());
        }
    }

    /** Whether it is worth while to make text. */
    boolean isRead() {
        return sink != null;
    }

    /** Something that the world does to a server. */
    void note(long nanos, int sid, String what) {
        note(nanos, "s" + sid, what);
    }

    void note(long nanos, String who, String what) {
        if (sink != null) {
            sink.accept(TraceText.start(nanos, who).append("** ").append(what).toString());
        }
    }

    long hash() {
        return hash;
    }

    private void hashStep(long nanos, int sid, Event event, List<Effect> effects) {
        mix(nanos);
        mix(sid);
        // The tree of a reloaded database has no text of its own.
        mix(event instanceof Event.Reloaded ? TraceText.of(event) : event.toString());
        for (Effect effect : effects) {
            mix(effect.toString());
            if (effect instanceof Effect.Append append) {
                mix(append.entry().payload().hashCode());
            }
        }
    }

    private void mix(String text) {
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
    }

    private void mix(long value) {
        hash = (hash ^ value) * PRIME;
        hash ^= hash >>> 31;
    }
}
