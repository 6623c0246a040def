package io.matriarch.core.request;

/**
 * The rules of sessions and readers that a simulation breaks on purpose, one by one, to prove that it would notice. Servers
 * use {@link #CORRECT}.
 */
public class RequestRules {
    public static final RequestRules CORRECT = new RequestRules();

    protected RequestRules() {}

    // --- local sessions (zab.md 12) ------------------------------------------------------------------------------

    /** A session becomes known to all servers before it creates an ephemeral znode. */
    public boolean upgradesForEphemerals() {
        return true;
    }

    /** The leader lets no session own an ephemeral znode that the ensemble does not know. */
    public boolean refusesEphemeralsOfLocals() {
        return true;
    }

    /** Once all servers know a session, it ceases to be one that this server answers for alone. */
    public boolean endsLocalWhenUpgraded() {
        return true;
    }

    /** The leader lets sessions write that only the server knows which they come through. */
    public boolean passesLocalsOfOthers() {
        return true;
    }

    // --- writes --------------------------------------------------------------------------------------------------

    /** A check that is no part of a multi never becomes a transaction (zab.md D17). */
    public boolean refusesChecksAlone() {
        return true;
    }

    // --- readers without a quorum (client.md 19, zab.md D20) -----------------------------------------------------

    /** Without a quorum, what would change the tree is refused. */
    public boolean refusesChangesWithoutQuorum() {
        return true;
    }

    /** When there is a quorum again, connections and sessions that were granted without one end. */
    public boolean endsReadersWithQuorum() {
        return true;
    }
}
