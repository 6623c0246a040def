package io.matriarch.server.config;

import io.matriarch.wire.ServerId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What must hold between the members of an ensemble. */
final class EnsembleRules {
    private EnsembleRules() {}

    static void check(ConfigValues values, ConfigRules.Complaints complaints) {
        if (values.members.isEmpty()) {
            return;
        }
        Set<ServerId> sids = new HashSet<>();
        Map<String, ServerId> ports = new HashMap<>();
        boolean hasParticipant = false;
        for (MemberConfig member : values.members) {
            String key = "server." + member.sid();
            hasParticipant |= member.isParticipant();
            if (!sids.add(member.sid())) {
                complaints.add(key, "this id is taken by another line; ids must be unique");
            }
            checkPort(key, member, member.quorumPort(), ports, complaints);
            checkPort(key, member, member.electionPort(), ports, complaints);
        }
        if (!hasParticipant) {
            complaints.add(
                    "server." + values.members.get(0).sid(), "all members are observers; one must be a participant");
        }
        if (!sids.contains(values.self)) {
            complaints.add("myid", "own id " + values.self + " has no server." + values.self + " line");
        }
    }

    private static void checkPort(
            String key, MemberConfig member, int port, Map<String, ServerId> ports, ConfigRules.Complaints complaints) {
        ServerId other = ports.putIfAbsent(member.host() + ":" + port, member.sid());
        if (other != null && !other.equals(member.sid())) {
            complaints.add(
                    key,
                    member.host() + ":" + port + " is taken by server." + other
                            + "; every address and port must be unique");
        }
    }
}
