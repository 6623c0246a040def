package io.matriarch.storage;

import java.util.ArrayList;
import java.util.List;

/** What recovery met that an operator may want to know though it does not stop the start; bounded. */
final class Notices {
    private static final int MAX_NOTICES = 100;

    private final List<String> lines = new ArrayList<>();
    private long dropped;

    void add(String line) {
        if (lines.size() < MAX_NOTICES) {
            lines.add(line);
        } else {
            dropped++;
        }
    }

    /** All lines, and how many more there were. */
    List<String> lines() {
        if (dropped == 0) {
            return List.copyOf(lines);
        }
        List<String> all = new ArrayList<>(lines);
        all.add("and " + dropped + " more notices");
        return List.copyOf(all);
    }
}
