package io.matriarch.core.request;

import static io.matriarch.core.request.ZnodeChanges.failed;

import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.request.ZnodeChanges.Call;
import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.Quotas;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Permission;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.txn.CloseSessionTxn;
import io.matriarch.wire.txn.CreateSessionTxn;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.MultiTxn;
import io.matriarch.wire.txn.SetDataTxn;
import io.matriarch.wire.txn.SubTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnBody;
import io.matriarch.wire.txn.TxnDigest;
import io.matriarch.wire.txn.TxnHeader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The leader's first look at every write: it becomes exactly one transaction, an error transaction if a check fails (zab.md
 * 13). Checks are made against everything prepared before, applied or not, in the order of client.md 6.2 and 6.3; the first
 * that fails decides.
 *
 * <p>Make a new one for every term of leading, over a tree to which everything known has been applied.
 */
public final class TxnPreparation {
    private static final int ANY_VERSION = -1;

    /** A session that was opened or closed by a transaction not yet applied. */
    private record SessionChange(long zxid, long sessionId, boolean isOpening) {}

    private final DataTree tree;
    private final LongPredicate mayBeLocal;
    private final boolean isDigesting;
    private final PendingTree pending;
    private final QuotaChecks quotas;
    private final ZnodeChanges znodes;
    private final TxnLimit limit;
    private final MembershipChange membership;
    private final RequestRules rules;
    private final ArrayDeque<SessionChange> sessionChanges = new ArrayDeque<>();
    private final Map<Long, SessionChange> changedSessions = new HashMap<>();

    /**
     * Prepares for {@code tree}; tell it of every transaction that is applied ({@link #applied}).
     *
     * @param isDigesting whether transactions carry the digest of the tree after them (zab.md 6.2)
     */
    public TxnPreparation(DataTree tree, boolean isDigesting) {
        this(
                tree,
                isDigesting,
                sessionId -> false,
                MembershipChange.never(),
                TxnLimit.NONE,
                RequestRules.CORRECT,
                ZnodeConfig.DEFAULT);
    }

    /**
     * The same where sessions that are not in the tree may write too, but for ephemeral znodes.
     *
     * @param membership what reconfig is checked against
     * @param limit how long a transaction may be
     * @param rules rules that only tests replace
     * @param config what operators decide about znodes
     */
    public TxnPreparation(
            DataTree tree,
            boolean isDigesting,
            LongPredicate mayBeLocal,
            MembershipChange membership,
            TxnLimit limit,
            RequestRules rules,
            ZnodeConfig config) {
        this.tree = tree;
        this.isDigesting = isDigesting;
        this.mayBeLocal = mayBeLocal;
        this.membership = membership;
        this.rules = rules;
        this.limit = limit;
        this.pending = new PendingTree(tree, isDigesting);
        this.quotas = new QuotaChecks(tree, config.enforcesQuotas());
        this.znodes = new ZnodeChanges(pending, this::isAlive, rules, config, quotas);
    }

    /**
     * The transaction that {@code request} becomes; everything prepared later sees its effects. Requests with session 0 are
     * the leader's own.
     *
     * @param zxid its zxid, above all before
     * @param wallMillis the time to stamp on it
     */
    public Txn prepare(WriteRequest request, Zxid zxid, long wallMillis) {
        pending.begin();
        TxnBody body;
        try {
            body = limit.keep(request, body(request, zxid, wallMillis));
        } catch (MalformedException malformed) {
            // From a peer that did not check (zab.md R26); a transaction of its own all the same.
            body = new ErrorTxn(ErrorCode.MARSHALLING_ERROR);
        }
        if (body instanceof ErrorTxn || (body instanceof MultiTxn multi && multi.isFailed())) {
            pending.undo();
        } else {
            pending.keep();
        }
        int type = body instanceof ErrorTxn ? OpCode.ERROR : request.opcode();
        return new Txn(header(request, zxid, wallMillis, type), body, digestAfter(body));
    }

    /**
     * Compat: a failed multi carries the unchanged digest, any other error none (zab.md 6.2); nor does a closeSession without
     * paths (6.4).
     */
    private @Nullable TxnDigest digestAfter(TxnBody body) {
        boolean isBare = body instanceof ErrorTxn || (body instanceof CloseSessionTxn close && close.paths() == null);
        return isDigesting && !isBare ? new TxnDigest(TxnDigest.VERSION, pending.digest()) : null;
    }

    /** The error transaction for a request that was refused before any check, such as with SESSION_MOVED. */
    public Txn refuse(WriteRequest request, Zxid zxid, long wallMillis, int err) {
        return new Txn(header(request, zxid, wallMillis, OpCode.ERROR), new ErrorTxn(err), null);
    }

    /** Tells {@code listener} of the first write that goes beyond a quota, and again after one that was within it. */
    public void reportQuotas(Consumer<Quotas.Excess> listener) {
        quotas.reportTo(listener);
    }

