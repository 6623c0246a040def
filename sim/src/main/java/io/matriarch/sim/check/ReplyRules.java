package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.wire.Stat;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import io.matriarch.wire.txn.CreateTtlTxn;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.MultiTxn;
import io.matriarch.wire.txn.Txn;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a correct reply to each request is, given the delivered history. */
final class ReplyRules {
    private static final int ANY_VERSION = -1;
    /** The flag of ephemeral and ephemeral sequential creation. */
    private static final int EPHEMERAL_BIT = 1;

    /** By how much a transaction is longer than the request without its header: at most by this, as requests are here. */
    private static final int AROUND_REQUEST_BYTES = 80;

    private final DeliveredHistory history;
    private final Set<Long> granted;
    private final boolean mayUpgrade;
    private final int maxTxnBytes;

    /**
     * @param granted sessions that a server granted by itself; grows
     * @param mayUpgrade whether those become sessions of all servers when they need to be
     * @param maxTxnBytes a request is refused that would become a longer transaction, and no other
     */
    ReplyRules(DeliveredHistory history, Set<Long> granted, boolean mayUpgrade, int maxTxnBytes) {
        this.mayUpgrade = mayUpgrade;
        this.history = history;
        this.granted = granted;
        this.maxTxnBytes = maxTxnBytes;
    }

    static boolean isWrite(Request request) {
        return request instanceof Request.Create
                || request instanceof Request.Delete
                || request instanceof Request.SetData
                || request instanceof Request.Multi
                || request instanceof Request.CloseSession;
    }

    void check(Operation operation, Reply reply) {
        if (isWrite(operation.request())) {
            checkWrite(operation, reply);
        } else {
            checkRead(operation, reply);
        }
    }

    // --- reads -------------------------------------------------------------------------------------------------------

    private void checkRead(Operation operation, Reply reply) {
        if (operation.isAfterSync() || operation.request() instanceof Request.Sync) {
            require(
                    reply.err() != 0 || reply.zxid() >= operation.floor(),
                    Invariant.FRESH_AFTER_SYNC,
                    () -> operation + " is answered at " + Zxids.show(reply.zxid()) + " though "
                            + Zxids.show(operation.floor()) + " was delivered before its sync was sent");
        }
        String path = pathOf(operation.request());
        if (path == null) {
            return;
        }
        require(
                reply.zxid() <= history.last() || Zxids.counter(reply.zxid()) == 0,
                Invariant.CORRECT_REPLY,
                () -> operation + " is answered at " + Zxids.show(reply.zxid()) + ", which nobody delivered");
        NodeState state = history.tree().node(path).at(reply.zxid());
        if (reply.err() == ErrorCode.NO_NODE) {
            require(
                    !state.exists(),
                    Invariant.CORRECT_REPLY,
                    () -> operation + " finds no node at " + Zxids.show(reply.zxid()) + " but there is " + state);
        } else if (reply.err() == ErrorCode.OK) {
            require(
                    state.exists(),
                    Invariant.CORRECT_REPLY,
                    () -> operation + " finds a node at " + Zxids.show(reply.zxid()) + " where there is none: "
                            + reply.body());
            checkFound(operation, reply, path, state);
        }
    }

    private void checkFound(Operation operation, Reply reply, String path, NodeState state) {
        if (reply.body() instanceof Response.Data found) {
            require(
                    Objects.equals(found.data(), state.data()) && isStatOf(state, found.stat()),
                    Invariant.CORRECT_REPLY,
                    () -> operation + " reads " + found + " at " + Zxids.show(reply.zxid()) + " instead of " + state);
        } else if (reply.body() instanceof Response.StatOnly found) {
            require(
                    isStatOf(state, found.stat()),
                    Invariant.CORRECT_REPLY,
                    () -> operation + " reads " + found + " at " + Zxids.show(reply.zxid()) + " instead of " + state);
        } else if (reply.body() instanceof Response.Children found) {
            Set<String> expected = history.tree().childrenAt(path, reply.zxid());
            if (path.equals("/")) {
                expected.add("zookeeper");
            }
            require(
                    expected.size() == found.names().size() && expected.equals(new TreeSet<>(found.names())),
                    Invariant.CORRECT_REPLY,
                    () -> operation + " lists " + found.names() + " at " + Zxids.show(reply.zxid()) + " instead of "
                            + expected);
        } else {
            throw new InvariantViolation(Invariant.CORRECT_REPLY, operation + " is answered by " + reply);
        }
    }

