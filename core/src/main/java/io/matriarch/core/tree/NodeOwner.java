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
final class NodeOwner {
    static final long CONTAINER = Long.MIN_VALUE;

    private static final long TTL_MARK = 0xFF00_0000_0000_0000L;
    private static final long TTL_BITS = 0x0000_00FF_FFFF_FFFFL;

    private NodeOwner() {}

    static long ofTtl(long ttlMillis) {
        return TTL_MARK | (ttlMillis & TTL_BITS);
    }

    static boolean isTtl(long owner) {
        return (owner & TTL_MARK) == TTL_MARK;
    }

    static long ttlMillis(long owner) {
        return owner & TTL_BITS;
    }

    static boolean isSession(long owner) {
        return owner != 0 && owner != CONTAINER && !isTtl(owner);
    }

    static long sessionOf(long owner) {
        return isSession(owner) ? owner : 0;
    }
}
