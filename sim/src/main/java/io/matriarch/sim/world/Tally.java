package io.matriarch.sim.world;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often what was reached in a world, by group and name: kinds of servers, faults, synchronizations, epochs led. A
 * search that never reaches something proves nothing about it.
 */
public final class Tally {
    /** Servers that took part, by kind. */
    public static final String SERVERS = "servers";
    /** Faults that struck. */
    public static final String FAULTS = "faults";
    /** How learners were brought to their leader's history, leader's kind first. */
    public static final String SYNCS = "syncs";
    /** What became of wishes that another server should lead. */
    public static final String TRANSFERS = "transfers";
    /** Configurations that were agreed, by the kind of the leader and whether it gave the lead away with them. */
    public static final String CONFIGURATIONS = "configurations";
    /** Epochs that began, by the leader's kind. */
    public static final String LED = "epochs led";

    /** Local sessions that became known to all, the kind of their server first, and of the leader. */
    public static final String UPGRADES = "local sessions made known";

    /** Clients that were served without a quorum, by the kind of server. */
    public static final String READERS = "readers without a quorum";

    /** Connections of observers to followers, the observer's kind first. */
    public static final String OBSERVING = "observers at followers";

    private final SortedMap<String, SortedMap<String, Long>> groups = new TreeMap<>();

    /** One more. */
    public void count(String group, String name) {
        add(group, name, 1);
    }

    /** Adds everything that {@code other} counted. */
    public void addAll(Tally other) {
        other.groups.forEach((group, names) -> names.forEach((name, count) -> add(group, name, count)));
    }

    /** How often {@code name} was reached. */
    public long of(String group, String name) {
        return groups.getOrDefault(group, Collections.emptySortedMap()).getOrDefault(name, 0L);
    }

    /** By group, by name. */
    public SortedMap<String, SortedMap<String, Long>> groups() {
        return Collections.unmodifiableSortedMap(groups);
    }

    private void add(String group, String name, long count) {
        groups.computeIfAbsent(group, key -> new TreeMap<>()).merge(name, count, Long::sum);
    }

    /** One line per group. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        groups.forEach((group, names) -> {
            text.append(text.isEmpty() ? "" : "\n").append(group).append(':');
            names.forEach((name, count) ->
                    text.append(' ').append(name).append(' ').append(count).append(','));
            text.setLength(text.length() - 1);
        });
        return text.toString();
    }
}
