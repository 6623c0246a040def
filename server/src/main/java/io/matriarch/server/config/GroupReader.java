package io.matriarch.server.config;

import io.matriarch.core.quorum.QuorumGroups;
import io.matriarch.wire.ServerId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the lines {@code group.N=a:b:c} and {@code weight.N=w} (election.md 5.3) and says what is wrong with them. */
final class GroupReader {
    /** More would only invite overflow. */
    private static final long MAX_WEIGHT = 1_000_000;

    private final Map<ServerId, MemberConfig> members = new TreeMap<>();
    /** Keys of all lines: a server line that is wrong itself is there nevertheless. */
    private final Set<String> keys = new TreeSet<>();

    private final List<String> problems;
    private final Map<ServerId, Setting> groupOf = new TreeMap<>();
    private final SortedMap<Long, Set<ServerId>> groups = new TreeMap<>();
    private final SortedMap<ServerId, Long> weights = new TreeMap<>();

    GroupReader(Collection<MemberConfig> members, List<String> problems) {
        members.forEach(member -> this.members.put(member.sid(), member));
        this.problems = problems;
    }

    /** The groups of these settings, the lines of members aside; null if there are none, or none can be used. */
    @Nullable
    QuorumGroups read(Collection<Setting> settings) {
        int known = problems.size();
        Setting firstGroup = null;
        Setting firstWeight = null;
        settings.forEach(setting -> keys.add(setting.key()));
        for (Setting setting : settings) {
            if (setting.key().startsWith("group.")) {
                firstGroup = firstGroup == null ? setting : firstGroup;
                readGroup(setting);
            } else if (setting.key().startsWith("weight.")) {
                firstWeight = firstWeight == null ? setting : firstWeight;
                readWeight(setting);
            } else if (!setting.key().startsWith("server.")) {
                problems.add(setting.problem("must read group.N or weight.N, N a number"));
            }
        }
        if (firstGroup == null) {
            if (firstWeight != null) {
                problems.add(firstWeight.problem("has no effect without groups; add group lines that name every"
                        + " participant, or remove it"));
            }
            return null;
        }
        checkEveryParticipantIsGrouped(firstGroup);
        QuorumGroups read = new QuorumGroups(groups, weights);
        if (problems.size() == known && groups.values().stream().allMatch(group -> read.weightOf(group) == 0)) {
            problems.add(
                    firstGroup.problem("no group weighs anything, so nothing can ever be decided; give at least one"
                            + " participant a weight above 0"));
        }
        return problems.size() == known ? read : null;
    }

    private void readGroup(Setting setting) {
        Long number = numberOf(setting, "group.");
        Set<ServerId> sids = new TreeSet<>();
        for (String part : setting.value().split(":", -1)) {
            try {
                ServerId sid = new ServerId(Long.parseLong(part.strip()));
                if (mayStandIn(setting, sid)) {
                    sids.add(sid);
                }
            } catch (NumberFormatException e) {
                problems.add(setting.problem("must list server ids with colons between, as in 1:2:3"));
                return;
            }
        }
        if (number != null) {
            groups.put(number, sids);
        }
    }

    private boolean mayStandIn(Setting setting, ServerId sid) {
        MemberConfig member = members.get(sid);
        Setting earlier = groupOf.putIfAbsent(sid, setting);
        if (!hasLine(sid)) {
            problems.add(setting.problem("there is no line server." + sid + "; add it or take " + sid + " out"));
        } else if (member != null && !member.isParticipant()) {
            problems.add(setting.problem("server " + sid + " is an observer and is not counted; take it out"));
        } else if (earlier != null) {
            problems.add(setting.problem("server " + sid + " stands in " + earlier.key() + " on line " + earlier.line()
                    + " already; it must be in one group only"));
        } else {
            return true;
        }
        return false;
    }

    private boolean hasLine(ServerId sid) {
        return keys.contains("server." + sid);
    }

    private void readWeight(Setting setting) {
        Long sid = numberOf(setting, "weight.");
        if (sid == null) {
            return;
        }
        if (!hasLine(new ServerId(sid))) {
            problems.add(setting.problem("there is no line server." + sid + "; add it or remove this line"));
            return;
        }
        long weight = weightIn(setting.value());
        if (weight < 0) {
            problems.add(setting.problem("must be a whole number from 0 to " + MAX_WEIGHT));
        } else {
            weights.put(new ServerId(sid), weight);
        }
    }

    /** The weight; -1 if the text is none. */
    private static long weightIn(String text) {
        try {
            long weight = Long.parseLong(text);
            return weight <= MAX_WEIGHT ? weight : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void checkEveryParticipantIsGrouped(Setting firstGroup) {
        for (MemberConfig member : members.values()) {
            if (member.isParticipant() && !groupOf.containsKey(member.sid())) {
                problems.add(firstGroup.problem("server " + member.sid()
                        + " is in no group; name every participant in one, with weight 0 if it shall not decide"));
            }
        }
    }

    private @Nullable Long numberOf(Setting setting, String prefix) {
        try {
            return Long.parseLong(setting.key().substring(prefix.length()));
        } catch (NumberFormatException e) {
            problems.add(setting.problem("the part behind '" + prefix + "' must be a number"));
            return null;
        }
    }
}
