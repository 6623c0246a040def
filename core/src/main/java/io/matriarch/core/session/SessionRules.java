package io.matriarch.core.session;

/**
 * Which sessions a server grants besides those that the whole ensemble knows.
 *
 * @param hasLocal new sessions are known to the server that grants them, and to no other (localSessionsEnabled)
 * @param mayUpgrade such a session becomes one that all servers know when it first creates an ephemeral znode; without it
 *     the creation is refused (localSessionsUpgradingEnabled)
 * @param hasReadOnly clients that allow it are served, for reading, while there is no quorum (readonlymode.enabled)
 */
public record SessionRules(boolean hasLocal, boolean mayUpgrade, boolean hasReadOnly) {
    /** Every session is known to all servers, and without a quorum nobody is served: ZooKeeper's defaults. */
    public static final SessionRules DEFAULT = new SessionRules(false, false, false);
}
