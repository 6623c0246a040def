package io.matriarch.sim.apache;

import io.matriarch.core.port.LogEntry;
import io.matriarch.core.session.SessionRules;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.quorum.Revalidation;
import io.matriarch.wire.quorum.RevalidationAnswer;
import io.matriarch.wire.quorum.SessionTouch;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnHeader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a learner of Apache's passes on for a client of its own: writes that fail, so that no tree shows them, syncs among
 * them, and a check, which no transaction may be (zab.md D17). It matches what is committed, and SYNC, with them in order:
 * what comes out of turn is applied and never answered (zab.md 13).
 *
 * <p>The client's session is one that no leader knows. Where local sessions are enabled its writes are judged all the same; and,
 * if it may, it becomes known to all when the client creates an ephemeral znode, the session going ahead (zab.md 12). Then it is
 * reported as touched, until the client closes it, or falls silent and lets it expire.
 */
final class PassedOn {
    static final int PAUSE_MILLIS = 150;
    private static final int BURSTS = 6;
    /** The burst before which the session is made known to all. */
    private static final int UPGRADE = 2;

    private static final int[] BURST = {
        OpCode.DELETE, OpCode.SYNC, OpCode.DELETE, OpCode.CHECK, OpCode.SYNC, OpCode.SYNC, OpCode.DELETE
    };
    private static final int EPHEMERAL = 1;
    private static final int SID_SHIFT = 56;

    private enum Status {
        /** No leader knows it. */
        UNKNOWN,
        /** The creation of the session is passed on. */
        GLOBAL,
        /** Its end is passed on, or was committed. */
        OVER
    }

    /** Something without an outcome. */
    private record Open(int opcode, int cxid) {}

    private final SessionRules rules;
    private final int timeoutMillis;
    private final boolean closes;
    private final long sessionId;
    private final ArrayDeque<Open> open = new ArrayDeque<>();

    private Status status = Status.UNKNOWN;
    /** The session's end is committed, whoever wanted it. */
    private boolean isEnded;

    private int bursts;
    private int lastCxid;

    /** @param nanos of the virtual clock, so that no two learners of a server are one client */
    PassedOn(ApacheServer.Setup setup, long nanos) {
        this.rules = setup.sessionRules();
        this.timeoutMillis = setup.sessionTimeoutMillis();
        this.closes = (nanos & 1) == 0;
        this.sessionId = ((long) setup.sid() << SID_SHIFT) | (nanos & ((1L << SID_SHIFT) - 1));
    }

    static boolean isSync(QuorumPacket packet) {
        return packet.type() == PacketType.REQUEST
                && ForwardedRequest.decode(packet.data()).opcode() == OpCode.SYNC;
    }

    // --- what it sends -----------------------------------------------------------------------------------------------

    boolean hasMore() {
        return bursts < BURSTS;
    }

    List<QuorumPacket> burst() {
        bursts++;
        List<QuorumPacket> packets = new ArrayList<>(BURST.length);
        if (rules.hasLocal()) {
            packets.add(question());
        }
        if (bursts == UPGRADE && rules.hasLocal() && rules.mayUpgrade()) {
            status = Status.GLOBAL;
            packets.add(request(OpCode.CREATE_SESSION, 0, new Request.CreateSession(timeoutMillis)));
            packets.add(request(OpCode.CREATE, ++lastCxid, creation()));
            packets.add(question());
        }
        for (int opcode : BURST) {
            packets.add(request(opcode, ++lastCxid, ofBurst(opcode)));
        }
        if (bursts == BURSTS && status == Status.GLOBAL) {
            status = Status.OVER;
            if (closes) {
                packets.add(request(OpCode.CLOSE_SESSION, ++lastCxid, new Request.CloseSession()));
            }
        }
        return packets;
    }

    private static Request ofBurst(int opcode) {
        return switch (opcode) {
            case OpCode.SYNC -> new Request.Sync("/");
            case OpCode.CHECK -> new Request.Check("/", -1);
            default -> new Request.Delete("/of-an-apache-client", -1);
        };
    }

    private Request creation() {
        return new Request.Create(
                OpCode.CREATE,
                "/of-apache-client-" + Long.toHexString(sessionId),
                Bytes.EMPTY,
                Acl.OPEN,
                EPHEMERAL,
                Request.Create.NO_TTL);
    }

    private QuorumPacket request(int opcode, int cxid, Request request) {
        open.addLast(new Open(opcode, cxid));
        ForwardedRequest forwarded = new ForwardedRequest(sessionId, cxid, opcode, request.encode());
        return new QuorumPacket(PacketType.REQUEST, -1, forwarded.encode(), List.of());
    }

    /** As if the client had come from another server: that is asked of a leader, whatever the session is. */
    private QuorumPacket question() {

        return new QuorumPacket(PacketType.REVALIDATE, -1, new Revalidation(sessionId, timeoutMillis).encode(), null);
    }

    /** The session, if the client is to be reported. */
    List<SessionTouch> touches() {
        return status == Status.GLOBAL ? List.of(new SessionTouch(sessionId, timeoutMillis)) : List.of();
    }

    // --- what comes --------------------------------------------------------------------------------------------------

    /** What is wrong with what is committed; null if it comes in its turn and as it must be, or is nothing of ours. */
    @Nullable
    String committed(LogEntry entry) {
        Txn txn = Txn.decode(entry.payload());
        TxnHeader header = txn.header();
        if (header.clientId() != sessionId) {
            return null;
        }
        if (header.type() == OpCode.CLOSE_SESSION && header.cxid() == 0) {
            status = Status.OVER;
            isEnded = true;
            return null;
        }
        Open head = open.pollFirst();
        if (head == null || head.opcode == OpCode.SYNC || head.cxid != header.cxid()) {
            return "is told to commit " + entry.zxid() + " ahead of what its client asked for earlier";
        }
        isEnded |= header.type() == OpCode.CLOSE_SESSION;
        int err = txn.body() instanceof ErrorTxn error ? error.err() : ErrorCode.OK;
        return isDue(head.opcode, err) ? null : "is told that " + head + " of its client has the outcome " + err;
    }

    private boolean isDue(int opcode, int err) {
        if (!rules.hasLocal() || isEnded) {
            return true;
        }
        return err
                == switch (opcode) {
                    case OpCode.DELETE -> ErrorCode.NO_NODE;
                    case OpCode.CHECK -> ErrorCode.UNIMPLEMENTED;
                    default -> ErrorCode.OK;
                };
    }

    /** Whether a sync was next. */
    boolean synced() {
        Open head = open.pollFirst();
        return head != null && head.opcode == OpCode.SYNC;
    }

    /** What is wrong with the answer whether a session lives; null if nothing, or if it was not asked here. */
    @Nullable
    String revalidated(RevalidationAnswer answer) {
        boolean isOurs = answer.sessionId() == sessionId;
        return isOurs && answer.valid() && status == Status.UNKNOWN
                ? "is told that a session lives of which it alone knows"
                : null;
    }
}
