package io.matriarch.core.quorum;

import io.matriarch.wire.ServerId;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which servers stand together in a group, and how much each weighs (election.md 5.3).
 *
 * @param groups servers by the number of their group
 * @param weights 0 or more, by server; one that is not named weighs 1
 */
public record QuorumGroups(SortedMap<Long, Set<ServerId>> groups, SortedMap<ServerId, Long> weights) {
    public QuorumGroups {
        SortedMap<Long, Set<ServerId>> copy = new TreeMap<>();
        groups.forEach((group, sids) -> copy.put(group, Collections.unmodifiableSortedSet(new TreeSet<>(sids))));
        groups = Collections.unmodifiableSortedMap(copy);
        weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
    }

    /** The weight of a server that stands in a group; 0 for one that is in none. */
    public long weight(ServerId sid) {
        return groups.values().stream().anyMatch(group -> group.contains(sid)) ? weights.getOrDefault(sid, 1L) : 0;
    }

    /** What all these servers weigh together. */
    public long weightOf(Collection<ServerId> sids) {
        long sum = 0;
        for (ServerId sid : sids) {
            sum += weight(sid);
        }
        return sum;
    }

    /** The lines {@code group.N=a:b:c}, then {@code weight.N=w}, as the configuration text has them (election.md 5.2). */
    public String configText() {
        StringBuilder text = new StringBuilder();
        groups.forEach((group, sids) -> text.append("group.")
                .append(group)
                .append('=')
                .append(String.join(":", sids.stream().map(ServerId::toString).toList()))
                .append('\n'));
        for (Map.Entry<ServerId, Long> weight : weights.entrySet()) {
            text.append("weight.")
                    .append(weight.getKey())
                    .append('=')
                    .append(weight.getValue())
                    .append('\n');
        }
        return text.toString();
    }
}