    private static boolean isStatOf(NodeState state, Stat stat) {
        return stat.version() == state.version()
                && stat.czxid() == state.czxid()
                && stat.mzxid() == state.mzxid()
                && stat.ephemeralOwner() == state.owner()
                && stat.numChildren() == state.children()
                && stat.pzxid() == state.pzxid();
    }

    private static @Nullable String pathOf(Request request) {
        if (request instanceof Request.GetData get) {
            return get.path();
        }
        if (request instanceof Request.Exists exists) {
            return exists.path();
        }
        return request instanceof Request.GetChildren list ? list.path() : null;
    }

    // --- writes ------------------------------------------------------------------------------------------------------

    private void checkWrite(Operation operation, Reply reply) {
        if (reply.err() == ErrorCode.SESSION_EXPIRED || reply.err() == ErrorCode.SESSION_MOVED) {
            require(
                    reply.err() == ErrorCode.SESSION_MOVED || history.isClosing(operation.sessionId()),
                    Invariant.SESSION_ANSWER,
                    () -> operation + " is refused because its session ended, though nobody closed it");
            return;
        }
        if (operation.request() instanceof Request.CloseSession) {
            require(
                    history.tree().closedAt(operation.sessionId()) != null || isLocal(operation.sessionId()),
                    Invariant.CORRECT_REPLY,
                    () -> operation + " is confirmed but was not delivered");
            return;
        }
        Long zxid = history.zxidOf(operation.sessionId(), operation.xid());
        if (zxid == null || zxid > reply.zxid()) {
            throw new InvariantViolation(
                    Invariant.DURABILITY,
                    operation + " is answered by " + reply + " but its transaction "
                            + (zxid == null ? "was never delivered" : "is " + Zxids.show(zxid)));
        }
        require(
                zxid > operation.floor(),
                Invariant.LINEARIZABLE_WRITES,
                () -> operation + " became " + Zxids.show(zxid) + " though " + Zxids.show(operation.floor())
                        + " was delivered before it was sent");
        Txn txn = history.txn(zxid);
        if (reply.err() == ErrorCode.EPHEMERAL_ON_LOCAL_SESSION) {
            require(
                    !mayUpgrade
                            && isLocal(operation.sessionId())
                            && operation.request() instanceof Request.Create create
                            && (create.flags() & EPHEMERAL_BIT) != 0
                            && txn.header().type() == OpCode.ERROR,
                    Invariant.CORRECT_REPLY,
                    () -> operation + " is refused as one of a local session, but its transaction is " + txn);
            return;
        }
        if (operation.request() instanceof Request.Multi) {
            checkMulti(operation, reply, txn);
        } else if (reply.err() == ErrorCode.OK) {
            require(
                    txn.header().type() != OpCode.ERROR && isDoneRight(operation, reply, zxid, txn),
                    Invariant.CORRECT_REPLY,
                    () -> operation + " is answered by " + reply + " but its transaction is " + txn);
        } else {
            require(
                    txn.body() instanceof ErrorTxn error && error.err() == reply.err(),
                    Invariant.CORRECT_REPLY,
                    () -> operation + " is answered by " + reply + " but its transaction is " + txn);
            require(
                    isRefusedRight(operation.request(), reply.err(), zxid),
                    Invariant.CORRECT_REPLY,
                    () -> operation + " is refused with " + ErrorCode.name(reply.err()) + " at " + Zxids.show(zxid)
                            + " without cause");
        }
    }

