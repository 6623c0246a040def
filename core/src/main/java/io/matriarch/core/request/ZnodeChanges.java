package io.matriarch.core.request;

import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.NodeOwner;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Id;
import io.matriarch.wire.Permission;
import io.matriarch.wire.ZnodePath;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.txn.CheckTxn;
import io.matriarch.wire.txn.CreateContainerTxn;
import io.matriarch.wire.txn.CreateTtlTxn;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.DeleteTxn;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.SetAclTxn;
import io.matriarch.wire.txn.SetDataTxn;
import io.matriarch.wire.txn.TxnBody;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * What one request for one znode becomes, alone or as part of a multi: the checks of client.md 6.2 and 6.3 in their order,
 * against the tree as it will be. The first that fails decides; what passes them all is put into that tree.
 */
final class ZnodeChanges {
    private static final int EPHEMERAL = 1;
    private static final int SEQUENTIAL = 2;
    private static final int LAST_PLAIN_FLAG = 3;
    private static final int TTL_FLAG = 5;
    private static final int LAST_FLAG = 6;
    private static final int ANY_VERSION = -1;
    private static final int SEQUENCE_DIGITS = 10;

    private final PendingTree pending;
    private final LongPredicate isAlive;
    private final RequestRules rules;
    private final AclChecks aclChecks;
    private final ZnodeConfig config;
    private final QuotaChecks quotas;

    /** Who asks, as whom, and which transaction it would be, when. */
    record Call(long sessionId, List<Id> identities, long zxid, long wallMillis) {}

    /** @param isAlive whether a session is known to all servers and has not ended */
    ZnodeChanges(
            PendingTree pending, LongPredicate isAlive, RequestRules rules, ZnodeConfig config, QuotaChecks quotas) {
        this.pending = pending;
        this.isAlive = isAlive;
        this.rules = rules;
        this.aclChecks = config.aclChecks();
        this.config = config;
        this.quotas = quotas;
    }

    /** The body of a transaction, or of a part of one; an {@link ErrorTxn} if a check fails. */
    TxnBody single(Request request, Call call) {
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

    static ErrorTxn failed(int err) {
        return new ErrorTxn(err);
    }

    private TxnBody create(Request.Create request, Call call) {
        int refused = whyNotMode(request);
        if (refused != ErrorCode.OK) {
            return failed(refused);
        }
        if (isEphemeral(request) && !isAlive.test(call.sessionId) && rules.refusesEphemeralsOfLocals()) {
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
        if (!aclChecks.permit(parent.acl, Permission.CREATE, call.identities)) {
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
        if (!quotas.admitCreation(path, request.data())) {
            return failed(ErrorCode.QUOTA_EXCEEDED);
        }
        return created(request, path, parent, acl, call);
    }

    /** The modes of client.md 6.2, checks 1 to 3. Compat: of create and createContainer, the opcode decides. */
    private int whyNotMode(Request.Create request) {
        int flags = request.flags();
        if (flags < 0 || flags > LAST_FLAG) {
            return ErrorCode.BAD_ARGUMENTS;
        }
        boolean isTtl = flags >= TTL_FLAG;
        if (isTtl && !config.grantsTtl()) {
            return ErrorCode.UNIMPLEMENTED;
        }
        // Deviation: Apache's server takes createTTL of another mode with a negative time, and then cannot apply it.
        boolean isOfMode = isTtl == (request.opcode() == OpCode.CREATE_TTL);
        boolean isInRange = !isTtl || (request.ttl() > 0 && request.ttl() <= NodeOwner.MAX_TTL_MILLIS);
        return isOfMode && isInRange ? ErrorCode.OK : ErrorCode.BAD_ARGUMENTS;
    }

    private TxnBody created(Request.Create request, String path, PendingNode parent, List<Acl> acl, Call call) {
        int createdChildren = isExhausted(parent) ? parent.createdChildren : parent.createdChildren + 1;
        PendingNode parentAfter = parent.changed(call.zxid);
        parentAfter.countChild(createdChildren);
        pending.put(parentAfter);
        PendingNode node = PendingNode.created(path, call.zxid, call.wallMillis, acl);
        node.own(owner(request, call));
        node.data = request.data();
        pending.put(node);
        return switch (request.opcode()) {
            case OpCode.CREATE_CONTAINER -> new CreateContainerTxn(path, request.data(), acl, createdChildren);
            case OpCode.CREATE_TTL -> new CreateTtlTxn(path, request.data(), acl, createdChildren, request.ttl());
            default -> new CreateTxn(path, request.data(), acl, isEphemeral(request), createdChildren);
        };
    }

    private static long owner(Request.Create request, Call call) {
        return switch (request.opcode()) {
            case OpCode.CREATE_CONTAINER -> NodeOwner.CONTAINER;
            case OpCode.CREATE_TTL -> NodeOwner.ofTtl(request.ttl());
            default -> isEphemeral(request) ? call.sessionId : 0;
        };
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
        if (!aclChecks.permit(parent.acl, Permission.DELETE, call.identities)) {
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
    TxnBody deleteContainer(Request.DeleteContainer request, Call call) {
        PendingNode node = isReserved(request.path()) ? null : pending.find(request.path());
        if (node == null) {
            return failed(ErrorCode.NO_NODE);
        }
        if (node.childCount > 0) {
            return failed(ErrorCode.NOT_EMPTY);
        }
        if (!node.isUnneeded(call.wallMillis, config.removal())) {
            return failed(ErrorCode.BAD_ARGUMENTS);
        }
        putDeleted(node, call.zxid);
        return new DeleteTxn(request.path());
    }

    void putDeleted(PendingNode node, long zxid) {
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
        if (!quotas.admitData(request.path(), node.data, request.data())) {
            return failed(ErrorCode.QUOTA_EXCEEDED);
        }
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
    int whyNotChange(String path, int permission, Call call) {
        if (!ZnodePath.isValid(path)) {
            return ErrorCode.BAD_ARGUMENTS;
        }
        PendingNode node = pending.find(path);
        if (node == null) {
            return ErrorCode.NO_NODE;
        }
        return aclChecks.permit(node.acl, permission, call.identities) ? ErrorCode.OK : ErrorCode.NO_AUTH;
    }

    private static boolean isOther(int expected, int actual) {
        return expected != ANY_VERSION && expected != actual;
    }
}
