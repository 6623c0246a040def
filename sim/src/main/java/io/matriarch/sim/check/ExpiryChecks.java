package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.txn.CreateSessionTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnHeader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * No session expires before its timeout after the last touch that its leader knows of (zab.md 18.36). Times are the
 * leader's own monotonic ones. Touches seen here: what a session wrote, and what learners report.
 */
public final class ExpiryChecks {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final int sid;
    private final Map<Long, Integer> timeouts;
    private final Map<Long, Long> touchedNanos = new HashMap<>();
    private final Set<LinkId> hungUp = new HashSet<>();
    private long leadingSinceNanos;

    /** {@code timeouts}: by session, shared by all servers of a world. */
    public ExpiryChecks(int sid, Map<Long, Integer> timeouts) {
        this.sid = sid;
        this.timeouts = timeouts;
    }

    /** The server begins to serve as leader: every session's clock starts anew. */
    public void leads(long localNanos) {
        touchedNanos.clear();
        hungUp.clear();
        leadingSinceNanos = localNanos;
    }

    /** The leader heard of this session. */
    public void touched(long sessionId, long localNanos) {
        touchedNanos.put(sessionId, localNanos);
    }

    /** The leader closed this link: what had arrived on it, and was not looked at, is not heard (seed 30039369). */
    public void hungUp(LinkId link) {
        hungUp.add(link);
    }

    /** Whether the leader listens to this link. */
    public boolean isHeard(LinkId link) {
        return !hungUp.contains(link);
    }

    /** The leader made this transaction. */
    public void proposed(LogEntry entry, long localNanos) {
        Txn txn = Txn.decode(entry.payload());
        TxnHeader header = txn.header();
        if (header.type() == OpCode.CREATE_SESSION && txn.body() instanceof CreateSessionTxn create) {
            timeouts.putIfAbsent(header.clientId(), create.timeoutMillis());
        }
        if (header.type() == OpCode.CLOSE_SESSION && header.cxid() == 0) {
            long since = touchedNanos.getOrDefault(header.clientId(), leadingSinceNanos);
            long silentMillis = (localNanos - since) / NANOS_PER_MILLI;
            int timeoutMillis = timeouts.getOrDefault(header.clientId(), 0);
            require(
                    silentMillis >= timeoutMillis,
                    Invariant.SESSION_EXPIRY,
                    () -> "server " + sid + " expires session 0x" + Long.toHexString(header.clientId()) + " "
                            + silentMillis + " ms after it was heard of; its timeout is " + timeoutMillis + " ms");
        } else if (header.type() != OpCode.ERROR) {
            touched(header.clientId(), localNanos);
        }
    }
}