    /** Whether no transaction ever opened this session, but a server. */
    private boolean isLocal(long sessionId) {
        return granted.contains(sessionId) && !history.isCreated(sessionId);
    }

    private boolean mayBeTooLong(Request request) {
        return request.encode().length() + AROUND_REQUEST_BYTES > maxTxnBytes;
    }

    private void checkMulti(Operation operation, Reply reply, Txn txn) {
        require(
                reply.err() != ErrorCode.BAD_ARGUMENTS || mayBeTooLong(operation.request()),
                Invariant.CORRECT_REPLY,
                () -> operation + " is refused as too long and is not");
        if (reply.body() instanceof Response.MultiResults results) {
            boolean isFailed = results.results().stream().anyMatch(result -> result.type() == OpCode.ERROR);
            require(
                    txn.body() instanceof MultiTxn multi && multi.isFailed() == isFailed,
                    Invariant.CORRECT_REPLY,
                    () -> operation + " is answered by " + results + " but its transaction is " + txn);
        }
    }

    private boolean isDoneRight(Operation operation, Reply reply, long zxid, Txn txn) {
        Request request = operation.request();
        if (request instanceof Request.Create create && create.opcode() == OpCode.CREATE_TTL) {
            return txn.body() instanceof CreateTtlTxn done
                    && reply.body() instanceof Response.CreatedWithStat created
                    && created.path().equals(done.path())
                    && created.stat().czxid() == zxid
                    && done.path().startsWith(create.path())
                    && done.ttl() == create.ttl()
                    && Objects.equals(done.data(), create.data());
        }
        if (request instanceof Request.Create create) {
            return txn.body() instanceof CreateTxn done
                    && reply.body() instanceof Response.Created created
                    && created.path().equals(done.path())
                    && done.path().startsWith(create.path())
                    && Objects.equals(done.data(), create.data())
                    && done.ephemeral() == ((create.flags() & EPHEMERAL_BIT) != 0);
        }
        if (request instanceof Request.SetData set) {
            NodeState before = history.tree().node(set.path()).at(zxid - 1);
            return reply.body() instanceof Response.StatOnly answer
                    && answer.stat().mzxid() == zxid
                    && answer.stat().version() == before.version() + 1
                    && (set.version() == ANY_VERSION || set.version() == before.version())
                    && Objects.equals(history.tree().node(set.path()).at(zxid).data(), set.data());
        }
        if (request instanceof Request.Delete delete) {
            NodeState before = history.tree().node(delete.path()).at(zxid - 1);
            return before.exists() && (delete.version() == ANY_VERSION || delete.version() == before.version());
        }
        return true;
    }

    private boolean isRefusedRight(Request request, int err, long zxid) {
        if (err == ErrorCode.BAD_ARGUMENTS) {
            return mayBeTooLong(request);
        }
        if (request instanceof Request.Create create) {
            NodeState before = history.tree().node(create.path()).at(zxid - 1);
            return err == ErrorCode.NODE_EXISTS ? before.exists() : err == ErrorCode.NO_NODE;
        }
        if (request instanceof Request.SetData set) {
            return isVersionRefusedRight(set.path(), set.version(), err, zxid);
        }
        if (request instanceof Request.Delete delete) {
            NodeState before = history.tree().node(delete.path()).at(zxid - 1);
            return err == ErrorCode.NOT_EMPTY
                    ? before.children() > 0
                    : isVersionRefusedRight(delete.path(), delete.version(), err, zxid);
        }
        return true;
    }

    private boolean isVersionRefusedRight(String path, int version, int err, long zxid) {
        NodeState before = history.tree().node(path).at(zxid - 1);
        return switch (err) {
            case ErrorCode.NO_NODE -> !before.exists();
            case ErrorCode.BAD_VERSION -> before.exists() && version != ANY_VERSION && version != before.version();
            default -> false;
        };
    }
}
