package io.matriarch.core.request;

import io.matriarch.core.port.LinkId;
import java.util.List;

/**
 * Figures of a {@link ClientDesk}, for four-letter words. Counts and latencies are since the start or the last reset.
 *
 * @param connections client links now
 * @param outstanding requests received and not answered
 * @param received frames
 * @param sent replies and notifications
 * @param minLatencyMillis from a request's arrival to its answer, four decimals; 0 if there was none
 * @param avgLatencyMillis the mean
 * @param maxLatencyMillis the longest
 */
public record ClientStats(
        int connections,
        int outstanding,
        long received,
        long sent,
        double minLatencyMillis,
        double avgLatencyMillis,
        double maxLatencyMillis) {

    /**
     * One link, for a line of stat or cons.
     *
     * @param address of the client, without port
     * @param sessionId 0 before the session is established
     * @param timeoutMillis negotiated, 0 before the session is established
     * @param queued requests received and not answered
     * @param upWallMillis when it connected
     * @param lastHeardNanos when it was heard of last, on the monotonic clock
     * @param lastOpcode of the request answered last; 0 before the first
     * @param lastXid -1 before the first
     * @param lastZxid of the last reply; -1 before the first
     * @param lastAnswerMillis when that was, on the monotonic clock
     * @param lastLatencyMillis how long it took
     */
    public record Link(
            LinkId id,
            String address,
            long sessionId,
            int timeoutMillis,
            int queued,
            long received,
            long sent,
            long upWallMillis,
            long lastHeardNanos,
            int lastOpcode,
            int lastXid,
            long lastZxid,
            long lastAnswerMillis,
            long lastLatencyMillis,
            double minLatencyMillis,
            double avgLatencyMillis,
            double maxLatencyMillis) {}

    /** With the links, in the order in which they came. */
    public record Detailed(ClientStats total, List<Link> links) {}
}
