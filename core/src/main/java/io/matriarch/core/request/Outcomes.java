package io.matriarch.core.request;

import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.tree.TxnResult;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnHeader;

/** What an applied transaction means to the links of one desk: an answer, a session, an end. */
final class Outcomes {
    private final ClientDesk desk;
    private final DeskSessions sessions;
    private final Handshakes handshakes;
    private final RequestLine line;

    Outcomes(ClientDesk desk, DeskSessions sessions, Handshakes handshakes, RequestLine line) {
        this.desk = desk;
        this.sessions = sessions;
        this.handshakes = handshakes;
        this.line = line;
    }

    void of(Now now, Txn txn, TxnResult result) {
        TxnHeader header = txn.header();
        long sessionId = header.clientId();
        if (header.type() == OpCode.CREATE_SESSION) {
            handshakes.created(now, sessionId);
        } else if (header.type() == OpCode.CLOSE_SESSION) {
            closed(now, txn, result);
        } else if (!line.takeOrphan(sessionId, header.cxid())) {
            ClientLink link = desk.linkOf(sessionId);
            if (link == null) {
                if (header.type() == OpCode.ERROR) {
                    handshakes.creationFailed(sessionId);
                }
            } else if (!line.written(now, link, txn, result)) {
                foreign(link, header);
            }
        }
    }

    /** A transaction of the link's session that it does not wait for. */
    private void foreign(ClientLink link, TxnHeader header) {
        if (!desk.isServing()) {
            desk.close(link, "session 0x" + Long.toHexString(link.sessionId) + " wrote through another server");
        } else if (header.type() == OpCode.ERROR && !sessions.isKnown(link.sessionId, desk.tree())) {
            desk.close(
                    link, "session 0x" + Long.toHexString(link.sessionId) + " could not be made known to all servers");
        }
    }

    /** Whoever asked for it gets an answer; a link whose session ended otherwise closes without a word. */
    private void closed(Now now, Txn txn, TxnResult result) {
        long sessionId = txn.header().clientId();
        line.forgetOrphans(sessionId);
        sessions.forget(sessionId);
        ClientLink link = desk.takeLinkOf(sessionId);
        if (link == null) {
            return;
        }
        QueuedRequest last = link.queue.peekLast();
        boolean isAsked = last != null && last.opcode == OpCode.CLOSE_SESSION;
        desk.trace(new TraceEvent.SessionClosed(sessionId, isAsked ? "closed by its client" : "expired"));
        if (!isAsked) {
            desk.close(link, "session 0x" + Long.toHexString(sessionId) + " expired");
            return;
        }
        last.closesLink = true;
        line.resolve(now, last, WriteAnswer.of(last, txn, result));
    }
}
