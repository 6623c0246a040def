package io.matriarch.core.zab;

import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.Membership;
import io.matriarch.core.quorum.ReconfigRules;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.txn.SetDataTxn;
import io.matriarch.wire.txn.Txn;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which the membership changes (zab.md 14): a configuration is seen when it is proposed, and agreed when
 * that is committed. Lives as long as the peer.
 *
 * <p>Every change goes down the lane before whatever follows it, so a configuration is durable before the acknowledgement
 * of its proposal, or of the NEWLEADER that carried it, can leave through the gate. A server that acknowledged a
 * configuration thus never again takes a quorum of the old one alone for a quorum, whatever it forgets in a crash
 * (docs/adr/0007).
 */
public final class Configurations {
    private final Membership membership;
    private final ReconfigRules rules;
    private final DurabilityGate gate;

    public Configurations(Membership membership, ReconfigRules rules, DurabilityGate gate) {
        this.membership = membership;
        this.rules = rules;
        this.gate = gate;
    }

    public Membership membership() {
        return membership;
    }

    public ReconfigRules rules() {
        return rules;
    }

    /** Whether the members of this ensemble may change while it runs. */
    public boolean mayChange() {
        return rules.isEnabled() && !rules.isStandalone();
    }

    /** A transaction is about to be logged: a configuration in it is what we saw last from now on. */
    void logged(Txn txn) {
        Configuration proposed = configurationIn(txn);
        if (proposed != null && proposed.version() > membership.committed().version()) {
            see(proposed);
        }
    }

    /** A transaction was applied: a configuration in it is agreed. */
    void applied(Txn txn) {
        Configuration agreed = configurationIn(txn);
        if (agreed != null) {
            commit(agreed);
        }
    }

    /** Another configuration is proposed, or an older one is again what nothing newer is pending beside; null changes nothing. */
    void see(@Nullable Configuration proposed) {
        if (proposed == null) {
            return;
        }
        Configuration before = membership.lastSeen();
        membership.see(proposed);
        if (!membership.lastSeen().equals(before)) {
            store();
        }
    }

    /**
     * The same, if it is newer, for one that a snapshot holds: it is stored before the snapshot counts, as one in the log is before its record,
     * or a crash between the two would leave a tree with a configuration that its server does not know.
     */
    void seeNewer(@Nullable Configuration proposed) {
        if (proposed != null && proposed.version() > membership.lastSeen().version()) {
            see(proposed);
        }
    }

    /** A configuration is agreed; an older one than ours changes nothing (invariant 40). Says whether it was newer. */
    public boolean commit(Configuration agreed) {
        if (agreed.version() <= membership.committed().version()) {
            return false;
        }
        membership.commit(agreed);
        store();
        return true;
    }

    private void store() {
        gate.storeConfiguration(membership.committed(), membership.lastSeen());
    }

    /** The configuration that a reconfig transaction proposes; null for any other, and where the members never change. */
    private @Nullable Configuration configurationIn(Txn txn) {
        boolean isReconfig = txn.header().type() == OpCode.RECONFIG && txn.body() instanceof SetDataTxn;
        return isReconfig && mayChange() ? parse(((SetDataTxn) txn.body()).data()) : null;
    }

    /** Reads a configuration that a leader sent. Throws MalformedException if it is none. */
    static Configuration parse(@Nullable Bytes text) {
        if (text == null) {
            throw new MalformedException("a reconfiguration without a text");
        }
        return Configuration.parse(text.asUtf8());
    }
}
