package io.matriarch.server.config;

import io.matriarch.wire.ServerId;
import java.util.HashSet;
import java.util.Set;

/** What must hold between the members of an ensemble. */
final class EnsembleRules {
    private EnsembleRules() {}

    static void check(ConfigValues values, Complaints complaints) {
        if (values.members.isEmpty()) {
            return;
        }
        Set<ServerId> sids = new HashSet<>();
        boolean hasParticipant = false;
        for (MemberConfig member : values.members) {
            String key = "server." + member.sid();
            hasParticipant |= member.isParticipant();
            if (!sids.add(member.sid())) {
                complaints.add(key, "this id is taken by another line; ids must be unique");
            }
        }
        if (!hasParticipant) {
            complaints.add(
                    "server." + values.members.get(0).sid(), "all members are observers; one must be a participant");
        }
        if (!sids.contains(values.self)) {
            complaints.add("myid", "own id " + values.self + " has no server." + values.self + " line");
        }
    }
}
