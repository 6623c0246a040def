package io.matriarch.sim.check;

import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.txn.Txn;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The meaning of every zxid: the first server that logs one is its leader, everybody else must log the same. */
public final class Proposals {
    private final Map<Long, Bytes> payloads = new HashMap<>();
    private final Map<Long, Txn> decoded = new HashMap<>();
    private final Map<Long, ZxidList> snapshots = new HashMap<>();
    private final Set<Long> created = new HashSet<>();
    private final Set<Long> closing = new HashSet<>();
    private final TreeSet<Long> reconfigurations = new TreeSet<>();
    private final TxnBounds bounds;

    Proposals(TxnBounds bounds) {
        this.bounds = bounds;
    }

    void seen(LogEntry entry, String where) {
        long zxid = entry.zxid().value();
        Bytes known = payloads.putIfAbsent(zxid, entry.payload());
        if (known == null) {
            Txn txn = Txn.decode(entry.payload());
            InvariantViolation.require(
                    txn.header().zxid().value() == zxid,
                    Invariant.ONE_MEANING_PER_ZXID,
                    () -> Zxids.show(zxid) + " " + where + " carries the header of "
                            + txn.header().zxid());
            decoded.put(zxid, txn);
            if (txn.header().type() == OpCode.RECONFIG) {
                reconfigurations.add(zxid);
            }
            if (txn.header().type() == OpCode.CLOSE_SESSION) {
                closing.add(txn.header().clientId());
            } else if (txn.header().type() == OpCode.CREATE_SESSION) {
                created.add(txn.header().clientId());
            }
        } else {
            InvariantViolation.require(
                    known.equals(entry.payload()),
                    Invariant.ONE_MEANING_PER_ZXID,
                    () -> Zxids.show(zxid) + " " + where + " is " + entry.payload() + " but was " + known);
        }
    }

    /** A leader proposes this. */
    void proposed(LogEntry entry) {
        int sizeBytes = entry.payload().length();
        InvariantViolation.require(
                sizeBytes <= bounds.mostBytes(),
                Invariant.READABLE_TRANSACTION,
                () -> entry.zxid() + " has " + sizeBytes + " bytes where servers read " + bounds.mostBytes());
    }

    /** What a snapshot with this label that goes over the wire holds; a label stands for one history. */
    void snapshotSent(long label, ZxidList content) {
        ZxidList known = snapshots.putIfAbsent(label, content);
        InvariantViolation.require(
                known == null || known.hasSame(content),
                Invariant.PREFIX_CONSISTENCY,
                () -> "two different histories are sent as snapshot " + Zxids.show(label));
    }

    ZxidList snapshotContent(long label) {
        ZxidList content = snapshots.get(label);
        if (content == null) {
            throw new InvariantViolation(
                    Invariant.PREFIX_CONSISTENCY, "snapshot " + Zxids.show(label) + " is installed and was never sent");
        }
        return content;
    }

    /** The newest proposed configuration up to {@code zxid}; 0 if there is none. */
    long reconfigurationUpTo(long zxid) {
        Long newest = reconfigurations.floor(zxid);
        return newest == null ? 0 : newest;
    }

    /** Whether a leader ever proposed to close the session. */
    boolean isClosing(long sessionId) {
        return closing.contains(sessionId);
    }

    /** Whether a leader ever proposed to create the session. */
    boolean isCreated(long sessionId) {
        return created.contains(sessionId);
    }

    /** The transaction of a zxid that was logged somewhere. */
    Txn txn(long zxid) {
        Txn txn = decoded.get(zxid);
        if (txn == null) {
            throw new InvariantViolation(
                    Invariant.ONE_MEANING_PER_ZXID, Zxids.show(zxid) + " is delivered and was never logged");
        }
        return txn;
    }
}
