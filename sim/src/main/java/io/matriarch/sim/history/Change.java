package io.matriarch.sim.history;

import io.matriarch.wire.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A change of a znode that its writer was told of.
 *
 * @param above it happened after this zxid
 * @param zxid at this one, or, where {@code above} is less than the one before it, not later than at this one
 * @param type a {@link io.matriarch.wire.client.WatchEvent} type
 * @param data what the znode held from then on; null as well if it was deleted
 * @param version what {@code Stat.version} was from then on; -1 if it was deleted
 */
record Change(long above, long zxid, int type, @Nullable Bytes data, int version, Call cause) {
    static final int DELETED = -1;

    static Change at(long zxid, int type, @Nullable Bytes data, int version, Call cause) {
        return new Change(zxid - 1, zxid, type, data, version, cause);
    }

    boolean isDeletion() {
        return version == DELETED;
    }

    @Override
    public String toString() {
        return "[" + cause + "] at 0x" + Long.toHexString(zxid);
    }
}
