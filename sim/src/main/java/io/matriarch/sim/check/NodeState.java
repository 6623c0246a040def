package io.matriarch.sim.check;

import io.matriarch.wire.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A znode after one transaction, as the second, naive tree has it.
 *
 * @param exists whether it is there; the rest means nothing if not
 * @param created how many children it ever had
 * @param ttlMillis its time to live; 0 for any
 * @param changedMillis when its data was changed last, by the clock of the leader then
 */
record NodeState(
        boolean exists,
        @Nullable Bytes data,
        int version,
        long czxid,
        long mzxid,
        long owner,
        int created,
        int children,
        long pzxid,
        long ttlMillis,
        long changedMillis) {
    static final NodeState ABSENT = new NodeState(false, null, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    static NodeState created(@Nullable Bytes data, long zxid, long timeMillis, long owner, long ttlMillis) {
        return new NodeState(true, data, 0, zxid, zxid, owner, 0, 0, zxid, ttlMillis, timeMillis);
    }

    NodeState withData(@Nullable Bytes newData, int newVersion, long zxid, long timeMillis) {
        return new NodeState(
                true, newData, newVersion, czxid, zxid, owner, created, children, pzxid, ttlMillis, timeMillis);
    }

    NodeState withChild(long zxid) {
        return new NodeState(
                true, data, version, czxid, mzxid, owner, created + 1, children + 1, zxid, ttlMillis, changedMillis);
    }

    NodeState withoutChild(long zxid) {
        return new NodeState(
                true, data, version, czxid, mzxid, owner, created, children - 1, zxid, ttlMillis, changedMillis);
    }
}
