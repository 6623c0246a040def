package io.matriarch.core.request;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Id;
import io.matriarch.wire.Permission;
import java.util.List;

/** Whether this server asks access lists at all (client.md 11.2, the first rule). They are stored and shown either way. */
public enum AclChecks {
    /** Who is not named in a list may not do what it guards. */
    ENFORCED,
    /** Compat: with {@code skipACL=yes} everybody may do everything, also what is otherwise left to the super user. */
    SKIPPED;

    /** Whether somebody with {@code identities} may do what needs {@code permission} under {@code acl}. */
    boolean permit(List<Acl> acl, int permission, List<Id> identities) {
        return this == SKIPPED || AccessControl.isPermitted(acl, permission, identities);
    }

    /** Whether somebody with {@code identities} may read under {@code acl}. */
    boolean permitReading(List<Acl> acl, List<Id> identities) {
        return permit(acl, Permission.READ, identities);
    }
}
