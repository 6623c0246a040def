package io.matriarch.compat.candidates;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Sees who begins and who ceases to lead, whatever its library, and remembers when two did at once. */
final class Witness {
    private final Set<String> leading = new LinkedHashSet<>();
    private final List<String> story = new ArrayList<>();
    private final List<String> overlaps = new ArrayList<>();

    synchronized void begins(String name) {
        story.add(name + " begins");
        leading.add(name);
        if (leading.size() > 1) {
            overlaps.add(leading + " lead together: " + String.join(", ", story));
        }
    }

    /** Nothing happens if it did not lead. */
    synchronized void ceases(String name) {
        if (leading.remove(name)) {
            story.add(name + " ceases");
        }
    }

    /** Who leads alone; empty if nobody does, or several. */
    synchronized String leader() {
        return leading.size() == 1 ? leading.iterator().next() : "";
    }

    synchronized List<String> overlaps() {
        return List.copyOf(overlaps);
    }

    @Override
    public synchronized String toString() {
        return String.join(", ", story);
    }
}
