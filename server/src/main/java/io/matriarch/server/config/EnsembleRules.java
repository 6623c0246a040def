package io.matriarch.server.config;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import io.matriarch.wire.election.Opening;
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
            checkOpening(key, member, complaints);
        }
        if (!hasParticipant) {
            complaints.add(
                    "server." + values.members.get(0).sid(), "all members are observers; one must be a participant");
        }
        if (!sids.contains(values.self)) {
            complaints.add("myid", "own id " + values.self + " has no server." + values.self + " line");
        }
    }

    /** All addresses of a server must fit into what it says when it dials another (election.md 1.2). */
    private static void checkOpening(String key, MemberConfig member, Complaints complaints) {
        int length = -1;
        for (HostPort address : member.electionAddresses()) {
            length += Bytes.utf8(address.toString()).length() + 1;
        }
        if (length > Opening.MAX_TEXT_BYTES) {
            complaints.add(
                    key,
                    "its election addresses take " + length + " bytes as text; at most " + Opening.MAX_TEXT_BYTES
                            + " are allowed");
        }
    }
}
