package io.matriarch.core.peer;

import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.zab.Zab;
import io.matriarch.core.zab.ZabRules;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.election.Notification;

/**
 * The configuration that came with a notification. One newer than ours is taken over by a server that looks for a leader, and
 * by no other (election.md 2.4, step 3; invariant 12).
 */
final class ToldConfiguration {
    private ToldConfiguration() {}

    /** Says whether the members are others now, or those of a pending configuration that this one puts an end to. */
    static boolean adopt(Zab zab, Notification n) {
        ZabRules rules = zab.rules();
        String text = n.config();
        if (text == null || (!zab.configurations().mayChange() && rules.keepsFixedMembers())) {
            return false;
        }
        Configuration before = zab.membership().committed();
        Configuration pendingBefore = zab.membership().lastSeen();
        try {
            if (Configuration.versionIn(text) <= before.version()) {
                return false;
            }
            zab.configurations().commit(Configuration.parse(text));
        } catch (MalformedException e) {
            if (!rules.passesOverBadConfigurations()) {
                throw e;
            }
            return false; // Compat: the rest of the message counts all the same
        }
        zab.showConfig();
        return !zab.membership().committed().isSameBut(before)
                || !zab.membership().lastSeen().isSameBut(pendingBefore);
    }
}
