package io.matriarch.server.client;

import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;

/**
 * How a server stands in its ensemble, at one instant: the answer to the four-letter word {@code peer}, as a line of JSON.
 *
 * @param sid the server
 * @param version of its program
 * @param startedMicros when its process began, in microseconds since 1970
 * @param state what it is
 * @param phase election, discovery, synchronization or broadcast
 * @param isServing whether clients are served
 * @param leader whom it follows, itself if it leads, -1 while it looks
 * @param round of its last election
 * @param lastLogged newest zxid in its log; with {@code currentEpoch} what it would vote with
 * @param lastCommitted newest zxid that it knows to be committed
 * @param clients connections on its client port
 * @param sessions that all servers know
 * @param outstanding requests that are not answered yet
 * @param digestMismatches transactions after which its tree was not the leader's
 * @param forces of the log, of which the next two are the latency
 * @param forceMedianMicros of the last 256; 0 if there was none
 * @param forceMaxMicros of the same
 * @param silenceMillis how long the others wait for a word of a leader of Apache's, or this server does
 * @param heartbeatMillis the same between servers of ours, at most; 0 if they do as Apache's
 * @param priority how gladly it leads, 0 to 255 (docs/operations.md, Who leads)
 * @param stands whether it leads while another server can
 * @param config the members as agreed (election.md 5.2)
 */
public record Standing(
        ServerId sid,
        String version,
        long startedMicros,
        PeerState state,
        String phase,
        boolean isServing,
        ServerId leader,
        long round,
        long acceptedEpoch,
        long currentEpoch,
        Zxid lastLogged,
        Zxid lastCommitted,
        int clients,
        int sessions,
        int outstanding,
        long digestMismatches,
        long forces,
        long forceMedianMicros,
        long forceMaxMicros,
        long silenceMillis,
        long heartbeatMillis,
        int priority,
        boolean stands,
        String config) {
    /** In the place of a leader's id where there is none. */
    public static final ServerId NOBODY = new ServerId(-1);

    /** Of two servers the one with the greater rank is to lead. */
    public int rank() {
        return stands ? priority : -1;
    }
}
