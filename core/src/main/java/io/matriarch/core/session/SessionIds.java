package io.matriarch.core.session;

import io.matriarch.wire.ServerId;
import java.util.function.LongPredicate;

/**
 * Makes the ids of new sessions (client.md 3.3):
 *
 * <pre>
 * byte 0      server id
 * bytes 1-5   milliseconds when this object was made, low 40 bits
 * bytes 6-7   0, then counting up over the whole id
 * </pre>
 *
 * Deviation: the milliseconds are the wall clock's, not the monotonic ones that start anew with the machine, and ids in
 * use are skipped (zab.md R23).
 */
public final class SessionIds {
    /** As an owner of ephemeral znodes, an id with this top byte would look like a time to live (zab.md 6.5). */
    private static final long TTL_TOP_BYTE = 0xFF;

    private long next;

    /** Ids of server {@code self} from {@code wallMillis} on. */
    public SessionIds(ServerId self, long wallMillis) {
        next = (topByte(self) << 56) | ((wallMillis << 24) >>> 8);
    }

    /** Whether server {@code server} makes such ids. */
    public static boolean isOf(ServerId server, long sessionId) {
        return sessionId >>> 56 == topByte(server);
    }

    private static long topByte(ServerId server) {
        long top = server.value() & 0xFF;
        return top == TTL_TOP_BYTE ? 0xFE : top;
    }

    /** An id that was not given before and for which {@code isInUse} is false. */
    public long next(LongPredicate isInUse) {
        long id = next;
        while (id == 0 || id == Long.MIN_VALUE || isInUse.test(id)) {
            id++;
        }
        next = id + 1;
        return id;
    }
}
