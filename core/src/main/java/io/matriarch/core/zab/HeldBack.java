package io.matriarch.core.zab;

import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.quorum.QuorumPacket;
import org.jspecify.annotations.Nullable;

/**
 * What was committed after a learner was sent NEWLEADER, and follows UPTODATE (zab.md R6).
 *
 * <p>A configuration among it is said to be agreed as it would have been at the time (zab.md 14). Compat: an Apache learner
 * that is up to date takes a plain commit of one for any transaction, and would go on with the members that were before.
 */
final class HeldBack {
    private final Zab zab;
    private final ServerId leader;
    private final @Nullable ServerId successor;

    /**
     * @param leader whom the learner follows through us
     * @param successor whom the newest configuration gave the lead instead; null if it left it where it is
     */
    HeldBack(Zab zab, ServerId leader, @Nullable ServerId successor) {
        this.zab = zab;
        this.leader = leader;
        this.successor = successor;
    }

    /** For a follower, behind the proposal. */
    QuorumPacket commit(LogEntry entry) {
        return changesMembers(entry)
                ? Activation.commit(entry.zxid(), designated(entry))
                : Proposal.commit(entry.zxid());
    }

    /** For an observer. */
    QuorumPacket inform(LogEntry entry) {
        return changesMembers(entry)
                ? Activation.inform(Proposal.decode(entry.zxid(), entry.payload()), designated(entry))
                : Proposal.inform(entry);
    }

    private boolean changesMembers(LogEntry entry) {
        if (!zab.configurations().mayChange()) {
            return false;
        }
        Proposal proposal = Proposal.decode(entry.zxid(), entry.payload());
        return proposal.txn().header().type() == OpCode.RECONFIG;
    }

    private ServerId designated(LogEntry entry) {
        boolean isNewest = entry.zxid().value() == zab.membership().committed().version();
        return isNewest && successor != null ? successor : leader;
    }
}