    /** The tree has applied everything up to {@code zxid}. */
    public void applied(Zxid zxid) {
        pending.applied(zxid);
        while (!sessionChanges.isEmpty() && sessionChanges.peek().zxid <= zxid.value()) {
            SessionChange change = sessionChanges.poll();
            changedSessions.remove(change.sessionId, change);
        }
    }

    /** Changes to znodes that are prepared and not yet applied. */
    public int outstandingChanges() {
        return pending.size();
    }

    private static TxnHeader header(WriteRequest request, Zxid zxid, long wallMillis, int type) {
        return new TxnHeader(request.sessionId(), request.cxid(), zxid, wallMillis, type);
    }

    private TxnBody body(WriteRequest request, Zxid zxid, long wallMillis) {
        Request decoded = Request.decode(request.opcode(), request.body());
        Call call = new Call(request.sessionId(), request.identities(), zxid.value(), wallMillis);
        if (decoded instanceof Request.CreateSession create) {
            changeSession(new SessionChange(zxid.value(), request.sessionId(), true));
            return new CreateSessionTxn(create.timeoutMillis());
        }
        if (decoded instanceof Request.CloseSession) {
            return closeSession(call);
        }
        if (decoded instanceof Request.DeleteContainer delete) {
            // zab.md R25: Apache takes this from anybody.
            return request.sessionId() == 0 ? znodes.deleteContainer(delete, call) : failed(ErrorCode.UNIMPLEMENTED);
        }
        if (decoded instanceof Request.Reconfig && !membership.isEnabled()) {
            return failed(ErrorCode.RECONFIG_DISABLED);
        }
        if (!isAlive(request.sessionId()) && !mayBeLocal.test(request.sessionId())) {
            return failed(ErrorCode.SESSION_EXPIRED);
        }
        if (decoded instanceof Request.Multi multi) {
            return multi(multi, call);
        }
        if (decoded instanceof Request.Reconfig reconfig) {
            return reconfig(reconfig, call);
        }
        // A check outside of multi would make logs unreadable to Apache (zab.md 6.1).
        boolean isRefused = decoded instanceof Request.Check && rules.refusesChecksAlone();
        return isRefused ? failed(ErrorCode.UNIMPLEMENTED) : znodes.single(decoded, call);
    }

    /** The permission is asked for last (client.md 15). By default the znode is for whoever is super to write. */
    private TxnBody reconfig(Request.Reconfig request, Call call) {
        MembershipChange.Outcome outcome = membership.of(request, call.zxid());
        Configuration next = outcome.next();
        if (next == null) {
            return failed(outcome.err());
        }
        int refused = znodes.whyNotChange(DataTree.CONFIG, Permission.WRITE, call);
        if (refused != ErrorCode.OK) {
            return failed(refused);
        }
        PendingNode after = pending.find(DataTree.CONFIG).changed(call.zxid());
        after.version = ANY_VERSION;
        pending.put(after);
        return new SetDataTxn(DataTree.CONFIG, Bytes.utf8(next.text()), ANY_VERSION);
    }

    // --- multi ---------------------------------------------------------------------------------------------------

    /**
     * All or nothing; after a failure the earlier parts keep their bodies and the later ones get -2 (zab.md 6.3). The parts
     * of one that gets too long are not all made: the scheme auth can make them many times as long as their request.
     */
    private TxnBody multi(Request.Multi multi, Call call) {
        List<SubTxn> parts = new ArrayList<>(multi.ops().size());
        boolean hasFailed = false;
        long size = 0;
        for (int i = 0; i < multi.ops().size() && !limit.isExceededBy(size); i++) {
            Request op = multi.ops().get(i);
            TxnBody body = hasFailed ? failed(ErrorCode.RUNTIME_INCONSISTENCY) : znodes.single(op, call);
            hasFailed |= body instanceof ErrorTxn;
            SubTxn part = new SubTxn(body instanceof ErrorTxn ? OpCode.ERROR : op.opcode(), body);
            parts.add(part);
            size += part.sizeBytes();
        }
        return new MultiTxn(parts);
    }

    // --- sessions ------------------------------------------------------------------------------------------------

    private TxnBody closeSession(Call call) {
        List<String> paths = pending.ephemerals(call.sessionId());
        for (String path : paths) {
            PendingNode node = pending.find(path);
            if (node != null) {
                znodes.putDeleted(node, call.zxid());
            }
        }
        changeSession(new SessionChange(call.zxid(), call.sessionId(), false));
        return new CloseSessionTxn(paths);
    }

    private void changeSession(SessionChange change) {
        sessionChanges.add(change);
        changedSessions.put(change.sessionId, change);
    }

    private boolean isAlive(long sessionId) {
        @Nullable SessionChange change = changedSessions.get(sessionId);
        return change == null ? tree.hasSession(sessionId) : change.isOpening;
    }
}
