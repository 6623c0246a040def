package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;
import static java.util.Objects.requireNonNull;

import io.matriarch.core.quorum.Configuration;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.txn.SetDataTxn;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The one sequence of transactions that the ensemble has delivered to anybody so far, and what it means. Every server
 * that serves must have delivered a prefix of it.
 */
public final class DeliveredHistory {
    /** Who asked for a transaction. */
    private record Request(long sessionId, int cxid) {}

    private final Proposals proposals;
    private final List<ServerLog> logs;
    private final Electorate quorums;
    private final SequentialTree tree;
    private final ZxidList delivered = new ZxidList();
    private final Map<Request, Long> byRequest = new HashMap<>();
    private final Set<Long> reusing = new HashSet<>();
    private final Map<Long, Integer> lastCxid = new HashMap<>();
    private final Map<Long, Long> digests = new HashMap<>();

    /** {@code logs}: those of servers 1, 2, … in this order. */
    public DeliveredHistory(Proposals proposals, List<ServerLog> logs, Electorate quorums, boolean hasLocalSessions) {
        this.tree = new SequentialTree(hasLocalSessions);
        this.quorums = quorums;
        this.proposals = proposals;
        this.logs = new ArrayList<>(logs);
    }

    /** The last zxid that anybody delivered. */
    public long last() {
        return delivered.lastOr(0);
    }

    SequentialTree tree() {
        return tree;
    }

    boolean isClosing(long sessionId) {
        return proposals.isClosing(sessionId);
    }

    boolean isCreated(long sessionId) {
        return proposals.isCreated(sessionId);
    }

    Txn txn(long zxid) {
        return proposals.txn(zxid);
    }

    /** The client of this session counts its xids from one again on each connection, as kazoo does. */
    void reusesXids(long sessionId) {
        reusing.add(sessionId);
    }

    /** The zxid of the transaction that this request became, or null. */
    @Nullable
    Long zxidOf(long sessionId, int cxid) {
        return byRequest.get(new Request(sessionId, cxid));
    }

    /** Server {@code sid}, serving, has everything from {@code above} (exclusive) to {@code upTo} in its tree. */
    void served(int sid, ServerLog log, long above, long upTo) {
        int mine = log.entries().firstAbove(above);
        int theirs = delivered.firstAbove(above);
        while (mine < log.entries().size() && log.entries().get(mine) <= upTo) {
            long zxid = log.entries().get(mine++);
            if (theirs < delivered.size()) {
                long expected = delivered.get(theirs++);
                require(
                        zxid == expected,
                        Invariant.PREFIX_CONSISTENCY,
                        () -> "server " + sid + " delivers " + Zxids.show(zxid) + " where others delivered "
                                + Zxids.show(expected));
            } else {
                deliverFirst(sid, zxid);
                theirs++;
            }
        }
        long missing = theirs < delivered.size() ? delivered.get(theirs) : Long.MAX_VALUE;
        require(
                missing > upTo,
                Invariant.PREFIX_CONSISTENCY,
                () -> "server " + sid + " is at " + Zxids.show(upTo) + " without " + Zxids.show(missing));
    }

    /** Server {@code sid}, serving, has everything up to {@code upTo} in its tree, of which its log may hold less. */
    void servedFromMemory(int sid, long upTo) {
        boolean isDelivered = upTo == 0 || Zxids.counter(upTo) == 0 || delivered.contains(upTo);
        require(
                isDelivered,
                Invariant.PREFIX_CONSISTENCY,
                () -> "server " + sid + ", an observer, is at " + Zxids.show(upTo) + ", which nobody delivered before");
    }

    /** A tree at {@code zxid} has this digest. */
    void digest(int sid, long zxid, long digest) {
        Long known = digests.putIfAbsent(zxid, digest);
        require(
                known == null || known == digest,
                Invariant.EQUAL_TREES,
                () -> "server " + sid + " at " + Zxids.show(zxid) + " has digest " + Long.toHexString(digest)
                        + ", others have " + (known == null ? "" : Long.toHexString(known)));
    }

    private void deliverFirst(int sid, long zxid) {
        IntPredicate holds = voter -> logs.get(voter - 1).hasForced(zxid);
        require(
                quorums.isQuorum(holds),
                Invariant.COMMIT_QUORUM,
                () -> "server " + sid + " delivers " + Zxids.show(zxid) + ", which the disks of " + quorums.who(holds)
                        + " hold; " + quorums);
        reconfigured(sid, zxid, holds);
        long before = delivered.lastOr(0);
        boolean isNext = Zxids.epoch(zxid) == Zxids.epoch(before)
                ? zxid == before + 1
                : zxid > before && Zxids.counter(zxid) == 1;
        require(
                isNext,
                Invariant.PROPOSALS_CONTIGUOUS,
                () -> "server " + sid + " delivers " + Zxids.show(zxid) + " right after " + Zxids.show(before));
        delivered.add(zxid);
        Txn txn = proposals.txn(zxid);
        recordRequest(zxid, txn);
        tree.apply(zxid, txn);
    }

    /**
     * A server takes a configuration for agreed. Most are delivered with a transaction; the first one, and one whose
     * transaction was lost and that a later leader completed all the same, are agreed with its NEWLEADER alone.
     *
     * @param log of the server
     */
    void agreed(Configuration configuration, ServerLog log) {
        boolean isNewer = configuration.version() > quorums.lastSeenVersion();
        if (isNewer && !log.hasOrdered(configuration.version())) {
            quorums.recovers(configuration, configuration);
        }
    }

    /** A configuration is delivered: quorums of both hold it (invariant 37), and from here on its own decide. */
    private void reconfigured(int sid, long zxid, IntPredicate holds) {
        Txn txn = proposals.txn(zxid);
        if (txn.header().type() == OpCode.RECONFIG && txn.body() instanceof SetDataTxn set) {
            Configuration next = Configuration.parse(requireNonNull(set.data()).asUtf8());
            quorums.recovers(next, next);
            require(
                    quorums.isQuorum(holds),
                    Invariant.CONFIGURATION_QUORUMS,
                    () -> "server " + sid + " delivers configuration " + Zxids.show(zxid) + ", which the disks of "
                            + quorums.who(holds) + " hold; " + quorums);
        }
    }

    private void recordRequest(long zxid, Txn txn) {
        long session = txn.header().clientId();
        int cxid = txn.header().cxid();
        if (cxid == 0 || txn.header().type() == OpCode.CREATE_SESSION) {
            return;
        }
        if (reusing.contains(session)) {
            byRequest.put(new Request(session, cxid), zxid);
            return;
        }
        Long earlier = byRequest.putIfAbsent(new Request(session, cxid), zxid);
        require(
                earlier == null,
                Invariant.ONE_TRANSACTION_PER_REQUEST,
                () -> "request " + cxid + " of session 0x" + Long.toHexString(session) + " became "
                        + (earlier == null ? "" : Zxids.show(earlier)) + " and " + Zxids.show(zxid));
        if (txn.header().type() != OpCode.ERROR) {
            Integer previous = lastCxid.put(session, cxid);
            require(
                    previous == null || previous < cxid,
                    Invariant.CLIENT_ORDER,
                    () -> "request " + cxid + " of session 0x" + Long.toHexString(session) + " is executed after "
                            + previous);
        }
    }
}
