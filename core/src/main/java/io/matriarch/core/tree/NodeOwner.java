package io.matriarch.core.tree;

/**
 * The stored owner of a znode (zab.md 6.5): 0 for a persistent one, a session id for an ephemeral one, and two kinds of
 * marks.
 *
 * <pre>
 * 0x8000000000000000                          container
 * 0xFF, 2 bytes 0, 5 bytes ttl in millis      znode with a time to live
 * </pre>
 *
 * Deviation: marks of znodes with a time to live are always decoded, whatever {@code extendedTypesEnabled} says; Apache
 * without the flag takes them for sessions that do not exist (client.md 9.5).
 */
public final class NodeOwner {
    /** A container. */
    public static final long CONTAINER = Long.MIN_VALUE;

    /** Longest time to live, in milliseconds. */
    public static final long MAX_TTL_MILLIS = 0x0000_00FF_FFFF_FFFFL;

    private static final long TTL_MARK = 0xFF00_0000_0000_0000L;

    private NodeOwner() {}

    /** The mark of a znode with this time to live, 1 to {@link #MAX_TTL_MILLIS}. */
    public static long ofTtl(long ttlMillis) {
        return TTL_MARK | (ttlMillis & MAX_TTL_MILLIS);
    }

    /** Whether it marks a time to live. A session of server 255 begins alike, and goes on with a time that is not 0. */
    public static boolean isTtl(long owner) {
        return (owner & ~MAX_TTL_MILLIS) == TTL_MARK;
    }

    /** The time to live, in milliseconds; of a mark of one only. */
    public static long ttlMillis(long owner) {
        return owner & MAX_TTL_MILLIS;
    }

    static boolean isSession(long owner) {
        return owner != 0 && owner != CONTAINER && !isTtl(owner);
    }

    /** The session that owns the znode, 0 if it is not ephemeral. */
    public static long sessionOf(long owner) {
        return isSession(owner) ? owner : 0;
    }
}
