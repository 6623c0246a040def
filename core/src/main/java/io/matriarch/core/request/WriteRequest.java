package io.matriarch.core.request;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import java.util.List;

/**
 * A request that only the leader can answer, on its way there: the origin server checked that it can be decoded
 * (zab.md R26).
 *
 * @param sessionId the session that asks; for createSession the id that the origin chose
 * @param cxid the client's xid; 0 for createSession and for a close that the leader itself decided
 * @param opcode as in client.md 6.1, or CREATE_SESSION, CLOSE_SESSION
 * @param body the request record without its header, as the client sent it
 * @param identities the connection's identities when the request arrived, at least ("ip", address)
 */
public record WriteRequest(long sessionId, int cxid, int opcode, Bytes body, List<Id> identities) {}
