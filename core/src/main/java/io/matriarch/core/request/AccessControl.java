package io.matriarch.core.request;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Id;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what (client.md 11): evaluation of access lists, their fix-up when they are set, and what is shown of them.
 * Schemes known here: world, auth, digest, ip, and the identity super.
 */
final class AccessControl {
    static final String WORLD = "world";
    static final String AUTH = "auth";
    static final String DIGEST = "digest";
    static final String IP = "ip";
    static final String SUPER = "super";

    private static final String ANYONE = "anyone";

    private AccessControl() {}

    /** Whether somebody with {@code identities} holds {@code permission} under {@code acl} (client.md 11.2). */
    static boolean isPermitted(List<Acl> acl, int permission, List<Id> identities) {
        if (acl == Acl.OPEN || acl.isEmpty() || isSuper(identities)) {
            return true;
        }
        for (int i = 0; i < acl.size(); i++) {
            Acl entry = acl.get(i);
            if ((entry.perms() & permission) != 0 && names(entry.id(), identities)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The list to store for what a client gave (client.md 11.3): duplicates collapsed, "auth" replaced by the client's own
     * identities.
     *
     * @return null if it is not acceptable, which is error INVALID_ACL
     */
    static @Nullable List<Acl> fixUp(@Nullable List<Acl> given, List<Id> identities) {
        if (given == null || given.isEmpty()) {
            return null;
        }
        if (given.equals(Acl.OPEN)) {
            return Acl.OPEN;
        }
        List<Acl> fixed = new ArrayList<>(given.size());
        for (Acl entry : new LinkedHashSet<>(given)) {
            Id id = entry.id();
            if (AUTH.equals(id.scheme())) {
                int before = fixed.size();
                addOwn(entry.perms(), identities, fixed);
                if (fixed.size() == before) {
                    return null;
                }
            } else if (isWellFormed(id)) {
                fixed.add(entry);
            } else {
                return null;
            }
        }
        return fixed;
    }

    /** What somebody with READ but not ADMIN is shown of a list: no password hashes (client.md 6.4). */
    static List<Acl> redacted(List<Acl> acl) {
        List<Acl> shown = new ArrayList<>(acl.size());
        for (Acl entry : acl) {
            Id id = entry.id();
            int colon = DIGEST.equals(id.scheme()) ? id.id().indexOf(':') : -1;
            shown.add(
                    colon < 0
                            ? entry
                            : new Acl(entry.perms(), new Id(DIGEST, id.id().substring(0, colon + 1) + "x")));
        }
        return shown;
    }

    private static boolean isSuper(List<Id> identities) {
        for (int i = 0; i < identities.size(); i++) {
            if (SUPER.equals(identities.get(i).scheme())) {
                return true;
            }
        }
        return false;
    }

    private static boolean names(Id entry, List<Id> identities) {
        if (WORLD.equals(entry.scheme())) {
            return ANYONE.equals(entry.id());
        }
        for (int i = 0; i < identities.size(); i++) {
            Id identity = identities.get(i);
            if (identity.scheme() != null
                    && identity.scheme().equals(entry.scheme())
                    && identity.id() != null
                    && matches(entry, identity)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(Id entry, Id identity) {
        if (DIGEST.equals(entry.scheme())) {
            return identity.id().equals(entry.id());
        }
        if (IP.equals(entry.scheme()) && entry.id() != null) {
            IpPattern pattern = IpPattern.parse(entry.id());
            return pattern != null && pattern.matches(identity.id());
        }
        return false;
    }

    private static boolean isWellFormed(Id id) {
        if (id.scheme() == null || id.id() == null) {
            return false;
        }
        return switch (id.scheme()) {
            case WORLD -> id.id().equals(ANYONE);
            case DIGEST -> isUserAndHash(id.id());
            case IP -> IpPattern.parse(id.id()) != null;
            default -> false;
        };
    }

    /** Exactly one colon with something on either side. */
    private static boolean isUserAndHash(String id) {
        int colon = id.indexOf(':');
        return colon > 0 && colon < id.length() - 1 && id.indexOf(':', colon + 1) < 0;
    }

    private static void addOwn(int perms, List<Id> identities, List<Acl> to) {
        for (Id identity : identities) {
            if (DIGEST.equals(identity.scheme())) {
                to.add(new Acl(perms, identity));
            }
        }
    }
}
