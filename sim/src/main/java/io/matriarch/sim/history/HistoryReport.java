package io.matriarch.sim.history;

import java.util.List;

/**
 * What a check of a history found.
 *
 * @param violations empty if the history is right
 * @param calls how many requests were judged
 * @param acknowledgedWrites how many of them were writes that the service confirmed
 * @param events how many watch events
 * @param undecidedKeys keys whose search for a sequential explanation was given up; the other rules hold for them too
 */
public record HistoryReport(
        List<Violation> violations, int calls, int acknowledgedWrites, int events, List<String> undecidedKeys) {
    /** A rule that was broken, and by what. */
    public record Violation(HistoryRule rule, String text) {
        @Override
        public String toString() {
            return rule + ": " + text + " (" + rule.source() + ")";
        }
    }
}
