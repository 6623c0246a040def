package io.matriarch.core.request;

import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Permission;
import io.matriarch.wire.ZnodePath;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.txn.CheckTxn;
import io.matriarch.wire.txn.CloseSessionTxn;
import io.matriarch.wire.txn.CreateContainerTxn;
import io.matriarch.wire.txn.CreateSessionTxn;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.DeleteTxn;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.MultiTxn;
import io.matriarch.wire.txn.SetAclTxn;
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
    private static final int EPHEMERAL = 1;
    private static final int SEQUENTIAL = 2;
    private static final int LAST_PLAIN_FLAG = 3;
    private static final int CONTAINER_FLAG = 4;
    private static final int LAST_FLAG = 6;
    private static final int ANY_VERSION = -1;
    private static final int SEQUENCE_DIGITS = 10;

    /** A session that was opened or closed by a transaction not yet applied. */
    private record SessionChange(long zxid, long sessionId, boolean isOpening) {}

    private final DataTree tree;
    private final LongPredicate mayBeLocal;
    private final boolean isDigesting;
    private final PendingTree pending;
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
        this(tree, isDigesting, sessionId -> false, MembershipChange.never(), RequestRules.CORRECT);
    }

    /**
     * The same where sessions that are not in the tree may write too, but for ephemeral znodes.
     *
     * @param membership what reconfig is checked against
     * @param rules rules that only tests replace
     */
    public TxnPreparation(
            DataTree tree,
            boolean isDigesting,
            LongPredicate mayBeLocal,
            MembershipChange membership,
            RequestRules rules) {
        this.tree = tree;
        this.isDigesting = isDigesting;
        this.mayBeLocal = mayBeLocal;
        this.membership = membership;
        this.rules = rules;
        this.pending = new PendingTree(tree, isDigesting);
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
            body = body(request, zxid, wallMillis);
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

    /** Compat: a failed multi carries the unchanged digest, any other error none (zab.md 6.2). */
    private @Nullable TxnDigest digestAfter(TxnBody body) {
        return isDigesting && !(body instanceof ErrorTxn) ? new TxnDigest(TxnDigest.VERSION, pending.digest()) : null;
    }

    /** The error transaction for a request that was refused before any check, such as with SESSION_MOVED. */
    public Txn refuse(WriteRequest request, Zxid zxid, long wallMillis, int err) {
        return new Txn(header(request, zxid, wallMillis, OpCode.ERROR), new ErrorTxn(err), null);
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
            return request.sessionId() == 0 ? deleteContainer(delete, call) : failed(ErrorCode.UNIMPLEMENTED);
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
        return decoded instanceof Request.Check ? failed(ErrorCode.UNIMPLEMENTED) : single(decoded, call);
    }

    /** Who asks, as whom, and which transaction it would be, when. */
    private record Call(long sessionId, List<Id> identities, long zxid, long wallMillis) {}

    private TxnBody single(Request request, Call call) {
        if (request instanceof Request.Create create) {
            return create(create, call);
        } else if (request instanceof Request.SetData set) {
            return setData(set, call);
        } else if (request instanceof Request.Delete delete) {
            return delete(delete, call);
        } else if (request instanceof Request.SetAcl set) {
            return setAcl(set, call);
        } else if (request instanceof Request.Check check) {
            return check(check, call);
        }
        return failed(ErrorCode.UNIMPLEMENTED);
    }

    private static ErrorTxn failed(int err) {
        return new ErrorTxn(err);
    }

    /** The permission is asked for last (client.md 15). By default the znode is for whoever is super to write. */
    private TxnBody reconfig(Request.Reconfig request, Call call) {
        MembershipChange.Outcome outcome = membership.of(request, call.zxid);
        Configuration next = outcome.next();
        if (next == null) {
            return failed(outcome.err());
        }
        int refused = whyNotChange(DataTree.CONFIG, Permission.WRITE, call);
        if (refused != ErrorCode.OK) {
            return failed(refused);
        }
        PendingNode after = pending.find(DataTree.CONFIG).changed(call.zxid);
        after.version = ANY_VERSION;
        pending.put(after);
        return new SetDataTxn(DataTree.CONFIG, Bytes.utf8(next.text()), ANY_VERSION);
    }

    // --- multi ---------------------------------------------------------------------------------------------------

    /** All or nothing; after a failure the earlier parts keep their bodies and the later ones get -2 (zab.md 6.3). */
    private TxnBody multi(Request.Multi multi, Call call) {
        List<SubTxn> parts = new ArrayList<>(multi.ops().size());
        boolean hasFailed = false;
        for (Request op : multi.ops()) {
            TxnBody body = hasFailed ? failed(ErrorCode.RUNTIME_INCONSISTENCY) : single(op, call);
            hasFailed |= body instanceof ErrorTxn;
            parts.add(new SubTxn(body instanceof ErrorTxn ? OpCode.ERROR : op.opcode(), body));
        }
        return new MultiTxn(parts);
    }

    // --- znodes --------------------------------------------------------------------------------------------------

    private TxnBody create(Request.Create request, Call call) {
        int refused = whyNotMode(request);
        if (refused != ErrorCode.OK) {
            return failed(refused);
        }
        if (isEphemeral(request) && !isAlive(call.sessionId) && rules.refusesEphemeralsOfLocals()) {
            return failed(ErrorCode.SESSION_EXPIRED);
        }
        String given = request.path();
        int slash = given.lastIndexOf('/');
        if (slash < 0 || given.indexOf('\0') >= 0) {
            return failed(ErrorCode.BAD_ARGUMENTS);
        }
        List<Acl> acl = AccessControl.fixUp(request.acl(), call.identities);
        if (acl == null) {
            return failed(ErrorCode.INVALID_ACL);
        }
        PendingNode parent = pending.find(given.substring(0, slash));
        if (parent == null) {
            return failed(ErrorCode.NO_NODE);
        }
        if (!AccessControl.isPermitted(parent.acl, Permission.CREATE, call.identities)) {
            return failed(ErrorCode.NO_AUTH);
        }
        boolean isSequential = (request.flags() & SEQUENTIAL) != 0;
        String path = isSequential ? given + sequence(parent.createdChildren) : given;
        if (!ZnodePath.isValid(path)) {
            return failed(ErrorCode.BAD_ARGUMENTS);
        }
        if (pending.find(path) != null || (isSequential && isExhausted(parent))) {
            return failed(ErrorCode.NODE_EXISTS);
        }
        if (parent.ephemeralOwner != 0) {
            return failed(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS);
        }
        return created(request, path, parent, acl, call);
    }

    /** The modes of client.md 6.2, checks 1 to 3. Compat: of create and createContainer, the opcode decides. */
    private static int whyNotMode(Request.Create request) {
        int flags = request.flags();
        if (flags < 0 || flags > LAST_FLAG) {
            return ErrorCode.BAD_ARGUMENTS;
        }
        // Times to live are not offered, as in Apache without extendedTypesEnabled.
        if (flags > CONTAINER_FLAG) {
            return ErrorCode.UNIMPLEMENTED;
        }
        return request.opcode() == OpCode.CREATE_TTL ? ErrorCode.BAD_ARGUMENTS : ErrorCode.OK;
    }

    private TxnBody created(Request.Create request, String path, PendingNode parent, List<Acl> acl, Call call) {
        int createdChildren = isExhausted(parent) ? parent.createdChildren : parent.createdChildren + 1;
        PendingNode parentAfter = parent.changed(call.zxid);
        parentAfter.countChild(createdChildren);
        pending.put(parentAfter);
        PendingNode node = PendingNode.created(path, call.zxid, call.wallMillis, acl);
        boolean isContainer = request.opcode() == OpCode.CREATE_CONTAINER;
        boolean isEphemeral = isEphemeral(request);
        node.own(isEphemeral ? call.sessionId : 0, isContainer);
        node.data = request.data();
        pending.put(node);
        return isContainer
                ? new CreateContainerTxn(path, request.data(), acl, createdChildren)
                : new CreateTxn(path, request.data(), acl, isEphemeral, createdChildren);
    }

    private static boolean isEphemeral(Request.Create request) {
        return request.opcode() != OpCode.CREATE_CONTAINER
                && request.flags() <= LAST_PLAIN_FLAG
                && (request.flags() & EPHEMERAL) != 0;
    }

    /** Deviation: Apache's counter sticks here too, but could then hand out a number again; ours refuses. */
    private static boolean isExhausted(PendingNode parent) {
        return parent.createdChildren == Integer.MAX_VALUE || parent.createdChildren < 0;
    }

    private static String sequence(int number) {
        String digits = Integer.toString(number);
        return "0".repeat(Math.max(0, SEQUENCE_DIGITS - digits.length())) + digits;
    }

    private TxnBody delete(Request.Delete request, Call call) {
        String path = request.path();
        int slash = path.lastIndexOf('/');
        if (slash < 0 || path.indexOf('\0') >= 0 || isReserved(path)) {
            return failed(ErrorCode.BAD_ARGUMENTS);
        }
        PendingNode parent = pending.find(path.substring(0, slash));
        if (parent == null) {
            return failed(ErrorCode.NO_NODE);
        }
        if (!AccessControl.isPermitted(parent.acl, Permission.DELETE, call.identities)) {
            return failed(ErrorCode.NO_AUTH);
        }
        PendingNode node = pending.find(path);
        if (node == null) {
            return failed(ErrorCode.NO_NODE);
        }
        if (isOther(request.version(), node.version)) {
            return failed(ErrorCode.BAD_VERSION);
        }
        if (node.childCount > 0) {
            return failed(ErrorCode.NOT_EMPTY);
        }
        putDeleted(node, call.zxid);
        return new DeleteTxn(path);
    }

    private static boolean isReserved(String path) {
        return switch (path) {
            case "/", "/zookeeper", "/zookeeper/quota", DataTree.CONFIG -> true;
            default -> false;
        };
    }

    /** Checked again here, since things may have changed since the znode was found empty (client.md 9.5). */
    private TxnBody deleteContainer(Request.DeleteContainer request, Call call) {
        PendingNode node = isReserved(request.path()) ? null : pending.find(request.path());
        if (node == null) {
            return failed(ErrorCode.NO_NODE);
        }
        if (node.childCount > 0) {
            return failed(ErrorCode.NOT_EMPTY);
        }
        if (!node.isContainer || node.createdChildren == 0) {
            return failed(ErrorCode.BAD_ARGUMENTS);
        }
        putDeleted(node, call.zxid);
        return new DeleteTxn(request.path());
    }

    private void putDeleted(PendingNode node, long zxid) {
        PendingNode parent = pending.find(node.path.substring(0, node.path.lastIndexOf('/')));
        if (parent != null) {
            PendingNode parentAfter = parent.changed(zxid);
            parentAfter.uncountChild();
            pending.put(parentAfter);
        }
        pending.put(node.deleted(zxid));
    }

    private TxnBody setData(Request.SetData request, Call call) {
        int refused = whyNotChange(request.path(), Permission.WRITE, call);
        if (refused != ErrorCode.OK) {
            return failed(refused);
        }
        PendingNode node = pending.find(request.path());
        if (isOther(request.version(), node.version)) {
            return failed(ErrorCode.BAD_VERSION);
        }
        PendingNode after = node.changed(call.zxid);
        after.setData(request.data(), call.wallMillis);
        pending.put(after);
        return new SetDataTxn(request.path(), request.data(), after.version);
    }

    private TxnBody setAcl(Request.SetAcl request, Call call) {
        if (!ZnodePath.isValid(request.path())) {
            return failed(ErrorCode.BAD_ARGUMENTS);
        }
        List<Acl> acl = AccessControl.fixUp(request.acl(), call.identities);
        if (acl == null) {
            return failed(ErrorCode.INVALID_ACL);
        }
        int refused = whyNotChange(request.path(), Permission.ADMIN, call);
        if (refused != ErrorCode.OK) {
            return failed(refused);
        }
        PendingNode node = pending.find(request.path());
        if (isOther(request.version(), node.aversion)) {
            return failed(ErrorCode.BAD_VERSION);
        }
        PendingNode after = node.changed(call.zxid);
        after.aversion++;
        after.acl = acl;
        pending.put(after);
        return new SetAclTxn(request.path(), acl, after.aversion);
    }

    private TxnBody check(Request.Check request, Call call) {
        int refused = whyNotChange(request.path(), Permission.READ, call);
        if (refused != ErrorCode.OK) {
            return failed(refused);
        }
        PendingNode node = pending.find(request.path());
        return isOther(request.version(), node.version)
                ? failed(ErrorCode.BAD_VERSION)
                : new CheckTxn(request.path(), node.version);
    }

    /** Path, existence, permission: the checks that all but creation and deletion begin with (client.md 6.3). */
    private int whyNotChange(String path, int permission, Call call) {
        if (!ZnodePath.isValid(path)) {
            return ErrorCode.BAD_ARGUMENTS;
        }
        PendingNode node = pending.find(path);
        if (node == null) {
            return ErrorCode.NO_NODE;
        }
        return AccessControl.isPermitted(node.acl, permission, call.identities) ? ErrorCode.OK : ErrorCode.NO_AUTH;
    }

    private static boolean isOther(int expected, int actual) {
        return expected != ANY_VERSION && expected != actual;
    }

    // --- sessions ------------------------------------------------------------------------------------------------

    private TxnBody closeSession(Call call) {
        List<String> paths = pending.ephemerals(call.sessionId);
        for (String path : paths) {
            PendingNode node = pending.find(path);
            if (node != null) {
                putDeleted(node, call.zxid);
            }
        }
        changeSession(new SessionChange(call.zxid, call.sessionId, false));
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
