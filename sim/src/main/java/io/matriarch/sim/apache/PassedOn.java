package io.matriarch.sim.apache;

import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnHeader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What a learner of Apache's passes on for a client of its own: writes that fail, so that no tree shows them, and syncs among
 * them. It matches what is committed, and SYNC, with them in order: what comes out of turn is applied and never answered
 * (zab.md 13).
 */
final class PassedOn {
    static final int PAUSE_MILLIS = 150;
    private static final int BURSTS = 6;
    private static final int[] BURST = {
        OpCode.DELETE, OpCode.SYNC, OpCode.DELETE, OpCode.DELETE, OpCode.SYNC, OpCode.SYNC, OpCode.DELETE
    };
    private static final int SYNC = 0;
    private static final int SID_SHIFT = 56;

    private final long sessionId;
    /** The cxids of what has no outcome yet, {@link #SYNC} for a sync. */
    private final ArrayDeque<Integer> open = new ArrayDeque<>();

    private int bursts;
    private int lastCxid;

    /** @param nanos of the virtual clock, so that no two learners of a server are one client */
    PassedOn(int sid, long nanos) {
        sessionId = ((long) sid << SID_SHIFT) | (nanos & ((1L << SID_SHIFT) - 1));
    }

    static boolean isSync(QuorumPacket request) {
        return ForwardedRequest.decode(request.data()).opcode() == OpCode.SYNC;
    }

    boolean hasMore() {
        return bursts < BURSTS;
    }

    List<QuorumPacket> burst() {
        bursts++;
        List<QuorumPacket> packets = new ArrayList<>(BURST.length);
        for (int opcode : BURST) {
            boolean isSync = opcode == OpCode.SYNC;
            Request request = isSync ? new Request.Sync("/") : new Request.Delete("/of-an-apache-client", -1);
            int cxid = ++lastCxid;
            open.addLast(isSync ? SYNC : cxid);
            ForwardedRequest forwarded = new ForwardedRequest(sessionId, cxid, opcode, request.encode());
            packets.add(new QuorumPacket(PacketType.REQUEST, -1, forwarded.encode(), List.of()));
        }
        return packets;
    }

    /** Whether what is committed comes in its turn, or is nothing of ours. */
    boolean committed(LogEntry entry) {
        TxnHeader header = Txn.decode(entry.payload()).header();
        return header.clientId() != sessionId || isNext(header.cxid());
    }

    /** Whether a sync was next. */
    boolean synced() {
        return isNext(SYNC);
    }

    private boolean isNext(int outcome) {
        Integer head = open.pollFirst();
        return head != null && head == outcome;
    }
}
